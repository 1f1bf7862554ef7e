"""Wishes about colour that need no model, and those that are left to one."""

from __future__ import annotations

import pytest
from botcore_manim.wishes import paced, recoloured
from hypothesis import given
from hypothesis import strategies as st

from botcore.model import Source

SCENE = """\
from manim import *


class Demo(Scene):
    def construct(self):
        é, circle = "é", Circle({arguments})
        self.play(Create(circle))
"""


def source(arguments: str = "", scene: str = SCENE) -> Source:
    return Source("manim", scene.replace("{arguments}", arguments), answer="1", checked=True)


def circle_after(arguments: str, wish: str = "make the circle red") -> str | None:
    changed = recoloured(source(arguments), wish)
    return None if changed is None else changed.code.split("Circle(")[1].split("\n")[0].removesuffix(")")


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "color=RED"),
        ("radius=2", "radius=2, color=RED"),
        ("radius=2,", "radius=2,color=RED"),
        ("radius=2, color=BLUE", "radius=2, color=RED"),
        ('color="#00ff00", radius=f(1)', "color=RED, radius=f(1)"),
    ],
)
def test_the_one_circle_becomes_red_and_nothing_else_changes(before: str, after: str) -> None:
    assert circle_after(before) == after
    changed = recoloured(source(before), "make the circle red")
    assert changed is not None
    assert (changed.answer, changed.checked) == ("1", True)


@pytest.mark.parametrize(
    "wish",
    [
        "Make the circle red, please!",
        "red circle",
        "haz el círculo rojo",
        "pinte o círculo de vermelho",
        "сделай круг красным",
        "اجعل الدائرة حمراء",
        "वृत्त को लाल करो",
    ],
)
def test_it_is_understood_in_every_language(wish: str) -> None:
    assert circle_after("", wish) == "color=RED"


@pytest.mark.parametrize(
    "wish",
    [
        "make the circle red and bigger",
        "make the red circle blue",
        "make it red",
        "make the square red",
        "make the circle light red",
        "make the circle and the square red",
        "never make the circle red",
        "",
    ],
)
def test_any_other_wish_is_left_to_a_model(wish: str) -> None:
    assert circle_after("", wish) is None


@pytest.mark.parametrize(
    "line",
    [
        "other = Circle()",
        "circle.set_fill(BLUE)",
        "circles = [Circle() for _ in range(3)]",
        "self.play(Transform(circle, Square()))",
        "RED = BLUE",
        "kind = Circle",
        "circle.become(Square())",
    ],
)
def test_where_the_colour_may_come_from_elsewhere_it_is_left_to_a_model(line: str) -> None:
    scene = SCENE + f"        {line}\n"
    assert recoloured(source(scene=scene), "make the circle red") is None


def test_a_circle_that_is_made_in_a_loop_is_left_to_a_model() -> None:
    scene = SCENE.replace("é, circle =", "for _ in range(3): é, circle =")
    assert recoloured(source(scene=scene), "make the circle red") is None


def test_names_that_are_not_manims_are_left_to_a_model() -> None:
    scene = SCENE.replace("from manim import *", "from shapes import *")
    assert recoloured(source(scene=scene), "make the circle red") is None


@given(st.text(max_size=60), st.text(max_size=60))
def test_no_text_breaks_it(code: str, wish: str) -> None:
    assert recoloured(Source("manim", code), wish) is None or "circle" in wish.lower()


# ---------------------------------------------------------------------------------------------------- speed


def pace_after(wish: str, scene: str = SCENE) -> float | None:
    faster = paced(source(scene=scene), wish)
    if faster is None:
        return None
    (line,) = [line for line in faster.code.splitlines() if "botcore_pace" in line]
    compile(faster.code, "scene", "exec")
    return float(line.split("=")[1])


@pytest.mark.parametrize(
    ("wish", "pace"),
    [
        ("slower", 1.5),
        ("Slower, please!", 1.5),
        ("a bit slower", 1.2),
        ("it is too fast", 1.5),
        ("too slow", 1 / 1.5),
        ("twice as fast", 0.5),
        ("half the speed", 2.0),
        ("más lento por favor", 1.5),
        ("mais rápido", 1 / 1.5),
        ("помедленнее, пожалуйста", 1.5),
        ("أسرع من فضلك", 1 / 1.5),
        ("धीमा करो", 1.5),
    ],
)
def test_a_wish_about_speed_is_one_line_of_the_scene(wish: str, pace: float) -> None:
    assert pace_after(wish) == pytest.approx(pace, abs=1e-3)


@pytest.mark.parametrize(
    "wish", ["slower at the end", "slower but faster", "speed", "make it", "", "slow circle"]
)
def test_other_wishes_about_time_are_left_to_a_model(wish: str) -> None:
    assert pace_after(wish) is None


def test_the_second_wish_builds_on_the_first_and_ends_at_the_bounds() -> None:
    slower = paced(source(), "slower")
    assert slower is not None
    assert pace_after("slower", slower.code) == pytest.approx(2.25)
    slowest = SCENE.replace("    def", "    botcore_pace = 3.9\n    def", 1)
    assert pace_after("slower", slowest) is None


def test_of_two_scenes_the_one_that_was_drawn_is_slowed() -> None:
    two = SCENE + SCENE.split("\n\n\n")[1].replace("Demo", "Other").join(["\n\n", ""])
    assert pace_after("slower", two) is None
    named = paced(Source("manim", two, scene="Other"), "slower")
    assert named is not None
    assert named.code.index("botcore_pace") > named.code.index("class Other")
