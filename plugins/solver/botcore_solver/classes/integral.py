"""Definite integrals: rectangles that become an area, and the antiderivative that gives its exact size."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from botcore_solver import answers, verify
from botcore_solver.build import build
from botcore_solver.explain.integrate import Antiderivation
from botcore_solver.explain.typeset import code, decimal, plain, tex
from botcore_solver.explain.written import written
from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained, Solution, Status, Undefined
from botcore_solver.patience import within
from botcore_solver.reading.bounds import bound
from botcore_solver.reading.parser import parse
from botcore_solver.reading.phrases import (
    LETTER,
    bare,
    definition,
    first,
    pattern,
    the_variable,
    trailing_range,
)
from botcore_solver.reading.sentence import Sentence
from botcore_solver.reading.syntax import Binary, Call, Node, walk
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.scenes.beats import Area, Beat, Function, Line, OpenGraph, Riemann, Say
from botcore_solver.scenes.curve import safe, survey
from botcore_solver.scenes.window import around, heights, nice, pair
from botcore_solver.wording import sentence

WORDS = {
    "title": sentence("Find the definite integral"),
    "title_area": sentence("Find the area under the curve"),
    "riemann": sentence("Thinner rectangles come closer to the area."),
    "area": sentence("In the limit they fill it: that is the integral."),
    "signed": sentence("Parts below the axis count as negative."),
    "theorem": sentence("Upper end minus lower end."),
    "values": sentence("Put both ends in."),
    "roots": sentence("Add the areas of the parts."),
    "checked": sentence("Checked numerically."),
    "empty": sentence("Both ends are the same, so there is no area."),
}
_DIVERGES = sentence("the function grows without bound there, and the integral has no finite value")
_PATIENCE_S = 1.0
_READABLE = 12
"""Operations in a number that people still read."""
_GAP = sentence("the function is not defined everywhere between the two ends")

_BOUND = r"-?(?:\([^()]{1,30}\)|\{[^{}]{1,30}\}|[A-Za-z]+(?![A-Za-z(])|\d+(?:[.,]\d+)?)"
_DX = rf"(?:\s*\*?\s*d\s?(?P<v>{LETTER}|(?<=d)[a-z](?![A-Za-z])))"
_VERB = (
    r"(?:ASK |solve )?(?:the )?(?:value of (?:the )?)?(?:definite )?(?:integral|integration|"
    r"integrate)(?: of)?(?: the)?(?: function| curve| expression)?\s*:?"
)
_MIDDLE = tuple(
    pattern(text)
    for text in (
        (
            r"(?:ASK |solve )?(?:the )?(?:value of (?:the )?)?(?:definite )?(?:integral|"
            r"int)?(?: of)?\s*∫\s*_\s*(?P<a>BOUND)\s*\^\s*(?P<b>BOUND)\s*(?P<m>.+)"
        ).replace("BOUND", _BOUND),
        (
            r"(?:ASK |solve )?(?:the )?(?:definite )?(?:integral|"
            r"int)\s*_\s*(?P<a>BOUND)\s*\^\s*(?P<b>BOUND)\s*(?:of )?(?P<m>.+)"
        ).replace("BOUND", _BOUND),
        (
            r"(?:ASK |solve )?(?:the )?(?:definite )?(?:integral|∫)(?: taken)? from "
            r"(?:LETTER\s*=\s*)?(?P<a>[^=]{1,30}?) to (?:LETTER\s*=\s*)?(?P<b>[^=]{1,30}?) "
            r"(?:of )(?:the function )?(?P<m>.+)"
        ).replace("LETTER", LETTER),
        r"(?:ASK |solve )?(?:the )?∫\s*\(?(?P<a>-?[\d.]+) to (?P<b>-?[\d.]+)\)? (?P<m>.+)",
    )
)
_RANGED = pattern(rf"{_VERB} (?P<m>.+)")
_SIGN_RANGED = pattern(r"(?:ASK |solve |integrate )?∫\s*(?P<m>.+)")
_AREA = pattern(
    r"(?:ASK )?(?:the )?(?:exact )?area (?:under|below|beneath|enclosed by|bounded by|"
    r"between|of the region under)(?: the)?(?: curve| graph| function| line| parabola| "
    r"graph of)?(?: of)? (?P<m>.+)"
)
_X_AXIS = re.compile(r"\s*(?:and|to|above|,)?\s+the\s+[xX]\s*-?\s*axis\s*,?", re.IGNORECASE)
_TO = re.compile(r"(?:[ ,]+with respect to (?P<v>[A-Za-z]))", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class IntegralProblem:
    """``area``: the size of the region is asked for, not the signed integral."""

    function: Node
    variable: str
    lower: Node
    upper: Node
    area: bool = False


class Integral:
    kind = "integral"
    title: str = WORDS["title"]
    examples: tuple[str, ...] = (
        sentence("integrate x^2 from 0 to 2"),
        "∫_0^1 (3x + 1) dx",
        "area under sin(x) from 0 to pi",
    )
    topics: tuple[str, ...] = ("integral", "integrate", "∫", "area", "antiderivative")

    def read(self, given: Sentence) -> IntegralProblem | None:
        text = given.line
        if not re.search(r"integra|∫|\bint[_ ]|\barea\b", text, re.IGNORECASE):
            return None
        if parts := first(_MIDDLE, text):
            return self._problem(parts["m"], None, parts["a"], parts["b"], area=False)
        area = False
        parts = first((_SIGN_RANGED, _RANGED), text)
        if parts is None and (parts := first((_AREA,), text)):
            area = True
        if parts is None:
            return None
        formula = _X_AXIS.sub(" ", parts["m"])
        named = _TO.search(formula)
        formula = _TO.sub("", formula)
        ranged = trailing_range(formula)
        if ranged is None:
            raise Unreadable(
                sentence("Tell me from where to where to integrate, for example: integrate x^2 from 0 to 2.")
            )
        m, v, a, b = ranged
        return self._problem(m, v or (named.group("v") if named else None), a, b, area=area)

    @staticmethod
    def _problem(text: str, named: str | None, a: str, b: str, *, area: bool) -> IntegralProblem:
        text, differential = _cut_differential(text)
        if differential and named and differential != named:
            raise Unreadable(
                sentence("It says {differential}, but the bounds are for {variable}.").filled(
                    differential=f"d{differential}", variable=named
                )
            )
        if defined := definition(text):
            named, text = named or defined[0], defined[1]
        node = bare(parse(text))
        if any(isinstance(part, Call) and part.name == "log" and part.base is None for part in walk(node)):
            raise Unreadable(
                sentence("Does log mean ln or the logarithm to base 10 here? Write ln(x) or log_10(x).")
            )
        return IntegralProblem(node, the_variable(node, differential or named), _bound(a), _bound(b), area)

    def task(self, problem: IntegralProblem) -> str:
        return _task(problem)

    def solve(self, problem: IntegralProblem) -> Solution:
        x = sp.Symbol(problem.variable, real=True)
        f = build(problem.function)
        a, b = build(problem.lower), build(problem.upper)
        if f.has(sp.Abs, sp.oo, sp.zoo, sp.nan):
            raise Abstained(sentence("I cannot integrate absolute values or infinity yet."))
        if a.is_infinite or b.is_infinite:
            raise _improper(f, x, a, b)
        _require_defined(f, x, a, b)
        lines, antiderivative = _antiderivative(f, x, a, b)
        value = sp.simplify(antiderivative.subs(x, b) - antiderivative.subs(x, a))
        if value.has(sp.erf, sp.Si, sp.Ci, sp.Ei, sp.li, sp.Integral, sp.fresnels, sp.fresnelc):
            raise Abstained(sentence("That integral has no answer in elementary functions."))
        verify.require(verify.is_integral(value, f, x, a, b))
        crossings = _crossings(f, x, min(a, b), max(a, b))
        if problem.area and (crossings or value.is_negative or bool(a > b)):
            exact = _exactly(crossings, f, x, min(a, b), max(a, b))
            return _area(problem, f, x, antiderivative, lines, exact)
        return _integral(problem, f, x, antiderivative, lines, value, bool(crossings) or bool(value < 0))


def _bound(text: str) -> Node:
    return bound(text.strip().strip("{}"))


def _cut_differential(text: str) -> tuple[str, str | None]:
    """``x^2 dx`` → (``x^2``, ``x``); also ``dx/x`` → (``1/x``, ``x``)."""
    text = text.strip()
    if found := re.fullmatch(r"d\s?([a-z])\s*/\s*(.+)", text):
        return f"1/({found.group(2)})", found.group(1)
    if found := re.fullmatch(r"\(\(d\s?([a-z])\)/\((.+)\)\)", text):
        return f"1/({found.group(2)})", found.group(1)
    if found := re.fullmatch(r"(.*?)(?:\s*\*\s*|\s*)d\s?([a-z])", text, re.DOTALL):
        return found.group(1) or "1", found.group(2)
    return text, None


def _improper(f: Any, x: Any, a: Any, b: Any) -> Exception:
    """Divergent → undefined; convergent improper integrals are not taught here yet."""
    value = sp.integrate(f, (x, a, b))
    if value.is_infinite:
        return Undefined(sentence("the area grows without bound, so the integral diverges"))
    return Abstained(sentence("Integrals up to infinity are beyond me so far. Give me two finite ends."))


def _require_defined(f: Any, x: Any, a: Any, b: Any) -> None:
    """The function must be continuous between the ends; a pole is told from a plain gap."""
    low, high = (a, b) if bool(a <= b) else (b, a)
    domain = sp.calculus.util.continuous_domain(f, x, sp.Interval(low, high))
    if domain == sp.Interval(low, high):
        return
    gaps = sp.Interval(low, high) - domain
    if isinstance(gaps, sp.FiniteSet):
        for gap in gaps:
            for side in ("+", "-"):
                if (gap == low and side == "-") or (gap == high and side == "+"):
                    continue
                _judge_pole(f, x, gap, side)
        raise Abstained(sentence("The function has a gap there. I cannot integrate across a gap yet."))
    raise Undefined(_GAP)


def _judge_pole(f: Any, x: Any, gap: Any, side: str) -> None:
    if not sp.limit(f, x, gap, side).is_infinite:
        return
    whole = sp.integrate(f, x)
    if not whole.has(sp.Integral) and sp.limit(whole, x, gap, side).is_infinite:
        raise Undefined(_DIVERGES)


def _antiderivative(f: Any, x: Any, a: Any, b: Any) -> tuple[list[Line], Any]:
    derivation = Antiderivation(x)
    found = derivation.integrate(f)
    low, high = sorted((float(a), float(b)))
    points = (
        [low + (high - low) * k / 12 for k in range(1, 12)]
        if high > low
        else [low + k / 10 for k in range(1, 12)]
    )
    verify.require(verify.is_derivative(f, found, x, points))
    return derivation.lines, found


def _crossings(f: Any, x: Any, low: Any, high: Any) -> list[float]:
    """Places strictly between the ends where the sign changes, as closely as floating point knows them."""
    curve = safe(sp.lambdify(x, f, "math"))
    found = survey(curve, float(low), float(high)).roots
    inside = [root for root in found if float(low) + 1e-9 < root < float(high) - 1e-9]
    return [root for root in inside if curve(root - 1e-6) * curve(root + 1e-6) < 0]


def _exactly(places: list[float], f: Any, x: Any, low: Any, high: Any) -> list[Any]:
    """The zeros of ``f`` at these places between the ends.

    Raises :class:`Abstained` where they have no form that somebody could read.
    """
    zeros: list[Any] = within(_PATIENCE_S, lambda: _zeros(f, x, low, high), [])
    exact = [next((zero for zero in zeros if abs(float(zero) - place) < 1e-6), None) for place in places]
    if None in exact:
        raise Abstained(sentence("The curve crosses the axis at places that I cannot find exactly."))
    return exact


def _zeros(f: Any, x: Any, low: Any, high: Any) -> list[Any]:
    """Exact zeros; of a polynomial the short ones: the radicals of most cubics and quartics fill a page, and
    SymPy may compare two of them for minutes."""
    if f.is_polynomial(x):
        found = [zero for factor, _ in sp.factor_list(f, x)[1] for zero in sp.roots(factor, x)]
        return [zero for zero in found if zero.count_ops() <= _READABLE and zero.is_real]
    answer = sp.solveset(f, x, sp.Interval(low, high))
    return list(answer) if isinstance(answer, sp.FiniteSet) else []


def _integral(
    problem: IntegralProblem, f: Any, x: Any, antiderivative: Any, lines: list[Line], value: Any, signed: bool
) -> Solution:
    a, b = build(problem.lower), build(problem.upper)
    script: list[Beat] = [
        *_picture(problem, f, x, a, b, signed),
        *lines,
    ]
    script.extend(_evaluation(x, antiderivative, a, b, value))
    return Solution(
        kind=Integral.kind,
        status=Status.ANSWERED,
        title=WORDS["title_area" if problem.area else "title"],
        task=_task(problem),
        answer=answers.one(value),
        answer_text=plain(value) + _about(value).replace(r"\approx", "≈"),
        answer_tex=f"{_task(problem)} = {tex(value)}{_about(value)}",
        closing=WORDS["checked"],
        script=tuple(script),
    )


def _area(
    problem: IntegralProblem, f: Any, x: Any, antiderivative: Any, lines: list[Line], crossings: list[Any]
) -> Solution:
    """The region's size: each part between two crossings counts positive."""
    a, b = sorted((build(problem.lower), build(problem.upper)), key=float)
    ends = [a, *crossings, b]
    parts = [
        sp.simplify(antiderivative.subs(x, high) - antiderivative.subs(x, low))
        for low, high in pairwise(ends)
    ]
    value = sp.simplify(sum(sp.Abs(part) for part in parts))
    verify.require(verify.is_integral(value, sp.Abs(f), x, a, b, crossings))
    shown = " + ".join(rf"\left|{tex(part)}\right|" for part in parts)
    script: list[Beat] = [
        *_picture(problem, f, x, a, b, True),
        *lines,
        Line(f"A = {shown} = {tex(value)}", WORDS["roots"]),
    ]
    return Solution(
        kind=Integral.kind,
        status=Status.ANSWERED,
        title=WORDS["title_area"],
        task=_task(problem),
        answer=answers.one(value),
        answer_text=plain(value) + _about(value).replace(r"\approx", "≈"),
        answer_tex=f"A = {tex(value)}{_about(value)}",
        closing=WORDS["checked"],
        script=tuple(script),
    )


