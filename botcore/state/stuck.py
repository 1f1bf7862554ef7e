"""What could not be dealt with or delivered, for the operator's eyes: never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q
from tortoise.functions import Count

from botcore.errors import ObjectMissing
from botcore.state.database import Database
from botcore.state.inbox import InboxRepository
from botcore.state.models import InboxRow, OutboxRow, VideoRow
from botcore.state.outbox import OutboxRepository
from botcore.state.records import InboxStatus, OutboxStatus, Payload, load

_TOGETHER = timedelta(seconds=10)
"""Pieces of one text come within this time."""


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

    id: int
    key: str
    platform: str
    reason: str
    tries: int
    created_at: datetime


class StuckRepository:
    """Rows that nobody works on any more; newest first. A retry is told to those who work on them."""

    def __init__(self, database: Database, inbox: InboxRepository, outbox: OutboxRepository) -> None:
        self._database = database
        self._inbox = inbox
        self._outbox = outbox

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
            DeadLetter(row.id, row.dedupe, row.platform, row.reason or "", row.tries, row.created_at)
            for row in await rows
        ]

    async def retry_letter(self, letter_id: int) -> bool | None:
        """Send a letter that was given up again, before all that waits for its chat: its place is that of the
        time when it was written. Parts that are out already are not repeated.

        False when it is not given up (any more); None when there is none.

        :raises ObjectMissing: it would bring a video, or lead to one, which is deleted: it stays given up.
        """
        now = self._database.clock()
        dead = OutboxRow.filter(id=letter_id, status=OutboxStatus.DEAD.value)
        letter = await dead.first()
        if letter is not None:
            await _check_video(load(Payload, letter.payload))
        revived = await dead.update(
            status=OutboxStatus.PENDING.value, due=now, tries=0, reason=None, settled_at=None
        )
        if revived:
            self._database.after_commit(self._outbox.bell.ring)
            return True
        return False if await OutboxRow.filter(id=letter_id).exists() else None

    async def retry_message(self, key: str) -> bool | None:
        """Deal again with a message that was parked, and with those of its chat that came with it: they may
        be pieces of one text.

        False when it is not parked (any more); None when there is none.
        """
        row = await InboxRow.get_or_none(key=key)
        if row is None:
            return None
        together = InboxRow.filter(
            Q(key=key)
            | Q(
                chat=row.chat,
                received_at__gte=row.received_at - _TOGETHER,
                received_at__lte=row.received_at + _TOGETHER,
            ),
            status=InboxStatus.FAILED.value,
        )
        revived = await together.update(
            status=InboxStatus.NEW.value, due=self._database.clock(), tries=0, code=None
        )
        if revived:
            self._database.after_commit(self._inbox.bell.ring)
        return bool(revived)

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


async def _check_video(payload: Payload) -> None:
    if payload.video_id is None:
        return
    if not await VideoRow.filter(
        id=payload.video_id, ended_at__isnull=True, deleted_at__isnull=True
    ).exists():
        raise ObjectMissing("the video was deleted before it was sent")


def _platform(key: str) -> str:
    return key.partition(":")[0]
