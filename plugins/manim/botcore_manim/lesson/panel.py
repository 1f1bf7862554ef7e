"""What every panel of a lesson has: a place, things on it, and a way to leave."""

from __future__ import annotations

from typing import Any

import numpy as np
from manim import FadeOut, VGroup

from botcore_manim.lesson.frame import Box
from botcore_manim.lesson.stage import Stage


class Panel:
    """A card with content. ``parts`` is all that it has on screen."""

    def __init__(self, stage: Stage, box: Box):
        self.stage = stage
        self.box = box
        self.parts: list[Any] = []
        self.is_open = True
        self.on_close: Any = None

    def keep(self, *mobjects: Any) -> None:
        """Counts them to the panel: they move and leave with it."""
        self.parts += [mobject for mobject in mobjects if mobject is not None]

    def drop(self, *mobjects: Any) -> None:
        gone = {id(mobject) for mobject in mobjects}
        self.parts = [part for part in self.parts if id(part) not in gone]

    def shift(self, by: Any) -> list[Any]:
        """Animations that move the panel; what it draws next comes to the new place."""
        if float(np.abs(by).max()) < 1e-6:
            return []
        self.box = self.box.shifted(by[0], by[1])
        return [part.animate.shift(by) for part in self.parts]

    def fade(self) -> list[Any]:
        """Animations that take the panel away."""
        gone = [FadeOut(VGroup(*self.parts))] if self.parts else []
        self.parts = []
        self.is_open = False
        return gone

    def hide(self) -> None:
        """Closes the panel; the steps get its room."""
        if self.is_open and self.on_close is not None:
            self.on_close()
