"""Wishes about a scene that are fulfilled in its text, without a model. In doubt they are left to one."""

from __future__ import annotations

from botcore.model import Source
from botcore_manim.wishes.colours import recoloured
from botcore_manim.wishes.speed import paced


def changed(source: Source, wish: str) -> Source | None:
    """``source`` as ``wish`` wants it, where that is certain without a model."""
    return recoloured(source, wish) or paced(source, wish)


__all__ = ["changed", "paced", "recoloured"]
