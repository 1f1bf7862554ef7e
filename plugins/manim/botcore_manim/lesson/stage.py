"""What all parts of a lesson share: the scene they play on, its frame, and the reader's clock."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from manim import RoundedRectangle, Scene, VGroup, config

from botcore_manim.lesson.frame import Box, Frame
from botcore_manim.lesson.theme import CARD, EDGE

_INSTANT = 0.1
"""Waits shorter than this are not worth a frame. Seconds."""


class Stage:
    """Plays animations and keeps track of how long what is on screen still has to stay.

    Texts do not block when they appear: they note with :meth:`read` until when they must be seen, and whoever
    takes them away calls :meth:`settle` before. So a curve can be drawn while its caption is read.
    """

    def __init__(self, scene: Scene):
        self.scene = scene
        self.frame = Frame(float(config.frame_width), float(config.frame_height))
        self.sizes = self.frame.sizes
        self.unit = self.frame.unit
        self._due = 0.0

    @property
    def now(self) -> float:
        """Seconds since the beginning of the video."""
        return float(self.scene.renderer.time)

    def read(self, seconds: float) -> None:
        """Something new is there that needs ``seconds``; more while something else is still being read."""
        backlog = max(self._due - self.now, 0.0)
        self._due = max(self._due, self.now + seconds + 0.2 * backlog)

    def settle(self) -> None:
        """Waits until all has been read."""
        self.wait(self._due - self.now)

    def wait(self, seconds: float) -> None:
        if seconds > _INSTANT:
            self.scene.wait(seconds)

    def play(self, *animations: Any, run_time: float | None = None) -> None:
        """Plays what is not None, together; nothing at all when that is nothing."""
        todo = [animation for animation in animations if animation is not None]
        if todo:
            self.scene.play(*todo, **({} if run_time is None else {"run_time": run_time}))


def card(box: Box, unit: float, *, fill: str = CARD, edge: str = EDGE, radius: float = 0.16) -> Any:
    """A filled rectangle with round corners that covers ``box``."""
    corner = min(radius * unit, box.width / 2.01, box.height / 2.01)
    shape = RoundedRectangle(
        corner_radius=corner,
        width=box.width,
        height=box.height,
        fill_color=fill,
        fill_opacity=1,
        stroke_color=edge,
        stroke_width=1.5,
    )
    return shape.move_to([box.x, box.y, 0])


def box_of(mobject: Any) -> Box:
    """Bounding box of anything that has points."""
    left, bottom, _ = mobject.get_corner([-1, -1, 0])
    right, top, _ = mobject.get_corner([1, 1, 0])
    return Box(float(left), float(bottom), float(right), float(top))


def put(mobject: Any, box: Box) -> Any:
    """Moves it to the middle of ``box``, shrunk when it is larger."""
    share = min(1.0, box.width / max(mobject.width, 1e-6), box.height / max(mobject.height, 1e-6))
    if share < 1:
        mobject.scale(share)
    return mobject.move_to([box.x, box.y, 0])


def group(parts: Iterable[Any]) -> Any:
    return VGroup(*parts)
