"""Scenes are correct calls of the lesson kit: run against a strict stand-in that draws nothing."""

from __future__ import annotations

import ast
import inspect
import math
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import botcore_manim
import pytest
from botcore_solver.scenes.writer import write_scene
from botcore_solver.solve import solve

PROBLEMS = (
    "solve x^2 - 5x + 6 = 0",
    "3x^2 + 2x - 7 = 0",
    "x^2 + 4x + 1 = 0",
    "t^2 = 8",
    "x^2 + 1 = 0",
    "3(x - 2) = x + 8",
    "x + 1 = x + 2",
    "1/(x-1) = 2/(x-1)",
    "solve 2x + 3y = 7 and 5x - 2y = 8",
    "x = 3 and x + y = 7",
    "a + b = 2, 2a + 2b = 4",
    "x + y = 2 and x + y = 3",
    "derivative of x^3 - 3x",
    "derivative of sin(x)/x",
    "slope of ln x at x = 2",
    "derivative of t^2 + 1",
    "derivative of sqrt(x)",
    "integrate x^2 from 0 to 2",
    "integrate 1/x from 1 to e",
    "area under sin(x) from 0 to 2pi",
    "integrate t from 3 to 1",
    "plot x^3 - 3x",
    "plot 1/(x-2) + 1",
    "plot sin(x) from 0 to 2pi",
    "plot ln x",
    "plot tan x",
    "plot x^2 from 2 to 5",
    "plot (x^2+1)/x",
    "plot |x-3|",
    "plot 100x^2 - 3000",
    "plot x^5 - x - 1",
    "plot e^x",
    "plot sqrt(4 - x^2)",
    "3/4 + 5/6 - (1/2)^2",
    "1/0",
    "sqrt(8) + sqrt(2)",
)


class Recorder:
    """Checks each call as the real graph would, and remembers its name."""

    def __init__(self, calls: list[str]) -> None:
        self.calls = calls
        self.functions: tuple[Callable[[float], float], ...] = ()
        self.x = self.y = (0.0, 0.0)

    def point(self, x: float, y: float, label: str = "", guides: bool = False) -> None:
        self.calls.append("point")
        assert self.x[0] <= x <= self.x[1]
        assert self.y[0] <= y <= self.y[1]
        on_axis_or_curve = any(abs(f(x) - y) < 1e-6 * (1 + abs(y)) for f in self.functions if _defined(f, x))
        assert on_axis_or_curve or y == 0

    def asymptote(self, x: float | None = None, y: float | None = None, slope: float = 0) -> None:
        self.calls.append("asymptote")
        assert x is not None or y is not None

    def area(self, a: float, b: float, below: object = None, label: str | None = None) -> None:
        self.calls.append("area")
        assert self.x[0] <= a < b <= self.x[1]

    def riemann(self, a: float, b: float, n: tuple[int, ...] = (4, 8), rule: str = "mid") -> None:
        self.calls.append("riemann")
        assert all(_defined(self.functions[0], a + (b - a) * (k + 0.5) / max(n)) for k in range(max(n)))

    def tangent(
        self,
        x: float,
        to: float | None = None,
        slope: Callable[[float], float] | None = None,
        seconds: float = 5,
    ) -> None:
        self.calls.append("tangent")
        assert slope is not None
        f, end = self.functions[0], x if to is None else to
        for k in range(21):
            place = x + (end - x) * k / 20
            assert self.y[0] <= f(place) <= self.y[1], "the tangent's point leaves the picture"
            assert abs(slope(place) - (f(place + 1e-6) - f(place - 1e-6)) / 2e-6) < 1e-3 * (
                1 + abs(slope(place))
            )

    def line(self, p: tuple[float, float], q: tuple[float, float]) -> None:
        self.calls.append("line")
        assert p != q

    def clear(self) -> None:
        self.calls.append("clear")

    def hide(self) -> None:
        self.calls.append("hide")


class FakeLesson:
    """The calls of a lesson, in order."""

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.texts: list[str] = []

    def _text(self, name: str, *texts: str) -> None:
        self.calls.append(name)
        self.texts.extend(texts)

    def title(self, words: str, tex: str | None = None) -> None:
        assert not self.calls, "the title comes first"
        self._text("title", words, f"${tex}$")

    def step(self, tex: str, why: str = "") -> None:
        self._text("step", f"${tex}$", why)

    def note(self, words: str) -> None:
        self._text("note", words)

    def say(self, words: str) -> None:
        self._text("say", words)

    def answer(self, tex: str, words: str = "") -> None:
        self._text("answer", f"${tex}$", words)

    def graph(self, *functions: Any, x: Any, y: Any, labels: Any = ()) -> Recorder:
        self.calls.append("graph")
        assert x[0] < x[1]
        assert y[0] < y[1]
        assert len(labels) in (0, len(functions))
        graph = Recorder(self.calls)
        graph.functions, graph.x, graph.y = functions, x, y
        seen = [
            f(x[0] + (x[1] - x[0]) * k / 200)
            for f in functions
            for k in range(201)
            if _defined(f, x[0] + (x[1] - x[0]) * k / 200)
        ]
        assert any(y[0] <= value <= y[1] for value in seen), "no part of the curve is in the window"
        return graph


