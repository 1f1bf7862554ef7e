"""One formula through MathJax, with the texts inside it that Pango outlines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from .drawing import Drawing
from .engine import MathJax, Size
from .errors import TexError
from .pango import outlined
from .svg_reader import read_svg

_EM = 1000.0


class Result(NamedTuple):
    """A drawing, and the groups that are still open after it."""

    drawing: Drawing
    groups: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Maths:
    """An engine with what a template and a source add to it."""

    engine: MathJax
    definitions: str
    runs: tuple[str, ...]

    def set(self, tex: str, *, display: bool = True, groups: Sequence[str] = ()) -> Result:
        """:raises TexError: the TeX is faulty."""
        typeset = self.engine.typeset(
            self.definitions + tex, display=display, groups=groups, measure=self._size
        )
        return Result(read_svg(typeset.svg, self.outlines, tex=tex), typeset.groups)

    def outlines(self, key: str) -> Drawing:
        r"""The outlines of an ``\outlined`` run, by ``"number:style"``."""
        number, _, style = key.partition(":")
        if not number.isdecimal() or int(number) >= len(self.runs):
            raise TexError(r"\outlined is not a command for scenes", key)
        return outlined(self.runs[int(number)], style)

    def _size(self, key: str) -> Size:
        drawing = self.outlines(key)
        return drawing.width / _EM, drawing.height / _EM, drawing.depth / _EM
