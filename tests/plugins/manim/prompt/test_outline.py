"""A solution as data, and the programs that are made of it."""

from __future__ import annotations

import ast
import json

import pytest
from botcore_manim.prompt.outline import (
    Outline,
    OutlineStep,
    OutlineUnreadable,
    lesson_of,
    plainer,
    read_outline,
)
from botcore_manim.prompt.reading import AnswerReader, stated_answer
from hypothesis import given
from hypothesis import strategies as st

from botcore.model import Source

OUTLINE = {
    "title": "Solve the equation",
    "task": r"x^2 = 4",
    "steps": [{"tex": r"x = \pm\sqrt{4}", "why": "Take roots."}, {"tex": "", "why": "Both signs count."}],
    "answer": r"x = \pm 2",
    "answer_words": "Check: $2^2 = 4$.",
    "checkable": "{-2, 2}",
}
words = st.text(max_size=60)
outlines = st.builds(
    Outline,
    title=st.text(st.characters(categories=("L", "N", "P")), min_size=1, max_size=60),
    task=words,
    steps=st.lists(st.builds(OutlineStep, tex=words, why=words), min_size=1, max_size=5).map(tuple),
    answer=words,
    answer_words=words,
    checkable=words,
)


def scene_names(code: str) -> list[str]:
    return [node.name for node in ast.parse(code).body if isinstance(node, ast.ClassDef)]


def test_an_outline_becomes_a_lesson_that_states_its_answer() -> None:
    code = lesson_of(read_outline(json.dumps(OUTLINE)))
    assert scene_names(code) == ["Solution"]
    assert stated_answer(code) == "{-2, 2}"
    assert "Both signs count." in code


@pytest.mark.parametrize(
    "answer",
    [
        f"```json\n{json.dumps(OUTLINE)}\n```",
        f"Here it is:\n\n{json.dumps(OUTLINE, indent=2)}\n\nHope this helps {{:}}"[:-4],
        json.dumps(OUTLINE).replace("\\\\", "\\"),  # every backslash once
        json.dumps({**OUTLINE, "mood": "happy"}),
    ],
)
def test_what_models_put_around_it_and_into_it_is_borne(answer: str) -> None:
    assert read_outline(answer).steps[0].tex == r"x = \pm\sqrt{4}"


@pytest.mark.parametrize(
    "answer", ["", "no", "{", "{}", '{"title": "t", "steps": []}', "[" * 100_000, '{"a":' * 50_000]
)
def test_what_is_no_outline_is_an_error_of_the_source(answer: str) -> None:
    with pytest.raises(OutlineUnreadable):
        read_outline(answer)


@given(outlines)
def test_whatever_the_words_are_both_programs_are_python_with_one_scene(outline: Outline) -> None:
    source = Source("manim", lesson_of(outline), problem="p")
    assert scene_names(source.code) == ["Solution"]
    still = plainer(source)
    assert still is not None
    assert scene_names(still.code) == ["StillPicture"]


def test_the_still_picture_is_the_end_of_the_way_down() -> None:
    still = plainer(Source("manim", lesson_of(read_outline(json.dumps(OUTLINE)))))
    assert still is not None
    assert plainer(still) is None


def test_a_program_that_a_model_wrote_has_nothing_plainer() -> None:
    assert plainer(Source("manim", "class A(Scene): pass")) is None
    assert plainer(Source("manim", "# outline: {broken\nclass A(Scene): pass")) is None


def test_the_reader_takes_an_outline_where_one_was_asked_for() -> None:
    source = AnswerReader(Source("manim", "", problem="p"), outline=True)(json.dumps(OUTLINE))
    assert source.answer == "{-2, 2}"
    assert source.problem == "p"
