"""What goes wrong while typesetting."""

from __future__ import annotations


class TexError(ValueError):
    """The TeX that the scene asked for cannot be typeset.

    A :class:`ValueError`, because that is what manim raises when LaTeX fails, and scenes may catch it. The
    message names the fault and the TeX: it is shown to the person who wrote the scene.
    """

    def __init__(self, fault: str, tex: str) -> None:
        self.fault = fault
        self.tex = tex
        super().__init__(f"TeX cannot be typeset: {fault} (in: {_shortened(tex)})")


class MathOnly(TexError):
    """Something of mathematics stands in text, outside ``$ … $``."""


class EngineFault(RuntimeError):
    """The typesetting engine itself cannot run: a broken or unknown version of quickjax."""


def _shortened(tex: str, limit: int = 160) -> str:
    line = " ".join(tex.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"
