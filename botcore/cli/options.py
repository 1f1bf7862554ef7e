"""The options before the sub-command, and what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from botcore.config import Settings


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

    :param quiet: show warnings and errors alone, unless the person asked for more: for commands that talk to
        a person.
    :raises ConfigError: a setting is wrong.
    """
    from botcore.config import load_settings
    from botcore.telemetry import configure_logging

    chosen = options_of(ctx)
    settings = load_settings(chosen.config)
    level = "error" if quiet and not chosen.verbose else settings.log.level
    configure_logging(settings.log.format, level)
    return settings
