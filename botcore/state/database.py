"""The connection: opening, migrating, and transactions that a cancelled caller cannot break."""

from __future__ import annotations

import asyncio
import hashlib
import re
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, asynccontextmanager, nullcontext
from contextvars import Context, ContextVar
from datetime import UTC, datetime
from itertools import count
from typing import Any, TypeVar, cast
from urllib.parse import parse_qs, urlsplit

from tortoise.apps import Apps
from tortoise.backends.base.client import BaseDBAsyncClient
from tortoise.context import TortoiseContext
from tortoise.exceptions import BaseORMException, OperationalError
from tortoise.migrations.executor import MigrationExecutor
from tortoise.transactions import in_transaction

from botcore.errors import EnvironmentFault
from botcore.state import sqlite
from botcore.state.bell import Bell
from botcore.state.sqlite import sqlite_path

T = TypeVar("T")

Clock = Callable[[], datetime]

APP = "state"
POOL = 10
"""Connections of one process to PostgreSQL."""

DatabaseFailed = OperationalError
"""The database did not do what was asked of it: it is locked, full, broken or away. Nothing was written,
unless it went away in the very moment of the commit."""

_TRIES = 4
_COLUMNS = """
SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
WHERE table_schema = current_schema()
"""
_after: ContextVar[list[Callable[[], None]] | None] = ContextVar("botcore_state_after_commit", default=None)
"""Inside a transaction: what to do once it is committed."""


class TurnedAway(OperationalError):
    """Two transactions waited for each other, and this one had to give way: it may be tried again."""


def utc_now() -> datetime:
    """The time, aware, in UTC."""
    return datetime.now(UTC)


def describe(url: str) -> str:
    """A database in words for its operator, without its password."""
    path = sqlite_path(url)
    if path is not None:
        return path
    try:
        parts = urlsplit(url)
        port = f":{parts.port}" if parts.port else ""
    except ValueError:
        return "PostgreSQL"
    return f"PostgreSQL database {parts.path.strip('/') or parts.username or ''}{host_of(url)}{port}"


def host_of(url: str) -> str:
    """Where the server of a URL is, in words that follow its name; empty where the URL cannot be read."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    return f" at {parts.hostname or parse_qs(parts.query).get('host', ['this machine'])[0]}"


class Database:
    """One open database. ``clock`` gives the time of every write and lease; ``dialect`` is ``sqlite`` or
    ``postgres``; ``name`` is for its operator; ``migrated`` is what was done to its tables just now."""

    def __init__(self, context: TortoiseContext, dialect: str, name: str, clock: Clock) -> None:
        self._context = context
        self._running: set[asyncio.Task[Any]] = set()
        self.dialect = dialect
        self.name = name
        self.migrated: list[str] = []
        self.clock = clock

    async def transaction(self, body: Callable[[], Awaitable[T]]) -> T:
        """Run ``body`` in one transaction; what it raises rolls everything back.

        Inside another transaction it joins that one. A caller that is cancelled meanwhile gets its
        cancellation after the transaction ended: cancelled halfway, Tortoise would keep its lock for ever.
        On PostgreSQL ``body`` runs again where two transactions waited for each other.
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
        for _ in range(_TRIES - 1):
            try:
                return await self._once(body)
            except TurnedAway:
                continue
        return await self._once(body)

    async def _once(self, body: Callable[[], Awaitable[T]]) -> T:
        after: list[Callable[[], None]] = []
        _after.set(after)
        try:
            async with in_transaction(self.dialect) as connection:
                if self.dialect == "sqlite":
                    # Tortoise begins "deferred": a read followed by a write then fails at once when another
                    # process wrote in between. "Immediate" waits for its turn instead.
                    await connection.execute_query("COMMIT")
                    await connection.execute_query("BEGIN IMMEDIATE")
                result = await body()
        except sqlite3.Error as error:  # a commit that fails comes through Tortoise as it is
            raise DatabaseFailed(str(error)) from error
        for call in after:
            call()
        return result

    async def lock(self, *names: str) -> None:
        """Inside a transaction: wait for others that locked one of these names, and have them wait for the
        end of this one. For what is read and then written where there is no row to lock.

        SQLite has one writer anyway.
        """
        if self.dialect == "sqlite":
            return
        for key in sorted({_number(name) for name in names}):  # in one order, so that nobody waits in a ring
            await self.query("SELECT pg_advisory_xact_lock(?)", [key])

    async def query(self, statement: str, values: Sequence[object]) -> Sequence[Mapping[str, Any]]:
        """Carry out one statement; the rows that it gives. Each value stands as ``?`` in the statement."""
        connection = self._context.db(self.dialect)
        if self.dialect == "sqlite":
            _, rows = await connection.execute_query(statement, list(values))
            return cast("Sequence[Mapping[str, Any]]", rows)
        numbers = count(1)
        numbered = re.sub(r"\?", lambda _: f"${next(numbers)}", statement)
        return await connection.execute_query_dict(numbered, list(values))

    def stored(self, moment: datetime) -> object:
        """``moment`` as a value of :meth:`query`. SQLite keeps it as this text, and would have it made anew
        for each column."""
        return str(moment) if self.dialect == "sqlite" else moment

    async def scrub(self) -> None:
        """Have what was deleted leave SQLite's log as well, as far as nobody still reads it."""
        if self.dialect == "sqlite":
            await self.query("PRAGMA wal_checkpoint(TRUNCATE)", [])

    def begin(self, work: Coroutine[Any, Any, T], *, context: Context | None = None) -> asyncio.Task[T]:
        """Start work with the database that :meth:`close` waits for."""
        task = asyncio.create_task(work, context=context)
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        return task

    def shared(self, bells: Mapping[str, Bell]) -> AbstractAsyncContextManager[None]:
        """While the block runs, have the bells heard in all processes of this database, where there may be
        several."""
        if self.dialect == "sqlite":
            return nullcontext()
        from botcore.state.postgres import PostgresClient
        from botcore.state.ringing import ringing

        return ringing(cast("PostgresClient", self._context.db(self.dialect)), bells)

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
async def open_database(url: str, *, clock: Clock = utc_now, pool: int = POOL) -> AsyncIterator[Database]:
    """Open the database of ``url`` and bring its tables up to date. One at a time in a process.

    :param pool: so many connections at most, where it is PostgreSQL's.
    :raises EnvironmentFault: it cannot be opened, or another version of botcore made it.
    """
    context = TortoiseContext()
    # Tortoise remembers statements by the connection's name: each kind has its own.
    dialect = "postgres" if sqlite_path(url) is None else "sqlite"
    apps = {
        APP: {
            "models": ["botcore.state.models"],
            "default_connection": dialect,
            "migrations": "botcore.state.migrations",
        }
    }
    async with _alone(url):
        with context:
            # The fallback makes the connection known to tasks that were not started from here.
            await context.init(
                config={
                    "connections": {dialect: _connection(url, pool)},
                    "apps": apps,
                    "use_tz": True,
                    "timezone": "UTC",
                },
                _enable_global_fallback=True,
            )
        database = Database(context, dialect, describe(url), clock)
        try:
            await _connect(context.db(dialect), url)
            database.migrated = await _migrate(context.db(dialect), apps, url)
            await _compare(database, context, url)
        except BaseException:
            await database.close()
            raise
    try:
        yield database
    finally:
        await asyncio.shield(database.close())


