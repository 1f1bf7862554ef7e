"""A drawing as an SVG file, for code that wants the file."""

from __future__ import annotations

from itertools import groupby

import numpy as np

from .drawing import Drawing, Points, Shape
from .mobjects import UNIT


def svg_document(drawing: Drawing) -> str:
    """The drawing in PostScript points, y down, with manim's groups as nested ``g`` elements."""
    left, top = 0.0, -drawing.height * UNIT
    width, height = drawing.width * UNIT, (drawing.height + drawing.depth) * UNIT
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.4f}pt" height="{height:.4f}pt"'
        f' viewBox="{left} {top:.4f} {width:.4f} {height:.4f}">{_nested(drawing.drawn(), 0)}</svg>'
    )


def _nested(shapes: tuple[Shape, ...], depth: int) -> str:
    result = []
    for group, members in groupby(
        shapes, lambda shape: shape.groups[depth] if len(shape.groups) > depth else None
    ):
        inside = tuple(members)
        if group is None:
            result += [_path(shape) for shape in inside]
        else:
            result.append(f'<g id="{group}">{_nested(inside, depth + 1)}</g>')
    return "".join(result)


def _path(shape: Shape) -> str:
    colour = "" if shape.colour is None else f' fill="{shape.colour}"'
    return f'<path{colour} d="{_data(shape.points)}"/>'


def _data(points: Points) -> str:
    result = []
    end = None
    for curve in (points * np.array((UNIT, -UNIT))).round(4).reshape(-1, 4, 2).tolist():
        if curve[0] != end:
            result.append("M{:g} {:g}".format(*curve[0]))
        result.append("C{:g} {:g} {:g} {:g} {:g} {:g}".format(*curve[1], *curve[2], *curve[3]))
        end = curve[3]
    return "".join(result)
