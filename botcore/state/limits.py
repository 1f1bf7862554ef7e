"""Counts what a session submitted, from its rows: the same in every process."""

from __future__ import annotations

import math
from datetime import datetime, timedelta

from botcore.errors import RateLimited, TooManyJobs
from botcore.model import Status
from botcore.state.models import JobRow
from botcore.state.records import Limits

UNFINISHED = (
    Status.QUEUED,
    Status.AI_GENERATING,
    Status.CODE_VALIDATING,
    Status.RENDERING,
    Status.UPLOADING,
)
"""The statuses before ``ready``."""

_WINDOW = timedelta(minutes=1)


async def check_limits(session_id: str, limits: Limits, now: datetime) -> None:
    """Pass when the session may submit one job more. Call it while the session's row is locked.

    :raises TooManyJobs: too many are on the way.
    :raises RateLimited: too many within a minute; its ``retry_after`` is when the oldest of them leaves it.
    """
    if limits.unfinished:
        statuses = [status.value for status in UNFINISHED]
        unfinished = await JobRow.filter(session_id=session_id, status__in=statuses).count()
        if unfinished >= limits.unfinished:
            raise TooManyJobs(limit=limits.unfinished)
    if limits.per_minute:
        recent = (
            await JobRow.filter(session_id=session_id, created_at__gt=now - _WINDOW)
            .order_by("-created_at")
            .limit(limits.per_minute)
        )
        if len(recent) >= limits.per_minute:
            wait = (recent[-1].created_at + _WINDOW - now).total_seconds()
            raise RateLimited(retry_after=wait, limit=limits.per_minute, seconds=math.ceil(wait))
