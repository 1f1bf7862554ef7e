"""Roots, extrema and asymptotes of a function: exact where SymPy finds them, confirmed by sampling."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from botcore_solver.lazy import sp
from botcore_solver.patience import within
from botcore_solver.scenes.curve import Real, survey, wave

_REACH = 10.0
_NEAR = 1e-5
_PATIENCE_S = 1.0


@dataclass(frozen=True, slots=True)
class Feature:
    """A notable point. ``exact`` is False where the place is a rounded number."""

    kind: str
    x: Any
    y: Any
    exact: bool


@dataclass(slots=True)
class Features:
    """``far``: asymptotes (slope, height) towards infinity. ``surely_no_roots``: proven, not just unseen.
    ``endless``: a wave, of which these are the places around zero."""

    roots: list[Feature] = field(default_factory=list)
    extrema: list[Feature] = field(default_factory=list)
    poles: list[Any] = field(default_factory=list)
    far: list[tuple[Any, Any]] = field(default_factory=list)
    surely_no_roots: bool = False
    endless: bool = False


def features(f: Any, x: Any, curve: Real, window: tuple[float, float] | None) -> Features:
    """What is notable about ``f``, inside ``window`` or, without one, within 10 of zero."""
    found = Features()
    if not f.has(x):
        return found
    found.endless = window is None and wave(curve) is not None
    found.poles = _poles(f, x, curve, window or (-_REACH, _REACH))
    found.roots, found.surely_no_roots = _roots(f, x, curve, window)
    found.extrema = _extrema(f, x, curve, window)
    if not f.is_polynomial(x):
        found.far = _far(f, x, curve)
    return found


def _patiently(work: Any, *arguments: Any) -> Any:
    """What SymPy makes of it, or None when it takes too long or fails."""
    return within(_PATIENCE_S, lambda: work(*arguments), None)


def _reach(curve: Real, window: tuple[float, float] | None) -> tuple[float, float]:
    """Where to look: of a wave, a few periods are enough."""
    if window is not None:
        return window
    return wave(curve) or (-_REACH, _REACH)


def _exact_zeros(g: Any, x: Any, low: float, high: float) -> list[Any] | None:
    """All zeros between the ends, exactly; None where they are not to be had."""
    if g.is_polynomial(x) and all(c.is_Rational for c in sp.Poly(g, x).all_coeffs()):
        roots = within(_PATIENCE_S, lambda: sp.roots(sp.Poly(g, x), multiple=True), None)
        if roots is None or len(roots) != sp.degree(g, x):
            return None
        found = [root for root in roots if root.is_real]
    else:
        ends = sp.Interval(sp.Rational(str(round(low - _NEAR, 6))), sp.Rational(str(round(high + _NEAR, 6))))
        answer = within(_PATIENCE_S, lambda: sp.solveset(g, x, ends), None)
        if answer is None or not (isinstance(answer, sp.FiniteSet) or answer is sp.S.EmptySet):
            return None
        found = list(answer)
    inside = [root for root in found if low - _NEAR <= float(root) <= high + _NEAR]
    return sorted(set(inside), key=float)


def _roots(f: Any, x: Any, curve: Real, window: tuple[float, float] | None) -> tuple[list[Feature], bool]:
    low, high = _reach(curve, window)
    exact = _exact_zeros(f, x, low, high)
    seen = [r for r in survey(curve, low, high).roots if _crosses(curve, r)]
    if exact is not None:
        good = [r for r in exact if abs(curve(float(r))) < 1e-7 and _readable(r)]
        if all(any(abs(float(r) - s) < 1e-3 for r in good) for s in seen):
            return [Feature("root", r, sp.Integer(0), True) for r in good], not good and not exact
    return [Feature("root", *_known(r, curve)) for r in seen], False


def _known(place: float, curve: Real) -> tuple[Any, Any, bool]:
    """A rounded place, or the whole number that it is."""
    whole = round(place)
    if abs(place - whole) < 1e-9 and abs(curve(float(whole)) - curve(place)) < 1e-9:
        value = curve(float(whole))
        if abs(value - round(value)) < 1e-9:
            return sp.Integer(whole), sp.Integer(round(value)), True
    return sp.Float(place), sp.Float(curve(place)), False


def _readable(value: Any) -> bool:
    """Short enough for a label: a root of a cubic by Cardano is not."""
    return len(str(value)) <= 24


def _crosses(curve: Real, place: float) -> bool:
    """Whether the sign really changes there (at a pole it does too, but the value is huge)."""
    return abs(curve(place)) < 1e-5


def _extrema(f: Any, x: Any, curve: Real, window: tuple[float, float] | None) -> list[Feature]:
    low, high = _reach(curve, window)
    candidates: list[Any] = []
    kinks = [zero for part in f.atoms(sp.Abs) for zero in (_exact_zeros(part.args[0], x, low, high) or [])]
    slope = within(_PATIENCE_S, lambda: sp.together(sp.diff(f, x)), None)
    if slope is not None and not slope.has(sp.sign, sp.Derivative):
        above = sp.fraction(slope)[0]
        candidates = [c for c in (_exact_zeros(above, x, low, high) or []) if _readable(c)]
    seen = list(survey(curve, low, high).turns)
    result: list[Feature] = []
    for place in [*candidates, *kinks]:
        kind = _turn(curve, float(place))
        y = _patiently(sp.simplify, f.subs(x, place))
        if (
            kind
            and y is not None
            and y.is_finite
            and abs(float(y) - curve(float(place))) < 1e-7 * (1 + abs(float(y)))
        ):
            result.append(Feature(kind, place, y, _readable(y)))
            seen = [s for s in seen if abs(s - float(place)) > 1e-2]
    for place in seen:
        kind = _turn(curve, place, 1e-3)
        if kind:
            result.append(Feature(kind, *_known(place, curve)))
    return sorted(result, key=lambda feature: float(feature.x))


def _turn(curve: Real, place: float, step: float = 1e-4) -> str | None:
    """``minimum``, ``maximum`` or None, by looking left and right."""
    left, here, right = curve(place - step), curve(place), curve(place + step)
    if any(map(math.isnan, (left, here, right))):
        return None
    if left > here < right:
        return "minimum"
    if left < here > right:
        return "maximum"
    return None


def _poles(f: Any, x: Any, curve: Real, window: tuple[float, float]) -> list[Any]:
    """Places of vertical asymptotes: the values grow on at least one side."""
    low, high = window
    suspects: set[Any] = set()
    below = sp.fraction(sp.together(f.rewrite(sp.cos) if f.has(sp.tan, sp.cot, sp.sec, sp.csc) else f))[1]
    parts = [below, *(log.args[0] for log in f.atoms(sp.log))]
    for part in parts:
        if part.has(x):
            suspects.update(_exact_zeros(part, x, low, high) or [])
    return sorted((p for p in suspects if _explodes(curve, float(p))), key=float)


def _explodes(curve: Real, place: float) -> bool:
    for side in (-1, 1):
        values = [abs(curve(place + side * 10.0**-k)) for k in (3, 6, 9, 12)]
        known = [value for value in values if not math.isnan(value)]
        if len(known) >= 3 and all(b > a + 1 for a, b in pairwise(known)):
            return True
    return False


def _far(f: Any, x: Any, curve: Real) -> list[tuple[Any, Any]]:
    """Horizontal and oblique asymptotes, each once, confirmed far out."""
    found: list[tuple[Any, Any]] = []
    for end, place in ((sp.oo, 1e7 + 0.37), (-sp.oo, -1e7 - 0.37)):
        if all(math.isnan(curve(math.copysign(near, place))) for near in (3.37, 7.91)):
            # No real values on this side; powers of huge negative numbers only look like zero.
            continue
        slope = _patiently(sp.limit, f / x, x, end)
        if slope is None or not slope.is_finite or not slope.is_real:
            continue
        height = _patiently(sp.limit, f - slope * x, x, end)
        if height is None or not height.is_finite or not height.is_real or isinstance(height, sp.AccumBounds):
            continue
        if f.has(sp.Abs) and _runs_along(curve, place, float(slope), float(height)):
            continue
        near = curve(place)
        if not math.isnan(near) and abs(near - float(slope) * place - float(height)) > 1e-2 * (
            1 + abs(float(height))
        ):
            continue
        if (slope, height) not in found:
            found.append((slope, height))
    return found


def _runs_along(curve: Real, place: float, slope: float, height: float) -> bool:
    """Whether the curve is the line there: an asymptote is approached, not run along."""
    places = [place / k for k in (1e4, 1e5)]
    return all(abs(curve(p) - slope * p - height) < 1e-12 * (1 + abs(p)) for p in places)
