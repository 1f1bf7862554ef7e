"""The canonical text of an answer: SymPy syntax, the same for the same answer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any


def one(value: Any) -> str:
    """A single value or expression."""
    return str(value)


def several(values: Iterable[Any]) -> str:
    """A set of roots, in ascending order."""
    return "{" + ", ".join(str(value) for value in ascending(values)) + "}"


def in_order(values: Iterable[Any]) -> str:
    """A list in the order of the variables."""
    return "[" + ", ".join(map(str, values)) + "]"


def ascending(values: Iterable[Any]) -> list[Any]:
    """Values by real part, then by imaginary part; numbers without symbols only."""
    return sorted(values, key=lambda value: (float(value.as_real_imag()[0]), float(value.as_real_imag()[1])))
