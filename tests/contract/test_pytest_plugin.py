"""The fixtures that plugin authors get without importing anything."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from botcore.hooks.descriptors import PluginContext
from botcore.plugins import PluginHost

Load = Callable[..., PluginHost]


def test_an_installed_plugin_is_loaded_as_the_core_does_it(load_plugin: Load) -> None:
    assert list(load_plugin("console").adapters) == ["console"]


def test_a_plugin_that_is_not_installed_fails_the_test(load_plugin: Load) -> None:
    with pytest.raises(pytest.fail.Exception, match="no entry point 'absent'"):
        load_plugin("absent")


def test_a_section_that_the_plugin_refuses_fails_the_test(load_plugin: Load) -> None:
    with pytest.raises(pytest.fail.Exception, match="unknown key"):
        load_plugin("console", {"colour": "red"})


def test_a_factory_gets_a_folder_of_the_test(plugin_context: PluginContext) -> None:
    assert plugin_context.data_dir.is_dir()
    assert plugin_context.workers == 1
