"""New databases for tests. To migrate one costs as much as most tests do, so it is done once for each
backend, and each test gets a copy."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager
from functools import cache
from pathlib import Path

import asyncpg

from botcore.state import open_state, sqlite_url
from tests.core.postgres import in_own_loop, postgres

DatabaseUrl = str


def lay_database(path: Path) -> Path:
    """Put an empty database with all its tables where there is none; its path."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return path


@contextmanager
def on_sqlite(folder: Path) -> Iterator[DatabaseUrl]:
    """The file ``botcore.db`` in a folder."""
    yield sqlite_url(lay_database(folder / "botcore.db"))


@contextmanager
def on_postgres(_folder: Path) -> Iterator[DatabaseUrl]:
    """A database of a server that this test process starts once. Emptied at the end and used again: to make
    one takes longer than most tests do."""
    server = postgres()
    name = _emptied.pop() if _emptied else server.create(like=template())
    try:
        yield server.url(name)
    finally:
        in_own_loop(_empty_tables(name))
        _emptied.append(name)


_emptied: list[str] = []

BACKENDS: dict[str, Callable[[Path], AbstractContextManager[DatabaseUrl]]] = {
    "sqlite": on_sqlite,
    "postgres": on_postgres,
}


@cache
def _empty() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        in_own_loop(_migrate(sqlite_url(path)))
        with closing(sqlite3.connect(path)) as database:
            return database.serialize()


@cache
def template() -> str:
    """The name of a database on PostgreSQL with all its tables, to be copied."""
    server = postgres()
    name = server.create()
    in_own_loop(_migrate(server.url(name)))
    return name


async def _empty_tables(name: str) -> None:
    tables = "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename NOT LIKE 'tortoise%'"
    sequences = "SELECT format('SELECT setval(%L, 1, false)', sequencename) FROM pg_sequences"
    connection = await asyncpg.connect(postgres().url(name))
    try:
        await connection.execute("SET session_replication_role = replica")  # foreign keys do not matter
        for (table,) in await connection.fetch(tables):
            await connection.execute(f'DELETE FROM "{table}"')  # noqa: S608  # our own names
        for (reset,) in await connection.fetch(sequences):
            await connection.execute(reset)
    finally:
        await connection.close()


async def _migrate(url: str) -> None:
    async with open_state(url):
        pass
