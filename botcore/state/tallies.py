"""Counts what happened lately, from rows: the same in every process, and over restarts.

A name says what is counted and against whom, such as ``submission:<account>``; it holds no person's data.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from botcore.state.models import TallyRow


async def tally(names: Iterable[str], now: datetime, within: timedelta) -> None:
    """Count one more under each of ``names``, for as long as ``within``."""
    await TallyRow.bulk_create([TallyRow(name=name, until=now + within) for name in names])


async def full(name: str, most: int, now: datetime) -> float:
    """Seconds until fewer than ``most`` are counted; 0.0 when that is so now."""
    oldest = (
        await TallyRow.filter(name=name, until__gt=now).order_by("-until", "-id").offset(most - 1).first()
    )
    return 0.0 if oldest is None else (oldest.until - now).total_seconds()


async def counted(name: str, now: datetime) -> int:
    """How many are counted."""
    return await TallyRow.filter(name=name, until__gt=now).count()
