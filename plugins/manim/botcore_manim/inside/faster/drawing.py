"""From a mobject's points to cairo's path, its strokes and its fills."""

from __future__ import annotations

import functools
import itertools
from typing import Any

import cairo
import numpy as np
from manim import VMobject
from manim.camera.camera import Camera
from manim.mobject.mobject import Mobject

_CUBIC = 4
_RTOL = 1.0e-5
"""numpy's own, which Manim compares points with."""

_MANY_POINTS = 400
"""From here on Manim's vectorised search for the ends of subpaths is the faster one."""

_manims_path = Camera.set_cairo_context_path
_manims_split = VMobject.get_subpath_split_indices_from_points
_manims_equal = VMobject.consider_points_equals_2d
_manims_fill = Camera.apply_fill
_manims_stroke = Camera.apply_stroke


def install() -> None:
    """See :func:`botcore_manim.inside.faster.install`."""
    Camera.set_cairo_context_path = _path
    Camera.set_cairo_context_color = _colour
    Camera.apply_fill = _fill
    Camera.apply_stroke = _stroke
    Camera.transform_points_pre_display = _checked


def _checked(_: Any, __: Mobject, points: Any) -> Any:
    return points if np.isfinite(points).all() else np.zeros((1, 3))


def _path(self: Any, ctx: Any, vmobject: Any) -> Any:
    kind = type(vmobject)
    if (
        vmobject.n_points_per_cubic_curve != _CUBIC
        or kind.get_subpath_split_indices_from_points is not _manims_split
        or kind.consider_points_equals_2d is not _manims_equal
    ):
        return _manims_path(self, ctx, vmobject)
    points = self.transform_points_pre_display(vmobject, vmobject.points)
    count = len(points)
    if count == 0:
        return self
    ctx.new_path()
    if count < _CUBIC:
        return self
    atol = vmobject.tolerance_for_point_equality
    # plain floats: a numpy number costs five times as much to hand over
    xy = points[:, :2].ravel().tolist()
    for start, end in _subpaths(vmobject, points, xy, atol):
        if end - start < _CUBIC:
            continue
        ctx.new_sub_path()
        first = 2 * start
        ctx.move_to(xy[first], xy[first + 1])
        curve_to = ctx.curve_to
        for at in range(first + 2, 2 * (end - _CUBIC + 1) + 2, 2 * _CUBIC):
            curve_to(*xy[at : at + 6])
        last = 2 * (end - 1)
        if _near(xy[first], xy[last], atol) and _near(xy[first + 1], xy[last + 1], atol):
            ctx.close_path()
    return self


def _subpaths(vmobject: Any, points: Any, xy: list[float], atol: float) -> list[tuple[int, int]]:
    count = len(points)
    if count > _MANY_POINTS:
        return [
            tuple(pair) for pair in vmobject.get_subpath_split_indices_from_points(points, n_dims=2).tolist()
        ]
    splits = [0]
    for n in range(_CUBIC, count, _CUBIC):
        at = 2 * n
        if not (_near(xy[at - 2], xy[at], atol) and _near(xy[at - 1], xy[at + 1], atol)):
            splits.append(n)
    splits.append(count)
    return list(itertools.pairwise(splits))


def _near(a: float, b: float, atol: float) -> bool:
    """``numpy.isclose`` for two numbers, infinities included."""
    if a == b:
        return True
    difference = abs(a - b)
    return difference <= atol + _RTOL * abs(b) and difference != float("inf")


def _colour(self: Any, ctx: Any, rgbas: Any, vmobject: Any) -> Any:
    colours = rgbas.tolist() if isinstance(rgbas, np.ndarray) else [list(rgba) for rgba in rgbas]
    # cairo's surface is read as RGBA, so red and blue change places here
    if len(colours) == 1:
        red, green, blue, alpha = colours[0]
        ctx.set_source_rgba(blue, green, red, alpha)
        return self
    start, end = self.transform_points_pre_display(vmobject, _gradient_ends(vmobject))[:, :2].tolist()
    pattern = cairo.LinearGradient(*start, *end)
    for (red, green, blue, alpha), offset in zip(colours, _offsets(len(colours)), strict=True):
        pattern.add_color_stop_rgba(offset, blue, green, red, alpha)
    ctx.set_source(pattern)
    return self


def _gradient_ends(vmobject: Any) -> Any:
    return np.array(vmobject.get_gradient_start_and_end_points())


@functools.cache
def _offsets(count: int) -> list[float]:
    return np.linspace(0, 1, count).tolist()  # type: ignore[no-any-return]  # numpy's tolist is untyped


def _clear(rgbas: Any) -> bool:
    """Nothing is to be seen of it: cairo would set up all and then change no pixel."""
    return all(alpha == 0.0 for *_, alpha in rgbas.tolist())


def _fill(self: Any, ctx: Any, vmobject: Any) -> Any:
    rgbas = self.get_fill_rgbas(vmobject)
    if not _clear(rgbas):
        self.set_cairo_context_color(ctx, rgbas, vmobject)
        ctx.fill_preserve()
    return self


def _stroke(self: Any, ctx: Any, vmobject: Any, background: bool = False) -> Any:
    if vmobject.get_stroke_width(background) == 0 or _clear(
        self.get_stroke_rgbas(vmobject, background=background)
    ):
        return self
    return _manims_stroke(self, ctx, vmobject, background=background)
