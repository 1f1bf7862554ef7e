"""Each function that takes the place of one of Manim's gives the same values, bit for bit."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from botcore_manim.inside.faster import copies, drawing, families, geometry
from hypothesis import given
from hypothesis import strategies as st
from manim import (
    DL,
    LEFT,
    OUT,
    RED,
    RIGHT,
    UP,
    Arc,
    Axes,
    Circle,
    Dot,
    Group,
    Mobject,
    RegularPolygon,
    Square,
    Star,
    ThreeDAxes,
    VGroup,
    VMobject,
)
from manim.camera.camera import Camera

MAKE: list[Callable[[], Any]] = [
    VMobject,
    VGroup,
    Dot,
    lambda: Square(color=[RED, "#123456"], sheen_factor=0.3, sheen_direction=DL),
    lambda: Arc(angle=2.3).rotate(1, axis=UP + LEFT).shift(3 * OUT),
    lambda: VGroup(Circle(), VGroup(Star(), Square().shift(RIGHT)), VMobject()),
    lambda: Axes(x_range=[-1, 2], y_range=[-1, 2]).plot(np.sin),
    ThreeDAxes,
    lambda: Group(Circle(), Mobject()),
    lambda: RegularPolygon(5).set_points(RegularPolygon(5).points[:6]),
]


def _has_whole_curves(made: Any) -> bool:
    return len(made.points) > 0 and len(made.points) % 4 == 0


@pytest.fixture
def mobject(request: pytest.FixtureRequest) -> Any:
    np.random.seed(1)  # what manim draws from
    return request.param()


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Geometry as it is in a zygote, for this test only."""
    replaced = {
        VMobject: (
            "get_points_defining_boundary",
            "get_gradient_start_and_end_points",
            "get_curve_functions_with_lengths",
        ),
        Mobject: ("get_critical_point",),
        Camera: ("capture_mobjects",),
    }
    for cls, names in replaced.items():
        for name in names:
            monkeypatch.setattr(cls, name, getattr(cls, name))  # so that it is put back
    geometry.install()


def outcome(function: Callable[..., Any], *arguments: Any) -> Any:
    """What it returns, as bytes where it is numbers; or what it raises."""
    try:
        found = function(*arguments)
    except Exception as error:  # noqa: BLE001  # whatever manim raises is what we must raise
        return type(error)
    if isinstance(found, tuple):
        return [np.asarray(part).tobytes() for part in found]
    return found.tobytes()


DIRECTIONS = [[x, y, z] for x in (-1, 0, 2) for y in (-1, 0, 1) for z in (-1, 0, 1)]


@pytest.mark.parametrize("mobject", MAKE, indirect=True)
def test_bounds_and_gradients(mobject: Any, request: pytest.FixtureRequest) -> None:
    def all_of_them() -> list[Any]:
        found = [outcome(mobject.get_points_defining_boundary)]
        found += [outcome(mobject.get_critical_point, way) for way in DIRECTIONS]
        if isinstance(mobject, VMobject):
            found.append(outcome(mobject.get_gradient_start_and_end_points))
        return found

    manims = all_of_them()
    request.getfixturevalue("installed")
    assert all_of_them() == manims


@pytest.mark.parametrize("mobject", [make for make in MAKE if _has_whole_curves(make())], indirect=True)
def test_lengths_of_curves_when_the_points_change(mobject: Any, request: pytest.FixtureRequest) -> None:
    other = mobject.copy().stretch(1.3, 0).shift(UP)

    def all_of_them() -> list[Any]:
        found = []
        mobject_copy = mobject.copy()
        for points in (mobject.points, other.points, mobject.points):
            mobject_copy.points = points.copy()
            found.append([length for _, length in mobject_copy.get_curve_functions_with_lengths()])
            found.append(outcome(mobject_copy.point_from_proportion, 0.37))
            found.append(mobject_copy.get_arc_length())
        return found

    manims = all_of_them()
    request.getfixturevalue("installed")
    assert all_of_them() == manims


@given(st.lists(st.integers(0, 9)))
def test_redundancies(items: list[int]) -> None:
    assert families.remove_list_redundancies(items) == families._manims_remove_list_redundancies(items)


@given(st.lists(st.tuples(st.integers(0, 8), st.integers(0, 8)), max_size=14))
def test_families_with_sharing_and_cycles(links: list[tuple[int, int]]) -> None:
    mobjects = [Mobject() for _ in range(9)]
    for parent, child in links:
        mobjects[parent].submobjects.append(mobjects[child])
    for one in mobjects:
        assert list(map(id, families.get_family(one))) == list(map(id, families._manims_get_family(one)))


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_nearness_is_numpys(a: float, b: float) -> None:
    with np.errstate(over="ignore", invalid="ignore"):
        assert drawing._near(a, b, 1e-6) == bool(np.isclose(a, b, atol=1e-6))


def test_copies_share_nothing_that_changes_and_keep_what_is_shared_inside() -> None:
    original = VGroup(Square(), Circle())
    original[1].points = original[0].points
    original.extra = {"list": [1], "array": np.array([1.0]), "colour": RED}
    copied = copies._copy_mobject(original, {})
    assert copied[0].points is copied[1].points
    assert copied[0].points is not original[0].points
    assert copied[0].points.tobytes() == original[0].points.tobytes()
    copied.extra["list"].append(2)
    copied.extra["array"][0] = 5
    assert original.extra["list"] == [1]
    assert original.extra["array"][0] == 1
    assert set(vars(copied)) == set(vars(copy.deepcopy(original)))
