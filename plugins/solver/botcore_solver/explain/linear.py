"""The derivation of a linear equation's root: the same on both sides, until the unknown stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from botcore_solver.explain.typeset import tex
from botcore_solver.lazy import sp
from botcore_solver.scenes.beats import Line
from botcore_solver.wording import sentence

WORDS = {
    "swap": sentence("Swap the sides."),
    "subtract": sentence("Subtract ${term}$ from both sides."),
    "add": sentence("Add ${term}$ to both sides."),
    "divide": sentence("Divide both sides by ${factor}$."),
}


def linear_steps(x: Any, left: Any, right: Any) -> Iterator[Line]:
    """The lines from ``left = right``, both linear in ``x`` and multiplied out, to ``x = …``."""
    a, b = sp.Poly(left, x), sp.Poly(right, x)
    if a.degree() < 1 <= b.degree():
        a, b = b, a
        yield _line(a.as_expr(), b.as_expr(), WORDS["swap"])
    moved = b.coeff_monomial(x)
    if moved != 0:
        a, b = a - sp.Poly(moved * x, x), b - sp.Poly(moved * x, x)
        yield _line(a.as_expr(), b.as_expr(), _moving(moved * x, moved))
    constant = a.coeff_monomial(1)
    if constant != 0:
        a, b = a - constant, b - constant
        yield _line(a.as_expr(), b.as_expr(), _moving(constant, constant))
    factor = a.coeff_monomial(x)
    if factor != 1:
        value = sp.simplify(b.as_expr() / factor)
        yield _line(x, value, WORDS["divide"].filled(factor=tex(factor)))


def _moving(term: Any, sign: Any) -> str:
    negative = bool(sign < 0)
    return WORDS["add" if negative else "subtract"].filled(term=tex(-term if negative else term))


def _line(left: Any, right: Any, why: str) -> Line:
    return Line(f"{tex(left)} = {tex(right)}", why)
