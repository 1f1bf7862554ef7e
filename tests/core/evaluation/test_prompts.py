"""A file of problems is read whole, or refused with the place of its first mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from botcore.evaluation import PromptFileWrong, Question, read_prompts
from botcore.evaluation.prompts import Questions
from botcore.model import Aspect
from botcore.testing.samples import make_request

COMMITTED = Path(__file__).parents[2] / "eval"


def write(folder: Path, text: str) -> Path:
    path = folder / "prompts.toml"
    path.write_text(text, encoding="utf-8", errors="surrogateescape")
    return path


def test_a_question_has_defaults_and_no_white_space_around_it(tmp_path: Path) -> None:
    (one,) = read_prompts(write(tmp_path, '[[prompt]]\nid = "one"\ntext = "  solve 2x = 4\\n"'))
    assert one == Question(id="one", text="solve 2x = 4", language="en", aspect=Aspect.WIDE, answer=None)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("", "prompt"),
        ("prompt = 3", "prompt"),
        ("[[prompt]\n", "line 1"),
        ('[[prompt]]\nid = "One two"\ntext = "x"', "prompt.0.id"),
        ('[[prompt]]\nid = "one"\ntext = " "', "prompt.0.text"),
        ('[[prompt]]\nid = "one"\ntext = "x"\nlanguage = "tlh"', "prompt.0.language"),
        ('[[prompt]]\nid = "one"\ntext = "x"\naspect = "4:3"', "prompt.0.aspect"),
        ('[[prompt]]\nid = "one"\ntext = "x"\nanswers = "3"', "prompt.0.answers"),
        ('[[prompt]]\nid = "one"\ntext = "x"\n[[prompt]]\nid = "one"\ntext = "y"', "id one"),
        ('[[prompt]]\nid = "one"\ntext = "x"\n[[prompt]]\nid = "two"\ntext = "x "', "text of one"),
        ('[[prompt]]\nid = "one"\ntext = "\udcff"', "UTF-8"),
    ],
)
def test_a_mistake_is_named_with_its_place(tmp_path: Path, text: str, place: str) -> None:
    with pytest.raises(PromptFileWrong) as raised:
        read_prompts(write(tmp_path, text))
    assert place in raised.value.message
    assert "prompts.toml" in raised.value.message


def test_a_file_that_is_not_there_is_said_to_be_missing(tmp_path: Path) -> None:
    with pytest.raises(PromptFileWrong, match="No such file"):
        read_prompts(tmp_path / "none.toml")


def test_a_request_finds_its_question_and_no_other() -> None:
    one = Question(id="one", text="solve 2x = 4")
    spanish = Question(id="two", text="solve 2x = 4", language="es")
    questions = Questions.of((one, spanish))
    assert questions.asked(make_request("solve 2x = 4")) == one
    assert questions.asked(make_request("solve 2x = 5")) is None


def test_every_committed_problem_has_a_recorded_answer_and_every_answer_its_problem() -> None:
    ids = {question.id for question in read_prompts(COMMITTED / "prompts.toml")}
    names = {path.name for path in (COMMITTED / "recorded" / "sample").iterdir()}
    assert {f"{name}.1.json" for name in ids} <= names
    assert {name.partition(".")[0] for name in names} == ids
