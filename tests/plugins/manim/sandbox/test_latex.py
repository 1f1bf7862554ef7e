"""``latex = "system"``: formulas by the LaTeX of this machine, behind the same walls."""

from __future__ import annotations

from pathlib import Path

import pytest
from botcore_manim.checks import check_machine
from botcore_manim.renderer import manim_renderer, missing_programs
from botcore_manim.sandbox.bubblewrap import ENVIRONMENT
from botcore_manim.settings import ManimConfig

from botcore.errors import SandboxUnavailable, SceneFailed
from botcore.hooks.descriptors import PluginContext
from botcore.model import Quality, RenderOptions, RenderProgress, Source
from botcore.ports import Renderer, RenderLimits

_SYSTEM = ManimConfig(latex="system", zygotes=1)

_FORMULAS = r"""
class Formulas(Scene):
    def construct(self):
        formula = MathTex(r"\int_0^1 x^2\,dx", "=", r"\frac{1}{3}")
        words = Tex(r"Words and $e^{i\pi}$, \textbf{bold}").next_to(formula, DOWN)
        assert [len(part) for part in formula] == [7, 1, 3], formula
        assert formula.width > 2 and words.width > 2
        made = list(config.get_dir("tex_dir").glob("*.svg"))
        assert len(made) >= 2, "LaTeX was not asked"
        self.add(formula, words)
        self.play(Indicate(formula[2]), run_time=0.2)
"""
_READS_A_FILE = r"""
class Reader(Scene):
    def construct(self):
        self.add(Tex(r"\input{/etc/passwd}"))
"""
_RUNS_A_PROGRAM = r"""
class Runner(Scene):
    def construct(self):
        import os, subprocess
        done = subprocess.run(["/usr/bin/cat", "/etc/passwd"], capture_output=True)
        assert done.returncode and b"root" not in done.stdout, "read a file of the machine"
        children = []
        try:
            while len(children) < 500:
                children.append(os.posix_spawn("/usr/bin/sleep", ["sleep", "60"], {}))
        except OSError:
            pass
        assert len(children) < 100, f"started {len(children)} programs"
        for child in children:
            os.kill(child, 9)
            os.waitpid(child, 0)
        self.add(Square())
        self.wait(0.1)
"""


def _context(folder: Path) -> PluginContext:
    return PluginContext("manim", folder, workers=1)


async def _draw(renderer: Renderer, code: str, out: Path) -> int:
    async def progress(_: RenderProgress) -> None: ...

    options = RenderOptions(quality=Quality.LOW)
    out.mkdir()  # noqa: ASYNC240  # nothing else waits for this test's loop
    limits = RenderLimits(10_000_000, 120)
    return (await renderer.render(Source("manim", code), options, limits, out, progress)).size


async def _assert_refused(folder: Path) -> None:
    with pytest.raises(SandboxUnavailable, match="latex") as refused:
        async with manim_renderer(_SYSTEM, _context(folder)):
            pytest.fail("it has to refuse")
    assert "apt install texlive-latex-extra dvisvgm" in str(refused.value.params["remedy"])


@pytest.mark.slow
async def test_formulas_are_set_by_the_latex_of_this_machine_or_it_is_named_as_missing(
    tmp_path: Path,
) -> None:
    if missing_programs():
        await _assert_refused(tmp_path)
        return
    async with manim_renderer(_SYSTEM, _context(tmp_path)) as renderer:
        assert await _draw(renderer, _FORMULAS, tmp_path / "formulas") > 0
        with pytest.raises(SceneFailed):
            await _draw(renderer, _READS_A_FILE, tmp_path / "reader")
        # its programs run behind the walls of their job, and end with it
        assert await _draw(renderer, _RUNS_A_PROGRAM, tmp_path / "runner") > 0
        assert await _draw(renderer, _FORMULAS, tmp_path / "again") > 0


async def test_without_latex_it_refuses_at_once_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(ENVIRONMENT, "PATH", str(tmp_path))
    await _assert_refused(tmp_path)


def test_doctor_names_the_latex_that_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(ENVIRONMENT, "PATH", str(tmp_path))
    row = next(row for row in check_machine(_SYSTEM, _context(tmp_path)) if row.name == "latex")
    assert not row.ok
    assert row.seen == "missing: latex, dvisvgm"
    assert "texlive-latex-extra" in row.remedy
