"""How the scene runtime is put into Manim."""

from __future__ import annotations

from typing import Any

from manim.renderer.cairo_renderer import CairoRenderer

from botcore_manim.inside import faster
from botcore_manim.inside.writing import StreamWriter


def install() -> None:
    """Replace Manim's way from a drawn frame to a file, and its slow spots. Idempotent."""
    faster.install()
    CairoRenderer.init_scene = _init_scene
    CairoRenderer.render = _render
    CairoRenderer.freeze_current_frame = _freeze_current_frame


def _init_scene(self: CairoRenderer, _scene: Any, _session: Any, settings: Any) -> None:
    self.file_writer = StreamWriter(settings)


def _render(self: CairoRenderer, scene: Any, time: float, moving_mobjects: Any = None) -> None:
    self.update_frame(scene, moving_mobjects)
    self.file_writer.at(time, scene.duration)
    # no copy: the writer takes what changed before it returns
    self.add_frame(self.camera.pixel_array)


def _freeze_current_frame(self: CairoRenderer, duration: float) -> None:
    self.add_frame(self.camera.pixel_array, num_frames=int(duration / (1 / self.camera.frame_rate)))
