"""The seam: manim's own function, the system's LaTeX, files for those who ask for files."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from manim import MathTex, SVGMobject, tempconfig
from manim.utils import tex_file_writing


def test_a_formula_leaves_no_file(tmp_path: Path) -> None:
    with tempconfig({"media_dir": str(tmp_path / "media")}):
        MathTex("y = mx + b")
    assert list(tmp_path.iterdir()) == []


def test_the_function_itself_gives_a_real_file(tmp_path: Path) -> None:
    with tempconfig({"media_dir": str(tmp_path / "media")}):
        file = tex_file_writing.tex_to_svg_file(r"\frac{a}{b}", environment="align*")
        drawn = SVGMobject(file, height=None)
    assert file.read_text("utf-8").startswith("<svg")
    assert len(drawn) == 3
    assert drawn.height == pytest.approx(MathTex(r"\frac{a}{b}").height * 20, rel=0.01)


def test_groups_are_in_the_file(tmp_path: Path) -> None:
    with tempconfig({"media_dir": str(tmp_path / "media")}):
        source = r"\special{dvisvgm:raw <g id='one'>}x\special{dvisvgm:raw </g>}+\textcolor{red}{y}"
        text = tex_file_writing.tex_to_svg_file(source, environment="align*").read_text("utf-8")
    assert text.count('<g id="one">') == 1
    assert text.count("<path") == 3
    assert text.count('fill="#ff0000"') == 1


@pytest.mark.slow
def test_the_systems_latex_is_left_alone() -> None:
    code = (
        "from manim.mobject.text import tex_mobject; before = tex_mobject.tex_to_svg_file;"
        "from botcore_manim.typeset import install; install('system');"
        "assert tex_mobject.tex_to_svg_file is before;"
        "install('mathjax'); assert tex_mobject.tex_to_svg_file is not before"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=120)
