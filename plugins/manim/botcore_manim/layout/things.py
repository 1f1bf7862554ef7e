"""What is on screen, as a viewer counts it: texts, lines, and shapes that hide what is behind them.

A formula, a number with its digits, a line of words is one text, whatever Manim makes it of. Lengths in Manim
units.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
from manim import (
    Arrow,
    Brace,
    Cross,
    DashedLine,
    DashedVMobject,
    DecimalNumber,
    Dot,
    MarkupText,
    Mobject,
    NumberPlane,
    SingleStringMathTex,
    Text,
    Underline,
    VMobject,
)
from manim.mobject.geometry.tips import ArrowTip
from manim.mobject.text.tex_mobject import MathTexPart

from botcore_manim.lesson.words import Words

_TEXTS = (Text, MarkupText, SingleStringMathTex, MathTexPart, DecimalNumber, Words)
_NOT_LINES = (Cross, Underline, Brace, NumberPlane, Dot, ArrowTip)
"""Drawn over or along text on purpose, or faint by design."""
_ONE_LINE = (DashedLine, DashedVMobject, Arrow)
"""Lines that are made of pieces."""

_FAINT = 0.2
"""What is less opaque than this counts as not there. It may be fading in or out."""
_SOLID = 0.75
"""What is at least this opaque hides what is behind it."""
_THIN = 0.6
"""Strokes narrower than this are not seen as lines."""

_GONE = 0.03
"""A text whose letters are all smaller than this was shrunk away, not set too small. Units."""

Boxes = Any
"""An (n, 4) array: left, bottom, right, top."""


@dataclass(slots=True)
class TextThing:
    """A text: its signs' boxes and what it says."""

    source: Any
    says: str
    glyphs: Boxes
    box: Any
    order: tuple[float, int]
    family: int


@dataclass(slots=True)
class LineThing:
    """A stroke, as straight segments: (n, 4) of x0, y0, x1, y1."""

    source: Any
    name: str
    segments: Any
    box: Any
    order: tuple[float, int]
    family: int


@dataclass(slots=True)
class Cover:
    """A filled shape that hides what is behind it."""

    box: Any
    order: tuple[float, int]


@dataclass(slots=True)
class Sight:
    """All that is on screen, in no particular order."""

    texts: list[TextThing]
    lines: list[LineThing]
    covers: list[Cover]


def see(mobjects: list[Any], ignored: set[int]) -> Sight:
    """Sorts what ``mobjects`` show. ``ignored``: ids of mobjects that are left out with all they hold."""
    sight = Sight([], [], [])
    for place, (mobject, family) in enumerate(_walk(mobjects, ignored)):
        order = (float(mobject.z_index), place)
        if isinstance(mobject, _TEXTS):
            _add_text(sight, mobject, order, family)
        elif isinstance(mobject, VMobject):
            _add_shape(sight, mobject, order, family)
    return sight


def _walk(mobjects: list[Any], ignored: set[int]) -> Iterator[tuple[Any, int]]:
    """Texts and compound lines whole, else every part, each with the number of its top-level mobject."""
    for family, top in enumerate(mobjects):
        stack = [top]
        while stack:
            mobject = stack.pop()
            if id(mobject) in ignored or not isinstance(mobject, Mobject):
                continue
            yield mobject, family
            if not isinstance(mobject, (*_TEXTS, *_NOT_LINES, *_ONE_LINE)):
                stack += reversed(mobject.submobjects)


def _add_text(sight: Sight, text: Any, order: tuple[float, int], family: int) -> None:
    glyphs = [glyph for glyph in _leaves(text) if _opacity(glyph.fill_rgbas) > _FAINT]
    if not glyphs:
        return
    boxes = np.array([_bounds(glyph.points) for glyph in glyphs])
    if (boxes[:, 3] - boxes[:, 1]).max() < _GONE:
        return
    z = max(float(glyph.z_index) for glyph in glyphs)
    sight.texts.append(
        TextThing(text, _said(text), boxes, _around(boxes), (max(order[0], z), order[1]), family)
    )


def _add_shape(sight: Sight, shape: Any, order: tuple[float, int], family: int) -> None:
    if isinstance(shape, _NOT_LINES):
        return
    parts = list(_leaves(shape)) if isinstance(shape, _ONE_LINE) else [shape]
    parts = [part for part in parts if len(part.points)]
    if not parts:
        return
    filled = max(_opacity(part.fill_rgbas) for part in parts)
    if filled >= _SOLID:
        sight.covers.append(Cover(_around(np.array([_bounds(part.points) for part in parts])), order))
    stroked = [part for part in parts if part.stroke_width > _THIN and _opacity(part.stroke_rgbas) > _FAINT]
    # Signs of a formula under way are filled and have no stroke of their own.
    if stroked:
        segments = np.concatenate([_segments(part.points) for part in stroked])
        box = _around(np.array([_bounds(part.points) for part in stroked]))
        sight.lines.append(LineThing(shape, type(shape).__name__, segments, box, order, family))


def _leaves(mobject: Any) -> Iterator[Any]:
    stack = [mobject]
    while stack:
        part = stack.pop()
        if len(part.points):
            yield part
        stack += part.submobjects


def _opacity(rgbas: Any) -> float:
    return float(rgbas[:, 3].max()) if len(rgbas) else 0.0


def _bounds(points: Any) -> Any:
    low, high = points.min(axis=0), points.max(axis=0)
    return np.array([low[0], low[1], high[0], high[1]])


def _around(boxes: Boxes) -> Any:
    return np.array([boxes[:, 0].min(), boxes[:, 1].min(), boxes[:, 2].max(), boxes[:, 3].max()])


def _segments(points: Any) -> Any:
    """Cubic curves as two chords each, which is close enough for curves of a screen's size."""
    curves = points[: len(points) // 4 * 4].reshape(-1, 4, 3)[:, :, :2]
    middle = (curves[:, 0] + 3 * curves[:, 1] + 3 * curves[:, 2] + curves[:, 3]) / 8
    first = np.concatenate([curves[:, 0], middle], axis=1)
    second = np.concatenate([middle, curves[:, 3]], axis=1)
    return np.concatenate([first, second])


def _said(text: Any) -> str:
    """What it says, for a message: short, on one line."""
    if isinstance(text, Words):
        said = text.said
    elif isinstance(text, DecimalNumber):
        said = f"{text.number:g}"
    else:
        said = getattr(text, "original_text", None) or getattr(text, "tex_string", "") or type(text).__name__
    said = " ".join(str(said).split())
    return said if len(said) <= 40 else said[:39] + "…"
