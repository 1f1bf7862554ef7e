"""Drawings to manim's mobjects: what SingleStringMathTex would have read from dvisvgm's SVG."""

from __future__ import annotations

import functools
from typing import Any

import numpy as np
from manim import BLACK, ManimColor, VGroup, VMobject

from .typesetter import Formula

UNIT = 10 * 72 / 72.27 / 1000
"""A thousandth of an em in dvisvgm's unit, the PostScript point; LaTeX sets at 10 pt."""


class TexShape(VMobject):
    """A glyph or a rule of a formula."""


def fill(mobject: Any, formula: Formula) -> None:
    """Add the formula's shapes to a SingleStringMathTex, one submobject each, and its groups by their ids.

    The shapes are black where the TeX names no colour, as in dvisvgm's output: manim then gives them its own.
    """
    groups = {"root": VGroup()} | {name: VGroup() for name in formula.groups}
    members: dict[str, list[VMobject]] = {name: [] for name in groups}
    shapes = []
    for shape in formula.drawing.drawn():
        mob = _prototype(shape.colour).copy()
        mob.points = np.zeros((len(shape.points), 3))
        mob.points[:, :2] = shape.points * UNIT
        shapes.append(mob)
        for name in ("root", *shape.groups):
            members[name].append(mob)
    mobject.add(*shapes)
    for name, group in groups.items():
        group.add(*members[name])
    mobject.id_to_vgroup_dict = groups


@functools.cache
def _prototype(colour: str | None) -> VMobject:
    paint = BLACK if colour is None else ManimColor(colour)
    return TexShape(fill_color=paint, fill_opacity=1, stroke_color=paint, stroke_width=0)
