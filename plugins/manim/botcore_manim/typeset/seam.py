"""Where manim calls LaTeX, and what it finds there instead."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal

from manim import RendererType, config
from manim.mobject.svg.svg_mobject import SVGMobject
from manim.mobject.text import tex_mobject
from manim.mobject.text.tex_mobject import SingleStringMathTex
from manim.utils import tex_file_writing
from manim.utils.tex import TexTemplate

from .mobjects import fill
from .svg_writer import svg_document
from .typesetter import Formula, Typesetter

Mode = Literal["mathjax", "system"]

_typesetter = Typesetter()
_waiting: dict[Path, Formula] = {}
"""Formulas whose mobject is being made, by the file that manim believes to hold them."""


def install(mode: Mode = "mathjax") -> None:
    """Make manim typeset by MathJax; ``"system"`` leaves manim's own LaTeX as it is.

    Call it once, before forking: the engine is started here (0.3 s, 40 MB) and shared by all children. A
    second call changes nothing.

    :raises EngineFault: the installed quickjax is not the expected version.
    """
    if mode == "system" or tex_mobject.tex_to_svg_file is _formula_file:
        return
    _typesetter.warm()
    tex_mobject.tex_to_svg_file = _formula_file
    tex_file_writing.tex_to_svg_file = tex_to_svg_file
    SingleStringMathTex.init_svg_mobject = _init_svg_mobject


def tex_to_svg_file(
    expression: str, environment: str | None = None, tex_template: TexTemplate | None = None
) -> Path:
    """Manim's function of that name, for scenes that call it themselves: a real SVG file.

    :raises TexError: a ValueError, as manim raises.
    """
    file = _formula_file(expression, environment, tex_template)
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(svg_document(_waiting.pop(file).drawing), encoding="utf-8")
    return file


def _formula_file(
    expression: str, environment: str | None = None, tex_template: TexTemplate | None = None
) -> Path:
    """The name of a file that is never written: :func:`_init_svg_mobject` finds the formula by it."""
    template = config["tex_template"] if tex_template is None else tex_template
    formula = _typesetter.formula(expression, environment, template.body, template.placeholder_text)
    name = tex_file_writing.tex_hash(f"{environment}\n{template.body}\n{expression}")
    file = Path(config.get_dir("tex_dir"), name).with_suffix(".svg")
    _waiting[file] = formula
    return file


def _init_svg_mobject(self: Any, use_svg_cache: bool) -> Any:
    formula = _waiting.pop(self.file_name, None)
    if formula is None:
        return SVGMobject.init_svg_mobject(self, use_svg_cache)
    if config.renderer == RendererType.OPENGL:
        self.file_name.parent.mkdir(parents=True, exist_ok=True)
        self.file_name.write_text(svg_document(formula.drawing), encoding="utf-8")
        return SVGMobject.init_svg_mobject(self, use_svg_cache)
    fill(self, formula)
    return self
