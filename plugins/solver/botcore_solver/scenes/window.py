"""Graph windows: the interesting points in view, with some air around them, on readable numbers."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable


def span(values: Iterable[float], margin: float = 0.35, least: float = 2.0) -> tuple[float, float]:
    """An interval around the values: ``margin`` of their spread on each side, at least ``least`` wide."""
    points = sorted(values)
    low, high = points[0], points[-1]
    air = max((high - low) * margin, least / 2, 0.15 * (abs(low) if low == high else 0))
    return nice(low - air, high + air)


def nice(low: float, high: float) -> tuple[float, float]:
    """The interval widened to multiples of a step that suits its size."""
    if high <= low:
        high = low + 1
    power = 10 ** math.floor(math.log10(high - low))
    lead = (high - low) / power
    step = power * (0.1 if lead < 2 else 0.25 if lead < 5 else 0.5)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step


def heights(f: Callable[[float], float], a: float, b: float, n: int = 160) -> list[float]:
    """Values of ``f`` on a grid; where it has none, there is none in the list."""
    found: list[float] = []
    for i in range(n + 1):
        x = a + (b - a) * i / n
        try:
            value = float(f(x))
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            continue
        if math.isfinite(value):
            found.append(value)
    return found


def around(values: list[float], keep: Iterable[float] = (0.0,), cut: float = 0.08) -> tuple[float, float]:
    """A vertical window over most of the values: the steepest ends may leave it, the ``keep`` may not."""
    ordered = sorted(values)
    trimmed = ordered[int(len(ordered) * cut) : max(1, math.ceil(len(ordered) * (1 - cut)))] or [0.0]
    wanted = [*trimmed, *keep]
    low, high = min(wanted), max(wanted)
    air = max((high - low) * 0.15, 0.5 if high - low < 1e-9 else 0)
    return nice(low - air, high + air)


def number(value: float) -> str:
    """Python code of a decimal."""
    return f"{value:.10g}"


def pair(window: tuple[float, float]) -> tuple[str, str]:
    """Both ends as code. An end that is no short decimal moves outwards, so that a mark on it is in view."""
    low, high = (float(f"{end:.6g}") for end in window)
    air = 1e-6 * (window[1] - window[0])
    return number(low if low <= window[0] else low - air), number(high if high >= window[1] else high + air)
