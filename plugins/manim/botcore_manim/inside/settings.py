"""Manim's global configuration for one job."""

from __future__ import annotations

from pathlib import Path

from botcore_manim.spec import JobSpec


def configure(spec: JobSpec, folder: Path) -> None:
    """Set Manim up for ``spec``, with everything that it might write below ``folder``."""
    from manim import config

    config.media_dir = str(folder / "media")
    config.frame_width = spec.frame_width
    config.frame_height = spec.frame_height
    config.seed = spec.seed
    config.notify_outdated_version = False
    enforce(spec)


def enforce(spec: JobSpec) -> None:
    """Set again what a text may not choose, after it was run: pixels, frame rate, kind of output.

    Colours and the size of the frame in Manim's units are the text's own business and stay.
    """
    from manim import RendererType, config

    if config.renderer != RendererType.CAIRO:
        config.renderer = RendererType.CAIRO
    config.pixel_width = spec.width
    config.pixel_height = spec.height
    config.frame_rate = spec.fps
    config.format = "auto"
    config.transparent = False
    config.dry_run = False
    config.preview = False
    config.live_preview = False
    config.enable_gui = False
    config.save_sections = False
    config.show_in_file_browser = False
    config.log_to_file = False
    config.disable_caching = True
    config.progress_bar = "none"
    config.verbosity = "ERROR"
    config.from_animation_number = 0
    config.upto_animation_number = -1
