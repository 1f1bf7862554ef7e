"""Wishes about a scene that are fulfilled in its text, without a model. In doubt they are left to one."""

from botcore_manim.wishes.colours import recoloured

__all__ = ["recoloured"]
