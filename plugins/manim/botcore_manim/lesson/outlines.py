"""Outlines of words, straight from Pango.

Manim's ``Text`` parses an SVG glyph by glyph and forgets where the baseline is. A lesson shows many words and
sets formulas among them, so it asks Pango for the outlines itself: a hundred times faster, any script and
direction, the baseline at y = 0.
"""

from __future__ import annotations

import re
import tempfile
import unicodedata
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from manimpango import TextSetting, text2svg

from botcore_manim.lesson.theme import typeface

Points = Any
"""An (n, 3) array of cubic Bézier points, four for each curve, as Manim's VMobject keeps them."""

_SIZE = 48.0
"""The size at which Pango is asked; outlines are divided by it."""

_SHEET = 60_000
"""Width of Pango's sheet: wide enough that it never breaks a line by itself."""

_SYMBOL = re.compile(r'<symbol[^>]*id="([^"]+)">\s*<path[^>]*? d="([^"]*)"', re.DOTALL)
_USE = re.compile(r'<use xlink:href="#([^"]+)" x="([^"]+)" y="([^"]+)"')
_STROKE = re.compile(r"([MLCZ])([^MLCZ]*)")
_UNPRINTABLE = {"Cc", "Cs", "Co", "Cn"}


@dataclass(frozen=True, slots=True)
class Outline:
    """One line of words. All in em: ``left`` and ``right`` bound the ink, the baseline is y = 0."""

    points: Points
    left: float
    right: float

    @property
    def width(self) -> float:
        return self.right - self.left


def is_right_to_left(words: str) -> bool:
    """Whether the first letter with a direction is read from right to left."""
    for letter in words:
        direction = unicodedata.bidirectional(letter)
        if direction in {"R", "AL"}:
            return True
        if direction == "L":
            return False
    return False


def printable(words: str) -> str:
    """Words as one line without control characters and other letters that nobody can see."""
    kept = (" " if c.isspace() else c for c in words)
    return " ".join("".join(c for c in kept if unicodedata.category(c) not in _UNPRINTABLE).split())


@lru_cache(maxsize=2048)
def outline(words: str, *, bold: bool = False, right_to_left: bool = False) -> Outline:
    """The outline of one line.

    :param words: as :func:`printable` gives them.
    :param right_to_left: direction of the sentence that the words are from.
    """
    mark = "\u200f" if right_to_left else "\u200e"
    text = mark + words
    setting = TextSetting(0, len(text), typeface(), "NORMAL", "BOLD" if bold else "NORMAL", 0)
    with tempfile.TemporaryDirectory(prefix="words-") as folder:
        sheet = Path(folder) / "line.svg"
        text2svg([setting], _SIZE * 0.75, 0, False, str(sheet), 0, 0, _SHEET, 200, text)
        svg = sheet.read_text(encoding="utf-8")
    shapes = {name: _shape(path) for name, path in _SYMBOL.findall(svg)}
    placed = [(shapes.get(name), float(x), float(y)) for name, x, y in _USE.findall(svg)]
    inked = [(shape, x, y) for shape, x, y in placed if shape is not None and len(shape)]
    if not inked:
        return Outline(np.zeros((0, 3)), 0.0, 0.0)
    baseline = Counter(y for _, _, y in inked).most_common(1)[0][0]
    points = np.concatenate([shape + np.array([x, y - baseline, 0.0]) for shape, x, y in inked])
    points[:, 1] *= -1
    points[:, 0] -= points[:, 0].min()
    points /= _SIZE
    return Outline(points, 0.0, float(points[:, 0].max()))


def _shape(path: str) -> Points:
    """Cubic curves of an SVG path that has only absolute M, L, C and Z, as cairo writes them."""
    curves: list[Any] = []
    start = here = np.zeros(2)
    for command, numbers in _STROKE.findall(path):
        values = np.array(numbers.split(), dtype=float).reshape(-1, 2)
        if command == "M":
            start = here = values[-1]
        elif command == "L":
            curves += _straight(here, values[0])
            here = values[0]
        elif command == "C":
            curves += [here, *values]
            here = values[2]
        elif not np.allclose(here, start):
            curves += _straight(here, start)
            here = start
    flat = np.array(curves).reshape(-1, 2)
    return np.column_stack([flat, np.zeros(len(flat))])


def _straight(a: Any, b: Any) -> list[Any]:
    return [a, a + (b - a) / 3, a + (b - a) * 2 / 3, b]
