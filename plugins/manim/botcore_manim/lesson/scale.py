"""Numbers on axes: sensible ranges, ticks and their labels. Knows nothing of Manim."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np

Function = Callable[[float], float]
Range = tuple[float, float]

_SAMPLES = 241
_PI_STEPS = (1 / 12, 1 / 6, 1 / 4, 1 / 3, 1 / 2, 1.0, 2.0, 4.0, 8.0)


def value(function: Function, x: float) -> float:
    """``function(x)`` as a float; nan where it has no real value, whatever way it says so."""
    try:
        with np.errstate(all="ignore"):
            result = function(x)
        if isinstance(result, complex):
            return float(result.real) if abs(result.imag) < 1e-9 else math.nan
        return float(result)
    except (ArithmeticError, ValueError, TypeError):
        return math.nan


def checked_range(given: Sequence[float], what: str) -> Range:
    """The two ends in order.

    :raises ValueError: not two different finite numbers.
    """
    try:
        low, high = (float(end) for end in given)
    except (TypeError, ValueError):
        raise ValueError(f"{what} must be two numbers (from, to), not {given!r}") from None
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        raise ValueError(f"{what} must be two different finite numbers, not {given!r}")
    return min(low, high), max(low, high)


def value_range(
    functions: Sequence[Function],
    x: Range,
    include: Sequence[tuple[float, float]] = (),
    *,
    room: float = 0.1,
) -> Range:
    """A range of y that shows what matters of ``functions`` over ``x`` and the points to ``include``: poles
    are cut off and zero is included where it is near.

    :param room: what is left free below and above, a part of the height, where a label is likely: beyond an
        extremum, and beyond an x-axis that is near the edge.
    """
    low, high = math.inf, -math.inf
    cut = False
    for function in functions:
        bottom, top, is_cut = _shown_values(function, x)
        low, high, cut = min(low, bottom), max(high, top), cut or is_cut
    for _, y in include:
        if math.isfinite(y):
            low, high = min(low, y), max(high, y)
    if low > high:
        low, high = -1.0, 1.0
    if high - low < 1e-9 * max(1.0, abs(low)):
        half = max(1.0, abs(low)) / 2
        low, high = low - half, high + half
    span = high - low
    ends = [value(function, end) for function in functions for end in x]
    tolerance = 0.02 * span
    low_is_end = any(abs(y - low) < tolerance for y in ends)
    high_is_end = any(abs(y - high) < tolerance for y in ends)
    if 0 < low <= 0.6 * span:
        low, low_is_end = 0.0, False
    if -0.6 * span <= high < 0:
        high, high_is_end = 0.0, False
    span = high - low
    below = room if not (low_is_end or cut) or abs(low) < 0.15 * span else 0.08
    above = room if not (high_is_end or cut) or abs(high) < 0.15 * span else 0.08
    return low - below * span, high + above * span


def _shown_values(function: Function, x: Range) -> tuple[float, float, bool]:
    """The least and the greatest value to show, and whether there are others: where it has poles, or an end
    towers over the rest, only what the middle suggests is shown."""
    points = [(at, value(function, at)) for at in _even(x, _SAMPLES)]
    ordered = sorted(y for _, y in points if math.isfinite(y))
    if not ordered:
        return math.inf, -math.inf, False
    first, last = ordered[int(len(ordered) * 0.12)], ordered[int((len(ordered) - 1) * 0.88)]
    middle = max(last - first, 1e-12)
    low, high = ordered[0], ordered[-1]
    reach = 0.5 if _has_pole(function, points, middle) else 3.0
    if high - last > reach * middle:
        high = last + min(reach, 1.0) * middle
    if first - low > reach * middle:
        low = first - min(reach, 1.0) * middle
    return low, high, (low, high) != (ordered[0], ordered[-1])


def _even(x: Range, count: int) -> list[float]:
    return [x[0] + (x[1] - x[0]) * k / (count - 1) for k in range(count)]


def _has_pole(function: Function, points: list[tuple[float, float]], usual: float) -> bool:
    """Whether values grow without limit somewhere between two of ``points``, or at one of them."""
    return any(_grows(function, a, b, usual) for a, b in pairwise(points))


def _grows(function: Function, a: tuple[float, float], b: tuple[float, float], usual: float) -> bool:
    for _ in range(24):
        if not (math.isfinite(a[1]) and math.isfinite(b[1])):
            share = 1e-6 if math.isfinite(b[1]) else 1 - 1e-6
            return abs(value(function, a[0] + (b[0] - a[0]) * share)) > 100 * usual
        if abs(b[1] - a[1]) < 0.5 * usual:
            return False
        x = (a[0] + b[0]) / 2
        middle = x, value(function, x)
        a, b = (a, middle) if abs(middle[1] - a[1]) > abs(b[1] - middle[1]) else (middle, b)
    return max(abs(a[1]), abs(b[1])) > 100 * usual


def ticks(shown: Range, most: int) -> list[float]:
    """At most ``most`` round numbers inside ``shown``, evenly spaced by 1, 2 or 5 times a power of ten."""
    span = shown[1] - shown[0]
    power = 10.0 ** math.floor(math.log10(span / max(most, 1)))
    for factor in (1, 2, 5, 10, 20, 50):
        found = multiples(shown, power * factor)
        if len(found) <= max(most, 1):
            return found
    return []


def pi_ticks(shown: Range, most: int) -> list[float]:
    """The same in simple fractions of pi."""
    for step in _PI_STEPS:
        found = multiples(shown, step * math.pi)
        if len(found) <= most:
            return found
    return multiples(shown, _PI_STEPS[-1] * math.pi)[:most]


def multiples(shown: Range, step: float) -> list[float]:
    """Multiples of ``step`` in ``shown``, its ends included."""
    first = math.ceil(shown[0] / step - 1e-9)
    last = math.floor(shown[1] / step + 1e-9)
    return [k * step for k in range(first, min(last, first + 1000) + 1)]


def is_in_pi(shown: Range) -> bool:
    """Whether a range is written in pi: an end other than 0 is a simple fraction of it."""
    ends = [end for end in shown if abs(end) > 1e-9]
    return all(abs(end / math.pi * 12 - round(end / math.pi * 12)) < 1e-6 for end in ends) and bool(ends)


def number(shown: float, places: int = 6) -> str:
    """A number for people: no trailing zeros, a real minus sign, powers of ten where it is huge or tiny."""
    if shown != 0 and not 1e-4 <= abs(shown) < 1e6:
        mantissa, _, exponent = f"{shown:.3g}".partition("e")
        if exponent:
            return f"{mantissa}e{int(exponent)}".replace("-", "−")
    text = f"{shown:.{places}f}".rstrip("0").rstrip(".")
    return "0" if text in {"-0", ""} else text.replace("-", "−")


def in_pi(shown: float) -> str:
    """A simple fraction of pi: ``−3π/2``."""
    twelfths = round(shown / math.pi * 12)
    if twelfths == 0:
        return "0"
    divisor = math.gcd(twelfths, 12)
    top, bottom = twelfths // divisor, 12 // divisor
    head = "" if abs(top) == 1 else str(abs(top))
    return ("−" if top < 0 else "") + head + "π" + (f"/{bottom}" if bottom > 1 else "")
