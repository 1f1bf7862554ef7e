"""The number line panel: points and intervals, for inequalities and domains."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from manim import DOWN, LEFT, RIGHT, Circle, Create, FadeIn, Line, Triangle, VGroup

from botcore_manim.lesson.formula import fit
from botcore_manim.lesson.frame import EM, Box
from botcore_manim.lesson.panel import Panel
from botcore_manim.lesson.scale import checked_range, in_pi, is_in_pi, number, pi_ticks, ticks
from botcore_manim.lesson.stage import Stage, box_of, card
from botcore_manim.lesson.theme import AXIS, BLUE, CARD, INK
from botcore_manim.lesson.words import Words

_BRACKETS = frozenset(["[]", "[)", "(]", "()"])


class NumberLine(Panel):
    """What :meth:`Lesson.number_line` returns."""

    def __init__(self, stage: Stage, box: Box, x: Sequence[float]):
        super().__init__(stage, box)
        self.x_range = checked_range(x, "x")
        unit = stage.unit
        self._inside = box.inset(0.75 * unit, 0.25 * unit)
        self._y = self._inside.bottom + 1.45 * stage.sizes.tick * EM + 0.15 * unit
        self._labels: list[Any] = []

    def open(self) -> None:
        """Shows the empty line with its numbers."""
        unit, stage = self.stage.unit, self.stage
        ground = card(self.box, unit)
        reach = 0.45 * unit
        axis = Line(
            [self._inside.left - reach, self._y, 0], [self._inside.right + reach, self._y, 0], stroke_width=3
        )
        tip = Triangle(fill_opacity=1, stroke_width=0).scale(0.11 * unit).rotate(-1.5708)
        tip.move_to(axis.get_end())
        marks = VGroup(VGroup(axis, tip).set_color(AXIS), *self._numbers())
        stage.play(FadeIn(ground), run_time=0.35)
        stage.play(FadeIn(marks), run_time=0.7)
        self.keep(ground, marks)

    def point(
        self,
        x: float,
        label: str | None = None,
        *,
        open: bool = False,  # noqa: A002  # the word that a lesson would use
    ) -> None:
        """A dot with a label above it.

        :param label: TEX; the number itself when left out.
        :param open: a hollow dot: the number does not belong to the set.
        :raises ValueError: the number is outside the shown range.
        """
        self._check(x)
        dot = self._dot(x, hollow=open)
        text = fit(
            number(x, 4).replace("−", "-") if label is None else label,
            self.stage.sizes.label,
            self._inside.width * 0.5,
            self.box.top - self._y - 0.5 * self.stage.unit,
            least=self.stage.sizes.least * 0.9,
            color=INK,
        )
        text.move_to(self._free_place(x, text))
        self._labels.append(text)
        self.stage.play(FadeIn(dot, scale=2), FadeIn(text), run_time=0.6)
        self.keep(dot, text)

    def interval(self, a: float, b: float, closed: str = "[]") -> None:
        """A thick band from ``a`` to ``b``; an infinite end runs to the edge.

        :param closed: which ends belong to it: ``[]``, ``[)``, ``(]`` or ``()``.
        :raises ValueError: another value, or ``a`` is not less than ``b``.
        """
        if closed not in _BRACKETS:
            raise ValueError(f"closed must be one of [] [) (] (), not {closed!r}")
        if not a < b:
            raise ValueError(f"an interval goes from the smaller to the larger number, not from {a} to {b}")
        low, high = self.x_range
        reach = 0.45 * self.stage.unit
        left = self._x(a) if a >= low else self._inside.left - reach
        right = self._x(b) if b <= high else self._inside.right + reach * 0.8
        if right <= left:
            return
        band = Line([left, self._y, 0], [right, self._y, 0], stroke_width=13, color=BLUE).set_z_index(1)
        ends = [
            self._dot(x, hollow=bracket in "()")
            for x, bracket in ((a, closed[0]), (b, closed[1]))
            if low <= x <= high
        ]
        self.stage.play(Create(band), run_time=1.0)
        self.stage.play(*(FadeIn(end, scale=2) for end in ends), run_time=0.4)
        self.keep(band, *ends)

    def shift(self, by: Any) -> list[Any]:
        """See :meth:`Panel.shift`."""
        self._inside = self._inside.shifted(by[0], by[1])
        self._y += by[1]
        return super().shift(by)

    def _free_place(self, x: float, text: Any) -> list[float]:
        """Above the number; beside it, then higher, when another label is there."""
        unit = self.stage.unit
        low = self._y + 0.3 * unit + text.height / 2
        high = self.box.top - 0.1 * unit - text.height / 2
        left, right = (
            self.box.left + 0.1 * unit + text.width / 2,
            self.box.right - 0.1 * unit - text.width / 2,
        )
        for y in (low, (low + high) / 2, high):
            for aside in (0.0, 0.5, -0.5, 0.9, -0.9):
                at = min(max(self._x(x) + aside * text.width, left), right)
                box = Box(at - text.width / 2, y - text.height / 2, at + text.width / 2, y + text.height / 2)
                if y <= high + 1e-9 and not any(box.overlaps(o.inset(-0.08 * unit)) for o in self._taken()):
                    return [at, y, 0]
        return [min(max(self._x(x), left), right), high, 0]

    def _taken(self) -> list[Box]:
        return [box_of(label) for label in self._labels]

    def _x(self, x: float) -> float:
        low, high = self.x_range
        return self._inside.left + (x - low) / (high - low) * self._inside.width

    def _check(self, x: float) -> None:
        low, high = self.x_range
        if not low <= x <= high:
            raise ValueError(f"{x:g} is outside the number line, which goes from {low:g} to {high:g}")

    def _dot(self, x: float, *, hollow: bool) -> Any:
        dot = Circle(
            radius=0.13 * self.stage.unit,
            fill_opacity=1,
            fill_color=CARD if hollow else BLUE,
            stroke_color=BLUE,
            stroke_width=5,
        )
        return dot.move_to([self._x(x), self._y, 0]).set_z_index(2)

    def _numbers(self) -> list[Any]:
        unit, size = self.stage.unit, self.stage.sizes.tick
        pi = is_in_pi(self.x_range)
        marks: list[Any] = []
        for most in range(max(2, int(self._inside.width / (0.7 * unit))), 0, -1):
            found = (pi_ticks if pi else ticks)(self.x_range, most)
            texts = [Words(in_pi(t) if pi else number(t), size) for t in found]
            widest = max((text.width for text in texts), default=0.0)
            if len(found) < 2 or widest + 0.2 * unit < self._x(found[1]) - self._x(found[0]):
                for t, text in zip(found, texts, strict=True):
                    at = [self._x(t), self._y, 0]
                    tick = Line(LEFT, RIGHT, stroke_width=2.5, color=AXIS).rotate(1.5708)
                    marks.append(tick.set_length(0.2 * unit).move_to(at))
                    marks.append(text.next_to(at, DOWN, buff=0.24 * unit))
                break
        return marks
