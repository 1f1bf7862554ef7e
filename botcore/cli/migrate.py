"""``botcore migrate``: bring the database up to date, and the store into order, without starting anything."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from typing import TYPE_CHECKING

import typer

from botcore.cli.options import prepare
from botcore.cli.output import say
from botcore.errors import EnvironmentFault, StoreError

if TYPE_CHECKING:
    from botcore.config import Settings


LOCAL_STORE = "local"
"""The core's own, which needs no rules."""


def command(ctx: typer.Context) -> None:
    """Bring the database and the store's rules up to date.

    The database's tables are brought up to date by every start as well; the rules of a bucket only here.
    """
    asyncio.run(_migrate(prepare(ctx)))


async def _migrate(settings: Settings) -> None:
    from botcore.app import open_database, prepare_data_dir

    data_dir = prepare_data_dir(settings)
    async with open_database(settings, data_dir) as state:
        for step in state.db.migrated:
            say(f"{state.db.name}: {step}")
        say(f"{state.db.name} is up to date")
    await _prepare_store(settings)


async def _prepare_store(settings: Settings) -> None:
    """Let a store that has something to set up do so.

    :raises EnvironmentFault: the store refuses, or does not answer.
    """
    from botcore.app import require
    from botcore.plugins import load_plugins
    from botcore.ports import Prepares

    if settings.store == LOCAL_STORE:
        return
    host = load_plugins(settings)
    host.require_valid_config()
    require("store", settings.store, host.stores, host)
    async with host:
        store = await host.store(settings.store)
        if not isinstance(store, Prepares):
            return
        try:
            lines = await store.prepare(timedelta(hours=settings.video.hours))
        except StoreError as error:
            problem = str(error.params.get("problem", error.detail))
            raise EnvironmentFault(
                error.detail, problem=problem, remedy=str(error.params.get("remedy", "Try again later."))
            ) from None
        for line in lines:
            say(line)
