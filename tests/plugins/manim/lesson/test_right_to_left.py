"""A lesson in Arabic begins at the right; its formulas are read as everywhere."""

from __future__ import annotations

from typing import Any

import pytest
from botcore_manim.lesson.steps import Step
from botcore_manim.lesson.words import paragraph, reads_from_the_right
from botcore_solver.scenes.writer import SCENE, write_scene
from botcore_solver.solve import solve
from botcore_solver.told import told

from botcore.testing.catalogues import TRANSLATED
from tests.plugins.manim.lesson.dry import SHAPES, in_shape, run, texts
from tests.plugins.manim.lesson.test_nothing_overlaps import tidy

SOLVE = "حل المعادلة"
SUBTRACT = "نطرح \u2068$3x$\u2069 من الطرفين."


def test_formulas_have_no_say_in_the_direction() -> None:
    assert reads_from_the_right(r"$\frac{1}{2}$ يجعل المقام صفرًا")
    assert not reads_from_the_right("$x$ is 2")
    assert not reads_from_the_right("$x$")


def test_the_words_of_a_title_stand_at_the_right_of_its_formula() -> None:
    def construct(lesson: Any) -> None:
        lesson.title(SOLVE, "x = 2")

    with in_shape("wide"):
        shown = dict(texts(run(construct)))
    assert max(shown, key=lambda says: shown[says].x) == SOLVE


def test_isolated_formulas_keep_their_space() -> None:
    (isolated,), (bare,) = paragraph(SUBTRACT, 30, 9.0), paragraph("نطرح $3x$ من الطرفين.", 30, 9.0)
    assert isolated.width == pytest.approx(bare.width)
    assert len(isolated) == len(bare) == 3


def test_steps_and_their_bars_are_at_the_right_also_without_a_reason() -> None:
    def construct(lesson: Any) -> None:
        lesson.graph(lambda x: x, x=(-1, 1))
        lesson.step("2x = 6", SUBTRACT)
        lesson.step("x = 3")

    with in_shape("wide"):
        steps = [block for block in run(construct)._column.blocks if isinstance(block, Step)]
    assert len(steps) == 2
    for step in steps:
        assert step.bar.get_x() > step.formula.get_right()[0]
    assert steps[0].get_right()[0] == pytest.approx(steps[1].get_right()[0])


PROBLEMS = (
    "x^2 + 4x + 1 = 0",
    "2x + 3y = 7 and 5x - 2y = 8",
    "derivative of x^2 sin(x)",
    "integrate x e^x from 0 to 1",
    "plot 1/(x-2) + x",
    "3/4 + 5/6 - (1/2)^2",
)


@pytest.mark.slow
@pytest.mark.parametrize("shape", sorted(SHAPES))
@pytest.mark.parametrize("language", TRANSLATED)
def test_the_solvers_lessons_are_tidy_in_every_language(language: str, shape: str) -> None:
    for problem in PROBLEMS:
        scene: dict[str, Any] = {}
        exec(write_scene(told(solve(problem), language)), scene)  # noqa: S102  # our own solver wrote it
        with in_shape(shape):
            run(scene[SCENE].construct, tidy)
