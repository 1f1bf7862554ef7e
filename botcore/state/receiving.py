"""Writes received messages: those that come at the same time go into one statement, and so into one commit.

A commit for each message would hand every message over to the database's thread and back, and there are
moments when a whole class sends its homework.
"""

from __future__ import annotations

import asyncio
import math
import time
from contextvars import Context
from datetime import datetime
from operator import itemgetter
from typing import NamedTuple

from tortoise.exceptions import IntegrityError

from botcore.state.database import Database, DatabaseFailed
from botcore.state.records import InboxStatus

MOST = 100
"""Rows of one statement: their values stay below 999, which the oldest SQLite takes."""
CROWD = 500
"""So many messages a second pour in."""
MEMORY = 0.25
"""Seconds over which they are counted: longer than a busy server's own pauses, in which nobody can come."""
PATIENCE, LOOKS = 1.0, 20
"""Seconds for which it is waited that they become fewer; looks meanwhile."""
BREATHS = 3
"""Rounds of the event loop in which nobody else came: from the socket to here a request takes as many."""
_COLUMNS = ("key", "scope", "chat", "sender", "message", "status", "tries", "received_at", "due")
_NAMES = ", ".join(f'"{name}"' for name in _COLUMNS)
_MARKS = f"({', '.join('?' * len(_COLUMNS))})"


class Arrival(NamedTuple):
    """A received message as it goes into its row."""

    key: str
    scope: str
    chat: str
    sender: str
    message: str
    at: datetime

    def values(self, at: object) -> tuple[object, ...]:
        """In the order of the columns; ``at`` is what the database takes for the time."""
        return (*self[:-1], InboxStatus.NEW.value, 0, at, at)


class Receiver:
    """Inserts arrivals; none goes into an earlier statement than one that came before it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._waiting: list[tuple[Arrival, asyncio.Future[bool]]] = []
        self._writing: asyncio.Task[None] | None = None
        self._counted = self._last = 0.0
        self._now = time.monotonic
        self._one_at_a_time = asyncio.Lock()

    async def insert(self, arrival: Arrival) -> bool:
        """Commit a row; False when there is one with its key. Not inside a transaction, whose end it would
        wait for.

        A caller that is cancelled leaves its row behind.

        :raises DatabaseFailed: nothing was written.
        """
        done: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, done))
        if self._writing is None:
            # In a context of its own: what one caller logs under is not the others'.
            self._writing = self._database.begin(self._write_all(), context=Context())
        return await done

    async def lull(self) -> None:
        """Return once messages do not pour in, or after :data:`PATIENCE` seconds to one of those who wait.

        To take a message in has precedence over answering the ones before it: a platform that waits too long
        for its 200 sends again, and calls still more often.
        """
        if self._rate() <= CROWD:
            return
        async with self._one_at_a_time:
            for _ in range(LOOKS):
                if self._rate() <= CROWD:
                    return
                await asyncio.sleep(PATIENCE / LOOKS)

    def _rate(self) -> float:
        """Messages a second, of late."""
        return self._counted * math.exp((self._last - self._now()) / MEMORY) / MEMORY

    def _count(self, came: int) -> None:
        self._counted = self._rate() * MEMORY + came
        self._last = self._now()

    async def _write_all(self) -> None:
        """Write until nobody waits. While one group is written, the next one comes together."""
        try:
            while self._waiting:
                await self._gather()
                group, self._waiting = self._waiting[:MOST], self._waiting[MOST:]
                self._count(len(group))
                await self._write(group)
        finally:
            self._writing = None

    async def _gather(self) -> None:
        """Return once nobody else is on the way, or a statement is full.

        While the database's thread works, it and the event loop take Python's lock from each other: that
        costs more than to let those come in first whose request is there already.
        """
        here, breaths = len(self._waiting), 0
        while here < MOST and breaths < BREATHS:
            await asyncio.sleep(0)
            breaths = breaths + 1 if len(self._waiting) == here else 0
            here = len(self._waiting)

    async def _write(self, group: list[tuple[Arrival, asyncio.Future[bool]]]) -> None:
        try:
            new = await self._insert([arrival for arrival, _ in group])
        except Exception as error:  # noqa: BLE001  # each caller gets it
            if len(group) > 1 and not isinstance(error, DatabaseFailed):
                # One row is to blame: its neighbours shall not suffer.
                for one in group:
                    await self._write([one])
                return
            for _, done in group:
                if not done.done():
                    done.set_exception(error)
            return
        for arrival, done in group:
            if not done.done():
                done.set_result(new is None or arrival.key in new)
            if new is not None:
                new.discard(arrival.key)  # the same message twice in one group

    async def _insert(self, arrivals: list[Arrival]) -> set[str] | None:
        """The keys that were not there yet; None: all."""
        # In one order, so that processes that got the same messages do not wait for each other in a ring.
        arrivals = sorted(arrivals, key=itemgetter(0))
        stored = self._database.stored
        values = [value for arrival in arrivals for value in arrival.values(stored(arrival.at))]
        insert = f'INSERT INTO "inbox" ({_NAMES}) VALUES {", ".join([_MARKS] * len(arrivals))}'  # noqa: S608  # no values
        try:
            # Without RETURNING, for which SQLite's thread would ask for Python's lock once a row.
            await self._database.query(insert, values)
        except IntegrityError:  # one was there already, and nothing was written
            found = await self._database.query(
                f'{insert} ON CONFLICT ("key") DO NOTHING RETURNING "key"', values
            )
            return {row["key"] for row in found}
        return None
