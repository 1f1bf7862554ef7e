"""Bells over processes: what rings in one is heard in all that share its database on PostgreSQL.

A notice may be lost: a connection breaks, a process dies before it sends. So those who wait for a bell still
look by themselves now and then.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from botcore.state.bell import Bell
from botcore.state.postgres import PostgresClient, translated
from botcore.telemetry import keep_on

CHANNEL = "botcore"
_GATHER = 0.02
"""Seconds between two notices: what rings meanwhile is told together."""
_BEAT = 30.0
"""Seconds after which a quiet connection is tried: one whose other end vanished says nothing of it."""
_RETRY = 2.0


@asynccontextmanager
async def ringing(client: PostgresClient, bells: Mapping[str, Bell]) -> AsyncIterator[None]:
    """Carry rings of ``bells``, which go by these names in every process, to and from the others."""
    carrier = _Carrier(client, bells)
    task = asyncio.create_task(keep_on(carrier.carry, pause=_RETRY, name="bells"))
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


class _Carrier:
    def __init__(self, client: PostgresClient, bells: Mapping[str, Bell]) -> None:
        self._client = client
        self._bells = bells
        self._rung: set[str] = set()
        self._news = Bell()
        for name, bell in bells.items():
            bell.carry = partial(self._note, name)

    async def carry(self) -> None:
        """Listen and tell until the connection breaks."""
        connection = await self._client.connect()
        connection.add_termination_listener(lambda _: self._news.ring())
        try:
            with translated(self._client.outage):
                await connection.add_listener(CHANNEL, self._heard)
            for bell in self._bells.values():  # it may have rung while nobody listened
                bell.ring_here()
            while True:
                heard = self._news.rings
                await self._tell(connection)
                await asyncio.sleep(_GATHER)
                await self._news.wait(heard, timeout=_BEAT)
        finally:
            connection.terminate()

    async def _tell(self, connection: Any) -> None:
        names, self._rung = self._rung, set()
        try:
            with translated(self._client.outage):
                if names:
                    await connection.execute("SELECT pg_notify($1, $2)", CHANNEL, " ".join(names))
                else:
                    await connection.execute("SELECT 1")
        except BaseException:
            self._rung |= names
            raise

    def _note(self, name: str) -> None:
        self._rung.add(name)
        self._news.ring()

    def _heard(self, connection: Any, teller: int, _channel: str, names: str) -> None:
        if teller != connection.get_server_pid():
            for name in names.split():
                if name in self._bells:
                    self._bells[name].ring_here()
