"""Time for tests that kill a process: what it had claimed is free at once, and no claim need be so short that
a busy machine loses it."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path


def let_leases_lapse(database: Path) -> None:
    """End the claims of a process that was killed, as half a minute would. Nothing is done where there is no
    database yet."""
    if not database.exists():
        return
    now = datetime.now(UTC).isoformat(" ", timespec="microseconds")
    with closing(sqlite3.connect(database, timeout=60.0)) as connection, connection:
        for table in ("jobs", "inbox", "outbox"):
            connection.execute(f"UPDATE {table} SET lease_until = ? WHERE lease_until > ?", (now, now))  # noqa: S608  # our own names


def unfinished(database: Path) -> int:
    """How many messages were not answered yet, and how many jobs have not ended."""
    ended = "('delivered', 'failed', 'cancelled', 'expired')"
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True, timeout=60.0)) as connection:
        counts = (
            connection.execute("SELECT COUNT(*) FROM inbox WHERE status = 'new'"),
            connection.execute(f"SELECT COUNT(*) FROM jobs WHERE status NOT IN {ended}"),  # noqa: S608  # our own words
        )
        return sum(count for rows in counts for (count,) in rows)
