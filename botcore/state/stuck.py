"""What could not be dealt with or delivered, for the operator's eyes: never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from tortoise.functions import Count

from botcore.state.models import InboxRow, OutboxRow
from botcore.state.records import InboxStatus, OutboxStatus


@dataclass(frozen=True, slots=True)
class ParkedMessage:
    """A received message that was given up; ``code`` is that of the last error."""

    key: str
    platform: str
    code: str
    tries: int
    received_at: datetime


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """An outgoing message that was given up; ``reason`` begins with an error's code."""

    key: str
    platform: str
    reason: str
    tries: int
    created_at: datetime


class StuckRepository:
    """Reads rows that nobody works on any more; newest first."""

    async def messages(self, *, limit: int) -> list[ParkedMessage]:
        """Received messages that were given up."""
        rows = InboxRow.filter(status=InboxStatus.FAILED.value).order_by("-received_at", "key").limit(limit)
        return [
            ParkedMessage(row.key, _platform(row.key), row.code or "", row.tries, row.received_at)
            for row in await rows
        ]

    async def letters(self, *, limit: int) -> list[DeadLetter]:
        """Outgoing messages that were given up."""
        rows = OutboxRow.filter(status=OutboxStatus.DEAD.value).order_by("-id").limit(limit)
        return [
            DeadLetter(row.dedupe, row.platform, row.reason or "", row.tries, row.created_at)
            for row in await rows
        ]

    async def parked_by_platform(self) -> dict[str, int]:
        """How many received messages were given up."""
        keys = await InboxRow.filter(status=InboxStatus.FAILED.value).values_list("key", flat=True)
        counts: dict[str, int] = {}
        for key in keys:
            platform = _platform(str(key))
            counts[platform] = counts.get(platform, 0) + 1
        return counts

    async def dead_by_platform(self) -> dict[str, int]:
        """How many outgoing messages were given up."""
        rows = OutboxRow.filter(status=OutboxStatus.DEAD.value).annotate(count=Count("id"))
        return {
            row["platform"]: row["count"]
            for row in await rows.group_by("platform").values("platform", "count")
        }


def _platform(key: str) -> str:
    return key.partition(":")[0]
