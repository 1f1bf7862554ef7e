"""From a model's answer to a source."""

from __future__ import annotations

import pytest
from botcore_manim.prompt.patches import PatchFailed
from botcore_manim.prompt.reading import AnswerReader, NothingToDraw, stated_answer

from botcore.errors import BotcoreError, SourceError
from botcore.model import Source

CODE = """\
# answer: {2, 3}
from manim import *


class Demo(Scene):
    def construct(self):
        self.play(Create(Circle()))
"""
DRAFT = Source("manim", CODE, problem="x^2 - 5x + 6 = 0", user_language="es")
NEW = Source("manim", "", problem="x^2 - 5x + 6 = 0", user_language="es")


def test_the_program_keeps_the_problem_and_the_language() -> None:
    source = AnswerReader(NEW)(f"```python\n{CODE}```")
    assert source.code.strip() == CODE.strip()
    assert (source.problem, source.user_language, source.language) == ("x^2 - 5x + 6 = 0", "es", "manim")
    assert not source.checked


def test_the_stated_answer_is_read() -> None:
    assert AnswerReader(NEW)(f"```python\n{CODE}```").answer == "{2, 3}"


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        ("# answer: none\n", None),
        ("# Answer:  [3, -1]  \n", "[3, -1]"),
        ("x = 1\n", None),
        ("# answer:\n", None),
        ("# answer: " + "1" * 501, None),
    ],
)
def test_an_answer_is_stated_in_a_comment_or_not_at_all(code: str, answer: str | None) -> None:
    assert stated_answer(code) == answer


def test_a_refusal_carries_the_models_advice_in_one_bounded_line() -> None:
    with pytest.raises(NothingToDraw) as caught:
        AnswerReader(NEW)(f"REFUSED: Envía un problema de matemáticas. {'x' * 1000}\nclass A(Scene): ...")
    advice = str(caught.value.params["advice"])
    assert advice.startswith("Envía")
    assert len(advice) <= 300


@pytest.mark.parametrize("answer", ["", "I am sorry.", "<html><body>502 Bad Gateway</body></html>"])
def test_an_answer_without_a_program_is_an_error_of_the_source(answer: str) -> None:
    with pytest.raises(SourceError):
        AnswerReader(NEW)(answer)


def test_a_change_is_made_in_the_program_that_the_model_was_shown() -> None:
    old, new = "        self.play(Create(Circle()))", "        self.play(Create(Square()))"
    change = f"<<<<<<< SEARCH\n{old}\n=======\n{new}\n>>>>>>> REPLACE"
    assert AnswerReader(DRAFT, patches=True)(change).code == CODE.replace("Circle", "Square")


def test_a_change_with_windows_line_ends_is_made() -> None:
    change = "<<<<<<< SEARCH\r\nself.play(Create(Circle()))\r\n=======\r\nself.wait()\r\n>>>>>>> REPLACE\r\n"
    assert "        self.wait()" in AnswerReader(DRAFT, patches=True)(change).code


def test_a_change_that_fits_nowhere_goes_back_to_the_model() -> None:
    with pytest.raises(PatchFailed) as caught:
        AnswerReader(DRAFT, patches=True)("<<<<<<< SEARCH\nnot there\n=======\nx\n>>>>>>> REPLACE\n")
    assert isinstance(caught.value, BotcoreError)
    assert caught.value.handling.value == "fail_over"


def test_a_whole_program_may_be_sent_where_a_change_was_asked_for() -> None:
    whole = CODE.replace("Circle", "Square")
    assert AnswerReader(DRAFT, patches=True)(f"```python\n{whole}```").code.strip() == whole.strip()
