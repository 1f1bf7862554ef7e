"""The connection: opening, migrating, and transactions that a cancelled caller cannot break."""

from __future__ import annotations

import asyncio
import fcntl
import os
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from contextvars import Context, ContextVar
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from typing import Any, TypeVar, cast
from urllib.parse import quote, unquote, urlsplit

from tortoise.context import TortoiseContext
from tortoise.exceptions import OperationalError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

from botcore.errors import EnvironmentFault

T = TypeVar("T")

Clock = Callable[[], datetime]

CONNECTION = "default"
APP = "state"
APPS: dict[str, dict[str, Any]] = {
    APP: {
        "models": ["botcore.state.models"],
        "default_connection": CONNECTION,
        "migrations": "botcore.state.migrations",
    }
}

DatabaseFailed = OperationalError
"""The database did not do what was asked of it: it is locked, full or broken. Nothing was written."""

_BUSY_MS = 8000
"""How long SQLite waits for another process's write."""

_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("botcore_state_after_commit", default=None)
"""Inside a transaction: what to do once it is committed."""


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite database file; its folder must exist."""
    return f"sqlite://{quote(str(path.absolute()))}"


def _sqlite_path(url: str) -> str | None:
    parts = urlsplit(url)
    return unquote(parts.path) if parts.scheme == "sqlite" else None


def _connection(url: str) -> str | dict[str, Any]:
    path = _sqlite_path(url)
    if path is None:
        return url
    # Spelt out, because Tortoise does not unquote the path of a URL.
    pragmas = {"busy_timeout": _BUSY_MS, "journal_mode": "WAL", "synchronous": "NORMAL"}
    return {"engine": "tortoise.backends.sqlite", "credentials": {"file_path": path, **pragmas}}


class Database:
    """One open database. ``clock`` gives the time of every write and lease."""

    def __init__(self, context: TortoiseContext, clock: Clock) -> None:
        self._context = context
        self._running: set[asyncio.Task[Any]] = set()
        self.clock = clock

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgres``."""
        return self._context.db(CONNECTION).capabilities.dialect

    async def transaction(self, body: Callable[[], Awaitable[T]]) -> T:
        """Run ``body`` in one transaction; what it raises rolls everything back.

        Inside another transaction it joins that one. A caller that is cancelled meanwhile gets its
        cancellation after the transaction ended: cancelled halfway, Tortoise would keep its lock for ever.
        """
        if _after.get() is not None:
            return await body()
        task = self.begin(self._whole(body))
        try:
            return await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task})
            if not task.cancelled():
                task.exception()  # the caller is gone: nobody else will look at it
            raise

    async def _whole(self, body: Callable[[], Awaitable[T]]) -> T:
        after: list[Callable[[], None]] = []
        _after.set(after)
        async with in_transaction(CONNECTION) as connection:
            if self.dialect == "sqlite":
                # Tortoise begins "deferred": a read followed by a write then fails at once when another
                # process wrote in between. "Immediate" waits for its turn instead.
                await connection.execute_query("COMMIT")
                await connection.execute_query("BEGIN IMMEDIATE")
            result = await body()
        for call in after:
            call()
        return result

    async def query(self, statement: str, values: Sequence[object]) -> Sequence[Mapping[str, Any]]:
        """Carry out one statement; the rows that it gives. Each value stands as ``?`` in the statement."""
        if self.dialect != "sqlite":
            numbers = count(1)
            statement = re.sub(r"\?", lambda _: f"${next(numbers)}", statement)
        _, rows = await self._context.db(CONNECTION).execute_query(statement, list(values))
        return cast("Sequence[Mapping[str, Any]]", rows)

    def begin(self, work: Coroutine[Any, Any, T], *, context: Context | None = None) -> asyncio.Task[T]:
        """Start work with the database that :meth:`close` waits for."""
        task = asyncio.create_task(work, context=context)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def after_commit(self, call: Callable[[], None]) -> None:
        """Call ``call`` once what was written so far can be seen by others: at once outside a transaction."""
        after = _after.get()
        if after is None:
            call()
        else:
            after.append(call)

    async def close(self) -> None:
        """Let running work end, then close."""
        while self._running:
            await asyncio.wait(self._running)
        await self._context.close_connections()


@asynccontextmanager
async def open_database(url: str, *, clock: Clock = utc_now) -> AsyncIterator[Database]:
    """Open the database of ``url`` and bring its tables up to date. One at a time in a process."""
    context = TortoiseContext()
    with _alone(url):
        with context:
            # The fallback makes the connection known to tasks that were not started from here.
            await context.init(
                config={
                    "connections": {CONNECTION: _connection(url)},
                    "apps": APPS,
                    "use_tz": True,
                    "timezone": "UTC",
                },
                _enable_global_fallback=True,
            )
        database = Database(context, clock)
        try:
            await _connect(context, url)
            await MigrationExecutor(context.db(CONNECTION), APPS).migrate()
        except BaseException:
            await database.close()
            raise
    try:
        yield database
    finally:
        await asyncio.shield(database.close())


async def _connect(context: TortoiseContext, url: str) -> None:
    """Connect before anything is asked: where that fails, Tortoise keeps the connection's lock, and what the
    migrations ask next would wait for it for ever."""
    try:
        await context.db(CONNECTION).create_connection(with_db=True)
    except (OperationalError, OSError, sqlite3.Error) as error:
        where = _sqlite_path(url) or "of the settings"
        raise EnvironmentFault(
            str(error),
            problem=f"the database {where} cannot be opened ({error})",
            remedy="Free disk space, make the folder writable, or put a sound copy in its place.",
        ) from error


@contextmanager
def _alone(url: str) -> Iterator[None]:
    """Two processes that open a new SQLite file at the same moment migrate one after the other."""
    path = _sqlite_path(url)
    if path is None:
        yield
        return
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
