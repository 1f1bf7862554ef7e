"""What is not certain is not answered, and the student is told what would work."""

from __future__ import annotations

import pytest
from botcore_solver.outcome import Abstained
from botcore_solver.reading.normalise import MAX_CHARACTERS
from botcore_solver.solve import solve, understand

from botcore.testing.samples import HOSTILE_TEXTS

FOREIGN = [
    "who is the king of France?",
    "prove that sqrt(2) is irrational",
    "what is love",
    "tell me about the number pi",
    "2x + 3y = 5",
    "x^2+y=3, x-y=1",
    "x^3 = 8",
    "sqrt(x) = 3",
    "solve x^2 > 4",
    "factor x^2 - 5x + 6",
    "limit of sin(x)/x as x approaches 0",
    "x+y=3, y+z=4",
    "x + y + z = 3, x - y = 1, y = 2",
    "plot x^2 + y^2 = 1",
    "integrate x^2",
    "integrate e^(-x^2) from 0 to 1",
    "derivative of x^2 y",
    "2+2=4",
]
LEFTOVER_WORDS = [
    "solve x^2 = 4 where x is positive",
    "find the larger root of x^2 - 5x + 6 = 0",
    "find the sum of the roots of x^2 - 5x + 6 = 0",
    "what is 2 + 2 in binary",
    "how many solutions does x^2 = 4 have",
    "derivative of x^2 from first principles",
    "area of a circle with radius 3",
    "derivative of banana",
    "plot my progress",
]
TWO_READINGS = [
    "6/2(1+2)",
    "solve x/2y = 3",
    "plot e^2x",
    "plot x^1/2",
    "plot sin x/2",
    "sin(30)",
    "50 + 10%",
    "square root of 16 + 9",
    "derivative of log x",
    "2e3 + 1",
    "plot √2x",
    "3 4",
    "x2 = 4",
    "plot f(x + 1)",
    "i^2 = x",
    "7 % 3",
]
TOO_BIG = [
    "9**9**9**9",
    "10^10^10",
    "1000!!",
    "2^99999",
    "99999!",
    "9" * 500,
    "solve x^900 = 1",
    "(" * 60 + "x" + ")" * 60,
]


@pytest.mark.parametrize("text", [*FOREIGN, *LEFTOVER_WORDS, *TWO_READINGS, *TOO_BIG])
def test_it_abstains_with_advice(text: str) -> None:
    with pytest.raises(Abstained) as caught:
        solve(text)
    assert len(caught.value.advice) > 15
    assert caught.value.advice.rstrip("”").endswith(".") or caught.value.advice.endswith("”.")


HONEST = "حل المعادلة x + 1 = 2"
"""One of the texts that are hostile to others: here it is a problem."""


@pytest.mark.parametrize(
    "text",
    [
        *(text for text in HOSTILE_TEXTS if text != HONEST),
        "∫" * 300,
        "|" * 300,
        "-" * 400 + "1",
        "sin" * 150,
        "=" * 300,
        "x," * 250,
    ],
)
def test_hostile_text_is_an_abstention_and_nothing_else(text: str) -> None:
    with pytest.raises(Abstained):
        solve(text)


@pytest.mark.parametrize("text", ["x = " + "(" * 20 + "1" + ")" * 20, "1" + "+1" * 100])
def test_odd_but_honest_arithmetic_is_no_attack(text: str) -> None:
    assert solve(text).status == "answered"


def test_a_sentence_that_is_written_from_the_right_is_no_attack() -> None:
    assert HONEST in HOSTILE_TEXTS
    assert solve(HONEST).answer == "{1}"


def test_a_text_over_the_limit_is_refused_before_it_is_read() -> None:
    with pytest.raises(Abstained, match=str(MAX_CHARACTERS)):
        understand("1+" * MAX_CHARACTERS + "1")


@pytest.mark.parametrize(
    ("text", "example"),
    [
        ("integrate the thing", "integrate"),
        ("differentiate it", "derivative"),
        ("plot it all", "plot"),
        ("what is my percentage", "3/4"),
    ],
)
def test_the_example_is_close_to_what_was_asked(text: str, example: str) -> None:
    with pytest.raises(Abstained, match=example):
        understand(text)


@pytest.mark.parametrize(
    "text", ["__import__('os').system('true') = x", "solve x.__class__ = 1", "lambda: 1", "exec('1')"]
)
def test_python_is_not_mathematics(text: str) -> None:
    with pytest.raises(Abstained):
        solve(text)
