"""Which class of a text is the scene to draw."""

from __future__ import annotations

from types import ModuleType
from typing import TYPE_CHECKING

from botcore_manim.inside.faults import Fault

if TYPE_CHECKING:
    from manim import Scene


def find_scene(module: ModuleType, wanted: str | None) -> type[Scene]:
    """The class named ``wanted``; without a name, the last class of the text with a ``construct`` of its own,
    or else the last one that inherits one. Raises :class:`Fault` ``scene_missing``."""
    from manim import Scene

    scenes: list[type[Scene]] = [
        value
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, Scene) and value.__module__ == module.__name__
    ]
    if wanted is not None:
        named = [scene for scene in scenes if scene.__name__ == wanted]
        if not named:
            there = ", ".join(scene.__name__ for scene in scenes[:10]) or "none"
            raise Fault("scene_missing", f"there is no scene named {wanted}; the scenes here: {there}")
        return named[-1]
    drawable = [scene for scene in scenes if scene.construct is not Scene.construct]
    own = [scene for scene in drawable if "construct" in vars(scene)]
    if not drawable:
        problem = "no class of the code derives from Scene"
        if scenes:
            problem = f"the scene {scenes[-1].__name__} has no construct method"
        raise Fault("scene_missing", problem)
    return (own or drawable)[-1]
