"""Settings of the solver: section ``[plugins.solver]``."""

from __future__ import annotations

from pydantic import Field

from botcore.hooks.descriptors import PluginConfig


class SolverConfig(PluginConfig):
    """How long it may think."""

    time_limit: float = Field(default=8.0, gt=0, le=120)
    """Seconds that one problem may take; a problem that takes longer is left to the next provider."""
