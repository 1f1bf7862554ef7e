"""The four rules. Each would rather miss a fault than complain about a good scene."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from botcore_manim.layout.things import LineThing, Sight, TextThing

Code = Literal["out-of-frame", "text-overlap", "line-through-text", "too-small"]

_EDGE = 0.04
"""How far a text may reach over the edge of the frame: less than a stroke. Units."""
_DEEP = 0.22
"""Two signs overlap when they share more than this part of the smaller one's height and width."""
_CROSSED = 0.45
"""A line runs through a sign when it is inside for this part of the sign's height."""
_SMALL = {"wide": 0.15, "narrow": 0.09}
"""The least height of tall signs, in eighths of the frame's short side: 20 pixels of 1080 in a wide frame."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One complaint, in words that can be shown to the author of the scene."""

    code: Code
    message: str


@dataclass(frozen=True, slots=True)
class View:
    """The part of the plane that the camera shows. Lengths in units."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def least_sign(self) -> float:
        wide, high = self.right - self.left, self.top - self.bottom
        return _SMALL["wide" if wide > 1.2 * high else "narrow"] * min(wide, high) / 8


def examine(sight: Sight, view: View) -> Iterator[Finding]:
    """All findings of one moment; the same ones again as long as nothing changes."""
    shown = [text for text in sight.texts if _is_in(text.box, view) and not _is_hidden(text, sight)]
    for text in shown:
        yield from _out_of_frame(text, view)
        yield from _too_small(text, view)
    for place, text in enumerate(shown):
        for other in shown[:place]:
            yield from _overlap(other, text)
    for text in shown:
        for line in sight.lines:
            yield from _crossed(line, text, sight)


def _is_in(box: Any, view: View) -> bool:
    """Whether any of it is in the frame: what waits outside for its entry is no fault."""
    return bool(box[2] > view.left and box[0] < view.right and box[3] > view.bottom and box[1] < view.top)


def _is_hidden(text: TextThing, sight: Sight) -> bool:
    return any(cover.order > text.order and _holds(cover.box, text.box) for cover in sight.covers)


def _holds(outer: Any, inner: Any) -> bool:
    return bool((outer[:2] <= inner[:2] + 0.02).all() and (outer[2:] >= inner[2:] - 0.02).all())


def _out_of_frame(text: TextThing, view: View) -> Iterator[Finding]:
    over = {
        "left": view.left - text.box[0],
        "bottom": view.bottom - text.box[1],
        "right": text.box[2] - view.right,
        "top": text.box[3] - view.top,
    }
    side = max(over, key=lambda name: over[name])
    if over[side] > _EDGE:
        yield Finding(
            "out-of-frame", f"“{text.says}” leaves the frame at the {side} by {over[side]:.1f} units"
        )


def _too_small(text: TextThing, view: View) -> Iterator[Finding]:
    heights = text.glyphs[:, 3] - text.glyphs[:, 1]
    usual = float(np.quantile(heights, 0.75))
    if usual < view.least_sign and len(text.says) > 1:
        yield Finding(
            "too-small",
            f"“{text.says}” is too small to read on a phone: its letters are {usual:.2f} units high",
        )


def _overlap(a: TextThing, b: TextThing) -> Iterator[Finding]:
    if not (a.box[:2] < b.box[2:]).all() or not (b.box[:2] < a.box[2:]).all():
        return
    if a.says == b.says and np.allclose(a.box, b.box, atol=0.15):
        return  # a copy on its way, or a glow
    first, second = a.glyphs[:, None, :], b.glyphs[None, :, :]
    shared_x = np.minimum(first[..., 2], second[..., 2]) - np.maximum(first[..., 0], second[..., 0])
    shared_y = np.minimum(first[..., 3], second[..., 3]) - np.maximum(first[..., 1], second[..., 1])
    width = np.minimum(first[..., 2] - first[..., 0], second[..., 2] - second[..., 0])
    height = np.minimum(first[..., 3] - first[..., 1], second[..., 3] - second[..., 1])
    # A bar of a fraction or a root is thin: measured against a sign, so that it only counts across one.
    deep = (shared_x > np.maximum(_DEEP * width, 0.03)) & (shared_y > np.maximum(_DEEP * height, 0.03))
    if deep.any():
        yield Finding("text-overlap", f"“{a.says}” and “{b.says}” overlap")


def _crossed(line: LineThing, text: TextThing, sight: Sight) -> Iterator[Finding]:
    if not (line.box[:2] < text.box[2:]).all() or not (text.box[:2] < line.box[2:]).all():
        return
    if any(
        cover.order > line.order and cover.order < text.order and _holds(cover.box, text.box)
        for cover in sight.covers
    ):
        return
    near = line.segments[_touches(line.segments, text.box)]
    if not len(near):
        return
    height = text.glyphs[:, 3] - text.glyphs[:, 1]
    inside = _length_inside(near, text.glyphs)
    if (inside.sum(axis=0) > _CROSSED * np.maximum(height, 0.1)).any():
        yield Finding("line-through-text", f"a line ({line.name}) runs through “{text.says}”")


def _touches(segments: Any, box: Any) -> Any:
    low = np.minimum(segments[:, :2], segments[:, 2:])
    high = np.maximum(segments[:, :2], segments[:, 2:])
    return ((low < box[2:]) & (high > box[:2])).all(axis=1)


def _length_inside(segments: Any, boxes: Any) -> Any:
    """How much of each segment (rows) lies in each box (columns), by clipping at its four sides. The boxes
    are taken a little smaller: a line may touch."""
    border = 0.12 * (boxes[:, 3] - boxes[:, 1])
    low = boxes[:, :2] + np.minimum(border[:, None], 0.3 * (boxes[:, 2:] - boxes[:, :2]))
    high = boxes[:, 2:] - np.minimum(border[:, None], 0.3 * (boxes[:, 2:] - boxes[:, :2]))
    start, way = segments[:, None, :2], (segments[:, 2:] - segments[:, :2])[:, None, :]
    safe = np.where(np.abs(way) < 1e-12, 1e-12, way)
    one, two = (low[None] - start) / safe, (high[None] - start) / safe
    enter = np.clip(np.minimum(one, two).max(axis=2), 0.0, 1.0)
    leave = np.clip(np.maximum(one, two).min(axis=2), 0.0, 1.0)
    return np.maximum(leave - enter, 0.0) * np.linalg.norm(way, axis=2)
