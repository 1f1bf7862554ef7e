"""Scenes address the pieces of a formula: their number, order and groups are those that LaTeX gives."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from manim import (
    BLUE,
    RED,
    YELLOW,
    Axes,
    BarChart,
    Brace,
    BulletedList,
    Circle,
    DecimalNumber,
    Integer,
    IntegerMatrix,
    MathTable,
    MathTex,
    Matrix,
    NumberLine,
    SingleStringMathTex,
    Tex,
    Title,
    TransformMatchingTex,
    Variable,
    VMobject,
)
from manim.utils.color import ManimColor

# Submobjects of MathTex(tex)[0] with real LaTeX (texlive 2022, dvisvgm 3.0) and manim 0.22.
COUNTS = {
    r"x^2 - 5x + 6 = 0": 9,
    r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}": 16,
    r"\int_a^b f(x)\,dx = F(b) - F(a)": 19,
    r"\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}": 14,
    r"\sqrt[3]{x}": 4,
    r"\hat{x}\overline{y}\underline{z}": 6,
    r"\boxed{x}": 5,
    r"\cdots": 3,
    r"1, 2, \ldots, n": 9,
    r"f''(x) = 2": 8,
    r"\binom{n}{k}": 4,
    r"\begin{bmatrix} 1 & 2 \\ 3 & 4 \end{bmatrix}": 6,
    r"\left\{ x \mid x > 0 \right\}": 7,
    r"\text{if } x > 0": 5,
    r"\iint_D": 3,
}


@pytest.mark.parametrize("tex", COUNTS)
def test_a_formula_has_as_many_shapes_as_latex_draws(tex: str) -> None:
    assert len(MathTex(tex)[0]) == COUNTS[tex]


def centres(tex: str) -> list[np.ndarray]:
    return [shape.get_center() for shape in MathTex(tex)[0]]


def test_a_fraction_is_drawn_numerator_bar_denominator() -> None:
    above, bar, below = MathTex(r"\frac{a}{b}")[0]
    assert above.get_y() > bar.get_y() > below.get_y()
    assert bar.height < 0.03


def test_a_root_is_drawn_index_sign_bar_content() -> None:
    index, sign, bar, content = MathTex(r"\sqrt[3]{x}")[0]
    assert index.get_x() < content.get_x()
    assert sign.height > content.height
    assert bar.height < 0.03
    assert bar.get_y() > content.get_y()


def test_limits_are_drawn_upper_operator_lower() -> None:
    upper, operator, lower = MathTex(r"\sum_{i}^{n}")[0]
    assert upper.get_y() > operator.get_y() > lower.get_y()


def test_an_accent_is_drawn_before_its_letter_and_a_superscript_before_a_subscript() -> None:
    accent, letter = centres(r"\hat{x}")
    assert accent[1] > letter[1]
    _, upper, lower = centres("x_1^2")
    assert upper[1] > lower[1]


def test_a_box_is_drawn_top_left_content_right_bottom() -> None:
    top, left, content, right, bottom = MathTex(r"\boxed{x}")[0]
    assert top.get_y() > content.get_y() > bottom.get_y()
    assert left.get_x() < content.get_x() < right.get_x()


def test_several_arguments_become_several_parts() -> None:
    formula = MathTex("a^2", "+", "b^2", "=", "c^2")
    assert [part.tex_string for part in formula] == ["a^2", "+", "b^2", "=", "c^2"]
    assert [len(part) for part in formula] == [2, 1, 2, 1, 2]


def test_parts_do_not_disturb_the_spacing() -> None:
    whole, parts = MathTex("x=-1"), MathTex("x", "=", "-1", arg_separator="")
    assert parts.width == pytest.approx(whole.width, abs=1e-6)
    assert MathTex("a+", "b", arg_separator="").width == pytest.approx(MathTex("a+b").width, abs=1e-6)


@pytest.mark.parametrize(
    ("parts", "lengths"),
    [
        ((r"\frac{", "a", "}{", "b", "}"), [0, 1, 1, 1, 0]),
        ((r"\left(", "x", r"\right)"), [1, 1, 1]),
        (("x^", "2"), [1, 1]),
        (("x", "^2"), [1, 1]),
        ((r"\sqrt{", "x", "}"), [2, 1, 0]),
        ((r"e^{i", r"\tau} = 1"), [2, 3]),
        (("a &= b", r"\\ c &= d"), [3, 3]),
    ],
)
def test_parts_may_cut_through_braces_and_rows(parts: tuple[str, ...], lengths: list[int]) -> None:
    assert [len(part) for part in MathTex(*parts)] == lengths


def test_double_braces_split() -> None:
    formula = MathTex(r"{{ a }} + {{ \frac{b}{2} }}")
    assert formula.get_part_by_tex(r" \frac{b}{2} ") is not None
    assert [len(part) for part in formula] == [1, 1, 3]


def test_isolated_substrings_are_found_and_coloured() -> None:
    formula = MathTex("a^2 + b^2 = c^2", substrings_to_isolate=["b"])
    formula.set_color_by_tex("b", RED)
    colours = [shape.get_fill_color() for shape in formula[0]]
    assert [colour == RED for colour in colours] == [False, False, False, True, False, False, False, False]


def test_a_colour_map_colours_every_occurrence() -> None:
    formula = MathTex("f(x) = x^2 + x", tex_to_color_map={"x": YELLOW})
    assert sum(shape.get_fill_color() == YELLOW for shape in formula.family_members_with_points()) == 3


def test_index_of_part() -> None:
    formula = MathTex("a", "+", "b")
    assert formula.index_of_part(formula[2]) == 2


def test_parts_of_text() -> None:
    text = Tex("One ", "$x^2$", " two").set_color_by_tex("$x^2$", BLUE)
    assert [len(part) for part in text] == [3, 2, 3]
    assert all(shape.get_fill_color() == BLUE for shape in text[1])


def test_colours_of_the_tex_stay_and_the_rest_takes_the_mobjects() -> None:
    first, second, third = MathTex(r"{\color{red} x} y \textcolor{green}{z}", color=YELLOW)[0]
    assert first.get_fill_color() == ManimColor("#FF0000")
    assert second.get_fill_color() == YELLOW
    assert third.get_fill_color() == ManimColor("#00FF00")


def test_shapes_are_filled_without_a_stroke() -> None:
    shape = MathTex("x")[0][0]
    assert shape.get_fill_opacity() == 1
    assert shape.get_stroke_width() == 0


def test_two_mobjects_of_one_formula_share_nothing() -> None:
    first, second = MathTex("x"), MathTex("x")
    first.shift([3, 0, 0]).set_color(RED)
    assert abs(second.get_x()) < 1e-6
    assert second[0][0].get_fill_color() != RED


def test_font_size_scales_and_reads_back() -> None:
    formula = MathTex(r"\frac{a}{b}", font_size=96)
    assert formula.font_size == pytest.approx(96)
    assert formula.height == pytest.approx(2 * MathTex(r"\frac{a}{b}").height)


def test_a_single_string_keeps_its_glyphs_flat() -> None:
    formula = SingleStringMathTex("abc")
    assert len(formula) == 3
    assert all(isinstance(shape, VMobject) for shape in formula)


def test_what_is_built_on_tex() -> None:
    axes = Axes(x_range=[0, 3], y_range=[0, 3]).add_coordinates()
    chart = BarChart([1, 2], bar_names=["a", r"\beta"])
    assert len(axes.x_axis.numbers) == 2
    assert len(axes.get_axis_labels("x", "f(x)")) == 2
    assert len(NumberLine([0, 3], include_numbers=True).numbers) == 4
    assert chart.width > 0
    assert len(Brace(Circle()).get_text("width $w$")[0]) == 6
    assert len(Brace(Circle()).get_tex("x^2")[0]) == 2
    assert len(DecimalNumber(-3.14)) == 5
    assert len(Integer(12345)) == 6
    assert len(IntegerMatrix([[1, 2], [3, 4]]).get_entries()) == 4
    assert len(Matrix([["a", r"\frac12"]]).get_brackets()) == 2
    assert len(MathTable([["a", "b"]]).get_entries()) == 2
    assert Variable(2, "x").label.width > 0
    assert [len(item) for item in BulletedList("one", "two $x$")] == [4, 5]
    assert Title("Title").get_top()[1] < 4


def test_matching_parts_are_transformed() -> None:
    animation = TransformMatchingTex(MathTex("a", "+", "b"), MathTex("b", "+", "a"))
    assert animation.mobject is not None


@pytest.mark.parametrize(
    ("tex", "shapes"),
    [
        (r"90\degree", 3),
        (r"\bm{x}", 1),
        (r"\abs{x} + \norm{v}", 9),
        (r"\textcolor[HTML]{FF0000}{x}", 1),
        (r"\cancel{x} \xcancel{y}", 5),
        (r"\enclose{longdiv}{12}", 3),
        (r"\enclose{circle}{x}", 2),
        (r"\colorbox{yellow}{x}", 2),
        (r"\ce{H2O}", 3),
        (r"\overset{!}{=} \underset{x}{y}", 4),
        (r"\left[\begin{array}{c|c} a & b \\ \hline c & d \end{array}\right]", 8),
        (r"\xrightarrow{f}", 2),
        (r"\unicode{x416}", 1),
        (r"x² ≤ π", 4),
    ],
)
def test_commands_of_common_packages(tex: str, shapes: int) -> None:
    assert len(MathTex(tex)[0]) == shapes


def test_the_pieces_of_a_tall_brace_touch_and_barely_overlap() -> None:
    rows = r"\\".join("12345")
    pieces = MathTex(rf"\left\{{ \begin{{matrix}} {rows} \end{{matrix}} \right.")[0][:5]
    for upper, lower in pairwise(pieces):
        overlap = lower.get_top()[1] - upper.get_bottom()[1]
        assert 0 < overlap < 0.02


def test_a_number_of_an_equation_stands_beside_it() -> None:
    formula = MathTex(r"x = 5 \tag{1}")[0]
    assert len(formula) == 6
    assert formula.width < 4
