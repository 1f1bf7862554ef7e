"""MathJax's SVG to shapes, in the order in which LaTeX would have drawn them.

Scenes count submobjects (``formula[0][3]``), so order and number follow LaTeX where MathJax differs: the
bar of a fraction comes between its parts, an accent before its letter, a root's sign before its content, a
box as four rules, ``\\ldots`` as three dots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from xml.etree import ElementTree

import numpy as np

from .bracket import assembled
from .colours import hex_colour
from .drawing import EMPTY, Drawing, Matrix, Points, Shape, box
from .errors import TexError
from .pango import outlined
from .paths import contours, outline
from .svg_elements import RULE, ellipse, line, rectangle, stroked, transform

Run = Callable[[str], Drawing]

_NAMESPACE = "{http://www.w3.org/2000/svg}"
_SEPARATE = {"2026", "22EF", "22EE", "22F1", "2033", "2034", "2057", "222C", "222D"}
"""Dots, primes and integrals are one character in MathJax, and one shape each in LaTeX."""

_UPRIGHT = {"7C", "2223", "2016", "2225"}
"""Vertical bars, which in the tall sizes of MathJax's font are thicker than LaTeX's."""
_BARS = {"2015", "AF", "305", "332", "2013", "5F", "203E", "2D", "2212"}
_SPACES = {"20", "A0"}


def read_svg(svg: str, run: Run, *, tex: str = "") -> Drawing:
    r"""Read what :class:`~.engine.MathJax` wrote.

    :param run: gives the outlines of an ``\outlined`` run by its key.
    """
    try:
        root = ElementTree.fromstring(svg)  # noqa: S314  # our own engine wrote it; MathJax writes no entity
    except ElementTree.ParseError:
        raise TexError("it names a character that cannot be drawn", tex) from None
    _, top, width, full = (float(part) for part in root.get("viewBox", "0 0 0 0").split())
    reader = _Reader(run, tex)
    for child in root:
        reader.read(child, Matrix(d=-1), _Style(), 0)
    return Drawing(tuple(reader.shapes), width=width, height=-top, depth=full + top)


class _Style:
    """What an element inherits."""

    __slots__ = ("clip", "colour", "groups", "in_text")

    def __init__(
        self,
        colour: str | None = None,
        groups: tuple[str, ...] = (),
        clip: _Clip | None = None,
        in_text: bool = True,
    ) -> None:
        self.colour, self.groups, self.clip, self.in_text = colour, groups, clip, in_text

    def of(self, element: ElementTree.Element) -> _Style:
        fill, groups, node = element.get("fill"), element.get("data-groups"), element.get("data-mml-node")
        colour = hex_colour(fill) if fill not in (None, "currentColor", "none") else self.colour
        in_text = self.in_text and node in _TEXT_NODES
        if (colour, groups, in_text) == (self.colour, None, self.in_text):
            return self
        return _Style(colour, self.groups if groups is None else tuple(groups.split()), self.clip, in_text)


_TEXT_NODES = {None, "math", "mrow", "mstyle", "mtext", "TeXAtom", "mpadded"}
_Clip = tuple[float, float, float, float]


class _Reader:
    def __init__(self, run: Run, tex: str) -> None:
        self.shapes: list[Shape] = []
        self._run = run
        self._tex = tex

    def read(self, element: ElementTree.Element, matrix: Matrix, style: _Style, depth: int) -> None:
        tag = element.tag.removeprefix(_NAMESPACE)
        if tag == "path":
            self._path(element, matrix @ transform(element), style)
        elif tag == "g":
            self._group(element, matrix @ transform(element), style.of(element), depth)
        elif tag == "rect":
            for points in rectangle(element):
                self._add(matrix.apply(points), style.of(element))
        elif tag == "line":
            for points in line(element):
                self._add(matrix.apply(points), style)
        elif tag == "ellipse":
            self._add(matrix.apply(ellipse(element)), style)
        elif tag == "svg":
            self._window(element, matrix, style, depth)
        elif tag == "text":
            self._text(element, matrix @ transform(element), style)

    def _group(self, element: ElementTree.Element, matrix: Matrix, style: _Style, depth: int) -> None:
        key = element.get("data-run")
        if key is not None:
            self._outlines(self._run(key), matrix, style)
            return
        node = element.get("data-mml-node")
        if node == "mo" and _is_bar(element):
            self._bar(element, matrix, style, depth)
            return
        if node == "menclose":
            self._enclosed(element, matrix, style, depth)
            return
        if node == "mo" and len(element) > 1:
            self._stretched(element, matrix, style, depth)
            return
        for child in _in_order(node, list(element)):
            self.read(child, matrix, style, depth + 1)

    def _stretched(self, element: ElementTree.Element, matrix: Matrix, style: _Style, depth: int) -> None:
        """A tall bracket or a wide brace in pieces, or merely several letters (``lim``)."""
        start = len(self.shapes)
        middle: list[bool] = []
        for child in element:
            before = len(self.shapes)
            self.read(child, matrix, style, depth + 1)
            middle += [child.tag == f"{_NAMESPACE}svg"] * (len(self.shapes) - before)
        if any(middle):
            self.shapes[start:] = assembled(self.shapes[start:], middle)

    def _enclosed(self, element: ElementTree.Element, matrix: Matrix, style: _Style, depth: int) -> None:
        """``\\boxed`` as LaTeX draws it: the rules above and at the left, the content, those at the right
        and below.
        """
        frames = [child for child in element if child.tag.endswith("rect") and child.get("fill") == "none"]
        sides = [side for frame in frames for side in rectangle(frame)]
        for side in sides[:2]:
            self._add(matrix.apply(side), style)
        for child in element:
            if child not in frames:
                self.read(child, matrix, style, depth + 1)
        for side in sides[2:]:
            self._add(matrix.apply(side), style)

    def _path(self, element: ElementTree.Element, matrix: Matrix, style: _Style) -> None:
        code = element.get("data-c", "")
        if code in _SPACES:
            if style.in_text:
                self.shapes.append(Shape(EMPTY, None, style.groups, space=matrix.e))
            return
        points = outline(element.get("d", ""))
        if not len(points):
            return
        if element.get("fill") == "none":
            points = stroked(outline(element.get("d", ""), closed=False))
        parts = contours(points) if code in _SEPARATE else [points]
        if code in _UPRIGHT:
            parts = [_thinned(part) for part in contours(points)]
        for part in parts:
            self._add(matrix.apply(part), style)

    def _outlines(self, drawing: Drawing, matrix: Matrix, style: _Style) -> None:
        for shape in drawing.shapes:
            self._add(matrix.apply(shape.points), style)

    def _text(self, element: ElementTree.Element, matrix: Matrix, style: _Style) -> None:
        """A character that neither the font nor the search for foreign text knew (``\\unicode``)."""
        size = float(element.get("font-size", "884px").removesuffix("px")) / 884
        self._outlines(outlined(element.text or ""), matrix @ Matrix(size, 0, 0, -size), style)

    def _bar(self, element: ElementTree.Element, matrix: Matrix, style: _Style, depth: int) -> None:
        """A stretched bar is assembled from pieces; LaTeX draws one rule."""
        start = len(self.shapes)
        for child in element:
            self.read(child, matrix, style, depth + 1)
        pieces = self.shapes[start:]
        del self.shapes[start:]
        if pieces:
            every = np.concatenate([piece.points for piece in pieces])
            (x0, y0), (x1, y1) = every.min(axis=0), every.max(axis=0)
            thickness = RULE * abs(matrix.d)
            self._add(box(x0, (y0 + y1 - thickness) / 2, x1 - x0, thickness), style)

    def _window(self, element: ElementTree.Element, matrix: Matrix, style: _Style, depth: int) -> None:
        """A nested ``svg`` shows a part of its content: MathJax cuts the middle of a tall bracket so."""
        left, top, width, height = (float(part) for part in element.get("viewBox", "0 0 1 1").split())
        x, y = float(element.get("x", "0")), float(element.get("y", "0"))
        scale_x = float(element.get("width", width)) / (width or 1)
        scale_y = float(element.get("height", height)) / (height or 1)
        inner = (
            matrix
            @ transform(element)
            @ Matrix(scale_x, 0, 0, scale_y, x - left * scale_x, y - top * scale_y)
        )
        corners = inner.apply(np.array([[left, top], [left + width, top + height]]))
        clip = (*corners.min(axis=0), *corners.max(axis=0))
        inside = _Style(style.colour, style.groups, clip, False)
        for child in element:
            self.read(child, inner, inside, depth + 1)

    def _add(self, points: Points, style: _Style) -> None:
        if style.clip is not None:
            # The pieces are straight bars: cutting one is moving its ends.
            points = np.clip(points, style.clip[:2], style.clip[2:])
        if not np.isfinite(points).all():
            raise TexError("a size in it is not a number", self._tex)
        self.shapes.append(Shape(points, style.colour, style.groups))


def _in_order(node: str | None, children: Sequence[ElementTree.Element]) -> Iterator[ElementTree.Element]:
    """LaTeX's order of drawing."""
    order: Sequence[int] = range(len(children))
    count = len(children)
    if node == "mfrac" and count == 3:
        order = (0, 2, 1)
    elif node == "msqrt" and count == 3:
        order = (1, 2, 0)
    elif node == "mroot" and count == 4:
        order = (1, 2, 3, 0)
    elif node == "mover" and count == 2:
        order = (1, 0)
    elif node == "munderover" and count == 3:
        order = (2, 0, 1)
    return (children[index] for index in order)


def _thinned(points: Points) -> Points:
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return box((x0 + x1 - RULE) / 2, y0, RULE, y1 - y0)


def _is_bar(element: ElementTree.Element) -> bool:
    codes = {path.get("data-c") for path in element.iter(f"{_NAMESPACE}path")}
    return len(element) > 1 and bool(codes) and codes <= _BARS
