"""Sub-commands that plugins add with ``botcore_register_cli``."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import typer

from botcore.config import Settings, load_settings
from botcore.errors import BotcoreError
from botcore.plugins import load_plugins


def plugin_commands(config: Path | None, *, taken: set[str]) -> dict[str, Any]:
    """What the installed plugins add, by name; a name of the core stays the core's.

    Help must work with a broken configuration too, so its faults count only once a command needs it.
    """
    try:
        settings = load_settings(config)
    except BotcoreError:
        settings = Settings()
    commands = {}
    for name, item in load_plugins(settings).cli.items():
        if name not in taken:
            commands[name] = _as_command(name, item)
    return commands


def _as_command(name: str, item: object) -> Any:
    if isinstance(item, typer.Typer):
        group = typer.main.get_command(item)
        group.name = name
        return group
    wrapper = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    wrapper.command(name)(item)  # type: ignore[type-var]  # the registry takes typer apps and functions only
    return typer.main.get_command(wrapper)
