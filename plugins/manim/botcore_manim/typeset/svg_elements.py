"""The elements other than glyphs that MathJax writes, as filled outlines; what it strokes is filled here.

Manim gives text no stroke, so that a stroked line would vanish.
"""

from __future__ import annotations

import math
import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np

from .drawing import Matrix, Points, box, polygon

RULE = 40.0
"""LaTeX's thickness of fraction bars, roots, tables and boxes: 0.4 pt at 10 pt."""

_TRANSFORM = re.compile(r"(translate|scale|rotate|matrix)\(([^)]*)\)")
_SPLIT = re.compile(r"[\s,]+")
_DASH = 200.0
_STEPS = 8
_CIRCLE = 0.5523
"""Length of the handles of a quarter circle of radius 1."""


def transform(element: ElementTree.Element) -> Matrix:
    """The ``transform`` attribute; the identity where there is none."""
    result = Matrix()
    for name, arguments in _TRANSFORM.findall(element.get("transform", "")):
        values = [float(part) for part in _SPLIT.split(arguments.strip())]
        if name == "translate":
            step = Matrix(e=values[0], f=values[1] if len(values) > 1 else 0.0)
        elif name == "scale":
            step = Matrix(a=values[0], d=values[-1])
        elif name == "rotate":
            cos, sin = math.cos(math.radians(values[0])), math.sin(math.radians(values[0]))
            step = Matrix(cos, sin, -sin, cos)
        else:
            step = Matrix(*values)
        result = result @ step
    return result


def rectangle(element: ElementTree.Element) -> list[Points]:
    """One filled box; of an outlined one its four rules: top, left, right, bottom."""
    x, y, width, height = (float(element.get(name, "0")) for name in ("x", "y", "width", "height"))
    if element.get("fill") != "none" and element.get("data-frame") is None:
        return [box(x, y, width, height)]
    half = _thickness(element) / 2
    across = width + 2 * half
    return [
        box(x - half, y + height - half, across, 2 * half),
        box(x - half, y, 2 * half, height),
        box(x + width - half, y, 2 * half, height),
        box(x - half, y - half, across, 2 * half),
    ]


def line(element: ElementTree.Element) -> list[Points]:
    """A line as a thin box; a dashed one as several."""
    x1, y1, x2, y2 = (float(element.get(name, "0")) for name in ("x1", "y1", "x2", "y2"))
    length = math.hypot(x2 - x1, y2 - y1)
    if length == 0:
        return []
    ux, uy = (x2 - x1) / length, (y2 - y1) / length
    dx, dy = -uy * _thickness(element) / 2, ux * _thickness(element) / 2
    dashed = "mjx-solid" not in element.get("class", "mjx-solid")
    count = max(1, round((length / _DASH + 1) / 2)) if dashed else 1
    dash = length / (2 * count - 1)
    result = []
    for index in range(count):
        ax, ay = x1 + ux * dash * 2 * index, y1 + uy * dash * 2 * index
        bx, by = ax + ux * dash, ay + uy * dash
        result.append(
            polygon(((ax + dx, ay + dy), (ax - dx, ay - dy), (bx - dx, by - dy), (bx + dx, by + dy)))
        )
    return result


def ellipse(element: ElementTree.Element) -> Points:
    """The ring of an outlined ellipse."""
    rx, ry, cx, cy = (float(element.get(name, "0")) for name in ("rx", "ry", "cx", "cy"))
    half = _thickness(element) / 2
    outer = _oval(cx, cy, rx + half, ry + half)
    inner = _oval(cx, cy, max(rx - half, 0), max(ry - half, 0))
    return np.concatenate((outer, inner[::-1]))


def stroked(points: Points, thickness: float = RULE) -> Points:
    """The outline of a pen drawn along the curves, each taken as a few straight pieces."""
    pieces = []
    for start, one, two, end in points.reshape(-1, 4, 2):
        t = np.linspace(0, 1, _STEPS + 1)[:, None]
        track = (1 - t) ** 3 * start + 3 * t * (1 - t) ** 2 * one + 3 * t**2 * (1 - t) * two + t**3 * end
        for here, there in pairwise(track):
            along = there - here
            length = float(np.hypot(*along))
            if length > 0:
                side = np.array((-along[1], along[0])) * thickness / 2 / length
                pieces.append(polygon((here + side, here - side, there - side, there + side)))
    return np.concatenate(pieces) if pieces else points


def _thickness(element: ElementTree.Element) -> float:
    """Table rules say nothing: a style sheet would; LaTeX draws all rules alike."""
    return float(element.get("stroke-width", RULE))


def _oval(cx: float, cy: float, rx: float, ry: float) -> Points:
    k = _CIRCLE
    quarters = (
        ((1, 0), (1, k), (k, 1), (0, 1)),
        ((0, 1), (-k, 1), (-1, k), (-1, 0)),
        ((-1, 0), (-1, -k), (-k, -1), (0, -1)),
        ((0, -1), (k, -1), (1, -k), (1, 0)),
    )
    return np.array([(cx + rx * x, cy + ry * y) for quarter in quarters for x, y in quarter])
