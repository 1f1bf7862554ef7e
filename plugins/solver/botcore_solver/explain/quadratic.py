"""How a quadratic equation is solved: by a root, by factors, by completing the square, by formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botcore_solver.explain.typeset import tex, tex_factor
from botcore_solver.lazy import sp
from botcore_solver.scenes.beats import Line
from botcore_solver.wording import OR_TEX, sentence

WORDS = {
    "standard": sentence("Bring everything to one side and simplify."),
    "isolate": sentence("Leave ${square}$ alone on one side."),
    "square_root": sentence("Take square roots, with ${sign}$."),
    "square_zero": sentence("Only zero has the square zero."),
    "square_negative": sentence("No real number has this square, but with ${rule}$:"),
    "common": sentence("Both terms share the factor ${factor}$."),
    "monic": sentence("${product}$ and ${sum}$."),
    "factors": sentence("Write it as a product."),
    "perfect": sentence("This is a perfect square."),
    "zero_product": sentence("One factor must be zero."),
    "solve_each": sentence("Solve both small equations."),
    "complete": sentence("Complete the square: add ${square}$."),
    "formula": sentence("Quadratic formula: ${numbers}$."),
    "discriminant": sentence("The discriminant is ${value}$."),
    "negative": sentence("${value}$ is negative, so no root is real."),
    "subtract": sentence("Subtract ${term}$ from both sides."),
    "add": sentence("Add ${term}$ to both sides."),
    "simplify": sentence("Simplify the root and the fraction."),
}


@dataclass(frozen=True, slots=True)
class Quadratic:
    """The roots, each once, and the lines that lead to them."""

    roots: list[Any]
    lines: list[Line]


def quadratic(poly: Any, x: Any, *, as_written: bool, left: Any, right: Any) -> Quadratic:
    """Roots of a real polynomial of degree 2, content removed, leading coefficient positive.

    ``as_written`` says that the equation ``left = right`` still has to be brought to the form ``poly = 0``.
    """
    a, b, c = (poly.coeff_monomial(x**k) for k in (2, 1, 0))
    if b == 0 and c != 0:
        return _pure(x, a, c, left, right)
    lines = [Line(f"{tex(poly.as_expr())} = 0", WORDS["standard"])] if as_written else []
    if c == 0:
        roots, more = _common_factor(x, a, b)
    elif sp.simplify(b**2 - 4 * a * c) == 0:
        roots, more = _perfect(x, a, b)
    elif all(k.is_Rational for k in (a, b, c)) and sp.sqrt(b**2 - 4 * a * c).is_Rational:
        roots, more = _factors(x, a, b, c)
    elif a == 1 and b.is_Integer and b % 2 == 0:
        roots, more = _complete(x, b, c)
    else:
        roots, more = _formula(x, a, b, c)
    return Quadratic(roots, [*lines, *more])


def _pure(x: Any, a: Any, c: Any, left: Any, right: Any) -> Quadratic:
    value = sp.simplify(-c / a)
    root = sp.sqrt(value)
    lines = (
        []
        if (left, right) == (x**2, value)
        else [_line(x**2, value, WORDS["isolate"].filled(square=tex(x**2)))]
    )
    if value.is_negative:
        size = tex(sp.sqrt(-value))
        imaginary = "i" if size == "1" else rf"{size}\, i"
        lines.append(Line(rf"{x} = \pm {imaginary}", WORDS["square_negative"].filled(rule="i^2 = -1")))
    else:
        lines.append(Line(rf"{x} = \pm \sqrt{{{tex(value)}}}", WORDS["square_root"].filled(sign=r"\pm")))
        if root.is_Rational or tex(root) != rf"\sqrt{{{tex(value)}}}":
            lines.append(
                Line(
                    _or(x, [-root, root]) if root.is_Rational else rf"{x} = \pm {tex(root)}",
                    WORDS["simplify"],
                )
            )
    return Quadratic([-root, root], lines)


def _common_factor(x: Any, a: Any, b: Any) -> tuple[list[Any], list[Line]]:
    if b == 0:
        lines = [] if a == 1 else [_line(x**2, 0, WORDS["isolate"].filled(square=tex(x**2)))]
        return [sp.Integer(0)], [*lines, _line(x, 0, WORDS["square_zero"])]
    other = sp.simplify(-b / a)
    lines = [
        Line(rf"{x} \left({tex(a * x + b)}\right) = 0", WORDS["common"].filled(factor=tex(x))),
        Line(OR_TEX.join((f"{x} = 0", f"{tex(a * x + b)} = 0")), WORDS["zero_product"]),
    ]
    lines.append(Line(_or(x, [sp.Integer(0), other]), WORDS["solve_each"]))
    return [sp.Integer(0), other], lines


def _perfect(x: Any, a: Any, b: Any) -> tuple[list[Any], list[Line]]:
    root = sp.simplify(-b / (2 * a))
    inner = x - root if a == 1 or not sp.sqrt(a).is_Rational else sp.expand(sp.sqrt(a) * (x - root))
    scale = "" if a == 1 or sp.sqrt(a).is_Rational else tex(a)
    return [root], [
        Line(rf"{scale} \left({tex(inner)}\right)^{{2}} = 0".strip(), WORDS["perfect"]),
        _line(x, root, WORDS["square_zero"]),
    ]


def _factors(x: Any, a: Any, b: Any, c: Any) -> tuple[list[Any], list[Line]]:
    half = sp.sqrt(b**2 - 4 * a * c)
    roots = sorted([(-b - half) / (2 * a), (-b + half) / (2 * a)])
    first, second = (sp.Poly(x - root, x) for root in roots)
    brackets = [factor.clear_denoms()[1].as_expr() for factor in (first, second)]
    why = WORDS["factors"]
    if a == 1:
        # The numbers in the brackets, the way the brackets show them.
        p, q = (-roots[0], -roots[1])
        why = WORDS["monic"].filled(
            product=rf"{tex_factor(p)} \cdot {tex_factor(q)} = {tex(c)}",
            sum=f"{tex_factor(p)} + {tex_factor(q)} = {tex(b)}",
        )
    product = "".join(rf"\left({tex(bracket)}\right)" for bracket in brackets)
    halves = OR_TEX.join(f"{tex(bracket)} = 0" for bracket in brackets)
    return roots, [
        Line(f"{product} = 0", why),
        Line(halves, WORDS["zero_product"]),
        Line(_or(x, roots), WORDS["solve_each"]),
    ]


def _complete(x: Any, b: Any, c: Any) -> tuple[list[Any], list[Line]]:
    half = b / 2
    square = sp.expand(half**2 - c)
    root = sp.sqrt(square)
    lines = [
        Line(
            f"{tex(x**2 + b * x)} = {tex(-c)}", WORDS["subtract" if c > 0 else "add"].filled(term=tex(abs(c)))
        ),
        Line(
            rf"\left({tex(x + half)}\right)^{{2}} = {tex(square)}",
            WORDS["complete"].filled(square=tex(half**2)),
        ),
    ]
    if square.is_negative:
        return _conjugates(
            x, -half, sp.sqrt(-square), lines, WORDS["square_negative"].filled(rule="i^2 = -1")
        )
    lines.append(Line(rf"{tex(x + half)} = \pm {tex(root)}", WORDS["square_root"].filled(sign=r"\pm")))
    moved = WORDS["subtract" if half > 0 else "add"].filled(term=tex(abs(half)))
    lines.append(Line(rf"{x} = {tex(-half)} \pm {tex(root)}", moved))
    return [-half - root, -half + root], lines


def _formula(x: Any, a: Any, b: Any, c: Any) -> tuple[list[Any], list[Line]]:
    inside = sp.simplify(b**2 - 4 * a * c)
    minus_b = tex(-b)
    general = (
        rf"{x} = "
        rf"\frac{{{minus_b} \pm "
        rf"\sqrt{{{tex_factor(b)}^{{2}} - 4 \cdot {tex_factor(a)} \cdot {tex_factor(c)}}}}}"
        rf"{{2 \cdot {tex_factor(a)}}}"
    )
    lines = [
        Line(general, WORDS["formula"].filled(numbers=_numbers(a, b, c))),
        Line(
            rf"{x} = \frac{{{minus_b} \pm \sqrt{{{tex(inside)}}}}}{{{tex(2 * a)}}}",
            WORDS["negative" if inside.is_negative else "discriminant"].filled(value=tex(inside)),
        ),
    ]
    middle = sp.simplify(-b / (2 * a))
    if inside.is_negative:
        return _conjugates(x, middle, sp.sqrt(-inside) / (2 * a), lines, WORDS["simplify"])
    root = sp.sqrt(inside)
    roots = [sp.radsimp(sp.simplify((-b - root) / (2 * a))), sp.radsimp(sp.simplify((-b + root) / (2 * a)))]
    if not sp.sqrt(inside).is_Pow or sp.gcd(sp.Integer(2), b) != 1:
        lines.append(Line(f"{x} = {conjugates(*roots)}", WORDS["simplify"]))
    return roots, lines


def conjugates(first: Any, second: Any) -> str:
    """LaTeX of two roots that differ in one sign, over one denominator: ``\\frac{-1 \\pm \\sqrt{22}}{3}``."""
    middle, size = sp.simplify((first + second) / 2), sp.simplify((second - first) / 2)
    if size.is_imaginary:
        above = "i" if size == sp.I else rf"{tex(size / sp.I)}\, i"
        return f"{'' if middle == 0 else tex(middle) + ' '}\\pm {above}"
    if middle == 0:
        return rf"\pm {tex(size)}"
    below = sp.lcm(sp.fraction(sp.together(middle))[1], sp.fraction(sp.together(size))[1])
    if below == 1 or not below.is_Integer:
        return rf"{tex(middle)} \pm {tex(size)}"
    return (
        rf"\frac{{{tex(sp.simplify(middle * below))} \pm {tex(sp.simplify(size * below))}}}{{{tex(below)}}}"
    )


def _conjugates(x: Any, middle: Any, size: Any, lines: list[Line], why: str) -> tuple[list[Any], list[Line]]:
    size = sp.simplify(size)
    start = "" if middle == 0 else f"{tex(middle)} "
    imaginary = "i" if size == 1 else rf"{tex(size)}\, i"
    shown = Line(rf"{x} = {start}\pm {imaginary}", why)
    return [middle - size * sp.I, middle + size * sp.I], [*lines, shown]


def _numbers(a: Any, b: Any, c: Any) -> str:
    return rf"a = {tex(a)},\; b = {tex(b)},\; c = {tex(c)}"


def _line(left: Any, right: Any, why: str) -> Line:
    return Line(f"{tex(left)} = {tex(right)}", why)


def _or(x: Any, roots: list[Any]) -> str:
    return OR_TEX.join(f"{x} = {tex(root)}" for root in roots)
