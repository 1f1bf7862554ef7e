"""Syntax tree → SymPy, within bounds: nothing is computed whose size was not estimated first."""

from __future__ import annotations

from fractions import Fraction

from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained, Undefined
from botcore_solver.reading.syntax import Binary, Call, Const, Group, Node, Num, Unary, Var
from botcore_solver.wording import sentence

MAX_EXPONENT = 2000
MAX_BITS = 6_000
MAX_DEGREE = 40
MAX_FACTORIAL = 300

TOO_BIG = sentence("The numbers in it become too big for a video. Try smaller ones.")


def symbol(name: str) -> sp.Symbol:
    """The variable of this name; all variables are real."""
    return sp.Symbol(name, real=True)


def build(node: Node) -> sp.Expr:
    """The expression. Raises :class:`Undefined` for 1/0 and the like, :class:`Abstained` for the huge."""
    value = _build(node)
    if value.is_number:
        _check_number(value)
    return value


def _build(node: Node) -> sp.Expr:
    match node:
        case Num(_, value):
            return _rational(value)
        case Var(name):
            return symbol(name)
        case Const(name):
            return {"pi": sp.pi, "e": sp.E, "oo": sp.oo}[name]
        case Group(inner):
            return build(inner)
        case Unary(op, operand):
            return _unary(op, build(operand))
        case Binary("^", left, right):
            return power(build(left), build(right))
        case Binary("/", left, right):
            return quotient(build(left), build(right))
        case Binary(op, left, right):
            a, b = build(left), build(right)
            return a + b if op == "+" else a - b if op == "-" else a * b
        case Call(name, argument, base):
            return _call(name, build(argument), None if base is None else build(base))
    raise AssertionError(node)


def _rational(value: Fraction) -> sp.Rational:
    return sp.Rational(value.numerator, value.denominator)


def _unary(op: str, value: sp.Expr) -> sp.Expr:
    if op == "-":
        return -value
    if op == "%":
        return value / 100
    if op == "deg":
        return value * sp.pi / 180
    if not (value.is_Integer and value >= 0):
        raise Undefined(sentence("a factorial is defined for whole numbers from 0 on"))
    if value > MAX_FACTORIAL:
        raise Abstained(TOO_BIG)
    return sp.factorial(value)


def quotient(above: sp.Expr, below: sp.Expr) -> sp.Expr:
    """``above / below``, or :class:`Undefined`."""
    if below.is_zero or (below.is_number and sp.simplify(below) == 0):
        raise Undefined(sentence("division by zero has no value"))
    return above / below


def power(base: sp.Expr, exponent: sp.Expr) -> sp.Expr:
    """``base ** exponent`` after an estimate of its size."""
    if base.is_zero and exponent.is_number and exponent.is_extended_real and exponent <= 0:
        raise Undefined(
            sentence("zero to the power zero has no value")
            if exponent == 0
            else sentence("division by zero has no value")
        )
    if exponent.is_Rational:
        _check_size(base, exponent)
    elif base.is_number and exponent.is_number and abs(sp.N(exponent, 8)) > MAX_EXPONENT:
        raise Abstained(TOO_BIG)
    if base.is_number and base.is_negative and exponent.is_Rational and not exponent.is_Integer:
        raise Abstained(
            sentence("A negative number to a fractional power has no single real value, so I leave it alone.")
        )
    return base**exponent


def _check_size(base: sp.Expr, exponent: sp.Rational) -> None:
    size = max(abs(exponent.p), exponent.q)
    if not base.is_number:
        if size > MAX_DEGREE:
            raise Abstained(sentence("I work with powers up to {most}.").filled(most=MAX_DEGREE))
        return
    bits = max(abs(base.p).bit_length(), base.q.bit_length()) if base.is_Rational else 8
    if size > MAX_EXPONENT or (bits > 1 and bits * abs(exponent.p) > MAX_BITS):
        raise Abstained(TOO_BIG)
    # Simplifying a root factors its radicand: that must stay small.
    if exponent.q > 1 and bits * max(1, abs(exponent.p)) > 160:
        raise Abstained(TOO_BIG)


def _call(name: str, x: sp.Expr, base: sp.Expr | None) -> sp.Expr:
    if name == "sqrt":
        return _root(x, sp.Integer(2))
    if name == "cbrt":
        return _root(x, sp.Integer(3))
    if name == "rootof" and base is not None:
        return _root(x, base)
    if name in ("ln", "log", "lg"):
        return _logarithm(x, sp.E if name == "ln" else sp.Integer(10) if base is None else base)
    if name == "exp":
        return power(sp.E, x)
    if name == "abs":
        return sp.Abs(x)
    if name in ("asin", "acos") and x.is_number and abs(x) > 1:
        raise Undefined(sentence("a sine or cosine is never greater than 1 in size"))
    return getattr(sp, name)(x)


def _root(x: sp.Expr, degree: sp.Expr) -> sp.Expr:
    if not (degree.is_Integer and 2 <= degree <= 100):
        raise Abstained(sentence("I work with roots of whole degree."))
    if x.is_number and x.is_negative:
        if degree % 2 == 0:
            raise Undefined(sentence("an even root of a negative number is not a real number"))
        return -power(-x, 1 / degree)
    if not x.is_number and degree % 2 == 1:
        raise Abstained(sentence("I cannot work with odd roots of a variable yet."))
    return power(x, 1 / degree)


def _logarithm(x: sp.Expr, base: sp.Expr) -> sp.Expr:
    if x.is_number and not x.is_positive:
        raise Undefined(sentence("a logarithm needs a positive number"))
    if base.is_number and (not base.is_positive or base == 1):
        raise Undefined(sentence("the base of a logarithm is a positive number other than 1"))
    if x.is_Rational and base.is_Rational:
        # An exact whole or fractional answer, where there is one: log_8(2) = 1/3.
        return sp.logcombine(sp.simplify(sp.log(x, base))) if x != 1 else sp.Integer(0)
    return sp.log(x) if base == sp.E else sp.log(x) / sp.log(base)


def _check_number(value: sp.Expr) -> None:
    if value.has(sp.zoo, sp.nan):
        raise Undefined(sentence("it leads to a division by zero"))
    if value.is_real is False and not value.is_infinite:
        raise Undefined(sentence("it is not a real number"))
