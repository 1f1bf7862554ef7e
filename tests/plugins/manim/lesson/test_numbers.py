"""Ranges, ticks, curves, places of labels: numbers only, no Manim."""

from __future__ import annotations

import math
from itertools import pairwise

import pytest
from botcore_manim.lesson.curve import clip_segment, sample, slope_at
from botcore_manim.lesson.frame import Box, Frame
from botcore_manim.lesson.pacing import LONGEST, SHORTEST, reading_time
from botcore_manim.lesson.placing import Obstacles, dense, place
from botcore_manim.lesson.scale import (
    checked_range,
    in_pi,
    is_in_pi,
    number,
    pi_ticks,
    ticks,
    value,
    value_range,
)
from hypothesis import given
from hypothesis import strategies as st

finite = st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3 or x == 0)


@given(finite, finite, st.integers(2, 12))
def test_ticks_are_round_even_few_and_inside(a: float, b: float, most: int) -> None:
    low, high = min(a, b), max(a, b)
    if high - low < 1e-3:
        return
    found = ticks((low, high), most)
    assert len(found) <= most
    span = high - low
    assert all(low - 1e-6 * span <= t <= high + 1e-6 * span for t in found)
    steps = [q - p for p, q in pairwise(found)]
    assert all(math.isclose(step, steps[0], rel_tol=1e-6) for step in steps)
    if steps:
        digit = steps[0] / 10 ** math.floor(math.log10(steps[0]) + 1e-9)
        assert any(math.isclose(digit, nice, rel_tol=1e-6) for nice in (1, 2, 5))


def test_ticks_of_a_range_in_pi() -> None:
    assert is_in_pi((-math.pi, 2 * math.pi))
    assert not is_in_pi((-3, 3))
    assert [in_pi(t) for t in pi_ticks((-math.pi, math.pi), 5)] == ["−π", "−π/2", "0", "π/2", "π"]
    assert in_pi(3 * math.pi / 4) == "3π/4"


@pytest.mark.parametrize(
    ("shown", "text"), [(0.0, "0"), (-0.0, "0"), (2.5, "2.5"), (-3, "−3"), (1e9, "1e9"), (0.1 + 0.2, "0.3")]
)
def test_numbers_are_written_for_people(shown: float, text: str) -> None:
    assert number(shown) == text


@pytest.mark.parametrize("bad", [(1, 1), (0, math.inf), (1,), ("a", 2), None])
def test_a_range_that_is_none_is_refused_by_name(bad: object) -> None:
    with pytest.raises(ValueError, match="x must be two"):
        checked_range(bad, "x")  # type: ignore[arg-type]  # what a model might write


def test_a_function_without_a_value_gives_nan_whatever_way_it_says_so() -> None:
    assert all(math.isnan(value(f, 0.0)) for f in (lambda x: 1 / x, lambda x: (-1) ** 0.5, lambda x: None))  # type: ignore[arg-type]  # on purpose
    assert value(lambda x: 4**0.5 + 0j, 0.0) == 2.0  # type: ignore[arg-type, return-value]  # a complex number that is real


def test_the_range_of_a_parabola_shows_all_of_it_and_the_axis() -> None:
    low, high = value_range([lambda x: x * x + 1], (-2, 2))
    assert low < 0
    assert high > 5


def test_poles_do_not_flatten_the_rest() -> None:
    low, high = value_range([lambda x: (x * x + 1) / (x - 1)], (-6, 8))
    assert low < -5
    assert high > 9
    assert high - low < 60


@given(st.sampled_from([math.tan, math.exp, lambda x: 1 / x, lambda x: x**3, math.floor, math.sqrt]))
def test_curves_stay_in_their_ranges_and_do_not_jump(function: object) -> None:
    strings = sample(function, (-4.0, 4.0), (-2.0, 3.0))  # type: ignore[arg-type]  # builtins
    for string in strings:
        assert all(-4.0 <= x <= 4.0 and -2.0 - 1e-9 <= y <= 3.0 + 1e-9 for x, y in string)
        assert all(b[0] - a[0] > -1e-12 for a, b in pairwise(string))


