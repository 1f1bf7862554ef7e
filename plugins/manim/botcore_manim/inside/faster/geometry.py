"""Bounds of mobjects and lengths of curves."""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt
from manim import Mobject, VMobject
from manim.camera.camera import Camera

Floats = npt.NDArray[np.float64]
Curve = Callable[[float], Floats]

_CUBIC = 4
_SAMPLES = 10
"""Manim's default number of points that a curve's length is measured at."""

_manims_boundary = VMobject.get_points_defining_boundary
_manims_extremum = Mobject.get_extremum_along_dim
_manims_critical_point = Mobject.get_critical_point
_manims_center = Mobject.get_center
_manims_edge_center = Mobject.get_edge_center
_manims_gradient_ends = VMobject.get_gradient_start_and_end_points
_manims_anchors = VMobject.get_anchors
_manims_lengths = VMobject.get_curve_functions_with_lengths
_manims_curve_with_length = VMobject.get_nth_curve_function_with_length
_manims_pieces = VMobject.get_nth_curve_length_pieces

_lengths: WeakKeyDictionary[Any, tuple[Floats, Floats]] = WeakKeyDictionary()
"""Of a mobject: its points when they were measured, and the length of each of its curves."""


_bounds_in_picture: dict[Any, tuple[Floats, Floats]] | None = None
"""While one picture is drawn nothing moves: the bounds of what was asked for in it. None between pictures."""

_manims_capture = Camera.capture_mobjects


def install() -> None:
    """See :func:`botcore_manim.inside.faster.install`."""
    Camera.capture_mobjects = _capture
    VMobject.get_points_defining_boundary = _boundary
    Mobject.get_critical_point = _critical_point
    VMobject.get_gradient_start_and_end_points = _gradient_ends
    VMobject.get_curve_functions_with_lengths = _curves_with_lengths


def anchors(mobject: Any) -> Floats | None:
    """The anchors as one array; None when Manim's own way has to be taken."""
    points = mobject.points
    count = len(points)
    if type(mobject).get_anchors is not _manims_anchors or mobject.n_points_per_cubic_curve != _CUBIC:
        return None
    if count <= 1:
        return points  # type: ignore[no-any-return]  # Manim is untyped here
    if count % _CUBIC:
        return None
    ends = points.reshape(count // _CUBIC, _CUBIC, -1)[:, (0, _CUBIC - 1)]
    return ends.reshape(count // 2, -1)  # type: ignore[no-any-return]  # Manim is untyped here


def _boundary(self: Any) -> Floats:
    parts = []
    for member in self.get_family():
        part = anchors(member) if isinstance(member, VMobject) else None
        if part is None:
            return _manims_boundary(self)  # type: ignore[no-any-return]  # Manim is untyped here
        if len(part):
            parts.append(part)
    if not parts:
        return np.array(())
    return np.array(parts[0]) if len(parts) == 1 else np.concatenate(parts)


def _capture(self: Any, mobjects: Any, **kwargs: Any) -> None:
    global _bounds_in_picture  # noqa: PLW0603  # one picture is drawn at a time
    outermost = _bounds_in_picture is None
    if outermost:
        _bounds_in_picture = {}
    try:
        _manims_capture(self, mobjects, **kwargs)
    finally:
        if outermost:
            _bounds_in_picture = None


def _bounds(mobject: Any) -> tuple[Floats, Floats]:
    """The lowest and the highest coordinates of the anchors; empty arrays when there are none."""
    if _bounds_in_picture is not None and mobject in _bounds_in_picture:
        return _bounds_in_picture[mobject]
    points = mobject.get_points_defining_boundary()
    found = (points.min(axis=0), points.max(axis=0)) if len(points) else (np.array(()), np.array(()))
    if _bounds_in_picture is not None:
        _bounds_in_picture[mobject] = found
    return found


def _critical_point(self: Any, direction: Any) -> Floats:
    if type(self).get_extremum_along_dim is not _manims_extremum:
        return _manims_critical_point(self, direction)  # type: ignore[no-any-return]  # Manim is untyped here
    result = np.zeros(self.dim)
    low, high = _bounds(self)
    if len(low) == 0:
        return result
    for dim in range(self.dim):
        key = direction[dim]
        if key < 0:
            result[dim] = low[dim]
        elif key == 0:
            result[dim] = (low[dim] + high[dim]) / 2
        else:
            result[dim] = high[dim]
    return result


def _gradient_ends(self: Any) -> tuple[Floats, Floats]:
    kind = type(self)
    if (
        self.shade_in_3d
        or kind.get_critical_point is not _critical_point
        or kind.get_center is not _manims_center
        or kind.get_edge_center is not _manims_edge_center
    ):
        return _manims_gradient_ends(self)  # type: ignore[no-any-return]  # Manim is untyped here
    low, high = _bounds(self)
    if len(low) == 0:
        return _manims_gradient_ends(self)  # type: ignore[no-any-return]  # Manim is untyped here
    center = (low + high) / 2
    # Manim multiplies the direction by the matrix of the ways from the centre to the three faces of the
    # box, which has nothing beside its diagonal
    offset = (high - center) * self.get_sheen_direction()
    return center - offset, center + offset


def _curves_with_lengths(self: Any, **kwargs: Any) -> Iterator[tuple[Curve, float]]:
    own = type(self).get_nth_curve_function_with_length is _manims_curve_with_length
    own = own and type(self).get_nth_curve_length_pieces is _manims_pieces
    samples = kwargs.get("sample_points")
    if not own or set(kwargs) - {"sample_points"} or samples is not None or not _ordinary(self):
        yield from _manims_lengths(self, **kwargs)
        return
    lengths = lengths_of(self)
    for n in range(self.get_num_curves()):
        yield self.get_nth_curve_function(n), lengths[n]


def _ordinary(mobject: Any) -> bool:
    points = mobject.points
    return bool(
        mobject.n_points_per_cubic_curve == _CUBIC and points.ndim == 2 and points.dtype == np.float64
    )


def lengths_of(mobject: Any) -> Floats:
    """The lengths of the mobject's curves, measured again only when its points have changed."""
    points = mobject.points
    known = _lengths.get(mobject)
    if known is not None and np.array_equal(known[0], points):
        return known[1]
    count = len(points) // _CUBIC
    curves = points[: count * _CUBIC].reshape(count, _CUBIC, 1, -1)
    c0, c1, c2, c3 = _weights(_SAMPLES)
    places = c0 * curves[:, 0] + c1 * curves[:, 1] + c2 * curves[:, 2] + c3 * curves[:, 3]
    steps = places[:, 1:] - places[:, :-1]
    lengths = np.sum(np.linalg.norm(steps, axis=2), axis=1)
    _lengths[mobject] = (points.copy(), lengths)
    return lengths  # type: ignore[no-any-return]  # numpy's sum is untyped


@functools.cache
def _weights(samples: int) -> tuple[Floats, Floats, Floats, Floats]:
    """Bernstein weights at evenly spaced places, each sample × 1."""
    t = np.linspace(0, 1, samples)[:, np.newaxis]
    t2 = t * t
    t3 = t2 * t
    mt = 1 - t
    mt2 = mt * mt
    mt3 = mt2 * mt
    return mt3, 3 * t * mt2, 3 * t2 * mt, t3
