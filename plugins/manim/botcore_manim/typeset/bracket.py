"""Tall brackets and wide braces, which come in pieces."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from .drawing import Shape

_OVERLAP = 8.0
"""Enough to hide the seam; more would show as a knot, since both edges are smoothed."""


def assembled(pieces: Sequence[Shape], straight: Sequence[bool]) -> list[Shape]:
    """The pieces in order, downwards or to the right; the straight ones end just inside their neighbours.

    :param straight: which pieces are bars that can take any length.
    """
    middles = np.array([(piece.points.min(axis=0) + piece.points.max(axis=0)) / 2 for piece in pieces])
    spread = np.ptp(middles, axis=0)
    axis = int(spread[1] > spread[0])
    order = np.argsort(-middles[:, 1] if axis else middles[:, 0], kind="stable")
    result = [pieces[index] for index in order]
    bars = [straight[index] for index in order]
    for place, bar in enumerate(bars):
        if bar:
            before = result[place - 1] if place else None
            after = result[place + 1] if place + 1 < len(result) else None
            lower, upper = (after, before) if axis else (before, after)
            result[place] = _between(result[place], lower, upper, axis)
    return result


def _between(bar: Shape, lower: Shape | None, upper: Shape | None, axis: int) -> Shape:
    """The bar made to end where its neighbours begin."""
    old_low, old_high = bar.points[:, axis].min(), bar.points[:, axis].max()
    low = old_low if lower is None else lower.points[:, axis].max() - _OVERLAP
    high = old_high if upper is None else upper.points[:, axis].min() + _OVERLAP
    if high <= low or old_high <= old_low:
        return bar
    points = bar.points.copy()
    points[:, axis] = low + (points[:, axis] - old_low) * (high - low) / (old_high - old_low)
    return replace(bar, points=points)
