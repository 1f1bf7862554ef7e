"""``botcore migrate``: bring the database up to date without starting anything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import typer

from botcore.cli.options import prepare
from botcore.cli.output import say

if TYPE_CHECKING:
    from botcore.config import Settings


def command(ctx: typer.Context) -> None:
    """Bring the database up to date. Every start does this too."""
    asyncio.run(_migrate(prepare(ctx)))


async def _migrate(settings: Settings) -> None:
    from botcore.app import open_database, prepare_data_dir

    data_dir = prepare_data_dir(settings)
    async with open_database(settings, data_dir) as state:
        for step in state.db.migrated:
            say(f"{state.db.name}: {step}")
        say(f"{state.db.name} is up to date")