def _connection(url: str, pool: int) -> dict[str, Any]:
    path = sqlite_path(url)
    if path is not None:
        return sqlite.connection(path)
    return {"engine": "botcore.state.postgres", "credentials": {"url": url, "pool": pool}}


def _alone(url: str) -> AbstractAsyncContextManager[None]:
    """Whoever opens the same database meanwhile waits."""
    path = sqlite_path(url)
    if path is not None:
        return sqlite.migrating(path)
    try:
        from botcore.state import postgres
    except ImportError as error:
        raise EnvironmentFault(
            str(error),
            problem="the database of the settings is PostgreSQL, whose driver is not installed",
            remedy="Install it: pip install 'botcore-framework[postgresql]'.",
        ) from error
    return postgres.migrating(url)


async def _connect(connection: BaseDBAsyncClient, url: str) -> None:
    """Connect before anything is asked: where that fails, Tortoise keeps the connection's lock, and what the
    migrations ask next would wait for it for ever."""
    try:
        await connection.create_connection(with_db=True)
    except (OperationalError, OSError, sqlite3.Error) as error:
        raise EnvironmentFault(
            str(error),
            problem=f"{describe(url)} cannot be opened ({error})",
            remedy="Free disk space, make the folder writable, or put a sound copy in its place.",
        ) from error


async def _migrate(connection: BaseDBAsyncClient, apps: dict[str, dict[str, Any]], url: str) -> list[str]:
    done = []

    def note(event: str, _app: str, migration: str) -> None:
        if event == "apply_done":
            done.append(f"made its tables ({migration})")

    try:
        await MigrationExecutor(connection, apps).migrate(progress=note)
    except (BaseORMException, sqlite3.Error) as error:
        raise EnvironmentFault(
            str(error),
            problem=f"the tables of {describe(url)} cannot be made ({error})",
            remedy="Free disk space, let its user make tables, or begin with an empty database.",
        ) from error
    return done


async def _compare(database: Database, context: TortoiseContext, url: str) -> None:
    """Refuse tables that are not those of the models: they would fail later, and one by one."""
    rows = await database.query(sqlite.COLUMNS if database.dialect == "sqlite" else _COLUMNS, [])
    there = {(row["table"], row["column"]) for row in rows}
    models = cast("Apps", context.apps)[APP].values()
    shapes = [model.describe(serializable=False) for model in models]
    wanted = {
        (shape["table"], part["db_column"])
        for shape in shapes
        for part in (shape["pk_field"], *shape["data_fields"])
    }
    tables = {table for table, _ in wanted}
    if strange := sorted(wanted ^ {each for each in there if each[0] in tables}):
        names = ", ".join(f"{table}.{column}" for table, column in strange[:3])
        raise EnvironmentFault(
            problem=f"{describe(url)} was made by another version of botcore (see {names})",
            remedy="Use that version, or begin with an empty database.",
        )


def _number(name: str) -> int:
    digest = hashlib.blake2b(name.encode("utf-8", "replace"), digest_size=8).digest()
    return int.from_bytes(digest, signed=True)
