"""The settings of the Manim plugin: ``[plugins.manim]``."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from botcore.hooks.descriptors import PluginConfig


class ManimConfig(PluginConfig):
    """How scenes are drawn and what one drawing may use."""

    latex: Literal["mathjax", "system"] = "mathjax"
    """``mathjax`` typesets formulas without a LaTeX installation; ``system`` uses the one of this
    machine: jobs may then start its programs, each of which gets the memory limit of its own."""
    zygotes: int = Field(default=0, ge=0, le=64)
    """Warm processes that jobs are forked from; 0 is one per job that runs side by side."""
    wall_s: float = Field(default=240.0, gt=0, le=3600)
    """Most seconds that one drawing may take."""
    memory_mb: int = Field(default=2048, ge=1024, le=65536)
    """Most memory of one drawing in MiB of address space; the warm process takes the first 525."""
    video_mb: int = Field(default=50, ge=1, le=2000)
    """Most megabytes of one video."""
    uid: int = Field(default=64321, ge=1, le=4_000_000_000)
    """User id that drawings run under when botcore runs as root; it needs no account."""
