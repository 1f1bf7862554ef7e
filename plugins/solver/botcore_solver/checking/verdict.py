"""Compares a stated answer with the exact one. In doubt it says nothing: a false alarm costs a good video."""

from __future__ import annotations

import re
from enum import StrEnum
from typing import Any

from botcore_solver import verify
from botcore_solver.checking.stated import Form, Stated, read_stated
from botcore_solver.lazy import mp, sp
from botcore_solver.outcome import Abstained, Solution, Undefined
from botcore_solver.reading.unreadable import Unreadable

_POINTS = (0.3719, 1.2383, 2.7141, -0.6127, -1.8391, 0.0913, 4.1371, -3.3177, 7.2931, 0.7713)
_SAME = 5
"""Points at which two expressions have to agree."""
_DECIMAL = re.compile(r"-?\d*[.,](\d+)")


class Verdict(StrEnum):
    """What is known about a stated answer."""

    RIGHT = "right"
    WRONG = "wrong"
    UNKNOWN = "unknown"


def verdict_of(stated: str, solution: Solution) -> Verdict:
    """Whether ``stated`` is the answer of ``solution``."""
    if solution.answer is None or solution.kind == "plot":
        return Verdict.UNKNOWN
    try:
        return _compared(read_stated(solution.answer), read_stated(stated), solution)
    except (Unreadable, Abstained, Undefined):
        return Verdict.UNKNOWN


def _compared(exact: Stated, stated: Stated, solution: Solution) -> Verdict:
    if Form.REALS in {exact.form, stated.form}:
        if exact.form is stated.form:
            return Verdict.RIGHT
        sure = exact.form is Form.SET or stated.form is Form.SET
        return Verdict.WRONG if sure else Verdict.UNKNOWN
    if exact.form is Form.SET:
        return _as_sets(exact, stated)
    if exact.form is Form.LIST:
        if stated.form is not Form.LIST or len(stated.values) != len(exact.values):
            return Verdict.UNKNOWN
        return _all(
            _value(a, b, text) for a, b, text in zip(exact.values, stated.values, stated.texts, strict=True)
        )
    if len(stated.values) != 1:
        return Verdict.UNKNOWN
    verdict = _value(exact.values[0], stated.values[0], stated.texts[0])
    if verdict is Verdict.WRONG and (
        "%" in solution.task or _off_by_hundred(exact.values[0], stated.values[0])
    ):
        return Verdict.UNKNOWN  # a percentage is written in two ways
    return verdict


def _as_sets(exact: Stated, stated: Stated) -> Verdict:
    """Each of one among the other; the same value twice is one value."""
    if not all(value.is_real for value in exact.values) and all(value.is_real for value in stated.values):
        return Verdict.UNKNOWN  # who only knows real numbers is not wrong about the others
    verdicts = [_among(value, stated, given=None) for value in exact.values]
    verdicts += [
        _among(value, exact, given=text) for value, text in zip(stated.values, stated.texts, strict=True)
    ]
    return _all(verdicts)


def _among(value: Any, others: Stated, *, given: str | None) -> Verdict:
    seen = {
        _value(other, value, given) if given is not None else _value(value, other, text)
        for other, text in zip(others.values, others.texts, strict=True)
    }
    return next((v for v in (Verdict.RIGHT, Verdict.UNKNOWN) if v in seen), Verdict.WRONG)


def _all(verdicts: Any) -> Verdict:
    seen = set(verdicts)
    return next((v for v in (Verdict.WRONG, Verdict.UNKNOWN) if v in seen), Verdict.RIGHT)


def _value(exact: Any, stated: Any, text: str) -> Verdict:
    """``text`` is how the stated one was written: what is rounded there is neither right nor wrong."""
    symbols = exact.free_symbols | stated.free_symbols
    if not symbols:
        return _number(exact, stated, text)
    if len(symbols) > 1:
        return Verdict.RIGHT if sp.simplify(exact - stated) == 0 else Verdict.UNKNOWN
    return _expression(exact, stated, symbols.pop())


def _number(exact: Any, stated: Any, text: str) -> Verdict:
    if verify.is_zero(exact - stated):
        return Verdict.RIGHT
    decimal = _DECIMAL.search(text)
    if decimal is not None and abs(complex(sp.N(exact - stated, 20))) <= 0.51 * 10.0 ** -len(decimal[1]):
        return Verdict.UNKNOWN
    return Verdict.WRONG


def _expression(exact: Any, stated: Any, variable: Any) -> Verdict:
    one, other = verify.numeric(exact, variable), verify.numeric(stated, variable)
    same = 0
    with mp.workdps(verify.DIGITS):
        for point in _POINTS:
            try:
                a, b = mp.mpmathify(one(mp.mpf(point))), mp.mpmathify(other(mp.mpf(point)))
            except (ValueError, ZeroDivisionError, TypeError, OverflowError):
                continue
            if abs(mp.im(a)) > 1e-15 or abs(mp.im(b)) > 1e-15 or not (mp.isfinite(a) and mp.isfinite(b)):
                continue
            if abs(a - b) > 1e-3 * (1 + abs(a)):
                return Verdict.WRONG
            if abs(a - b) > 1e-8 * (1 + abs(a)):
                return Verdict.UNKNOWN  # rounded coefficients
            same += 1
    return Verdict.RIGHT if same >= _SAME else Verdict.UNKNOWN


def _off_by_hundred(exact: Any, stated: Any) -> bool:
    if exact.free_symbols or stated.free_symbols:
        return False
    return verify.is_zero(exact - 100 * stated) or verify.is_zero(100 * exact - stated)
