"""The graph panel: curves, labelled points, asymptotes; areas and tangents are in ``calculus``.

All numbers are in the graph's own coordinates. Whatever would leave the shown ranges is clipped.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import Create, DashedVMobject, Dot, FadeIn, FadeOut, VGroup

from botcore_manim.lesson.calculus import Riemann, Rule, Shade, Tangent
from botcore_manim.lesson.curve import clip_segment, sample
from botcore_manim.lesson.formula import fit
from botcore_manim.lesson.frame import Box
from botcore_manim.lesson.label import Label
from botcore_manim.lesson.panel import Panel
from botcore_manim.lesson.placing import Obstacles, dense
from botcore_manim.lesson.plane import LAYERS, Plane
from botcore_manim.lesson.scale import Function, checked_range, value, value_range
from botcore_manim.lesson.stage import Stage, put
from botcore_manim.lesson.theme import CURVES, INK, PINK, SOFT, YELLOW

Point = tuple[float, float]
Path = list[list[Point]]

_CURVE = 5.5
"""Stroke width of a curve."""


_LETTERS = "ABCDEFGH"
_LABEL_ROOM = 0.75
"""Height of a label with its distance from the point, in frame units."""


class Graph(Panel):
    """What :meth:`Lesson.graph` returns."""

    def __init__(
        self,
        stage: Stage,
        box: Box,
        functions: Sequence[Function],
        x: Sequence[float],
        y: Sequence[float] | None,
        labels: Sequence[str],
        include: Sequence[Point] = (),
    ):
        super().__init__(stage, box)
        shown_x = checked_range(x, "x")
        height = max(box.height / stage.unit - 1.6, 1.0)
        room = min(_LABEL_ROOM / max(height - 2 * _LABEL_ROOM, 0.1), 0.45)
        shown_y = value_range(functions, shown_x, include, room=room) if y is None else checked_range(y, "y")
        self.functions = list(functions)
        self.plane = Plane(box, shown_x, shown_y, labels, stage)
        self._paths: list[Path] = [_axis(self.plane, upright) for upright in (False, True)]
        self._fixed = 0
        self._given = len(functions)
        self._dots: list[Point] = []
        self._labels: list[Label] = []
        self._added: list[Any] = []
        self._legend_shown = True
        self._named: list[str] = []
        self._names: Any = None
        self._shade: Shade | None = None
        self._tangent: Tangent | None = None

    def open(self) -> None:
        """Shows the empty panel, then its curves one by one."""
        plane, stage = self.plane, self.stage
        stage.play(FadeIn(plane.card), run_time=0.35)
        stage.play(FadeIn(plane.grid), Create(plane.axes), FadeIn(plane.numbers), run_time=0.6)
        self.keep(plane.card, plane.grid, plane.axes, plane.numbers)
        for place, function in enumerate(self.functions):
            self._draw(function, place)

    # ---- what a lesson calls -------------------------------------------------------------------------------

    def plot(self, function: Function, label: str | None = None) -> None:
        """Draws one more curve; ``label`` (TEX) is put beside its right end."""
        self.functions.append(function)
        strings = self._draw(function, len(self.functions) - 1)
        if label and strings:
            self._attach(label, strings[-1][-1], _color(len(self.functions) - 1))

    def point(
        self, x: float, y: float | None = None, label: str | None = None, *, guides: bool = False
    ) -> None:
        """A dot with a label (TEX) that keeps off curves, axes and other labels.

        :param y: on the first curve when left out.
        :param guides: dashed lines to both axes.
        :raises ValueError: the point is outside the shown ranges.
        """
        at = x, self._first_value(x) if y is None else float(y)
        if not self.plane.shows(*at):
            raise ValueError(
                f"the point ({at[0]:g}, {at[1]:g}) is outside the graph, which shows x from "
                f"{self.plane.x_range[0]:g} to {self.plane.x_range[1]:g} and y from "
                f"{self.plane.y_range[0]:g} to {self.plane.y_range[1]:g}"
            )
        plane, stage = self.plane, self.stage
        if guides:
            self._guides(at)
        dot = Dot(plane.point(*at), radius=0.1 * stage.unit, color=PINK, stroke_width=2, stroke_color=INK)
        dot.set_z_index(LAYERS["dot"])
        self._dots.append(at)
        stage.play(FadeIn(dot, scale=2.5), run_time=0.45)
        self.add(dot)
        self._make_way()
        if label:
            self._attach(label, at, INK)

    def asymptote(self, x: float | None = None, y: float | None = None, slope: float = 0.0) -> None:
        """A dashed line: ``x=2`` upright; ``y=1`` level; ``y=3, slope=2`` the line 2 x + 3."""
        (left, right), (low, high) = self.plane.x_range, self.plane.y_range
        if x is not None:
            self._straight((x, low), (x, high), dashed=True)
        else:
            start = y or 0.0
            self._straight((left, slope * left + start), (right, slope * right + start), dashed=True)

    def line(self, p: Point, q: Point) -> None:
        """A straight segment from ``p`` to ``q``."""
        self._straight(p, q, dashed=False)

    def area(self, a: float, b: float, below: Function | None = None, label: str | None = None) -> None:
        """Shades between the first curve and the x-axis, or the curve of ``below``, from ``a`` to ``b``.

        Under the axis it has another colour. Rectangles of :meth:`riemann` melt into it.

        :param label: TEX, shown above the plot.
        """
        shade = Shade(self, self.first(), below, *checked_range((a, b), "the area"))
        rectangles, self._shade = self._shade, shade
        shade.appear(rectangles)
        self.add(*shade.shapes)
        if label:
            self.add(shade.name(label))

    def riemann(self, a: float, b: float, n: Sequence[int] = (4, 8, 16, 32), rule: Rule = "mid") -> None:
        """Rectangles from ``a`` to ``b``, one count after the other, with count and sum above the plot."""
        shade = Riemann(self, self.first(), *checked_range((a, b), "the area"), rule)
        self._shade = shade
        for count in n:
            shade.show(int(count))
        self.add(*shade.shapes)

    def tangent(
        self, x: float, to: float | None = None, slope: Function | None = None, seconds: float = 5.0
    ) -> None:
        """A tangent of the first curve at ``x`` that glides to ``to``, with x and slope above the plot.

        :param slope: the derivative; by differences when left out.
        """
        if self._tangent is not None:
            old = self._tangent.shapes
            self.stage.play(*(FadeOut(shape) for shape in old), run_time=0.4)
            self.let_go(*old)
        self._tangent = Tangent(self, self.first(), slope)
        self._tangent.run(float(x), float(x if to is None else to), seconds)
        self.add(*self._tangent.shapes)
        self._make_way()

    def clear(self) -> None:
        """Takes away all but axes and the curves that the panel was opened with."""
        added, self._added = self._added, []
        if added:
            self.stage.settle()
            self.stage.play(FadeOut(VGroup(*added)), run_time=0.5)
        self.drop(*added)
        self.give_strip()
        self._paths = self._paths[: self._fixed]
        self.functions = self.functions[: self._given]
        self._dots, self._labels, self._named = [], [], []
        self._shade = self._tangent = self._names = None

    # ---- how it is done ------------------------------------------------------------------------------------

    def shift(self, by: Any) -> list[Any]:
        """See :meth:`Panel.shift`."""
        self.plane.move(by)
        if not self._legend_shown:
            for row in self.plane.rows:
                row.shift(by)
        return super().shift(by)

    def add(self, *mobjects: Any) -> None:
        """Counts what is on screen to the things that :meth:`clear` takes away."""
        self.keep(*mobjects)
        self._added += mobjects

    def take_strip(self) -> Box:
        """The strip above the plot, for numbers; the legend leaves it."""
        rows = self.plane.rows
        if self._legend_shown and rows:
            self.stage.play(*(FadeOut(row) for row in rows), run_time=0.35)
            self.drop(*rows)
            self._legend_shown = False
        if self._names is not None:
            self.let_go(self._names)
            self.stage.play(FadeOut(self._names), run_time=0.3)
            self._names = None
        strip: Box = self.plane.strip
        return strip

    def give_strip(self) -> None:
        """The legend comes back to the strip."""
        if not self._legend_shown:
            self.stage.play(*(FadeIn(row) for row in self.plane.rows), run_time=0.4)
            self.keep(*self.plane.rows)
            self._legend_shown = True

    def let_go(self, *mobjects: Any) -> None:
        """The opposite of :meth:`add`."""
        self.drop(*mobjects)
        gone = {id(mobject) for mobject in mobjects}
        self._added = [part for part in self._added if id(part) not in gone]

    def obstacles(self, but: Label | None = None) -> Obstacles:
        """What a label must keep off."""
        plane, unit = self.plane, self.stage.unit
        lines = [dense([plane.point(*p)[:2] for p in string]) for path in self._paths for string in path]
        if self._tangent is not None:
            lines += [dense([plane.point(*p)[:2] for p in s]) for s in self._tangent.segments()]
        boxes = [label.box for label in self._labels if label is not but]
        points = [(float(at[0]), float(at[1])) for at in (plane.point(*dot) for dot in self._dots)]
        boxes += [Box(x, y, x, y).inset(-0.13 * unit) for x, y in points]
        return Obstacles(plane.plot.inset(0.05 * unit), lines, boxes, points)

    def _draw(self, function: Function, place: int) -> Path:
        """Draws a curve in the colour of its place, with its row of the legend."""
        plane = self.plane
        strings = sample(function, plane.x_range, plane.y_range)
        curve = plane.path(strings, _color(place), _CURVE).set_z_index(LAYERS["curve"])
        row = plane.legend_row(place)
        if strings:
            self.stage.play(Create(curve), FadeIn(row) if row is not None else None, run_time=1.2)
        elif row is not None:
            self.stage.play(FadeIn(row), run_time=0.5)
        if place < self._given:
            self.keep(curve, row)
            self._fixed = len(self._paths) + 1
        else:
            self.add(curve)
        self._paths.append(strings)
        self._make_way()
        return strings

    def _straight(self, p: Point, q: Point, *, dashed: bool) -> None:
        plane, unit = self.plane, self.stage.unit
        ends = clip_segment(p, q, plane.x_range, plane.y_range)
        if ends is None:
            return
        shape = plane.path([ends], SOFT if dashed else YELLOW, 3.5)
        if dashed:
            length = float(np.linalg.norm(plane.point(*ends[1]) - plane.point(*ends[0])))
            shape = DashedVMobject(shape, num_dashes=max(2, int(length / (0.2 * unit))))
        shape.set_z_index(LAYERS["axis"])
        self.stage.play(Create(shape), run_time=0.8)
        self.add(shape)
        self._paths.append([list(ends)])
        self._make_way()

    def _guides(self, at: Point) -> None:
        x0 = min(max(0.0, self.plane.x_range[0]), self.plane.x_range[1])
        y0 = min(max(0.0, self.plane.y_range[0]), self.plane.y_range[1])
        for foot in ((at[0], y0), (x0, at[1])):
            if foot != at:
                self._straight(foot, at, dashed=True)

    def _attach(self, tex: str, at: Point, color: str) -> None:
        label = Label(self, tex, at, color)
        if not label.is_free and self._can_name(tex):
            letter = _LETTERS[len(self._named) % len(_LETTERS)]
            self._name(letter, tex)
            label = Label(self, letter, at, color)
        if label.is_free:
            label.appear()
            self._labels.append(label)
            self.add(label.shape)

    def _can_name(self, tex: str) -> bool:
        """Whether one more name is still legible above the plot: better no label than one nobody can read."""
        sizes, strip = self.stage.sizes, self.plane.strip
        names = r"\quad ".join([*self._named, rf"A{{:}}\;{tex}"])
        return fit(names, sizes.label, strip.width, strip.height).size >= 0.8 * sizes.least

    def _name(self, letter: str, tex: str) -> None:
        """Tells above the plot what a letter beside a point means: its label has no place there."""
        self._named.append(rf"{letter}{{:}}\;{tex}")
        strip, sizes = self.take_strip(), self.stage.sizes
        text = put(fit(r"\quad ".join(self._named), sizes.label, strip.width, strip.height), strip)
        text.set_z_index(LAYERS["label"])
        self._names = text
        self.stage.play(FadeIn(text), run_time=0.4)
        self.add(text)

    def _make_way(self) -> None:
        """Moves labels that the newest line or dot runs into."""
        self.stage.play(*[move for label in self._labels for move in label.evade()], run_time=0.5)
        for label in self._labels:
            label.arrive()

    def first(self) -> Function:
        """The curve that areas and tangents are about.

        :raises ValueError: the graph has none.
        """
        if not self.functions:
            raise ValueError("this graph has no curve yet: give graph() a function first")
        return self.functions[0]

    def _first_value(self, x: float) -> float:
        return value(self.first(), x)


def _color(place: int) -> str:
    return CURVES[place % len(CURVES)]


def _axis(plane: Plane, upright: bool) -> Path:
    (left, right), (low, high) = plane.x_range, plane.y_range
    if upright:
        return [[(0.0, low), (0.0, high)]] if left <= 0 <= right else []
    return [[(left, 0.0), (right, 0.0)]] if low <= 0 <= high else []
