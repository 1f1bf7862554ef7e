"""Two ways to write the same answer are the same; others are not taken for it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.evaluation import Result, Verdict, Way, figures_of
from botcore.evaluation.results import same_answer


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("{2, 3}", "{3,2}"),
        ("1/2", "0.5"),
        ("[3, -1]", "[ 3,-1 ]"),
        ("x**3 / 3", "x**3/3"),
        ("{(1, 2), (3, 4)}", "{(3,4),(1,2)}"),
        ("{1/2}", "{0.5, 1/2}"),
    ],
)
def test_the_same_answer_written_differently(first: str, second: str) -> None:
    assert same_answer(first, second)


@pytest.mark.parametrize(
    ("first", "second"), [("{2, 3}", "{2}"), ("[3, -1]", "[-1, 3]"), ("1", "2"), ("{2}", "2"), ("1/0", "1")]
)
def test_different_answers(first: str, second: str) -> None:
    assert not same_answer(first, second)


@given(st.text(alphabet="{}[](),x1/ *", max_size=40))
def test_whatever_a_model_states_is_the_same_as_itself(answer: str) -> None:
    assert same_answer(answer, answer)


def result(way: Way, **more: object) -> Result:
    values: dict[str, object] = {
        "provider": "p",
        "question": "q",
        "verdict": Verdict.UNKNOWN,
        "attempts": 1,
        "fixes": 0,
        "seconds": 2.0,
        "generate_seconds": 1.0,
        "render_seconds": 1.0,
        "input_tokens": 10,
        "output_tokens": 20,
        "cost": 0.5,
    }
    return Result(way=way, **(values | more))  # type: ignore[arg-type]  # test values


def test_figures_count_what_there_is() -> None:
    figures = figures_of(
        [
            result(Way.FIRST_TRY, verdict=Verdict.RIGHT, lint={"layout": 3}),
            result(Way.REPAIRED, verdict=Verdict.WRONG, seconds=9.0),
            result(Way.PLAIN),
            result(Way.FAILED, lint={"layout": 100}),
        ]
    )
    assert (figures.first_try, figures.rendered, figures.plain, figures.failed) == (0.25, 0.5, 0.25, 0.25)
    assert (figures.right, figures.wrong, figures.lint, figures.seconds) == (1, 1, 1.5, 2.0)
    assert (figures.input_tokens, figures.output_tokens, figures.cost) == (40, 80, 2.0)


def test_no_results_are_no_error() -> None:
    assert figures_of([]).rendered == 0.0
