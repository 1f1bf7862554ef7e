"""Numbers that change while something moves. Words of Pango are cheap enough to be made for each frame."""

from __future__ import annotations

from typing import Any

from botcore_manim.lesson.frame import EM, Box
from botcore_manim.lesson.outlines import outline
from botcore_manim.lesson.words import Words


class Readout(Words):
    """A line of words that keeps its left end, in the middle of a box's height.

    :param longest: the longest that it will have to say; the size is chosen for it.
    """

    def __init__(self, box: Box, longest: str, size: float, color: str):
        wide = max(outline(longest).width * size * EM, 1e-6)
        self._corner: Any = None
        super().__init__("", size * min(1.0, box.width / wide), color)
        self._corner = [box.left, box.y - 0.36 * self.size * EM, 0.0]

    def say(self, words: str) -> Readout:
        super().say(words)
        if self._corner is not None:
            self.shift(self._corner)
        return self
