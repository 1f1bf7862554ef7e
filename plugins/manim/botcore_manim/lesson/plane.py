"""The empty graph panel: a card with grid, axes, numbers along its edges, a strip for legend and readout.

Numbers stand outside the plotting area, so no curve ever runs through them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from manim import DOWN, LEFT, RIGHT, Line, LineJointType, VGroup, VMobject

from botcore_manim.lesson.formula import fit
from botcore_manim.lesson.frame import EM, Box
from botcore_manim.lesson.scale import Range, in_pi, is_in_pi, number, pi_ticks, ticks
from botcore_manim.lesson.stage import Stage, card
from botcore_manim.lesson.theme import AXIS, CURVES, GRID, SOFT
from botcore_manim.lesson.words import Words

LAYERS = {"card": 0, "grid": 1, "area": 2, "axis": 3, "curve": 4, "moving": 5, "label": 6, "dot": 7}
"""z_index of what a panel shows."""


class Plane(VGroup):
    """Maps numbers to places. Curves fill the box ``plot``; legend and readout take turns in ``strip``."""

    def __init__(self, box: Box, x: Range, y: Range, labels: Sequence[str], stage: Stage):
        super().__init__()
        self.x_range, self.y_range = x, y
        self.unit = stage.unit
        unit, sizes = stage.unit, stage.sizes
        self.card = card(box, unit).set_z_index(LAYERS["card"])
        self._rows = _legend(labels, box.inset(0.25 * unit, 0.2 * unit), sizes.label, sizes.least, unit)
        self.legend = VGroup(*self._rows.values())
        self.strip = Box(0, 0, 0, 0)
        strip = self._strip_height(box, sizes.label)
        low, high = box.bottom + sizes.tick * EM + 0.28 * unit, box.top - strip
        self._ys = ticks(y, max(3, int((high - low) / (0.55 * unit))))
        widest = max((Words(number(t), sizes.tick).width for t in self._ys), default=0.0)
        self.plot = Box(box.left + widest + 0.36 * unit, low, box.right - 0.28 * unit, high)
        self.grid, self.axes, self.numbers = VGroup(), VGroup(), VGroup()
        self._draw(sizes.tick)
        self.legend.set_z_index(LAYERS["label"])
        self.add(self.card, self.grid, self.axes, self.numbers)

    def point(self, x: float, y: float) -> Any:
        """Where the numbers ``(x, y)`` are on screen."""
        plot = self.plot
        across = (x - self.x_range[0]) / (self.x_range[1] - self.x_range[0])
        up = (y - self.y_range[0]) / (self.y_range[1] - self.y_range[0])
        return np.array([plot.left + across * plot.width, plot.bottom + up * plot.height, 0.0])

    def shows(self, x: float, y: float) -> bool:
        """Whether the point is inside the shown ranges."""
        slack = 1e-9
        return (
            self.x_range[0] - slack <= x <= self.x_range[1] + slack
            and self.y_range[0] - slack <= y <= self.y_range[1] + slack
        )

    def path(self, strings: Sequence[Sequence[tuple[float, float]]], color: str, width: float) -> Any:
        """One object that draws line strings given in numbers."""
        shape = VMobject(
            stroke_color=color, stroke_width=width, fill_opacity=0, joint_type=LineJointType.ROUND
        )
        set_strings(shape, [[self.point(*p) for p in string] for string in strings])
        return shape

    @property
    def rows(self) -> list[Any]:
        """All rows of the legend."""
        return list(self._rows.values())

    def legend_row(self, place: int) -> Any:
        """The legend's row of the function at ``place``, or None when it has no name."""
        return self._rows.get(place)

    def move(self, by: Any) -> None:
        """From now on places are given for a panel that was shifted ``by`` this much."""
        self.plot = self.plot.shifted(by[0], by[1])
        self.strip = self.strip.shifted(by[0], by[1])

    def _strip_height(self, box: Box, size: float) -> float:
        """Lays out the strip; what the plot has to leave free at the top of the card."""
        inside = box.inset(0.25 * self.unit, 0.2 * self.unit)
        height = max(self.legend.height, 1.4 * size * EM)
        self.strip = Box(inside.left, inside.top - height, inside.right, inside.top)
        if len(self.legend):
            self.legend.set_y(self.strip.y)
        return float(height) + 0.4 * self.unit

    def _draw(self, size: float) -> None:
        plot, unit = self.plot, self.unit
        pi = is_in_pi(self.x_range)
        most = max(2, int(plot.width / (0.7 * unit)))
        xs: list[float] = []
        x_labels: list[Any] = []
        while most >= 1:
            xs = (pi_ticks if pi else ticks)(self.x_range, most)
            x_labels = [Words(in_pi(t) if pi else number(t), size, SOFT) for t in xs]
            widest = max((label.width for label in x_labels), default=0.0)
            if len(xs) < 2 or widest + 0.22 * unit <= plot.width * (xs[1] - xs[0]) / (
                self.x_range[1] - self.x_range[0]
            ):
                break
            most -= 1
        for t, label in zip(xs, x_labels, strict=True):
            at = self.point(t, self.y_range[0])
            self.grid.add(Line(at, self.point(t, self.y_range[1]), color=GRID, stroke_width=1.5))
            label.next_to(at, DOWN, buff=0.14 * unit).set_y(plot.bottom - 0.14 * unit - size * EM * 0.37)
            half = label.width / 2
            label.set_x(min(max(at[0], plot.left - 0.3 * unit + half), plot.right + 0.2 * unit - half))
            self.numbers.add(label)
        for t in self._ys:
            at = self.point(self.x_range[0], t)
            self.grid.add(Line(at, self.point(self.x_range[1], t), color=GRID, stroke_width=1.5))
            self.numbers.add(Words(number(t), size, SOFT).next_to(at, LEFT, buff=0.13 * unit))
        x_axis = 0.0 if self.y_range[0] <= 0 <= self.y_range[1] else self.y_range[0]
        y_axis = 0.0 if self.x_range[0] <= 0 <= self.x_range[1] else self.x_range[0]
        self.axes.add(
            Line(self.point(self.x_range[0], x_axis), self.point(self.x_range[1], x_axis), stroke_width=3),
            Line(self.point(y_axis, self.y_range[0]), self.point(y_axis, self.y_range[1]), stroke_width=3),
        )
        self.axes.set_color(AXIS)
        self.grid.set_z_index(LAYERS["grid"])
        self.axes.set_z_index(LAYERS["axis"])
        self.numbers.set_z_index(LAYERS["label"])


