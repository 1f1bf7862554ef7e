"""Lessons without pictures: everything is placed, nothing is drawn."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from typing import Any

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # pydub, which manim imports, has escapes that Python deprecates
    from botcore_manim.lesson import Lesson
    from manim import CairoRenderer, config, tempconfig

from botcore_manim.layout.things import TextThing, see
from botcore_manim.lesson.frame import Box

SHAPES = {"wide": (128 / 9, 8.0), "tall": (8.0, 128 / 9), "square": (8.0, 8.0)}

Check = Callable[[Any], None]


class Undrawn(CairoRenderer):  # type: ignore[misc]  # manim has no types we follow
    """Skips to the end of every animation and draws no frame."""

    def __init__(self, camera: type | None = None) -> None:
        super().__init__(camera_class=camera, skip_animations=True)

    def update_frame(self, *_: Any, **__: Any) -> None:
        """Draws nothing."""

    def get_frame(self) -> None:
        """There is none."""


def in_shape(shape: str) -> Any:
    """Manim's config for a frame of that shape."""
    width, height = SHAPES[shape]
    return tempconfig(
        {
            "frame_width": width,
            "frame_height": height,
            "pixel_width": int(width * 60),
            "pixel_height": int(height * 60),
            "frame_rate": 15,
            "dry_run": True,
            "progress_bar": "none",
            "verbosity": "ERROR",
        }
    )


def run(construct: Callable[[Any], None], check: Check = lambda _: None) -> Any:
    """Runs a lesson; ``check`` is called with the scene after each of its plays."""

    class Tried(Lesson):
        def play(self, *args: Any, **kwargs: Any) -> None:
            super().play(*args, **kwargs)
            check(self)

        def construct(self) -> None:
            construct(self)

    assert config.dry_run
    scene = Tried(renderer=Undrawn())
    scene.render()
    return scene


def texts(scene: Any) -> list[tuple[str, Box]]:
    """What can be read, with its box."""
    return [(thing.says, _box(thing)) for thing in see(list(scene.mobjects), set()).texts]


def _box(thing: TextThing) -> Box:
    left, bottom, right, top = (float(value) for value in thing.box)
    return Box(left, bottom, right, top)
