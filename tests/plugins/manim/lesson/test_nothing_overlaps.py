"""Whatever a lesson is given: no text on text, none outside the safe area, no curve outside its plot."""

from __future__ import annotations

import math
from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from botcore_manim.lesson.graph import Graph
from botcore_manim.lesson.plane import LAYERS
from botcore_manim.lesson.stage import box_of
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.plugins.manim.lesson.dry import SHAPES, in_shape, run, texts

few = settings(
    max_examples=10, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
shapes = st.sampled_from(sorted(SHAPES))
word = st.sampled_from(
    [
        *("a", "divide", "by", "the", "coefficient", "Differentialgleichungssystem", "1234567890" * 6),
        *("$x^2$", r"$\frac{1}{2}$,", "نطرح", "الطرفين", "числитель", "समीकरण", "—", "(so", "that)"),
    ]
)
sentence = st.lists(word, max_size=22).map(" ".join)
formula = st.sampled_from(
    [
        r"x = 2",
        r"\frac{-b \pm \sqrt{b^2 - 4ac}}{2a}",
        r"\int_0^2 \left(x^3 - 4x^2 + 7x - 12\right)dx = \frac{x^4}{4} - \frac{4x^3}{3} + \frac{7x^2}{2} - x",
        r"\begin{pmatrix} 1 & 2 & 3 \\ 4 & 5 & 6 \end{pmatrix}\begin{pmatrix} x \\ y \\ z \end{pmatrix}",
        " + ".join(f"{k}x^{{{k}}}" for k in range(9, 0, -1)) + " = 0",
        r"\text{no solution at all}",
        r"\sqrt{1 + \sqrt{1 + \sqrt{1 + \sqrt{1 + \sqrt{1 + \sqrt{1 + x}}}}}}",
        "9" * 60,
    ]
)


def tidy(scene: Any) -> None:
    """The promise, after any play."""
    safe = scene._stage.frame.safe
    shown = texts(scene)
    for says, box in shown:
        assert safe.inset(-0.02).holds(box), f"{says!r} leaves the safe area: {box}"
    for (one, a), (other, b) in combinations(shown, 2):
        assert not a.overlaps(b, 0.02), f"{one!r} and {other!r} overlap: {a} {b}"


@few
@given(shape=shapes, words=sentence, tex=st.none() | formula, heading=sentence)
def test_titles_and_headings(shape: str, words: str, tex: str | None, heading: str) -> None:
    def construct(lesson: Any) -> None:
        lesson.title(words, tex)
        lesson.phase(heading)
        lesson.step("x = 1")

    with in_shape(shape):
        run(construct, tidy)


@few
@given(
    shape=shapes,
    steps=st.lists(st.tuples(st.sampled_from(["step", "rewrite", "note"]), formula, sentence), max_size=6),
    caption=sentence,
    panel=st.sampled_from(["none", "graph", "line"]),
    answer=formula,
)
def test_steps_captions_and_answers(
    shape: str, steps: list[tuple[str, str, str]], caption: str, panel: str, answer: str
) -> None:
    def construct(lesson: Any) -> None:
        lesson.title("A title of usual length", "x^2 = 4")
        if panel == "graph":
            lesson.graph(math.sin, x=(-3, 3), labels=[r"y = \sin x"])
        elif panel == "line":
            lesson.number_line(x=(-5, 5)).point(2)
        for place, (kind, tex, why) in enumerate(steps):
            if place == 2:
                lesson.say(caption)
            if kind == "note":
                lesson.note(why)
            else:
                getattr(lesson, kind)(tex, why)
        lesson.answer(answer, caption)

    with in_shape(shape):
        run(construct, tidy)


FUNCTIONS: list[Callable[[float], float]] = [
    lambda x: x * x - 5 * x + 6,
    lambda x: 1 / x,
    math.sqrt,
    math.log,
    math.tan,
    lambda x: math.exp(x) * 1e6,
    lambda _: 0.0,
    lambda _: math.nan,
    lambda x: (x - 1) ** 0.5,
    math.floor,
    lambda x: 1e-9 * x,
    lambda x: math.sin(40 * x),
    lambda x: abs(x) / x,
    lambda _: "no number",  # type: ignore[list-item, return-value]  # a model may write anything
]


@few
@given(
    shape=shapes,
    functions=st.lists(st.sampled_from(FUNCTIONS), min_size=1, max_size=3),
    x=st.sampled_from([(-1, 6), (-5, 5), (0, 1e-3), (-2 * math.pi, 2 * math.pi), (1000, 1010), (5, -5)]),
    marks=st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), formula), max_size=4),
)
def test_graphs(
    shape: str,
    functions: list[Callable[[float], float]],
    x: tuple[float, float],
    marks: list[tuple[float, float, str]],
) -> None:
    def inside(scene: Any) -> None:
        tidy(scene)
        graph = scene._panel
        if isinstance(graph, Graph):
            drawn = {LAYERS[layer] for layer in ("area", "axis", "curve", "moving")}
            for part in graph.parts:
                for piece in part.family_members_with_points():
                    if piece.z_index in drawn:
                        assert graph.plane.plot.holds(box_of(piece), 0.02)

    def construct(lesson: Any) -> None:
        lesson.title("A graph")
        graph = lesson.graph(*functions, x=x, labels=["y = f(x)"] * len(functions))
        (left, right), (low, high) = graph.plane.x_range, graph.plane.y_range
        graph.asymptote(x=(left + right) / 2)
        graph.asymptote(slope=(high - low) / (right - left), y=0)
        lesson.step("x = 1", "A step beside it.")
        for across, up, tex in marks:
            graph.point(left + across * (right - left), low + up * (high - low), tex, guides=across > 0.5)
        graph.riemann(left, right, n=(3, 5))
        graph.area(left, right)
        graph.tangent(left, to=right, seconds=1)
        graph.clear()

    with in_shape(shape):
        run(construct, inside)


@pytest.mark.parametrize("shape", sorted(SHAPES))
def test_the_first_frame_shows_the_title(shape: str) -> None:
    seen: list[list[str]] = []

    def construct(lesson: Any) -> None:
        lesson.title("Solve the equation", "x^2 = 4")

    with in_shape(shape):
        run(construct, lambda scene: seen.append([says for says, _ in texts(scene)]))
    assert len(seen[0]) == 2, "nothing but the title, and that from the beginning"


def test_a_last_step_that_the_answer_repeats_makes_room_for_it() -> None:
    def construct(lesson: Any) -> None:
        lesson.title("Solve the equation", "x^2 = 4")
        lesson.step("x^2 = 4", "This is given.")
        lesson.step(r"x = \pm 2", "Take square roots.")
        lesson.answer(r"x = \pm 2")

    with in_shape("wide"):
        scene = run(construct)
    assert [block.tex for block in scene._column.blocks[:-1]] == ["x^2 = 4"]