def set_strings(shape: Any, strings: Sequence[Sequence[Any]]) -> Any:
    """Makes ``shape`` draw these line strings (places on screen), as straight curves."""
    pieces = []
    for string in strings:
        corners = np.asarray(string, dtype=float)
        if len(corners) < 2:
            continue
        a, b = corners[:-1], corners[1:]
        pieces.append(np.stack([a, a + (b - a) / 3, a + (b - a) * 2 / 3, b], axis=1).reshape(-1, 3))
    shape.set_points(np.concatenate(pieces) if pieces else np.zeros((0, 3)))
    return shape


def _legend(labels: Sequence[str], inside: Box, size: float, least: float, unit: float) -> dict[int, Any]:
    """A dash of the curve's colour and its name, one row for each named function, at the top left."""
    named: dict[int, Any] = {}
    for place, tex in enumerate(labels):
        if not tex:
            continue
        dash = Line([0, 0, 0], [0.45 * unit, 0, 0], stroke_width=7, color=CURVES[place % len(CURVES)])
        name = fit(tex, size, inside.width - 0.65 * unit, 0.22 * inside.height, least=least)
        if name.size < 0.75 * least:
            continue  # a name that nobody could read; the title has it large
        named[place] = VGroup(dash, name.next_to(dash, RIGHT, buff=0.18 * unit))
    rows = VGroup(*named.values())
    if named:
        wide = sum(row.width for row in rows) + 0.5 * unit * (len(rows) - 1)
        if wide <= inside.width:
            rows.arrange(RIGHT, buff=0.5 * unit)
        else:
            rows.arrange(DOWN, buff=0.16 * unit, aligned_edge=LEFT)
        rows.move_to([inside.left + rows.width / 2, inside.top - rows.height / 2, 0])
    return named
