"""A panel for a drawing that the lesson brings itself."""

from __future__ import annotations

from typing import Any

from manim import FadeIn

from botcore_manim.lesson.frame import Box
from botcore_manim.lesson.panel import Panel
from botcore_manim.lesson.stage import Stage, card, put


class Picture(Panel):
    """What :meth:`Lesson.picture` returns. ``mobject`` is the drawing, to be animated by the lesson."""

    def __init__(self, stage: Stage, box: Box, mobject: Any):
        super().__init__(stage, box)
        self.mobject = mobject

    def open(self) -> None:
        """Shows card and drawing; it grows or shrinks to fill the card."""
        inside = self.box.inset(0.35 * self.stage.unit)
        share = min(
            inside.width / max(self.mobject.width, 1e-6), inside.height / max(self.mobject.height, 1e-6)
        )
        put(self.mobject.scale(share), inside)
        ground = card(self.box, self.stage.unit)
        self.stage.play(FadeIn(ground), run_time=0.35)
        self.stage.play(FadeIn(self.mobject), run_time=0.8)
        self.keep(ground, self.mobject)
