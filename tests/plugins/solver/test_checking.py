"""An answer that a model states, against the exact one: right, wrong, and silence in doubt."""

from __future__ import annotations

from contextlib import AsyncExitStack

import pytest
from botcore_solver.checking.validator import AnswerValidator, answer_validator
from botcore_solver.checking.verdict import Verdict, verdict_of
from botcore_solver.settings import SolverConfig
from botcore_solver.solve import solve
from hypothesis import given, settings
from hypothesis import strategies as st

from botcore.model import VERIFIED, Severity, Source

ROOTS = "solve x^2 - 5x + 6 = 0"
SURD = "solve x^2 - 2 = 0"
ONE = "solve 2x + 3 = 11"
NONE = "solve x + 1 = x"
SYSTEM = "solve x + y = 5, x - y = 1"
SLOPE = "derivative of x^2 sin(x)"
AREA = "integrate 1/x from 1 to 2"

RIGHT = [
    (ROOTS, "{2, 3}"),
    (ROOTS, "{3, 2}"),
    (ROOTS, "[2, 3]"),
    (ROOTS, "FiniteSet(2, 3)"),
    (ROOTS, "{2, 3, 2}"),
    (ROOTS, "x = {2, 3}"),
    (ROOTS, "{x = 2, x = 3}"),
    (ROOTS, "{4/2, sqrt(9)}"),
    (ROOTS, "{2.0, 3.0}"),
    (SURD, "{-sqrt(2), sqrt(2)}"),
    (SURD, "{2**(1/2), -2**(1/2)}"),
    (ONE, "4"),
    (ONE, "x = 4"),
    (ONE, "{4}"),
    (ONE, "Rational(8, 2)"),
    (NONE, "EmptySet"),
    (NONE, "{}"),
    (SYSTEM, "[3, 2]"),
    (SYSTEM, "(3, 2)"),
    (SLOPE, "2*x*sin(x) + x**2*cos(x)"),
    (SLOPE, "x*(x*cos(x) + 2*sin(x))"),
    (AREA, "log(2)"),
    ("solve x^2 + 1 = 0", "{-I, I}"),
]
WRONG = [
    (ROOTS, "{2, 4}"),
    (ROOTS, "{2}"),
    (ROOTS, "{1, 2, 3}"),
    (ROOTS, "EmptySet"),
    (ONE, "5"),
    (ONE, "x = -4"),
    (NONE, "{0}"),
    (SYSTEM, "[2, 3]"),
    (SLOPE, "2*x*cos(x)"),
    (AREA, "log(3)"),
    (AREA, "1/2"),
]
SILENT = [
    (ROOTS, "see the video"),
    (ROOTS, "x < 3"),
    (ROOTS, "__import__('os').system('true')"),
    (SURD, "{-1.41, 1.41}"),
    (SURD, "1.414, -1.414"),
    (SYSTEM, "{2, 3}"),
    (AREA, "0.693"),
    (ONE, "9**9**9**9"),
    (ONE, "1/0"),
    (ONE, "Interval(2, 3)"),
    ("solve x^2 + 1 = 0", "EmptySet"),
    (SLOPE, "a*x"),
    ("plot x^2", "x**2"),
]


@pytest.mark.parametrize(
    ("problem", "stated", "verdict"),
    [
        *((*case, Verdict.RIGHT) for case in RIGHT),
        *((*case, Verdict.WRONG) for case in WRONG),
        *((*case, Verdict.UNKNOWN) for case in SILENT),
    ],
)
def test_stated_answers_are_judged(problem: str, stated: str, verdict: Verdict) -> None:
    assert verdict_of(stated, solve(problem)) is verdict


@settings(max_examples=150, deadline=None)
@given(st.text(alphabet="0123456789xyEIeo+-*/^()[]{}.,= sqrtlogSetReals'\"_%!", max_size=40))
def test_no_text_breaks_the_comparison(stated: str) -> None:
    assert verdict_of(stated, solve(ONE)) in set(Verdict)


def source(problem: str | None, answer: str | None, *, checked: bool = False) -> Source:
    return Source("manim", f"# answer: {answer}\n", problem=problem, answer=answer, checked=checked)


async def test_the_validator_says_what_is_right_and_what_would_be() -> None:
    async with answer_validator(SolverConfig()) as validator:
        (right,) = await validator.validate(source(ROOTS, "{2, 3}"))
        assert (right.severity, right.code) == (Severity.NOTE, VERIFIED)
        (wrong,) = await validator.validate(source(ROOTS, "{2, 4}"))
        assert (wrong.severity, wrong.code, wrong.line) == (Severity.ERROR, "answer_wrong", 1)
        assert "the exact answer is {2, 3}" in wrong.message


@pytest.mark.parametrize(
    "silent",
    [
        source(None, "{2, 3}"),
        source(ROOTS, None),
        source(ROOTS, "{7}", checked=True),
        source("why is the sky blue?", "{7}"),
    ],
)
async def test_where_there_is_nothing_to_compare_no_worker_is_started(silent: Source) -> None:
    async with AsyncExitStack() as stack:
        validator = AnswerValidator(stack, 8.0)
        assert await validator.validate(silent) == []
        assert validator.worker is None
