"""Path data, colours and lengths."""

from __future__ import annotations

import numpy as np
import pytest
from botcore_manim.typeset.colours import hex_colour
from botcore_manim.typeset.drawing import Matrix
from botcore_manim.typeset.paths import contours, outline
from botcore_manim.typeset.text_lengths import TEXT_WIDTH, length
from hypothesis import given
from hypothesis import strategies as st

NUMBERS = st.integers(-500, 500)


def test_every_contour_is_closed() -> None:
    points = outline("M0 0L10 0L10 10M20 20H30V30Z")
    first, second = contours(points)
    for contour in (first, second):
        assert np.allclose(contour[0], contour[-1])
    assert len(first) == len(second) == 12


def test_relative_and_absolute_commands_draw_the_same() -> None:
    assert np.allclose(outline("M1 1L3 1L3 4Z"), outline("m1 1l2 0l0 3z"))
    assert np.allclose(outline("M1 1 3 1 3 4Z"), outline("M1 1L3 1L3 4Z"))
    assert np.allclose(outline("M0 0Q5 5 10 0Z"), outline("m0 0q5 5 10 0z"))


def test_a_quadratic_curve_becomes_the_same_cubic() -> None:
    curve = outline("M0 0Q6 6 12 0Z")[:4]
    middle = (curve[0] + 3 * curve[1] + 3 * curve[2] + curve[3]) / 8
    assert np.allclose(middle, (6, 3))


def test_a_pen_does_not_close_what_is_open() -> None:
    assert len(outline("M0 0L1 0L1 1", closed=False)) == 8
    assert len(outline("M0 0L1 0L1 1")) == 12


def test_an_arc_bulges_to_the_side_of_its_sweep() -> None:
    right, left = outline("M0 0A5 9 0 0 1 0 18", closed=False), outline("M0 0a5 9 0 0,0 0 18", closed=False)
    assert right[:, 0].max() > 5
    assert left[:, 0].min() < -5
    assert np.allclose(right[-1], (0, 18))


def test_what_is_no_path_is_refused() -> None:
    for data in ("M0", "M0 0 S1 1 2 2", "M0 0 Z 5"):
        with pytest.raises(ValueError, match=r"path|number"):
            outline(data)


def test_an_outline_is_shared_and_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="read-only"):
        outline("M0 0L1 1Z")[0, 0] = 5


@given(st.lists(st.tuples(NUMBERS, NUMBERS), min_size=3, max_size=8))
def test_corners_are_kept(corners: list[tuple[int, int]]) -> None:
    data = "M" + "L".join(f"{x} {y}" for x, y in corners) + "Z"
    drawn = {tuple(point) for point in outline(data).round(6)[::4]}
    assert set(corners[:-1]) - drawn <= {corners[-1], corners[0]}


@given(NUMBERS, NUMBERS, NUMBERS)
def test_maps_are_composed_inside_out(x: int, y: int, scale: int) -> None:
    points = np.array([[1.0, 2.0]])
    move, grow = Matrix(e=x, f=y), Matrix(a=scale, d=scale)
    assert np.allclose((move @ grow).apply(points), points * scale + (x, y))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("red", "#ff0000"),
        ("green", "#00ff00"),
        ("red!50!blue", "#800080"),
        ("black!25", "#bfbfbf"),
        ("#abc", "#aabbcc"),
        ("rgb(1,2,300)", "#0102ff"),
        ("nosuchcolour", None),
        ("red!50!nosuch", None),
        ("#12", None),
    ],
)
def test_colours(name: str, value: str | None) -> None:
    assert hex_colour(name) == value


@pytest.mark.parametrize(
    ("text", "value"),
    [("10pt", 1000), ("1em", 1000), ("-2em", -2000), (r"0.5\textwidth", TEXT_WIDTH / 2), ("wide", 0)],
)
def test_lengths(text: str, value: float) -> None:
    assert length(text) == value