def test_the_two_branches_of_a_hyperbola_are_not_joined() -> None:
    assert all(len({x > 0 for x, _ in string}) == 1 for string in sample(lambda x: 1 / x, (-3, 3), (-3, 3)))


def test_steps_of_a_staircase_are_not_joined() -> None:
    strings = sample(math.floor, (0.0, 3.5), (-1.0, 4.0))
    assert all(abs(b[1] - a[1]) < 0.5 for string in strings for a, b in pairwise(string))


def test_a_segment_is_cut_at_the_sides_that_it_crosses() -> None:
    assert clip_segment((-2, -2), (2, 2), (0, 1), (0, 5)) == ((0.0, 0.0), (1.0, 1.0))
    assert clip_segment((-2, 7), (2, 7), (0, 1), (0, 5)) is None


def test_the_slope_by_differences() -> None:
    assert slope_at(math.sin, 0.0, 10) == pytest.approx(1.0, abs=1e-6)
    assert math.isnan(slope_at(lambda x: 1 / 0, 0.0, 1))


@given(
    st.floats(-3, 3),
    st.floats(-2, 2),
    st.floats(0.3, 2.0),
    st.floats(0.2, 0.6),
    st.lists(st.floats(-3, 3), max_size=4),
)
def test_a_label_finds_a_free_place_where_there_is_one_beside_its_point(
    x: float, y: float, width: float, height: float, slopes: list[float]
) -> None:
    area = Box(-4, -3, 4, 3)
    lines = [dense([(-4, -4 * s / 4), (4, 4 * s / 4)]) for s in slopes]
    obstacles = Obstacles(area, lines, [])
    box, _ = place((x, y), width, height, 0.2, obstacles)
    assert area.holds(box, 1e-6)
    beside = [
        Box(x + dx * 0.2 - left, y - height / 2, x + dx * 0.2 - left + width, y + height / 2)
        for dx, left in ((1, 0.0), (-1, width))
    ]
    if any(obstacles.clash(place) == 0 for place in beside):
        assert obstacles.clash(box) == 0


def test_a_label_stands_clearly_at_its_own_point() -> None:
    points = [(-0.7, 0.0), (0.7, 0.0)]
    valley = dense([(x / 10, (x / 10) ** 2 - 0.5) for x in range(-20, 21)])
    axis = dense([(-4, 0), (4, 0)])
    obstacles = Obstacles(Box(-4, -3, 4, 3), [valley, axis], [], points)
    for at in points:
        box, _ = place(at, 0.9, 0.4, 0.2, obstacles)
        assert not obstacles.misleads(at, box)
        assert (box.x < at[0]) == (at[0] < 0), "the label stands between the two points"


@pytest.mark.parametrize("size", [(128 / 9, 8), (8, 128 / 9), (8, 8), (10, 8), (4, 3)])
@pytest.mark.parametrize("kind", ["none", "graph", "strip"])
def test_regions_share_nothing_and_stay_in_the_safe_area(size: tuple[float, float], kind: str) -> None:
    frame = Frame(*size)
    regions = frame.regions(frame.safe.top - 0.15 * frame.height, kind)  # type: ignore[arg-type]  # parametrized
    boxes = [box for box in (regions.steps, regions.panel, regions.caption) if box is not None]
    assert all(frame.safe.holds(box, 1e-9) and box.height > 0.5 * frame.unit for box in boxes)
    assert not any(a.overlaps(b) for k, a in enumerate(boxes) for b in boxes[:k])


@given(st.text(max_size=300), st.text(max_size=80))
def test_reading_takes_neither_a_flash_nor_forever(words: str, tex: str) -> None:
    assert SHORTEST <= reading_time(words, tex) <= LONGEST
