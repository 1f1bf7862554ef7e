"""Arithmetic: whole numbers, fractions, decimals, powers, roots, percent and brackets."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from botcore_solver import answers, verify
from botcore_solver.build import TOO_BIG, build
from botcore_solver.explain.reckon import Reckoning, terminating
from botcore_solver.explain.typeset import decimal, plain, tex
from botcore_solver.explain.written import written
from botcore_solver.lazy import mp, sp
from botcore_solver.outcome import Abstained, Solution, Status
from botcore_solver.reading.names import TRIGONOMETRIC
from botcore_solver.reading.parser import parse
from botcore_solver.reading.phrases import bare, pattern
from botcore_solver.reading.sentence import Sentence
from botcore_solver.reading.syntax import Binary, Call, Const, Group, Node, Num, Unary, variables, walk
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.scenes.beats import Beat, Line, Say
from botcore_solver.wording import sentence

WORDS = {
    "title": sentence("Work it out"),
    "start": sentence("First brackets, then powers, products, sums."),
    "exact": sentence("Simplify what is left."),
    "checked": sentence("Checked by a second calculation."),
}

_OPEN = pattern(
    r"(?:(?:ASK|how much is|how much are|how much|solve|simplify|reduce|convert|add|what "
    r"do you get for|the value of|the result of|the answer to|answer)"
    r"(?: the)?(?: value of| result of| answer to| answer of| following| expression| sum| "
    r"product| fraction| calculation)*(?: the)?(?: following| "
    r"expression)?\s*:?\s+)?(?P<m>.+)"
)
_END = re.compile(r"\s*(?:=|\bis\b|\bmake\b|\bequals?\b)\s*(?:what|how much)?\s*$", re.IGNORECASE)
_PERCENT_OF = (
    (
        re.compile(
            r"(?:what |which )?(?:percent|percentage|%)\s*(?:of|\*) (?P<b>[\d.,]+) is (?P<a>[\d.,]+)",
            re.IGNORECASE,
        ),
        "{a}/{b}",
    ),
    (
        re.compile(
            r"(?:what |which )(?:percent|percentage|%)\s*is (?P<a>[\d.,]+) (?:out )?of (?P<b>[\d.,]+)",
            re.IGNORECASE,
        ),
        "{a}/{b}",
    ),
    (
        re.compile(
            r"(?P<a>[\d.,]+) is (?:what|how many) (?:percent|percentage|%)\s*(?:of|\*) (?P<b>[\d.,]+)",
            re.IGNORECASE,
        ),
        "{a}/{b}",
    ),
)


@dataclass(frozen=True, slots=True)
class ArithmeticProblem:
    """``percent``: the answer is asked for as a percentage."""

    expression: Node
    percent: bool = False


class Arithmetic:
    kind = "arithmetic"
    title: str = WORDS["title"]
    examples: tuple[str, ...] = ("3/4 + 5/6", "what is 15% of 80?", "(2 + 3)^2 - 4 * 5")
    topics: tuple[str, ...] = (
        "calculate",
        "percent",
        "fraction",
        "sum",
        "product",
        "number",
        "plus",
        "times",
        "divided",
    )

    def read(self, given: Sentence) -> ArithmeticProblem | None:
        text = given.line
        for question, quotient in _PERCENT_OF:
            if found := re.fullmatch(
                rf"(?:what is |find |calculate )?{question.pattern}", text, re.IGNORECASE
            ):
                return ArithmeticProblem(bare(parse(quotient.format(**found.groupdict()))), percent=True)
        text = _END.sub("", text)
        found = _OPEN.fullmatch(text)
        if found is None or not re.search(r"\d|pi|\be\b", text) or set("=<>") & set(text):
            return None
        formula = re.sub(r"\b(?:a )?half of\b", "(1/2) *", found.group("m"), flags=re.IGNORECASE)
        formula = (
            re.sub(r"(?<=[\d)])\s+of\s+(?=[\d(])", " * ", formula)
            if re.search(r"\d\s*/\s*\d+\s+of\s", formula)
            else formula
        )
        node = bare(parse(formula))
        if variables(node):
            return None
        _require_arithmetic(node)
        return ArithmeticProblem(node)

    def task(self, problem: ArithmeticProblem) -> str:
        return written(problem.expression)

    def solve(self, problem: ArithmeticProblem) -> Solution:
        raw = build(problem.expression)
        if raw.is_infinite or raw.has(sp.oo):
            raise Abstained(sentence("I cannot calculate with infinity."))
        value = raw if raw.is_Rational else sp.radsimp(sp.simplify(raw))
        if not value.is_real or len(str(value)) > 60:
            raise Abstained(TOO_BIG)
        if value.is_Rational and raw.is_Rational:
            _check_rational(problem.expression, value)
        else:
            shown = mp.mpf(str(sp.N(value, 25)))
            verify.require(
                bool(abs(shown - _second_opinion(problem.expression)) < mp.mpf("1e-12") * (1 + abs(shown)))
            )
        return _solution(problem, value)


def _require_arithmetic(node: Node) -> None:
    """Refuse what is read in two ways: 50 + 10%, and the sine of a plain number."""
    for part in walk(node):
        if (
            isinstance(part, Binary)
            and part.op in "+-"
            and any(isinstance(p, Unary) and p.op == "%" for p in (part.left, part.right))
        ):
            raise Unreadable(
                sentence("A percentage in a sum can mean two things. Write 50 + 10% of 50, for example.")
            )
        if isinstance(part, Call) and part.name in TRIGONOMETRIC and not _clear_angle(part.argument):
            raise Unreadable(sentence("Is that angle in degrees or radians? Write sin(30°) or sin(pi/6)."))


def _clear_angle(node: Node) -> bool:
    marks = any(
        (isinstance(p, Const) and p.name == "pi") or (isinstance(p, Unary) and p.op == "deg")
        for p in walk(node)
    )
    return marks or (isinstance(node, Num) and node.value == 0)


def _check_rational(node: Node, value: Any) -> None:
    """Compute it again in decimals, by another library."""
    with mp.workdps(60):
        second = _second_opinion(node)
        exact = mp.mpf(int(value.p)) / mp.mpf(int(value.q))
        verify.require(bool(abs(second - exact) <= mp.mpf("1e-25") * (1 + abs(exact))))


def _second_opinion(node: Node) -> Any:
    """The value of the tree in mpmath's decimals; shares nothing with the exact way."""
    match node:
        case Num(_, value):
            return mp.mpf(value.numerator) / mp.mpf(value.denominator)
        case Const(name):
            return mp.pi if name == "pi" else mp.e
        case Group(inner):
            return _second_opinion(inner)
        case Unary(op, operand):
            x = _second_opinion(operand)
            return {
                "-": lambda: -x,
                "%": lambda: x / 100,
                "deg": lambda: x * mp.pi / 180,
                "!": lambda: mp.gamma(x + 1),
            }[op]()
        case Binary(op, left, right):
            a, b = _second_opinion(left), _second_opinion(right)
            return {
                "+": lambda: a + b,
                "-": lambda: a - b,
                "*": lambda: a * b,
                "/": lambda: a / b,
                "^": lambda: mp.power(a, b),
            }[op]()
        case Call(name, argument, base):
            return _function(name, _second_opinion(argument), None if base is None else _second_opinion(base))
    raise verify.Unchecked


