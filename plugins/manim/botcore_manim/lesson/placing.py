"""Finding a free place for a label: eight positions around its point, then farther ones. Boxes only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

import numpy as np

from botcore_manim.lesson.frame import Box

_DIRECTIONS = [(1, 1), (-1, 1), (0, 1), (1, 0), (-1, 0), (1, -1), (-1, -1), (0, -1)]
_STEPS = (1.0, 2.2, 3.8, 6.0)
_DISTINCT = 2.0
"""Another point has to be so many times farther from a label than its own."""
_FAR = 1.5
"""A label farther from its point than this is not taken for its label. Units."""


@dataclass
class Obstacles:
    """What labels keep off: points sampled along lines, and boxes. Lengths in units."""

    area: Box
    lines: list[np.ndarray] = field(default_factory=list)
    boxes: list[Box] = field(default_factory=list)
    points: list[tuple[float, float]] = field(default_factory=list)
    """All that have labels: a label must not look as if it were another point's."""

    def clash(self, box: Box) -> float:
        """0 where ``box`` is free; more, the more it covers."""
        outside = 0.0 if self.area.holds(box, 1e-6) else 1000.0
        hits = sum(100 for other in self.boxes if box.overlaps(other))
        for line in self.lines:
            hits += int(np.count_nonzero(_inside_of(line, box)))
        return outside + hits

    def misleads(self, at: tuple[float, float], box: Box) -> bool:
        """Whether a label of the point ``at`` in ``box`` is about as near to another point."""
        own = math.dist(nearest(at, box), at)
        others = (p for p in self.points if math.dist(p, at) > 1e-6)
        return any(math.dist(nearest(p, box), p) < _DISTINCT * own for p in others)

    def cuts(self, at: tuple[float, float], box: Box) -> bool:
        """Whether a line runs between the point ``at`` and a ``box`` at some distance from it."""
        thread = dense([at, nearest(at, box)])
        thread = thread[np.hypot(*(thread - at).T) > 0.2]
        return any(
            bool((np.abs(line[:, None, :] - thread[None, :, :]).max(axis=2) < 0.045).any())
            for line in self.lines
            if len(thread)
        )

    def crowd(self, box: Box, margin: float) -> float:
        """How much there is within ``margin`` of a free ``box``."""
        wide = box.inset(-margin)
        near = sum(float(np.count_nonzero(_inside_of(line, wide))) for line in self.lines)
        return near + sum(20 for other in self.boxes if wide.overlaps(other))


def nearest(at: tuple[float, float], box: Box) -> tuple[float, float]:
    """The point of ``box`` that is nearest to ``at``."""
    return min(max(at[0], box.left), box.right), min(max(at[1], box.bottom), box.top)


def _inside_of(line: np.ndarray, box: Box) -> Any:
    x, y = line[:, 0], line[:, 1]
    return (x > box.left) & (x < box.right) & (y > box.bottom) & (y < box.top)


def dense(points: Sequence[tuple[float, float]], every: float = 0.05) -> np.ndarray:
    """Points along a line string, no farther apart than ``every`` units."""
    given = np.asarray(points, dtype=float)
    if len(given) < 2:
        return given.reshape(-1, 2)
    pieces = []
    for a, b in pairwise(given):
        count = max(1, math.ceil(float(np.hypot(*(b - a))) / every))
        pieces.append(a + (b - a) * np.arange(count)[:, None] / count)
    return np.concatenate([*pieces, given[-1:]])


def place(
    at: tuple[float, float], width: float, height: float, gap: float, obstacles: Obstacles
) -> tuple[Box, float]:
    """A box of that size for the label of the point ``at``.

    :returns: the box, and its distance from the point in multiples of ``gap`` (1: right beside it). The least
        crowded free one of eight positions, nearest first, if possible one that is clearly at its point; then
        any free place of the area; at worst the one that covers least, pushed inside the area.
    """
    best = math.inf, Box(at[0], at[1], at[0] + width, at[1] + height), 1.0
    doubtful: tuple[Box, float] | None = None
    for step in _STEPS:
        free: list[tuple[bool, float, Box]] = []
        for dx, dy in _DIRECTIONS:
            reach = gap * step * (0.75 if dx and dy else 1.0)
            x = at[0] + dx * (reach + width / 2)
            y = at[1] + dy * (reach + height / 2)
            box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
            cost = obstacles.clash(box)
            if cost == 0 and step > 1 and obstacles.cuts(at, box):
                cost = 1.0
            if cost == 0:
                free.append((obstacles.misleads(at, box), obstacles.crowd(box, 4 * gap), box))
            elif cost < best[0]:
                best = cost, box, step
        if free:
            misleading, _, box = min(free, key=lambda found: found[:2])
            if not misleading:
                return box, step
            doubtful = doubtful or (box, step)
    if doubtful is not None:
        return doubtful
    far = _anywhere(at, width, height, obstacles)
    if far is not None:
        return far, _STEPS[-1] + 1
    return _inside(best[1], obstacles.area), best[2]


def _anywhere(at: tuple[float, float], width: float, height: float, obstacles: Obstacles) -> Box | None:
    area = obstacles.area
    if width > area.width or height > area.height:
        return None
    xs = np.linspace(area.left + width / 2, area.right - width / 2, 12)
    ys = np.linspace(area.bottom + height / 2, area.top - height / 2, 12)
    around = sorted(((float(x), float(y)) for x in xs for y in ys), key=lambda p: math.dist(p, at))
    for x, y in around:
        box = Box(x - width / 2, y - height / 2, x + width / 2, y + height / 2)
        if math.dist(nearest(at, box), at) > _FAR:
            continue
        if obstacles.clash(box) == 0 and not obstacles.cuts(at, box):
            return box
    return None


def _inside(box: Box, area: Box) -> Box:
    dx = max(area.left - box.left, 0.0) + min(area.right - box.right, 0.0)
    dy = max(area.bottom - box.bottom, 0.0) + min(area.top - box.top, 0.0)
    return Box(box.left + dx, box.bottom + dy, box.right + dx, box.top + dy)
