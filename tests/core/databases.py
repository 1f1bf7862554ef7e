"""New databases for tests. To migrate one costs as much as most tests do, so it is done once."""

from __future__ import annotations

import asyncio
import sqlite3
import tempfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from functools import cache
from pathlib import Path

from botcore.state import open_state, sqlite_url


def lay_database(path: Path) -> Path:
    """Put an empty database with all its tables where there is none; its path."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(_empty())
    return path


@cache
def _empty() -> bytes:
    """In a thread with a loop of its own: whoever asks may be in the middle of an asynchronous test."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, _migrated()).result()


async def _migrated() -> bytes:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "empty.db")
        async with open_state(sqlite_url(path)):
            pass
        with closing(sqlite3.connect(path)) as database:
            return database.serialize()
