"""The page about lessons: its examples run in every shape without a finding, and its tables are whole."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import pytest
from botcore_manim.layout.rules import View, examine
from botcore_manim.layout.things import see
from botcore_manim.lesson import Lesson
from botcore_manim.lesson.graph import Graph
from botcore_manim.lesson.numberline import NumberLine

from tests.plugins.manim.lesson.dry import Undrawn

PAGE = (Path(__file__).parents[4] / "docs" / "lesson.md").read_text("utf-8")
EXAMPLES = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)
INTERNAL = {"setup", "construct", "tear_down", "open", "shift", "keep", "drop", "fade"}


@pytest.mark.parametrize("code", EXAMPLES, ids=lambda code: re.findall(r"class (\w+)", code)[0])
def test_the_examples_run_and_look_right(code: str, shape: str) -> None:
    names: dict[str, Any] = {}
    exec(code, names)  # noqa: S102  # the examples are ours
    (example,) = (
        value
        for value in names.values()
        if isinstance(value, type) and issubclass(value, Lesson) and value is not Lesson
    )
    found: list[str] = []

    class Watched(example):  # type: ignore[misc, valid-type]  # found at run time
        def play(self, *args: Any, **kwargs: Any) -> None:
            super().play(*args, **kwargs)
            width, height = self.camera.frame_width / 2, self.camera.frame_height / 2
            view = View(-width, -height, width, height)
            found.extend(finding.message for finding in examine(see(list(self.mobjects), set()), view))

    scene = Watched(renderer=Undrawn())
    scene.render()
    assert found == []
    assert 12 < scene.renderer.time < 50


@pytest.mark.parametrize("kind", [Lesson, Graph, NumberLine])
def test_every_method_that_a_lesson_may_call_is_on_the_page(kind: type) -> None:
    own = {
        name
        for name, member in inspect.getmembers(kind, inspect.isfunction)
        if member.__module__.startswith("botcore_manim.lesson") and not name.startswith("_")
    }
    helpers = {name for name in own if name in GRAPH_INSIDE}
    missing = {name for name in own - INTERNAL - helpers if f"`{name}(" not in PAGE}
    assert missing == set()


GRAPH_INSIDE = {"add", "let_go", "take_strip", "give_strip", "obstacles", "first"}
"""What areas and labels ask of their graph."""