def _evaluation(x: Any, antiderivative: Any, a: Any, b: Any, value: Any) -> Iterator[Line]:
    yield Line(
        rf"\left[{tex(antiderivative)}\right]_{{{tex(a)}}}^{{{tex(b)}}}",
        WORDS["theorem"],
    )
    upper, lower = (sp.simplify(antiderivative.subs(x, end)) for end in (b, a))
    below = tex(lower)
    below = rf"\left({below}\right)" if below.startswith("-") or lower.is_Add else below
    yield Line(f"{tex(upper)} - {below} = {tex(value)}", WORDS["values"])


def _about(value: Any) -> str:
    """``≈ 2.6667`` behind an answer that is no short decimal."""
    if value.is_Integer:
        return ""
    return f" {'=' if sp.Rational(decimal(value)) == value else chr(92) + 'approx'} {decimal(value)}"


def _task(problem: IntegralProblem) -> str:
    node = problem.function
    shown = written(node)
    if isinstance(node, Binary) and node.op in "+-" and not node.mixed:
        shown = rf"\left({shown}\right)"
    return rf"\int_{{{written(problem.lower)}}}^{{{written(problem.upper)}}} {shown}\,d{problem.variable}"


def _picture(problem: IntegralProblem, f: Any, x: Any, a: Any, b: Any, signed: bool) -> Iterator[Beat]:
    low, high = sorted((float(a), float(b)))
    if high == low:
        yield Say(WORDS["empty"])
        return
    air = max((high - low) * 0.3, 0.4)
    curve = safe(sp.lambdify(x, f, "math"))
    across = pair(nice(min(low - air, 0.0 if low < 3 * (high - low) else low - air), high + air))
    if all((end / sp.pi).is_Rational for end in (a, b)):
        # Quarters of pi, so that the axis counts in pi too.
        steps = math.floor((low - air) / math.pi * 4), math.ceil((high + air) / math.pi * 4)
        across = code(steps[0] * sp.pi / 4), code(steps[1] * sp.pi / 4)
    tall = heights(curve, low, high)
    up = around([h for h in tall if abs(h) < 50 * (1 + abs(sorted(tall)[len(tall) // 2]))], cut=0.0)
    shown = sp.Symbol("x", real=True)
    yield OpenGraph(
        (Function(code(f.subs(x, shown)), f"y = {written(problem.function)}"),),
        across,
        pair(up),
    )
    yield Say(WORDS["riemann"])
    first_end, second_end = (code(end) for end in ((a, b) if bool(a < b) else (b, a)))
    yield Riemann(first_end, second_end)
    yield Say(WORDS["area"])
    yield Area(first_end, second_end)
    if signed:
        yield Say(WORDS["signed"])
