"""Sampling a function into line strings that never leave the shown ranges. Knows nothing of Manim."""

from __future__ import annotations

import math
from itertools import pairwise

from botcore_manim.lesson.scale import Function, Range, value

Point = tuple[float, float]

_START = 160
_DEPTH = 7
_BEND = 0.0012
"""How far, in heights of the graph, the curve may be from its line string before it is sampled closer."""


def sample(function: Function, x: Range, y: Range) -> list[list[Point]]:
    """Line strings of ``function`` over ``x``, cut where it leaves ``y``, has no value, or jumps."""
    tall = y[1] - y[0]
    grid = [x[0] + (x[1] - x[0]) * k / _START for k in range(_START + 1)]
    points = [(at, value(function, at)) for at in grid]
    strings: list[list[Point]] = [[]]
    for a, b in pairwise(points):
        _follow(function, a, b, y, tall, _DEPTH, strings)
    return [part for string in strings for part in clip(string, y) if len(part) > 1]


def _follow(
    function: Function, a: Point, b: Point, y: Range, tall: float, depth: int, strings: list[list[Point]]
) -> None:
    """Adds the way from ``a`` to ``b`` to the last string, or starts a new one where there is none."""
    known_a, known_b = math.isfinite(a[1]), math.isfinite(b[1])
    if not known_a and not known_b:
        _end(strings)
        return
    outside = known_a and known_b and (max(a[1], b[1]) < y[0] - tall or min(a[1], b[1]) > y[1] + tall)
    middle_x = (a[0] + b[0]) / 2
    if not outside and depth > 0:
        middle = (middle_x, value(function, middle_x))
        straight = (
            known_a
            and known_b
            and math.isfinite(middle[1])
            and abs(middle[1] - (a[1] + b[1]) / 2) < _BEND * tall
            and abs(a[1] - b[1]) < 0.25 * tall
        )
        if not straight:
            _follow(function, a, middle, y, tall, depth - 1, strings)
            _follow(function, middle, b, y, tall, depth - 1, strings)
            return
    elif not outside and not (known_a and known_b):
        # The edge of the domain, found as closely as a pixel.
        if known_a:
            _add(strings, a)
        _end(strings)
        if known_b:
            _add(strings, b)
        return
    elif not outside and _jumps(function, a, b, tall):
        _add(strings, a)
        _end(strings)
        _add(strings, b)
        return
    _add(strings, a)
    _add(strings, b)


def _jumps(function: Function, a: Point, b: Point, tall: float) -> bool:
    """Whether the curve is torn between two points that are as close as sampling goes: the difference stays
    when the distance shrinks a thousandfold."""
    if abs(a[1] - b[1]) < 0.06 * tall:
        return False
    left, right = a, b
    for _ in range(10):
        middle_x = (left[0] + right[0]) / 2
        middle = (middle_x, value(function, middle_x))
        if not math.isfinite(middle[1]):
            return True
        if abs(middle[1] - left[1]) > abs(middle[1] - right[1]):
            right = middle
        else:
            left = middle
    return abs(left[1] - right[1]) > 0.5 * abs(a[1] - b[1])


def _add(strings: list[list[Point]], point: Point) -> None:
    if not strings[-1] or strings[-1][-1] != point:
        strings[-1].append(point)


def _end(strings: list[list[Point]]) -> None:
    if strings[-1]:
        strings.append([])


def clip(string: list[Point], y: Range) -> list[list[Point]]:
    """The parts of a line string that lie in ``y``, with points set exactly where it crosses."""
    inside: list[list[Point]] = [[]]
    for a, b in pairwise(string):
        piece = _clip_line(a, b, y)
        if piece is None:
            if inside[-1]:
                inside.append([])
            continue
        if inside[-1] and inside[-1][-1] != piece[0]:
            inside.append([])
        if not inside[-1]:
            inside[-1].append(piece[0])
        inside[-1].append(piece[1])
    return [part for part in inside if len(part) > 1]


def _clip_line(a: Point, b: Point, y: Range) -> tuple[Point, Point] | None:
    low, high = min(a[1], b[1]), max(a[1], b[1])
    if high < y[0] or low > y[1]:
        return None

    def bounded(end: Point) -> Point:
        limit = min(max(end[1], y[0]), y[1])
        if limit == end[1]:
            return end
        share = (limit - a[1]) / (b[1] - a[1])
        return a[0] + share * (b[0] - a[0]), limit

    return bounded(a), bounded(b)


def clip_segment(a: Point, b: Point, x: Range, y: Range) -> tuple[Point, Point] | None:
    """The part of a straight segment inside both ranges; None when there is none."""
    flat = _clip_line(a, b, y)
    if flat is None:
        return None
    turned = _clip_line(flat[0][::-1], flat[1][::-1], x)
    return None if turned is None else (turned[0][::-1], turned[1][::-1])


def slope_at(function: Function, x: float, scale: float) -> float:
    """The slope by central differences; ``scale`` is the width of the shown range. nan where it has none."""
    step = scale * 1e-5
    return (value(function, x + step) - value(function, x - step)) / (2 * step)
