"""What is a fault and what is not, thing by thing."""

from __future__ import annotations

from typing import Any

import pytest
from botcore_manim.layout.rules import Finding, View, examine
from botcore_manim.layout.things import see
from manim import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Axes,
    BackgroundRectangle,
    Brace,
    Circle,
    Cross,
    DashedLine,
    DecimalNumber,
    Line,
    MathTex,
    Matrix,
    NumberLine,
    NumberPlane,
    Rectangle,
    SurroundingRectangle,
    Text,
    Underline,
    VGroup,
)

VIEW = View(-64 / 9, -4, 64 / 9, 4)


def findings(*mobjects: Any) -> list[Finding]:
    return list(examine(see(list(mobjects), set()), VIEW))


def codes(*mobjects: Any) -> set[str]:
    return {finding.code for finding in findings(*mobjects)}


def test_two_texts_on_each_other() -> None:
    (found,) = findings(Text("first line"), Text("second line").shift(0.1 * UP))
    assert found.code == "text-overlap"
    assert "first line" in found.message
    assert "second line" in found.message


def test_a_formula_on_a_text() -> None:
    assert codes(Text("first line"), MathTex("x^2 + 1").shift(0.5 * RIGHT)) == {"text-overlap"}


def test_text_over_the_edge() -> None:
    (found,) = findings(Text("far too long for a frame of this width, and longer", font_size=60))
    assert found.code == "out-of-frame"


def test_text_that_waits_outside_is_no_fault() -> None:
    assert not findings(Text("later").shift(20 * RIGHT))


def test_tiny_text() -> None:
    assert codes(Text("the small print of the lesson", font_size=10)) == {"too-small"}
    assert not findings(Text("the small print of the lesson", font_size=24))


@pytest.mark.parametrize(
    "line",
    [
        lambda: Line(4 * LEFT, 4 * RIGHT),
        lambda: DashedLine(4 * LEFT, 4 * RIGHT),
        lambda: Axes().plot(lambda x: 0.01 * x * x),
        lambda: Circle(radius=10).shift(10.02 * DOWN),
        lambda: Rectangle(width=8, height=3).shift(1.5 * UP),
    ],
)
def test_a_line_through_a_text(line: Any) -> None:
    assert codes(Text("through the middle"), line()) == {"line-through-text"}
    assert not findings(Text("through the middle"), line().shift(2 * UP))


def test_a_line_behind_a_ground_is_no_fault() -> None:
    text = Text("on a ground")
    ground = BackgroundRectangle(text, fill_opacity=1, buff=0.1)
    assert not findings(Line(4 * LEFT, 4 * RIGHT), ground, text)
    assert codes(ground, text, Line(4 * LEFT, 4 * RIGHT)) == {"line-through-text"}


def test_z_index_decides_what_is_behind() -> None:
    text, line = Text("on a ground"), Line(4 * LEFT, 4 * RIGHT)
    ground = BackgroundRectangle(text, fill_opacity=1, buff=0.1)
    assert not findings(text.set_z_index(2), ground.set_z_index(1), line)


def test_what_is_drawn_along_a_text_on_purpose_is_no_fault() -> None:
    text = Text("on purpose")
    assert not findings(text, Underline(text), Cross(text), SurroundingRectangle(text), Brace(text))


def test_what_is_faded_is_not_there() -> None:
    assert not findings(Text("first line"), Text("second line").set_opacity(0.1))


def test_a_text_behind_a_cover_is_not_there() -> None:
    text = Text("hidden")
    assert not findings(text, Rectangle(width=9, height=5, fill_opacity=1), Text("shown"))


def test_a_copy_in_its_place_is_no_fault() -> None:
    text = Text("glow")
    assert not findings(text, text.copy())


def test_the_digits_of_a_number_and_the_signs_of_a_formula_are_one_thing() -> None:
    assert not findings(DecimalNumber(3.14159, num_decimal_places=5))
    assert not findings(MathTex(r"\frac{\sqrt{1+\frac{1}{x}}}{\overline{z}}"))
    (found,) = findings(DecimalNumber(123.456, num_decimal_places=3), Text("on the number"))
    assert "123.456" in found.message


@pytest.mark.parametrize(
    "good",
    [
        lambda: Axes().add_coordinates(),
        lambda: NumberPlane().add_coordinates(),
        lambda: NumberLine(length=10, include_numbers=True),
        lambda: Matrix([[1, -2], [30, r"\pi"]]),
        lambda: VGroup(*(Text(word) for word in ["some", "words", "in", "a", "column"])).arrange(
            DOWN, buff=0.2
        ),
        lambda: VGroup(Rectangle(width=4), Text("in a box")),
        lambda: Text("gjpq\nÅÉÎ"),
    ],
)
def test_manims_own_compositions_are_good(good: Any) -> None:
    assert not findings(good())
