"""Counts what an account submitted, from rows: the same in every process."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from tortoise.expressions import Subquery

from botcore.errors import RateLimited, TooManyJobs
from botcore.model import Status
from botcore.state.database import Database
from botcore.state.models import JobRow, SessionRow, TallyRow
from botcore.state.records import Limits
from botcore.state.tallies import counted, full, tally

UNFINISHED = (
    Status.QUEUED,
    Status.AI_GENERATING,
    Status.CODE_VALIDATING,
    Status.RENDERING,
    Status.UPLOADING,
)
"""The statuses before ``ready``."""

_MINUTE = timedelta(minutes=1)


async def admit(database: Database, account: str, limits: Limits) -> None:
    """Count one job more of an account (:mod:`botcore.state.accounts`), in the transaction that makes it.

    :raises TooManyJobs: too many are on the way.
    :raises RateLimited: too many within a minute; its ``retry_after`` is when the oldest of them leaves it.
    """
    await database.lock(f"account {account}")  # several sessions may share it
    now = database.clock()
    if limits.unfinished and await _unfinished(account) >= limits.unfinished:
        raise TooManyJobs(limit=limits.unfinished)
    if limits.per_minute:
        wait = await full(_name(account), limits.per_minute, now)
        if wait:
            raise RateLimited(retry_after=wait, limit=limits.per_minute, seconds=math.ceil(wait))
    await tally([_name(account)], now, _MINUTE)


async def move(before: str, after: str) -> None:
    """Count under one account what was submitted under another."""
    await TallyRow.filter(name=_name(before)).update(name=_name(after))


async def use(account: str, now: datetime) -> tuple[int, int]:
    """How many jobs an account submitted within the last minute, and how many are on the way."""
    return await counted(_name(account), now), await _unfinished(account)


async def _unfinished(account: str) -> int:
    sessions = SessionRow.filter(account=account).values("id")
    statuses = [status.value for status in UNFINISHED]
    return await JobRow.filter(session_id__in=Subquery(sessions), status__in=statuses).count()


def _name(account: str) -> str:
    return f"submission:{account}"
