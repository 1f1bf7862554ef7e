"""What a curve looks like, found by sampling: where it exists, turns, crosses; and a window that shows it."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from botcore_solver.scenes.window import around, nice, span

Real = Callable[[float], float]
_GRID = 600


def safe(f: Callable[[float], object]) -> Real:
    """The function with nan wherever it has no finite real value."""

    def value(x: float) -> float:
        try:
            y = f(x)
            if isinstance(y, complex) and abs(y.imag) > 1e-12 * (1 + abs(y.real)):
                return math.nan
            real = float(y.real if isinstance(y, complex) else y)  # type: ignore[arg-type]  # anything with __float__
        except (ValueError, ZeroDivisionError, OverflowError, TypeError):
            return math.nan
        return real if math.isfinite(real) else math.nan

    return value


@dataclass(frozen=True, slots=True)
class Landscape:
    """Stretches where the function exists without a break, and notable places on them."""

    stretches: tuple[tuple[float, float], ...]
    roots: tuple[float, ...]
    turns: tuple[float, ...]


def survey(f: Real, a: float, b: float) -> Landscape:
    """Sample ``f`` on ``[a, b]``."""
    xs = [a + (b - a) * i / _GRID for i in range(_GRID + 1)]
    ys = [f(x) for x in xs]
    typical = sorted(abs(y) for y in ys if not math.isnan(y))
    size = typical[len(typical) // 2] if typical else 1.0
    stretches, roots, turns = [], [], []
    start: int | None = None
    for i in range(_GRID + 1):
        broken = math.isnan(ys[i]) or (start is not None and _jumps(f, xs, ys, i, size))
        if start is not None and broken:
            stretches.append((xs[start], xs[i - 1]))
            start = None
        if start is None and not math.isnan(ys[i]):
            start = i
        if start is not None and i > start:
            if ys[i - 1] == 0 or ys[i - 1] * ys[i] < 0:
                roots.append(_bisect(f, xs[i - 1], xs[i]))
            if i - 1 > start and (ys[i - 1] - ys[i - 2]) * (ys[i] - ys[i - 1]) < 0:
                turns.append(_summit(f, xs[i - 2], xs[i], up=ys[i - 1] > ys[i]))
    if start is not None:
        stretches.append((xs[start], xs[-1]))
    return Landscape(tuple(stretches), tuple(roots), tuple(turns))


def _jumps(f: Real, xs: list[float], ys: list[float], i: int, size: float) -> bool:
    """Whether the step from i-1 to i crosses a pole or a jump: halving the step does not calm it."""
    step = abs(ys[i] - ys[i - 1])
    if not step > 0.5 * (1 + size):
        return False
    low, high = xs[i - 1], xs[i]
    for _ in range(12):
        middle = (low + high) / 2
        y, left, right = f(middle), f(low), f(high)
        if math.isnan(y):
            return True
        low, high = (low, middle) if abs(y - left) > abs(right - y) else (middle, high)
    return abs(f(high) - f(low)) > 0.5 * step


def _bisect(f: Real, low: float, high: float) -> float:
    if f(low) == 0:
        return low
    for _ in range(60):
        middle = (low + high) / 2
        if f(low) * f(middle) <= 0:
            high = middle
        else:
            low = middle
    return (low + high) / 2


def _summit(f: Real, low: float, high: float, *, up: bool) -> float:
    """Golden section search of a maximum (``up``) or minimum."""
    ratio = (math.sqrt(5) - 1) / 2
    for _ in range(60):
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if (f(left) > f(right)) == up:
            high = right
        else:
            low = left
    return (low + high) / 2


@dataclass(frozen=True, slots=True)
class View:
    """A graph window."""

    x: tuple[float, float]
    y: tuple[float, float]


def view(f: Real, marks: Iterable[float] = (), x: tuple[float, float] | None = None) -> View:
    """A window around the marks and the notable places of ``f``; ``x`` when the person chose the range."""
    if x is None:
        x = _across(f, list(marks))
    ys = [y for y in (f(x[0] + (x[1] - x[0]) * i / _GRID) for i in range(_GRID + 1)) if not math.isnan(y)]
    land = survey(f, *x)
    keep = [0.0, *(f(place) for place in land.turns), *(f(mark) for mark in marks)]
    keep = [height for height in keep if not math.isnan(height)]
    return View(x, _up(ys or [0.0], keep))


def _up(ys: list[float], keep: list[float]) -> tuple[float, float]:
    """Heights to show: about twice the span of what matters; steep ends may leave the picture."""
    low, high = min(keep), max(keep)
    if high > low:
        reach = 0.8 * (high - low)
        return around([y for y in ys if low - reach <= y <= high + reach] or [0.0], keep, cut=0.0)
    steep = max(map(abs, ys)) > 12 * (1 + abs(high))
    return around(ys, keep, cut=0.2 if steep else 0.0)


def wave(f: Real) -> tuple[float, float] | None:
    """For a curve with many roots and turns: a range around zero that shows some of them; None for others."""
    if _notable(f, 10.0) <= 8:
        return None
    reach = next((r for r in (5.0, 4.0, 3.0, 2.5, 2.0, 1.5, 1.0, 0.5) if _notable(f, r) <= 8), 0.25)
    return -reach, reach


def _notable(f: Real, reach: float) -> int:
    land = survey(f, -reach, reach)
    return len({round(place, 2) for place in (*land.roots, *land.turns)})


def _across(f: Real, marks: list[float]) -> tuple[float, float]:
    if swing := wave(f):
        inside = all(swing[0] <= mark <= swing[1] for mark in marks)
        return swing if inside else span([*marks, *(0.8 * end for end in swing)], 0.1)
    near = survey(f, -10, 10)
    seen = [*marks, *(p for p in (*near.roots, *near.turns) if abs(p) <= 10)]
    places = sorted({round(place, 2) for place in seen})
    if places:
        low, high = span([*places, 0.0] if all(abs(p) < 6 for p in places) else places, 0.4, 3)
    else:
        low, high = -4.0, 4.0
    lives = [stretch for stretch in near.stretches if stretch[1] > low and stretch[0] < high]
    if lives and lives[0][0] > low:
        low = math.floor(lives[0][0]) - 0.5
        high = max(high, low + 5)
    return nice(low, high)


def glide(f: Real, window: View, through: float | None = None) -> tuple[float, float] | None:
    """From where to where a tangent can move: the longest unbroken stretch of the curve inside the window."""
    a, b = window.x
    air = (b - a) * 0.12
    low, high = window.y
    inside = [x for x in (a + air + (b - a - 2 * air) * i / 200 for i in range(201)) if low <= f(x) <= high]
    best: tuple[float, float] | None = None
    start = 0
    step = (b - a - 2 * air) / 200
    for i in range(1, len(inside) + 1):
        broken = (
            i == len(inside)
            or inside[i] - inside[i - 1] > 1.5 * step
            or len(survey_jump(f, inside[i - 1], inside[i])) > 1
        )
        if broken:
            run = (inside[start], inside[i - 1])
            holds = through is None or run[0] <= through <= run[1]
            if (
                holds
                and run[1] - run[0] > 10 * step
                and (best is None or run[1] - run[0] > best[1] - best[0])
            ):
                best = run
            start = i
    return best


def survey_jump(f: Real, a: float, b: float) -> tuple[tuple[float, float], ...]:
    """The unbroken stretches between two neighbouring places: more than one when the curve jumps there."""
    middle = f((a + b) / 2)
    if math.isnan(middle) or abs(f(b) - f(a)) > 1e3 * (1 + abs(middle)):
        return ((a, a), (b, b))
    return ((a, b),)
