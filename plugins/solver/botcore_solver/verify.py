"""Independent checks of an answer, by numbers: a way that has nothing in common with how it was found."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from botcore_solver.lazy import mp, sp
from botcore_solver.outcome import Abstained
from botcore_solver.wording import sentence

DIGITS = 30
_TOLERANCE = 1e-9
NOT_SURE = sentence("I found an answer, but could not confirm it, so I do not give it.")

# Points that no formula of a textbook singles out: a false identity does not hold by accident on all.
_SAMPLES = (0.3719, 1.2383, 2.7141, -0.6127, -1.8391, 0.0913, 4.1371, -3.3177, 7.2931, 0.7713)


class Unchecked(Abstained):
    """The check failed or could not be made."""

    def __init__(self) -> None:
        super().__init__(NOT_SURE)


def require(holds: bool) -> None:
    """Raise :class:`Unchecked` unless the check holds."""
    if not holds:
        raise Unchecked


def is_zero(expression: Any) -> bool:
    """Whether a number is zero to :data:`DIGITS` digits."""
    value = sp.N(expression, DIGITS, maxn=200)
    return bool(value.is_number and abs(complex(value)) < _TOLERANCE)


def numeric(expression: Any, variable: Any) -> Callable[[Any], Any]:
    """The expression as an mpmath function."""
    return sp.lambdify(variable, expression, "mpmath")  # type: ignore[no-any-return]  # SymPy is untyped


def agree(one: Callable[[Any], Any], other: Callable[[Any], Any], points: Sequence[float] = _SAMPLES) -> bool:
    """Whether two functions have the same real values, at five or more of the points."""
    same = 0
    with mp.workdps(DIGITS):
        for point in points:
            try:
                a, b = mp.mpmathify(one(mp.mpf(point))), mp.mpmathify(other(mp.mpf(point)))
            except (ValueError, ZeroDivisionError, TypeError, OverflowError):
                continue
            if abs(mp.im(a)) > 1e-15 or abs(mp.im(b)) > 1e-15 or not (mp.isfinite(a) and mp.isfinite(b)):
                continue
            if abs(a - b) > 1e-8 * (1 + abs(a)):
                return False
            same += 1
    return same >= 5


def is_derivative(derivative: Any, function: Any, variable: Any, points: Sequence[float] = _SAMPLES) -> bool:
    """Whether ``derivative`` is the slope of ``function``, by difference quotients."""
    f = numeric(function, variable)

    def slope(x: Any) -> Any:
        value = f(x)
        if abs(mp.im(value)) > 1e-15:
            raise ValueError("outside the domain")
        return mp.diff(f, x)

    return agree(slope, numeric(derivative, variable), points)


def is_integral(value: Any, function: Any, variable: Any, a: Any, b: Any, breaks: Sequence[Any] = ()) -> bool:
    """Whether ``value`` is the integral from ``a`` to ``b``, by quadrature."""
    with mp.workdps(20):
        points = [mp.mpmathify(sp.N(p, 20)) for p in (a, *breaks, b)]
        found, error = mp.quad(numeric(function, variable), points, error=True)
        claimed = mp.mpmathify(sp.N(value, 20))
        size = 1 + abs(claimed)
        return bool(abs(found - claimed) < 1e-7 * size and error < 1e-7 * size)
