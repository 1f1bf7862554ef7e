"""SQLite: the file, and who may make its tables."""

from __future__ import annotations

import fcntl
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlsplit

_BUSY_MS = 8000
"""How long SQLite waits for another process's write."""
_WAL_BYTES = 64 * 1024**2
"""Of the log's file between two checkpoints: to make it small each time takes longer than most writes."""
_WAL_PAGES = 4000
"""Of the log before its pages go into the file, each once: 16 MB. With SQLite's 1000 a crowd's messages wait
four times as often, and pages that they share are written four times as often."""
COLUMNS = """
SELECT made.name AS "table", part.name AS "column"
FROM sqlite_master AS made, pragma_table_info(made.name) AS part WHERE made.type = 'table'
"""


def sqlite_url(path: Path) -> str:
    """The URL of a SQLite database file; its folder must exist."""
    return f"sqlite://{quote(str(path.absolute()))}"


def sqlite_path(url: str) -> str | None:
    """The file of a URL; None when it is not SQLite's."""
    return unquote(urlsplit(url).path) if url.startswith("sqlite:") else None


def connection(path: str) -> dict[str, Any]:
    """What Tortoise needs to open a file. Spelt out, because it does not unquote the path of a URL."""
    pragmas = {
        "busy_timeout": _BUSY_MS,
        "journal_mode": "WAL",
        "journal_size_limit": _WAL_BYTES,
        "wal_autocheckpoint": _WAL_PAGES,
        "synchronous": "NORMAL",
        "secure_delete": "ON",  # what is forgotten is not left lying in free pages
    }
    return {"engine": "botcore.state.sqlite_client", "credentials": {"file_path": path, **pragmas}}


@asynccontextmanager
async def migrating(path: str) -> AsyncIterator[None]:
    """Two processes that open a new file at the same moment make its tables one after the other."""
    descriptor = os.open(f"{path}.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)