def _function(name: str, x: Any, base: Any) -> Any:
    if name in ("log", "lg"):
        return mp.log(x, 10 if base is None else base)
    if name == "rootof":
        return mp.root(x, int(base)) if x >= 0 else -mp.root(-x, int(base))
    if name == "cbrt":
        return mp.cbrt(x) if x >= 0 else -mp.cbrt(-x)
    return getattr(mp, {"ln": "log", "abs": "fabs"}.get(name, name))(x)


def _solution(problem: ArithmeticProblem, value: Any) -> Solution:
    task = written(problem.expression)
    script: list[Beat] = [Say(WORDS["start"]), *_lines(problem.expression, value)]
    if len(script) == 1:
        script.append(Line(f"= {tex(value)}", WORDS["exact"]))
    text, shown = plain(value), tex(value)
    if problem.percent:
        percent = value * 100
        text, shown = f"{_short(percent)}%", rf"{tex(percent) if percent.is_Integer else _short(percent)}\%"
        script.append(Line(rf"{tex(value)} = {shown}", ""))
        return _made(task, answers.one(percent), text, rf"{task} = {shown}", script)
    if not value.is_Integer:
        text, shown = text + _about(value, "≈"), shown + _about(value, r"\approx")
    return _made(task, answers.one(value), text, f"{task} = {shown}" if len(task) < 60 else shown, script)


def _made(task: str, answer: str, text: str, shown: str, script: list[Beat]) -> Solution:
    return Solution(
        kind=Arithmetic.kind,
        status=Status.ANSWERED,
        title=WORDS["title"],
        task=task,
        answer=answer,
        answer_text=text,
        answer_tex=shown,
        closing=WORDS["checked"],
        script=tuple(script),
    )


def _lines(node: Node, value: Any) -> Iterator[Line]:
    last = written(node)
    for row in Reckoning(node).rows():
        last = row.tex
        yield Line(f"= {row.tex}", row.why)
    if not value.is_Rational and last != tex(value):
        yield Line(f"= {tex(value)}", WORDS["exact"])


def _about(value: Any, sign: str) -> str:
    if value.is_Rational:
        short = terminating(Fraction(int(value.p), int(value.q)), 6)
        if short:
            return f" = {short}"
    return f" {sign} {decimal(value)}"


def _short(value: Any) -> str:
    exact = terminating(Fraction(int(value.p), int(value.q)), 4)
    return exact or f"{float(value):.2f}"
