"""A scene that says ``botcore_pace = 1.5`` takes half as long again for everything it plays."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from manim import Animation, Scene

NAME = "botcore_pace"
_LEAST, _MOST = 0.25, 4.0


def keep_pace(scene: Scene) -> None:
    """Stretch the run times of a scene's animations and waits as its class wants it; anything that is no
    number, or out of reason, changes nothing."""
    pace = getattr(type(scene), NAME, 1.0)
    if isinstance(pace, int | float) and _LEAST <= pace <= _MOST and pace != 1:
        scene.compile_animations = _stretched(scene.compile_animations, float(pace))


def _stretched(compile_animations: Callable[..., list[Animation]], pace: float) -> Callable[..., Any]:
    def stretched(*args: Any, **kwargs: Any) -> list[Animation]:
        animations = compile_animations(*args, **kwargs)
        for animation in animations:
            animation.run_time *= pace
        return animations

    return stretched
