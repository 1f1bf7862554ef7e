"""Derivatives of functions of one variable, with a tangent that moves along the curve."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botcore_solver import answers, verify
from botcore_solver.build import build
from botcore_solver.explain.differentiate import Derivation
from botcore_solver.explain.typeset import code, plain, tex
from botcore_solver.explain.written import written
from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained, Solution, Status, Undefined
from botcore_solver.reading.bounds import bound
from botcore_solver.reading.parser import parse
from botcore_solver.reading.phrases import LETTER, bare, first, pattern, the_variable
from botcore_solver.reading.sentence import Sentence
from botcore_solver.reading.syntax import Call, Node, walk
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.scenes.beats import Beat, Function, Line, OpenGraph, Point, Say, Tangent
from botcore_solver.scenes.curve import glide, safe, view
from botcore_solver.scenes.window import number, pair
from botcore_solver.wording import sentence

WORDS = {
    "title": sentence("Find the derivative"),
    "title_at": sentence("Find the slope at ${point}$"),
    "graph": sentence("The derivative is the slope of the curve."),
    "tangent": sentence("The tangent's slope changes along the curve."),
    "simplify": sentence("Simplify."),
    "again": sentence("Differentiate once more."),
    "put_in": sentence("Put ${point}$ into the derivative."),
    "checked": sentence("Checked numerically."),
    "tangent_at": sentence("At ${point}$ the tangent has this slope."),
}

_OF = r"(?: of| for| to|:)?(?: the)?(?: following| given)?(?: function| expression| curve| equation)?\s*:?"
_BY = rf"(?:[ ,]+(?:with respect to|wrt|w\.r\.t\.?|in terms of|by|for|in) (?P<v>{LETTER}))?"
_AT = (
    rf"(?:[ ,]+(?:(?:and )?(?:evaluate(?:d)?|calculate(?:d)?) )?(?:at|when|for|where|"
    rf"if)(?: the)?(?: point)?(?: where)? "
    rf"(?:(?P<p>{LETTER})\s*=\s*)?(?P<at>-?(?:[^=,;]|(?<=\d),(?=\d)){{1,40}}?))?"
)
_ORDINAL = r"(?:(?P<n>first|second|third|fourth|1st|2nd|3rd|4th) )?"
_Y = r"(?:y|[fgh]\s*(?:\(\s*[A-Za-z]\s*\))?)"
_PATTERNS = tuple(
    pattern(text)
    for text in (
        (
            rf"(?:ASK )?(?:(?:the|its|a) )?{_ORDINAL}(?:partial )?(?:derivative|differential "
            rf"coefficient|differentiation){_OF} (?P<m>.+?){_BY}{_AT}"
        ),
        rf"(?:take|do|compute|find) (?:the )?{_ORDINAL}derivative{_OF} (?P<m>.+?){_BY}{_AT}",
        rf"(?:differentiate|derive|derivate){_OF} (?P<m>.+?){_BY}(?: (?P<times>twice))?{_AT}",
        rf"(?:ASK )?d\s*/\s*d(?P<v>[a-z])(?:\s+of)?\s*(?P<m>[^a-z].*|[a-z].*?){_AT}",
        rf"(?:ASK )?\(\(d\)/\(d(?P<v>[a-z])\)\)\s*(?P<m>.+?){_AT}",
        rf"(?:ASK )?d\^\(?(?P<n>[234])\)?\s*/\s*d(?P<v>[a-z])\^\(?(?P=n)\)?\s*(?P<m>.+?){_AT}",
        (
            rf"(?:ASK )?dy\s*/\s*d(?P<v>[a-z])(?: (?:if|of|for|when|where|given|given "
            rf"that))?\s*:?,? (?P<m>y\s*=.+?){_AT}"
        ),
        (
            rf"(?:if |given (?:that )?|let |for )?(?P<m>{_Y}\s*=.+?)[\s,;.]+(?:then )?(?:ASK |"
            rf"what's )?(?:dy\s*/\s*d(?P<v>[a-z])|"
            rf"(?P<n>[yfgh]'{{1,4}})(?:\s*\(\s*(?P<at>[^()=]{{1,20}})\s*\))?|the derivative)"
        ),
        (
            rf"(?:ASK )?(?P<n>[yfgh]'{{1,4}})(?:\s*\(\s*(?P<at>[^()=]{{1,20}})\s*\))?(?: (?:if|"
            rf"of|for|when|where|given|given that))?\s*:?,? (?P<m>{_Y}\s*=.+?)"
        ),
        (
            rf"(?:ASK )?(?:the )?(?:slope|gradient|steepness)(?: of the (?:tangent|tangent "
            rf"line))?(?: line)?(?: to| of)?(?: the)?(?: curve| graph| function)?(?: of)? "
            rf"(?P<m>.+?){_AT}"
        ),
        rf"(?:ASK )?(?:the )?(?:instantaneous )?rate of change of (?P<m>.+?){_AT}",
    )
)
_ORDERS = {
    "first": 1,
    "second": 2,
    "third": 3,
    "fourth": 4,
    "1st": 1,
    "2nd": 2,
    "3rd": 3,
    "4th": 4,
    "2": 2,
    "3": 3,
    "4": 4,
}


@dataclass(frozen=True, slots=True)
class DerivativeProblem:
    function: Node
    variable: str
    order: int = 1
    at: Node | None = None


class Derivative:
    kind = "derivative"
    title: str = WORDS["title"]
    examples: tuple[str, ...] = (
        sentence("derivative of x^3 - 3x"),
        "differentiate x^2 sin(x)",
        "slope of x^2 at x = 3",
    )
    topics: tuple[str, ...] = (
        "derivative",
        "differentiate",
        "d/dx",
        "dy/dx",
        "slope",
        "tangent",
        "gradient",
        "derive",
    )

    def read(self, given: Sentence) -> DerivativeProblem | None:
        parts = first(_PATTERNS, given.line)
        if parts is None:
            return None
        slope = re.search(r"slope|gradient|steepness|rate", given.line, re.IGNORECASE) is not None
        declared = re.fullmatch(rf"(?:{_Y})\s*=\s*(.+)", parts["m"], re.IGNORECASE | re.DOTALL)
        argument = re.match(r"[fghy]\s*\(\s*([A-Za-z])\s*\)\s*=", parts["m"])
        node = bare(parse(declared.group(1) if declared else parts["m"]))
        named = parts.get("v") or (argument.group(1) if argument else None)
        variable = the_variable(node, named)
        _refuse_logarithm(node)
        if parts.get("p") not in (None, variable):
            raise Unreadable(
                sentence("The function has the variable {variable}, but you ask for {other}.").filled(
                    variable=variable, other=parts["p"]
                )
            )
        at, asked = parts.get("at"), None
        if at is not None and not (at == variable and "'" in parts.get("n", "")):
            asked = bound(at)
        if slope and asked is None:
            raise Unreadable(sentence("Tell me the point too, for example: slope of x^2 at x = 3."))
        return DerivativeProblem(node, variable, _order(parts), asked)

    def task(self, problem: DerivativeProblem) -> str:
        return _task(problem)

    def solve(self, problem: DerivativeProblem) -> Solution:
        x = sp.Symbol(problem.variable, real=True)
        f = build(problem.function)
        if f.has(sp.oo, sp.zoo, sp.nan, sp.Abs):
            raise Abstained(sentence("I cannot differentiate that."))
        lines, slope = _derivative(f, x, problem.order)
        at = None if problem.at is None else build(problem.at)
        value = None if at is None else _value(f, slope, x, at)
        return _solution(problem, x, f, slope, lines, at, value)


def _order(parts: dict[str, str]) -> int:
    given = parts.get("n", "first")
    if "'" in given:
        return given.count("'")
    return 2 if parts.get("times") else _ORDERS[given.lower()]


def _refuse_logarithm(node: Node) -> None:
    if any(isinstance(part, Call) and part.name == "log" and part.base is None for part in walk(node)):
        raise Unreadable(
            sentence("Does log mean ln or the logarithm to base 10 here? Write ln(x) or log_10(x).")
        )


def _derivative(f: Any, x: Any, order: int) -> tuple[list[Line], Any]:
    lines: list[Line] = []
    current = f
    for turn in range(order):
        derivation = Derivation(x, current, _prime(x, turn + 1))
        raw = derivation.derive(current)
        tidy = _tidy(raw, current, x)
        lines.extend(derivation.lines)
        if tex(tidy) != tex(raw) or "cdot" in derivation.lines[-1].tex.split("=", 1)[-1]:
            lines.append(Line(rf"{_prime(x, turn + 1)} = {tex(tidy)}", WORDS["simplify"]))
        verify.require(verify.is_derivative(tidy, current, x) or (not current.has(x) and tidy == 0))
        current = tidy
    return lines, current


def _tidy(raw: Any, f: Any, x: Any) -> Any:
    if f.is_Add and f.is_polynomial(x):
        return sp.expand(raw)
    forms = [sp.factor(raw) if f.is_polynomial(x) else raw, sp.simplify(raw)]
    return min(forms, key=sp.count_ops)


def _prime(x: Any, order: int) -> str:
    return f"f{chr(39) * order}({tex(x)})"


def _value(f: Any, slope: Any, x: Any, at: Any) -> Any:
    there = f.subs(x, at)
    if there.has(sp.zoo, sp.nan, sp.oo) or there.is_real is False:
        raise Undefined(sentence("the function has no value at that point"))
    value = sp.simplify(slope.subs(x, at))
    if value.has(sp.zoo, sp.nan, sp.oo) or value.is_real is not True:
        raise Undefined(sentence("the function has no derivative at that point"))
    return value


def _solution(
    problem: DerivativeProblem, x: Any, f: Any, slope: Any, lines: list[Line], at: Any, value: Any
) -> Solution:
    point = None if at is None else f"{tex(x)} = {tex(at)}"
    name = _prime(x, problem.order)
    script: list[Beat] = [*_picture(problem, f, x, at), *lines]
    result, text = slope, f"f{chr(39) * problem.order}({x}) = {plain(slope)}"
    answer_tex = f"{name} = {tex(slope)}"
    if point is not None:
        shown = f"f{chr(39) * problem.order}\\left({tex(at)}\\right) = {tex(value)}"
        script.append(Line(shown, WORDS["put_in"].filled(point=point)))
        result, text, answer_tex = value, f"f{chr(39) * problem.order}({plain(at)}) = {plain(value)}", shown
    return Solution(
        kind=Derivative.kind,
        status=Status.ANSWERED,
        title=WORDS["title"] if point is None or problem.order > 1 else WORDS["title_at"].filled(point=point),
        task=_task(problem),
        answer=answers.one(result),
        answer_text=text,
        answer_tex=answer_tex,
        closing=WORDS["checked"],
        script=tuple(script),
    )


def _task(problem: DerivativeProblem) -> str:
    return f"f({problem.variable}) = {written(problem.function)}"


def _picture(problem: DerivativeProblem, f: Any, x: Any, at: Any) -> Iterator[Beat]:
    """The curve and its moving tangent, which comes to rest at the point asked for."""
    curve = safe(sp.lambdify(x, f, "math"))
    slope = sp.diff(f, x)
    place = None if at is None else float(at)
    window = view(curve, [] if place is None else [place])
    way = glide(curve, window, place) or glide(curve, window)
    shown = sp.Symbol("x", real=True)
    yield Say(WORDS["graph"])
    yield OpenGraph(
        (Function(code(f.subs(x, shown)), f"y = {written(problem.function)}"),),
        pair(window.x),
        pair(window.y),
    )
    if way is None:
        return
    yield Say(WORDS["tangent"])
    if place is None:
        yield Tangent(number(way[0]), number(way[1]), code(slope.subs(x, shown)))
        return
    start = way[0] if place - way[0] > way[1] - place else way[1]
    yield Tangent(number(start), code(at), code(slope.subs(x, shown)))
    yield Point(code(at), code(f.subs(x, at)), f"{tex(x)} = {tex(at)}")
    yield Say(WORDS["tangent_at"].filled(point=f"{tex(x)} = {tex(at)}"))
