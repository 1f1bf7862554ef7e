"""TeX's lengths, in thousandths of an em at 10 pt."""

from __future__ import annotations

import re

_UNITS = {
    "pt": 100.0,
    "em": 1000.0,
    "ex": 430.6,
    "cm": 2845.3,
    "mm": 284.5,
    "in": 7227.0,
    "mu": 55.6,
    "bp": 100.4,
}
_LENGTH = re.compile(r"\s*(-?\d*\.?\d+)\s*([a-z]{2})")
_RELATIVE = re.compile(r"\s*(\d*\.?\d*)\\(?:textwidth|linewidth|columnwidth|hsize)")

TEXT_WIDTH = 34_500.0
"""345 pt, the line of LaTeX's article class."""


def length(text: str) -> float:
    r"""``3pt``, ``0.5\textwidth`` in thousandths of an em; 0 for what cannot be read."""
    relative = _RELATIVE.match(text)
    if relative:
        return float(relative[1] or 1) * TEXT_WIDTH
    found = _LENGTH.match(text)
    return float(found[1]) * _UNITS.get(found[2], 100.0) if found else 0.0
