"""SVG path data to cubic curves."""

from __future__ import annotations

import functools
import math
import re
from collections.abc import Iterator

import numpy as np

from .drawing import EMPTY, Points

_TOKEN = re.compile(r"[A-Za-z]|[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?")
_ARGUMENTS = {"M": 2, "L": 2, "H": 1, "V": 1, "C": 6, "Q": 4, "A": 7, "Z": 0}
_CLOSED = 1e-6

Point = tuple[float, float]


@functools.lru_cache(maxsize=4096)
def outline(data: str, *, closed: bool = True) -> Points:
    """The curves of a path; every contour is ``closed``, as filling closes it, unless it is for a pen.

    The array is shared by all callers and cannot be written to.

    :param data: absolute or relative M, L, H, V, C, Q, A, Z, which is what MathJax and cairo write; an arc is
        taken as half an ellipse.
    :raises ValueError: another command.
    """
    curves: list[Point] = []
    start = here = (0.0, 0.0)
    for command, values in _commands(data):
        if command in "MZ":
            if _apart(here, start) and (closed or command == "Z"):
                curves += _line(here, start)
            here = start
        if command == "M":
            start = here = (values[0], values[1])
        elif command in "LHV":
            end = _line_end(command, values, here)
            curves += _line(here, end)
            here = end
        elif command == "C":
            handles = ((values[0], values[1]), (values[2], values[3]), (values[4], values[5]))
            curves += (here, *handles)
            here = handles[-1]
        elif command == "Q":
            handle, end = (values[0], values[1]), (values[2], values[3])
            curves += (here, _between(here, handle), _between(end, handle), end)
            here = end
        elif command == "A":
            curves += _half_ellipse(here, values)
            here = curves[-1]
    if closed and _apart(here, start):
        curves += _line(here, start)
    points = np.array(curves, dtype=np.float64) if curves else EMPTY
    points.setflags(write=False)
    return points


def contours(points: Points) -> list[Points]:
    """The separate closed contours of an outline."""
    curves = points.reshape(-1, 4, 2)
    breaks = np.flatnonzero(np.abs(curves[1:, 0] - curves[:-1, 3]).max(axis=1) > _CLOSED) + 1
    return [part.reshape(-1, 2) for part in np.split(curves, breaks)]


def _commands(data: str) -> Iterator[tuple[str, list[float]]]:
    """Absolute commands, one at a time, repeated arguments spelt out."""
    tokens = _TOKEN.findall(data)
    here = start = (0.0, 0.0)
    letter, at = "", 0
    while at < len(tokens):
        if tokens[at].isalpha():
            letter = tokens[at]
            at += 1
        elif letter in "Zz":
            raise ValueError("a number where a command should be")
        command = letter.upper()
        if command not in _ARGUMENTS or at + _ARGUMENTS[command] > len(tokens):
            raise ValueError(f"not a path: {data[:60]}")
        count = _ARGUMENTS[command]
        values = [float(token) for token in tokens[at : at + count]]
        at += count
        if letter.islower():
            values = _absolute(command, values, here)
        if command == "Z":
            here = start
        elif command in "HV":
            here = _line_end(command, values, here)
        else:
            here = (values[-2], values[-1])
        if command == "M":
            start = here
        yield command, values
        if command == "M":
            letter = "L" if letter == "M" else "l"


def _absolute(command: str, values: list[float], here: Point) -> list[float]:
    if command == "V":
        return [values[0] + here[1]]
    if command == "A":
        return [*values[:5], values[5] + here[0], values[6] + here[1]]
    return [value + here[index % 2] for index, value in enumerate(values)]


def _line_end(command: str, values: list[float], here: Point) -> Point:
    if command == "H":
        return values[0], here[1]
    if command == "V":
        return here[0], values[0]
    return values[0], values[1]


def _line(start: Point, end: Point) -> tuple[Point, Point, Point, Point]:
    third = ((2 * start[0] + end[0]) / 3, (2 * start[1] + end[1]) / 3)
    two_thirds = ((start[0] + 2 * end[0]) / 3, (start[1] + 2 * end[1]) / 3)
    return start, third, two_thirds, end


def _half_ellipse(start: Point, values: list[float]) -> tuple[Point, Point, Point, Point]:
    """An arc that bulges by its first radius to the side that its sweep says."""
    end = (values[5], values[6])
    along = (end[0] - start[0], end[1] - start[1])
    reach = values[0] * 4 / 3 / (math.hypot(*along) or 1) * (1 if values[4] else -1)
    out = (along[1] * reach, -along[0] * reach)
    return start, (start[0] + out[0], start[1] + out[1]), (end[0] + out[0], end[1] + out[1]), end


def _between(end: Point, handle: Point) -> Point:
    """The cubic handle beside ``end`` of a quadratic curve."""
    return (end[0] + 2 * handle[0]) / 3, (end[1] + 2 * handle[1]) / 3


def _apart(one: Point, other: Point) -> bool:
    return abs(one[0] - other[0]) > _CLOSED or abs(one[1] - other[1]) > _CLOSED
