"""Three dimensions: projecting points, and the light on faces that mostly stay where they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
from manim import VMobject
from manim.camera.three_d_camera import ThreeDCamera

Floats = npt.NDArray[np.float64]

_MAX_KEY_POINTS = 64
_MAX_SHADES = 20_000

_manims_rgbas = ThreeDCamera.modified_rgbas
_manims_project = ThreeDCamera.project_points
_manims_anchors = VMobject.get_anchors

_shades: dict[tuple[bytes, bytes, bytes], Floats] = {}
"""By colours, points and place of the light: the colours in that light."""


def install() -> None:
    """See :func:`botcore_manim.inside.faster.install`."""
    ThreeDCamera.modified_rgbas = _shaded
    ThreeDCamera.project_points = _project


def _shaded(self: Any, vmobject: Any, rgbas: Floats) -> Floats:
    points = vmobject.points
    if (
        not self.should_apply_shading
        or not vmobject.shade_in_3d
        or not 0 < len(points) <= _MAX_KEY_POINTS
        or type(vmobject).get_anchors is not _manims_anchors
    ):
        return _manims_rgbas(self, vmobject, rgbas)  # type: ignore[no-any-return]  # Manim is untyped here
    key = (rgbas.tobytes(), points.tobytes(), self.light_source.points[0].tobytes())
    shaded = _shades.get(key)
    if shaded is None:
        if len(_shades) >= _MAX_SHADES:
            _shades.clear()
        shaded = _manims_rgbas(self, vmobject, rgbas)
        shaded.flags.writeable = False
        _shades[key] = shaded
    return shaded


def _project(self: Any, points: Floats) -> Floats:
    if self.exponential_projection:
        return _manims_project(self, points)  # type: ignore[no-any-return]  # Manim is untyped here
    focal_distance = self.get_focal_distance()
    projected: Floats = np.dot(points - self.frame_center, self.get_rotation_matrix().T)
    depth = focal_distance - projected[:, 2]
    factor = focal_distance / depth
    factor[depth < 0] = 10**6
    projected[:, :2] *= (factor * self.get_zoom())[:, np.newaxis]
    return projected
