"""Two linear equations in two unknowns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from botcore_solver import answers, verify
from botcore_solver.build import build
from botcore_solver.explain.typeset import code, plain, tex
from botcore_solver.explain.written import written
from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained, Solution, Status
from botcore_solver.reading.peel import peel, words
from botcore_solver.reading.phrases import equation, without_method
from botcore_solver.reading.sentence import Sentence
from botcore_solver.reading.syntax import Node, functions, variables
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.scenes.beats import Beat, Function, Line, OpenGraph, Point, Say, Segment
from botcore_solver.scenes.window import number, pair, span
from botcore_solver.wording import NO_SOLUTION, Said, sentence

WORDS = {
    "title": sentence("Solve the system of equations"),
    "graph": sentence("Each equation is a line. They meet in one point."),
    "parallel": sentence("The two lines are parallel and never meet."),
    "same": sentence("Both equations describe the same line."),
    "standard": sentence("Unknowns left, numbers right."),
    "isolate_first": sentence("Solve the first equation for ${name}$."),
    "isolate_second": sentence("Solve the second equation for ${name}$."),
    "substitute_first": sentence("Put it into the first equation."),
    "substitute_second": sentence("Put it into the second equation."),
    "scale": sentence("Multiply, to match the ${name}$."),
    "times": sentence("Multiply the first equation by ${factor}$."),
    "equal": sentence("Compare the left sides: they are equal."),
    "add": sentence("Add them: ${name}$ is gone."),
    "subtract": sentence("Subtract them: ${name}$ is gone."),
    "divide": sentence("Solve this for ${name}$."),
    "back": sentence("Put ${known}$ in to find ${name}$."),
    "false": sentence("Subtract: this is never true."),
    "true": sentence("Subtract: this is always true."),
    "checked": sentence("Checked in both equations."),
    "none": sentence("No pair of numbers fits both."),
    "many": sentence("Infinitely many: one for each number ${t}$."),
    "text_none": sentence("No solution: the lines are parallel"),
    "text_many": sentence("Infinitely many solutions: {pair}, for every real number {t}"),
}

_HEAD = words(
    "intersection intersect point points line lines do where solve find determine calculate "
    "compute get give me what what's are is the this these following given linear simultaneous "
    "system systems pair set of two 2 equations equation unknowns variables values value solution "
    "solutions to for in if when such that knowing and let both all by using with simple work out"
)
_TAIL = words(
    "meet intersect cross for find solve what what's are is the values value of and then in "
    "determine compute get solution simultaneously"
)
_ASKERS = words("for of find is are what unknowns variables determine calculate compute get value values")
_STRONG = re.compile(r"\s*(?:;|\n|&|\band\b|\bwith\b|\bwhere\b)\s*(?:\band\b)?\s*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SystemProblem:
    equations: tuple[tuple[Node, Node], tuple[Node, Node]]
    unknowns: tuple[str, str]


@dataclass(frozen=True, slots=True)
class _System:
    """``a·x + b·y = c`` for each row (a, b, c) of ``rows``."""

    problem: SystemProblem
    x: Any
    y: Any
    rows: tuple[tuple[Any, Any, Any], ...]
    sides: tuple[tuple[Any, Any], ...]


class System:
    kind = "system"
    title: str = WORDS["title"]
    examples: tuple[str, ...] = (sentence("solve x + y = 5, x - y = 1"), "solve 2x + 3y = 7 and 4x - y = 0")
    topics: tuple[str, ...] = ("system", "simultaneous", "equations", "unknowns")

    def read(self, given: Sentence) -> SystemProblem | None:
        if given.text.count("=") < 2 or set("<>") & set(given.text):
            return None
        parts = peel(without_method(given.text), _HEAD, _TAIL, _ASKERS)
        pieces = _split(parts.rest)
        if pieces is None:
            return None
        first, second = (equation(piece) for piece in pieces)
        names = variables(*first, *second)
        if len(names) != 2 or not set(parts.asked) <= set(names):
            raise Unreadable(_unfit(names))
        return SystemProblem((first, second), (names[0], names[1]))

    def task(self, problem: SystemProblem) -> str:
        return r", \quad ".join(f"{written(left)} = {written(right)}" for left, right in problem.equations)

    def solve(self, problem: SystemProblem) -> Solution:
        if functions(*problem.equations[0], *problem.equations[1]) - {"sqrt"}:
            raise Abstained(_LIMITS)
        x, y = (sp.Symbol(name, real=True) for name in problem.unknowns)
        sides = tuple((build(left), build(right)) for left, right in problem.equations)
        rows = tuple(_row(left - right, x, y) for left, right in sides)
        system = _System(problem, x, y, rows, sides)
        (a, b, _), (d, e, _) = rows
        if verify.is_zero(a * e - b * d):
            return _dependent(system)
        return _unique(system)


_WHICH = ("first", "second")
_LIMITS = sentence("So far I solve systems of two linear equations.")


def _split(text: str) -> tuple[str, str] | None:
    """The two equations; a comma separates only where nothing stronger does."""
    text = text.strip().strip("{}").strip()
    for pieces in (_STRONG.split(text), text.split(","), re.split(r",\s", text)):
        whole = [piece.strip(" ,{}") for piece in pieces if piece.strip(" ,{}")]
        if len(whole) == 2 and all(piece.count("=") == 1 for piece in whole):
            return whole[0], whole[1]
        if len(whole) > 2 and all(piece.count("=") == 1 for piece in whole):
            raise Unreadable(sentence("I solve two equations with two unknowns so far."))
    return None


def _unfit(names: list[str]) -> Said:
    if not names:
        return sentence("I solve two equations with two unknowns; I read no unknown.")
    return sentence("I solve two equations with two unknowns; I read the unknowns {names}.").filled(
        names=", ".join(names)
    )


def _row(difference: Any, x: Any, y: Any) -> tuple[Any, Any, Any]:
    expanded = sp.expand(difference)
    if not expanded.is_polynomial(x, y) or sp.Poly(expanded, x, y).total_degree() > 1:
        raise Abstained(_LIMITS)
    poly = sp.Poly(expanded, x, y)
    row = (poly.coeff_monomial(x), poly.coeff_monomial(y), -poly.coeff_monomial(1))
    if row[0] == 0 and row[1] == 0:
        raise Abstained(sentence("One of the two equations has no unknown in it."))
    scale = sp.lcm_list([sp.fraction(value)[1] for value in row]) if all(v.is_Rational for v in row) else 1
    return row[0] * scale, row[1] * scale, row[2] * scale


def _unique(s: _System) -> Solution:
    (a, b, c), (d, e, f) = s.rows
    determinant = a * e - b * d
    values = (sp.simplify((c * e - b * f) / determinant), sp.simplify((a * f - c * d) / determinant))
    for left, right in s.sides:
        verify.require(verify.is_zero((left - right).subs({s.x: values[0], s.y: values[1]})))
    x, y = s.problem.unknowns
    script: list[Beat] = [Say(WORDS["graph"]), *_graph(s, values), *_derivation(s, values)]
    script.append(
        Point(
            code(values[0]),
            code(values[1]),
            rf"\left({tex(values[0])},\; {tex(values[1])}\right)",
            guides=True,
        )
    )
    return Solution(
        kind=System.kind,
        status=Status.ANSWERED,
        title=WORDS["title"],
        task=System().task(s.problem),
        answer=answers.in_order(values),
        answer_text=f"{x} = {plain(values[0])}, {y} = {plain(values[1])}",
        answer_tex=rf"{x} = {tex(values[0])}, \quad {y} = {tex(values[1])}",
        closing=WORDS["checked"],
        script=tuple(script),
    )


def _derivation(s: _System, values: tuple[Any, Any]) -> Iterator[Line]:
    if any(tex(left) != tex(_left(s, row)) for (left, _), row in zip(s.sides, s.rows, strict=True)):
        yield Line(_cases(*(_equality(_left(s, row), row[2]) for row in s.rows)), WORDS["standard"])
    unit = next(((i, j) for j in (1, 0) for i in (0, 1) if abs(s.rows[i][j]) == 1), None)
    names, symbols = s.problem.unknowns, (s.x, s.y)
    if unit is not None and s.rows[1 - unit[0]][unit[1]] != 0:
        i, gone = unit
        kept = 1 - gone
        isolated = sp.expand((s.rows[i][2] - s.rows[i][kept] * symbols[kept]) / s.rows[i][gone])
        yield Line(_equality(symbols[gone], isolated), WORDS[f"isolate_{_WHICH[i]}"].filled(name=names[gone]))
        other = s.rows[1 - i]
        yield Line(_put_in(other, symbols, gone, isolated), WORDS[f"substitute_{_WHICH[1 - i]}"])
    elif unit is not None:
        i, gone = unit
        kept = 1 - gone
        isolated = sp.expand((s.rows[i][2] - s.rows[i][kept] * symbols[kept]) / s.rows[i][gone])
    else:
        gone = _cheapest(s)
        yield from _elimination(s, gone)
        kept = 1 - gone
    yield Line(_equality(symbols[kept], values[kept]), WORDS["divide"].filled(name=names[kept]))
    known = _equality(symbols[kept], values[kept])
    yield Line(_equality(symbols[gone], values[gone]), WORDS["back"].filled(known=known, name=names[gone]))


def _cheapest(s: _System) -> int:
    """The index of the unknown that is easiest to get rid of."""
    absent = next((j for j in (0, 1) if s.rows[0][j] == 0 or s.rows[1][j] == 0), None)
    return min((0, 1), key=lambda j: int(abs(_common(s, j)))) if absent is None else absent


def _common(s: _System, j: int) -> Any:
    """What both numbers of an unknown become: their least common multiple, or their product."""
    first, second = s.rows[0][j], s.rows[1][j]
    return sp.lcm(first, second) if first.is_Integer and second.is_Integer else first * second


def _elimination(s: _System, gone: int) -> Iterator[Line]:
    """Make the numbers of one unknown equal and subtract; nothing to do where one of them is missing."""
    symbols, names = (s.x, s.y), s.problem.unknowns
    if s.rows[0][gone] == 0 or s.rows[1][gone] == 0:
        return
    common = abs(_common(s, gone))
    scaled = [tuple(value * common / abs(row[gone]) for value in row) for row in s.rows]
    if any(tuple(row) != tuple(new) for row, new in zip(s.rows, scaled, strict=True)):
        lines = (_equality(_left(s, row), row[2]) for row in scaled)
        yield Line(_cases(*lines), WORDS["scale"].filled(name=names[gone]))
    kept = 1 - gone
    sign = -1 if scaled[0][gone] == scaled[1][gone] else 1
    left = (scaled[0][kept] + sign * scaled[1][kept]) * symbols[kept]
    why = WORDS["subtract" if sign < 0 else "add"].filled(name=names[gone])
    yield Line(_equality(left, scaled[0][2] + sign * scaled[1][2]), why)


def _put_in(row: tuple[Any, Any, Any], symbols: tuple[Any, Any], gone: int, isolated: Any) -> str:
    """The other equation with the bracket put in, before it is multiplied out."""
    kept = 1 - gone
    factor = {1: "", -1: "-"}.get(row[gone], tex(row[gone]))
    bracket = rf"\left({tex(isolated)}\right)"
    if row[kept] == 0:
        return f"{factor}{bracket} = {tex(row[2])}"
    join = f"+ {factor}" if row[gone] > 0 else f"- {factor[1:]}"
    return f"{tex(row[kept] * symbols[kept])} {join}{bracket} = {tex(row[2])}"


def _dependent(s: _System) -> Solution:
    (a, b, c), (d, e, f) = s.rows
    consistent = verify.is_zero(a * f - c * d) and verify.is_zero(b * f - c * e)
    factor = d / a if a != 0 else e / b
    script: list[Beat] = [
        Say(WORDS["same" if consistent else "parallel"]),
        *_graph(s, None),
        Line(
            _cases(
                *(
                    _equality(_left(s, row), row[2])
                    for row in ((a * factor, b * factor, c * factor), (d, e, f))
                )
            ),
            WORDS["equal" if factor == 1 else "times"].filled(factor=tex(factor)),
        ),
        Line(f"0 = {tex(sp.simplify(c * factor - f))}", WORDS["true" if consistent else "false"]),
    ]
    return _infinitely_many(s, script) if consistent else _no_solution(s, script)


def _no_solution(s: _System, script: list[Beat]) -> Solution:
    verify.require(sp.Matrix([list(row) for row in s.rows]).rank() == 2)
    return Solution(
        kind=System.kind,
        status=Status.NO_SOLUTION,
        title=WORDS["title"],
        task=System().task(s.problem),
        answer="EmptySet",
        answer_text=WORDS["text_none"],
        answer_tex=rf"\text{{{NO_SOLUTION}}}",
        closing=WORDS["none"],
        script=tuple(script),
    )


def _infinitely_many(s: _System, script: list[Beat]) -> Solution:
    name = next(letter for letter in ("t", "s", "k") if letter not in s.problem.unknowns)
    t = sp.Symbol(name, real=True)
    a, b, c = s.rows[0]
    values = (t, sp.expand((c - a * t) / b)) if b != 0 else (sp.expand(c / a), t)
    for left, right in s.sides:
        verify.require(
            all(
                verify.is_zero((left - right).subs({s.x: values[0], s.y: values[1]}).subs(t, k))
                for k in (-3, 0, 7)
            )
        )
    x, y = s.problem.unknowns
    return Solution(
        kind=System.kind,
        status=Status.ANSWERED,
        title=WORDS["title"],
        task=System().task(s.problem),
        answer=answers.in_order(values),
        answer_text=WORDS["text_many"].filled(
            pair=f"{x} = {plain(values[0])}, {y} = {plain(values[1])}", t=name
        ),
        answer_tex=rf"{x} = {tex(values[0])}, \quad {y} = {tex(values[1])}",
        closing=WORDS["many"].filled(t=name),
        script=tuple(script),
    )


def _graph(s: _System, values: tuple[Any, Any] | None) -> Iterator[Beat]:
    """Both lines; an upright one is a segment, because it is no function."""
    centre = [float(value) for value in values] if values else [0.0, 0.0]
    reach = [0.0] if values else [0.0, *(float(row[2] / row[0]) for row in s.rows if row[0] != 0)]
    heights = [0.0] if values else [0.0, *(float(row[2] / row[1]) for row in s.rows if row[1] != 0)]
    across, up = span([*reach, centre[0]], 0.6, 6), span([*heights, centre[1]], 0.6, 6)
    x = sp.Symbol("x", real=True)
    curves = [
        Function(code(sp.expand((c - a * x) / b)), tex(sp.Eq(_left(s, (a, b, c)), c)))
        for a, b, c in s.rows
        if b != 0
    ]
    yield OpenGraph(tuple(curves), pair(across), pair(up))
    for a, b, c in s.rows:
        if b == 0:
            yield Segment((code(c / a), number(up[0])), (code(c / a), number(up[1])))


def _left(s: _System, row: tuple[Any, Any, Any]) -> Any:
    return row[0] * s.x + row[1] * s.y


def _equality(left: Any, right: Any) -> str:
    return f"{tex(left)} = {tex(right)}"


def _cases(first: str, second: str) -> str:
    return rf"\begin{{cases}} {first} \\ {second} \end{{cases}}"
