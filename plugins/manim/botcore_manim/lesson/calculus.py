"""Areas, Riemann sums and the moving tangent of a graph panel."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

import numpy as np
from manim import Dot, FadeIn, FadeOut, LineJointType, ValueTracker, VMobject, smooth

from botcore_manim.lesson.curve import clip_segment, slope_at
from botcore_manim.lesson.formula import fit
from botcore_manim.lesson.plane import LAYERS, set_strings
from botcore_manim.lesson.readout import Readout
from botcore_manim.lesson.scale import Function, number, value
from botcore_manim.lesson.stage import put
from botcore_manim.lesson.theme import BLUE, CARD, ORANGE, YELLOW

if TYPE_CHECKING:
    from botcore_manim.lesson.graph import Graph

Rule = Literal["left", "mid", "right"]

_SAMPLES = 240
_PLUS, _MINUS = BLUE, ORANGE
_FILL = 0.42


class Shade:
    """The area between a curve and the x-axis, or a second curve."""

    def __init__(self, graph: Graph, function: Function, below: Function | None, a: float, b: float):
        self._graph = graph
        self._ends = a, b
        xs = np.linspace(a, b, _SAMPLES + 1)
        tops = [value(function, float(x)) for x in xs]
        floors = [0.0 if below is None else value(below, float(x)) for x in xs]
        self._columns = list(zip(xs.tolist(), tops, floors, strict=True))
        self._signed = below is None
        self.shapes = [_region(_PLUS), _region(_MINUS)]

    def appear(self, before: Shade | None) -> None:
        """Sweeps over the region from left to right, or melts out of the rectangles ``before``."""
        stage = self._graph.stage
        if before is not None:
            self.fill(self._ends[1])
            self._graph.let_go(*before.shapes)
            stage.play(*(FadeIn(s) for s in self.shapes), *(FadeOut(s) for s in before.shapes), run_time=1.0)
            self._graph.give_strip()
            return
        edge = ValueTracker(self._ends[0])
        self.shapes[0].add_updater(lambda _: self.fill(edge.get_value()))
        stage.scene.add(*self.shapes)
        stage.play(edge.animate(rate_func=smooth).set_value(self._ends[1]), run_time=1.8)
        self.shapes[0].clear_updaters()
        self.fill(self._ends[1])

    def fill(self, until: float) -> None:
        """Shows the region from its left end to ``until``."""
        plus: list[Any] = []
        minus: list[Any] = []
        for left, right in pairwise(self._columns):
            if left[0] >= until:
                break
            share = 1.0 if right[0] <= until else (until - left[0]) / (right[0] - left[0])
            end = tuple(a + share * (b - a) for a, b in zip(left, right, strict=True))
            if all(map(math.isfinite, (*left, *end))):
                self._strip(left, end, plus, minus)
        set_strings(self.shapes[0], [_closed(run) for run in _runs(plus)])
        set_strings(self.shapes[1], [_closed(run) for run in _runs(minus)])

    def name(self, tex: str) -> Any:
        """Shows ``tex`` above the plot."""
        stage, strip = self._graph.stage, self._graph.take_strip()
        text = put(fit(tex, stage.sizes.label, strip.width, strip.height, color=_PLUS), strip)
        text.set_z_index(LAYERS["label"])
        stage.play(FadeIn(text), run_time=0.5)
        return text

    def _strip(self, left: Any, right: Any, plus: list[Any], minus: list[Any]) -> None:
        """One thin quadrilateral, cut where the curves cross, into the list of its sign."""
        a, b = left[1] - left[2], right[1] - right[2]
        if self._signed and a * b < 0:
            share = a / (a - b)
            middle = tuple(p + share * (q - p) for p, q in zip(left, right, strict=True))
            self._strip(left, middle, plus, minus)
            self._strip(middle, right, plus, minus)
            return
        low, high = self._graph.plane.y_range
        corners = [
            self._graph.plane.point(x, min(max(y, low), high))
            for x, y in ((left[0], left[1]), (right[0], right[1]), (right[0], right[2]), (left[0], left[2]))
        ]
        (minus if self._signed and a + b < 0 else plus).append(corners)


class Riemann(Shade):
    """Rectangles under a curve."""

    def __init__(self, graph: Graph, function: Function, a: float, b: float, rule: Rule):
        super().__init__(graph, function, None, a, b)
        self._function = function
        self._share = {"left": 0.0, "mid": 0.5, "right": 1.0}[rule]
        self._readout: Readout | None = None

    def show(self, count: int) -> None:
        """``count`` rectangles in place of those before."""
        graph = self._graph
        a, b = self._ends
        width = (b - a) / count
        low, high = graph.plane.y_range
        fresh = [_region(_PLUS, edges=count <= 40), _region(_MINUS, edges=count <= 40)]
        strings: tuple[list[Any], list[Any]] = ([], [])
        total = 0.0
        for k in range(count):
            left = a + k * width
            height = value(self._function, left + self._share * width)
            if not math.isfinite(height):
                continue
            total += height * width
            top = min(max(height, low), high)
            corners = [(left, 0.0), (left, top), (left + width, top), (left + width, 0.0), (left, 0.0)]
            strings[height < 0].append([graph.plane.point(*corner) for corner in corners])
        for shape, rectangles in zip(fresh, strings, strict=True):
            set_strings(shape, rectangles)
        graph.stage.play(
            *(FadeIn(shape) for shape in fresh if len(shape.points)),
            *(FadeOut(shape) for shape in self.shapes if len(shape.points)),
            run_time=0.7,
        )
        self._say(f"n = {count},  Σ ≈ {number(total, 3)}")
        self.shapes = [*fresh, *([self._readout] if self._readout else [])]
        graph.stage.wait(0.7)

    def _say(self, words: str) -> None:
        graph = self._graph
        old = self._readout
        strip = graph.take_strip() if old is None else graph.plane.strip
        self._readout = Readout(strip, "n = 000,  Σ ≈ −000.000", graph.stage.sizes.label, _PLUS)
        self._readout.say(words).set_z_index(LAYERS["label"])
        if old is not None:
            graph.stage.scene.remove(old)
        graph.stage.scene.add(self._readout)


class Tangent:
    """A tangent that glides along a curve."""

    def __init__(self, graph: Graph, function: Function, slope: Function | None):
        self._graph = graph
        self._function = function
        span = graph.plane.x_range[1] - graph.plane.x_range[0]
        self._slope = slope or (lambda x: slope_at(function, x, span))
        unit = graph.stage.unit
        self._line = VMobject(stroke_color=YELLOW, stroke_width=5, joint_type=LineJointType.ROUND)
        self._dot = Dot(radius=0.1 * unit, color=YELLOW, stroke_width=2, stroke_color=CARD)
        self._readout = Readout(
            graph.take_strip(), "x = −00.00,  f′(x) = −00.00", graph.stage.sizes.label, YELLOW
        )
        self._line.set_z_index(LAYERS["moving"])
        self._dot.set_z_index(LAYERS["dot"])
        self._readout.set_z_index(LAYERS["label"])
        self.shapes = [self._line, self._dot, self._readout]
        self._at = 0.0

    def run(self, start: float, end: float, seconds: float) -> None:
        """Appears at ``start`` and glides to ``end``."""
        stage = self._graph.stage
        self.move(start)
        stage.play(*(FadeIn(shape) for shape in self.shapes), run_time=0.6)
        if end == start:
            return
        at = ValueTracker(start)
        self._line.add_updater(lambda _: self.move(at.get_value()))
        stage.play(at.animate(rate_func=smooth).set_value(end), run_time=max(seconds, 0.5))
        self._line.clear_updaters()
        self.move(end)

    def move(self, x: float) -> None:
        """Touches the curve at ``x``; where there is no tangent nothing is drawn."""
        self._at = x
        plane = self._graph.plane
        y, slope = value(self._function, x), value(self._slope, x)
        set_strings(self._line, [[plane.point(*p) for p in ends] for ends in self.segments()])
        shown = math.isfinite(y) and plane.shows(x, y)
        self._dot.set_opacity(1 if shown else 0)
        if shown:
            self._dot.move_to(plane.point(x, y))
        self._readout.say(f"x = {_fixed(x)},  f′(x) = {_fixed(slope)}")

    def segments(self) -> list[Any]:
        """The visible part, as a list of none or one segment in numbers."""
        plane = self._graph.plane
        y, slope = value(self._function, self._at), value(self._slope, self._at)
        if not (math.isfinite(y) and math.isfinite(slope)):
            return []
        left, right = plane.x_range
        ends = clip_segment(
            (left, y + slope * (left - self._at)),
            (right, y + slope * (right - self._at)),
            plane.x_range,
            plane.y_range,
        )
        return [] if ends is None else [list(ends)]


def _fixed(shown: float) -> str:
    if not math.isfinite(shown):
        return "–"
    return f"{shown:.2f}".replace("-0.00", "0.00").replace("-", "−")


def _region(color: str, *, edges: bool = False) -> Any:
    shape = VMobject(
        fill_color=color,
        fill_opacity=_FILL,
        stroke_color=color,
        stroke_width=1.6 if edges else 0,
        joint_type=LineJointType.ROUND,
    )
    return shape.set_z_index(LAYERS["area"])


def _runs(strips: list[Any]) -> list[list[Any]]:
    """Strips that touch, together: they are drawn as one outline."""
    runs: list[list[Any]] = []
    for strip in strips:
        if runs and np.allclose(runs[-1][-1][1], strip[0]) and np.allclose(runs[-1][-1][2], strip[3]):
            runs[-1].append(strip)
        else:
            runs.append([strip])
    return runs


def _closed(run: list[Any]) -> list[Any]:
    top = [run[0][0], *(strip[1] for strip in run)]
    floor = [*(strip[2] for strip in reversed(run)), run[0][3]]
    return [*top, *floor, top[0]]
