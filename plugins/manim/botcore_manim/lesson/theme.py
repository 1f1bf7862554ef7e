"""Colours and the typeface of every lesson.

The accents are told apart by people with any common colour blindness (they follow the Okabe-Ito order,
lightened for a dark ground), and each has a contrast of at least 4.5 : 1 against both grounds.
"""

from __future__ import annotations

from functools import cache

import manimpango

GROUND = "#0e1421"
"""The frame behind everything."""
CARD = "#172033"
"""Ground of panels, captions and labels."""
EDGE = "#2c3a55"
"""Outline of a card."""
GRID = "#2b3853"
AXIS = "#8fa0bd"
INK = "#f2f5fa"
"""Formulas and titles."""
SOFT = "#b3c0d6"
"""Reasons and numbers at the axes."""

BLUE = "#5bb8f0"
ORANGE = "#f5a623"
GREEN = "#3fd0a4"
PINK = "#e58bc1"
YELLOW = "#f4e36b"

CURVES = (BLUE, ORANGE, PINK, YELLOW, GREEN)
"""Colours of the first, second, … function of a graph."""

_FAMILIES = ("Noto Sans", "DejaVu Sans")


@cache
def typeface() -> str:
    """Name of the first of our typefaces that is installed; Pango's ``Sans`` when none is."""
    installed = set(manimpango.list_fonts())
    return next((family for family in _FAMILIES if family in installed), "Sans")