def _defined(f: Callable[[float], float], x: float) -> bool:
    try:
        value = f(x)
    except (ValueError, ZeroDivisionError, OverflowError):
        return False
    return not isinstance(value, complex) and math.isfinite(value)


def play(code: str) -> FakeLesson:
    """Run a scene's ``construct`` on the stand-in."""
    lines = code.splitlines()
    assert lines[0] == "from botcore_manim.lesson import *"
    names = {
        name: getattr(math, name)
        for name in [
            "sin",
            "cos",
            "tan",
            "asin",
            "acos",
            "atan",
            "sinh",
            "cosh",
            "tanh",
            "exp",
            "log",
            "sqrt",
            "pi",
            "e",
        ]
    }
    space: dict[str, Any] = {"Lesson": FakeLesson, **names}
    exec(compile("\n".join(lines[1:]), "scene", "exec"), space)  # noqa: S102  # our own writer made it
    lesson: FakeLesson = space["Answer"]()
    space["Answer"].construct(lesson)
    return lesson


@pytest.mark.parametrize("text", PROBLEMS)
def test_a_scene_is_whole_and_its_marks_are_in_view(text: str) -> None:
    lesson = play(write_scene(solve(text)))
    assert lesson.calls[0] == "title"
    assert lesson.calls[-1] == "answer"
    assert len(lesson.calls) >= 3


@pytest.mark.parametrize("text", PROBLEMS)
def test_texts_are_finished_sentences_in_balanced_tex(text: str) -> None:
    for words in play(write_scene(solve(text))).texts:
        assert words.count("$") % 2 == 0
        for formula in words.split("$")[1::2]:
            plain = formula.replace(r"\{", "").replace(r"\}", "")
            assert plain.count("{") == plain.count("}")
            assert plain.count(r"\left") == plain.count(r"\right")
        assert "{" not in "".join(words.split("$")[::2]), "a placeholder was left unfilled"
        assert "None" not in words
        assert "zoo" not in words


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        ("derivative of x^3 - 3x", {"graph", "tangent", "step"}),
        ("integrate x^2 from 0 to 2", {"graph", "riemann", "area", "step"}),
        ("plot 1/(x-2) + 1", {"graph", "asymptote", "point"}),
        ("solve 2x + 3y = 7 and 5x - 2y = 8", {"graph", "point", "step"}),
        ("solve x^2 - 5x + 6 = 0", {"graph", "point", "step"}),
    ],
)
def test_a_class_shows_what_it_is_about(text: str, calls: set[str]) -> None:
    assert calls <= set(play(write_scene(solve(text))).calls)


def test_the_stand_in_has_the_signatures_of_the_kit() -> None:
    # Read, not imported: importing Manim takes seconds.
    kit: dict[str, set[str]] = {}
    for file in (Path(botcore_manim.__file__).parent / "lesson").glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.FunctionDef):
                names = {argument.arg for argument in (*node.args.args, *node.args.kwonlyargs)}
                vararg = {node.args.vararg.arg} if node.args.vararg else set()
                kit.setdefault(node.name, set()).update(names | vararg)
    for ours in (FakeLesson, Recorder):
        for name, method in inspect.getmembers(ours, inspect.isfunction):
            if not name.startswith("_"):
                assert set(inspect.signature(method).parameters) <= kit[name], name


def test_a_plot_says_in_its_answer_what_was_found() -> None:
    source = write_scene(solve("plot x^3 - 3x"))
    answer = source[source.index("self.answer") :]
    assert "Zeros" in answer
    assert "Maximum" in answer
    assert "Minimum" in answer


def test_a_fast_wave_is_shown_where_it_can_be_seen() -> None:
    source = write_scene(solve("differentiate sin(3x^2 + 1)"))
    assert "x=(-1, 1)" in source


@pytest.mark.parametrize("task", ["solve x^2 - 5x + 6 = 0", "x^2 + 1 = 0", "solve x^2 - 6x + 9 = 0"])
def test_a_parabola_leaves_room_for_labels_below_the_axis(task: str) -> None:
    source = write_scene(solve(task))
    low, high = ast.literal_eval(re.search(r"y=(\([^)]*\))", source).group(1))  # type: ignore[union-attr]  # it is there
    assert -low >= 0.2 * (high - low)


def test_the_zeros_of_a_wave_do_not_look_like_all_of_them() -> None:
    source = write_scene(solve("plot 2 sin(2x)"))
    assert "…" in source[source.index("self.answer") :]
    assert "x=(-3, 3)" in source, "no zero in view is left unmarked"
