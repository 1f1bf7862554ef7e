"""Deletes many rows, a few at a time: each statement is short, and nobody waits long for it."""

from __future__ import annotations

from typing import TypeVar

from tortoise.models import Model
from tortoise.queryset import QuerySet

from botcore.state.database import Database

M = TypeVar("M", bound=Model)

BATCH = 500


async def delete_some(database: Database, rows: QuerySet[M], *, limit: int = BATCH) -> int:
    """Delete at most ``limit`` of ``rows``; how many.

    Another process may do the same meanwhile: each row counts for one of them. A row that is wanted again in
    the moment of its deletion stays.
    """

    key: str = rows.model.describe()["pk_field"]["name"]

    async def delete() -> int:
        chosen = await rows.limit(limit).values_list(key, flat=True)
        deleted = await rows.filter(pk__in=list(chosen)).delete() if chosen else 0
        return min(deleted, len(chosen))  # SQLite counts what went with them, too

    return await database.transaction(delete)
