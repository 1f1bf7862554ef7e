"""Emoji around a problem say how somebody feels; emoji inside it may be what is asked for."""

from __future__ import annotations

import pytest
from botcore_solver.outcome import Abstained
from botcore_solver.reading.decoration import undecorated
from botcore_solver.solve import understand
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("2x + 3 = 7 🙂", "2x + 3 = 7"),
        ("2x=4😀😀", "2x=4"),
        ("solve x^2 = 4 🙏🏽 ✨", "solve x^2 = 4"),
        ("✏️ solve 2x=4", "solve 2x=4"),
        ("😀 2x = 4 ❤️👍🏿", "2x = 4"),
        ("plot y = x^2 👩", "plot y = x^2 👩"),
    ],
)
def test_emoji_at_the_ends_go(text: str, bare: str) -> None:
    assert undecorated(text) == bare


@pytest.mark.parametrize(
    "text",
    [
        "🍎 + 3 = 5",
        "5 + 3 🍎",
        "x + 2 = 😀",
        "x + 2 =   😀😀",
        "😀 + 2 = 4",
        "😀😀 - 2 = 4",
        "3 * (😀",
        "30°",
        "5!",
    ],
)
def test_what_may_belong_to_the_formula_stays(text: str) -> None:
    assert undecorated(text) == text


@pytest.mark.parametrize("text", ["x + 2 = 😀", "🍎 + 3 = 5", "5 + 3 🍎", "🙂", "😀😀 - 2 = 4"])
def test_a_problem_about_emoji_is_left_to_others(text: str) -> None:
    with pytest.raises(Abstained):
        understand(text)


def test_a_friendly_problem_is_the_same_problem() -> None:
    assert understand("🤓 solve 2x + 3 = 7 🙏🏽🙂") == understand("solve 2x + 3 = 7")


@given(st.text(alphabet="x2=+ 😀🍎✨\ufe0f\u200d", max_size=40))
def test_only_the_ends_are_touched(text: str) -> None:
    assert undecorated(text) in text
