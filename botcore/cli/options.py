"""The options before the sub-command, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from botcore.cli.output import tell

if TYPE_CHECKING:
    from botcore.config import Settings
    from botcore.plugins import PluginHost


@dataclass(frozen=True, slots=True)
class Options:
    """``config`` is the settings file that was named; ``verbose`` shows the log of short commands too."""

    config: Path | None = None
    verbose: bool = False


def options_of(ctx: typer.Context) -> Options:
    """The options of this command line."""
    return ctx.obj if isinstance(ctx.obj, Options) else Options()


def prepare(ctx: typer.Context, *, quiet: bool = True) -> Settings:
    """Load the settings and send the log to stderr.

    :param quiet: no log unless the person asked for it: for commands that say themselves what goes wrong.
    :raises ConfigError: a setting is wrong.
    """
    from botcore.config import load_settings
    from botcore.telemetry import configure_logging

    chosen = options_of(ctx)
    settings = load_settings(chosen.config)
    level = "critical" if quiet and not chosen.verbose else settings.log.level
    configure_logging(settings.log.format, level)
    return settings


def load_host(settings: Settings) -> PluginHost:
    """Load the plugins, and tell the person about those that did not load."""
    from botcore.plugins import Outcome, load_plugins

    host = load_plugins(settings)
    for record in host.records:
        if record.outcome in {Outcome.FAILED, Outcome.INCOMPATIBLE}:
            tell(f"botcore: the plugin {record.name} is {record.outcome.value}: {record.reason}")
    return host
