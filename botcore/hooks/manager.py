"""The pluggy manager of botcore's hooks."""

from __future__ import annotations

import pluggy

from botcore.hooks import specs


def new_manager() -> pluggy.PluginManager:
    """A manager that knows every hook of botcore and no plugin."""
    manager = pluggy.PluginManager(specs.PROJECT)
    manager.add_hookspecs(specs)
    return manager
