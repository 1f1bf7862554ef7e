"""What typesetting gives: filled outlines in the order in which LaTeX would draw them.

Units are thousandths of an em at the text's normal size, x to the right, y up, the origin at the left end
of the first baseline.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

Points = npt.NDArray[np.float64]
"""Cubic Bézier curves of a filled outline: rows start, handle, handle, end, start, …; two columns."""


class Matrix(NamedTuple):
    """An affine map in SVG's order: x' = a·x + c·y + e, y' = b·x + d·y + f."""

    a: float = 1.0
    b: float = 0.0
    c: float = 0.0
    d: float = 1.0
    e: float = 0.0
    f: float = 0.0

    def __matmul__(self, inner: Matrix) -> Matrix:
        """The map that applies ``inner`` first."""
        return Matrix(
            self.a * inner.a + self.c * inner.b,
            self.b * inner.a + self.d * inner.b,
            self.a * inner.c + self.c * inner.d,
            self.b * inner.c + self.d * inner.d,
            self.a * inner.e + self.c * inner.f + self.e,
            self.b * inner.e + self.d * inner.f + self.f,
        )

    def apply(self, points: Points) -> Points:
        x, y = points[:, 0], points[:, 1]
        return np.column_stack((self.a * x + self.c * y + self.e, self.b * x + self.d * y + self.f))


@dataclass(frozen=True, slots=True, eq=False)
class Shape:
    """One filled outline: a glyph, a rule, a piece of a tall bracket. An empty one marks a space in text."""

    points: Points
    colour: str | None
    """``#rrggbb``; ``None``: whatever colour the mobject has."""
    groups: tuple[str, ...] = ()
    """Manim's groups that it belongs to, outermost first."""
    space: float | None = None
    """Where a line of text may be broken: the x at which the space begins; ``None`` for what is drawn."""

    def moved(self, dx: float, dy: float) -> Shape:
        space = None if self.space is None else self.space + dx
        return replace(self, points=self.points + np.array((dx, dy)), space=space)


@dataclass(frozen=True, slots=True, eq=False)
class Drawing:
    """Typeset shapes with the box that TeX would give them."""

    shapes: tuple[Shape, ...]
    width: float = 0.0
    height: float = 0.0
    """Above the baseline."""
    depth: float = 0.0
    """Below the baseline, positive."""

    def moved(self, dx: float, dy: float) -> tuple[Shape, ...]:
        return tuple(shape.moved(dx, dy) for shape in self.shapes)

    def drawn(self) -> tuple[Shape, ...]:
        """Only what leaves a trace."""
        return tuple(shape for shape in self.shapes if shape.space is None and len(shape.points))


EMPTY: Points = np.zeros((0, 2))


def polygon(corners: Iterable[tuple[float, float]]) -> Points:
    """A closed polygon as straight cubic curves."""
    start = np.array(tuple(corners), dtype=np.float64)
    end = np.roll(start, -1, axis=0)
    curves = np.stack((start, start + (end - start) / 3, start + (end - start) * 2 / 3, end), axis=1)
    return curves.reshape(-1, 2)


def box(x: float, y: float, width: float, height: float) -> Points:
    """A filled rectangle; ``x``, ``y`` is its lower left corner."""
    return polygon(((x, y), (x + width, y), (x + width, y + height), (x, y + height)))
