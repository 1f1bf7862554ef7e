"""Fixtures for plugin authors. botcore itself is imported by the fixtures, not by pytest's start."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from botcore.hooks.descriptors import PluginContext
    from botcore.plugins import PluginHost


@pytest.fixture
def plugin_context(tmp_path: Path) -> PluginContext:
    """What a factory gets: a data folder of its own and one worker."""
    from botcore.hooks.descriptors import PluginContext

    return PluginContext(plugin="tested", data_dir=tmp_path, workers=1)


@pytest.fixture
def load_plugin(tmp_path: Path) -> Callable[..., PluginHost]:
    """``load_plugin("solver", {"key": "value"})``: loads one installed plugin by its entry point's name, as
    the core does, and fails the test unless it is loaded."""

    def load(name: str, config: Mapping[str, Any] | None = None) -> PluginHost:
        from botcore.config import Settings
        from botcore.plugins import Outcome, load_plugins
        from botcore.plugins.discovery import discover

        found = [candidate for candidate in discover() if candidate.name == name]
        if not found:
            pytest.fail(f"no entry point {name!r} in group botcore is installed")
        values = {"data_dir": tmp_path, "plugins": {found[0].section: dict(config or {})}}
        host = load_plugins(Settings.model_validate(values), found)
        record = host.records[0]
        if record.outcome is not Outcome.LOADED:
            pytest.fail(f"plugin {name} is {record.outcome}: {record.reason}\n{record.traceback}")
        return host

    return load
