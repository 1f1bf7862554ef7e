"""Carrying the outbox out: who sends which row, and what became of it."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from tortoise.expressions import F, Q, RawSQL
from tortoise.queryset import QuerySet

from botcore.model import Status
from botcore.state.database import Database
from botcore.state.models import JobRow, OutboxRow, SentMessageRow
from botcore.state.outbox import (
    OutboxRepository,
    chat_lock,
    heard_since,
    is_last_word,
    item_of,
    video_key,
)
from botcore.state.receipts import ReceiptRepository
from botcore.state.records import OutboxItem, OutboxStatus, Payload, dump, load
from botcore.state.tracking import message_key, tracker

RECEIPT_WAIT = 60.0
"""Seconds for which the receipt of a send whose end is not known is waited for, before it is sent again."""

_DIGITS = 19
"""A number with fewer is an id."""
_FREED = {"owner": None, "lease_until": None}
_HEAD = """(
    SELECT MIN("ahead"."id") FROM "outbox" AS "ahead"
    WHERE "ahead"."platform" = "outbox"."platform" AND "ahead"."chat_id" = "outbox"."chat_id"
    AND "ahead"."scope" = "outbox"."scope" AND "ahead"."status" = 'pending'
    AND NOT (
        "ahead"."due" > "outbox"."due" AND "ahead"."tries" = 0
        AND "ahead"."message_ids" <> '[]' AND "ahead"."sending" IS NULL
    )
)"""
"""The oldest unsettled row of a row's chat that has something to say by then: a message that was sent, and
rests before its next edit, holds nobody up. Asked row by row, in the order in which they come due: when a
platform was down for an hour, a claim costs what it always costs."""


class SendRepository:
    """Claims rows of the outbox and writes down how each send went.

    :param receipt_wait: seconds, instead of :data:`RECEIPT_WAIT`.
    """

    def __init__(
        self,
        database: Database,
        outbox: OutboxRepository,
        receipts: ReceiptRepository,
        *,
        receipt_wait: float = RECEIPT_WAIT,
    ) -> None:
        self._database = database
        self._outbox = outbox
        self._receipts = receipts
        self._receipt_wait = timedelta(seconds=receipt_wait)

    # --------------------------------------------------------------------------------------------- claims

    async def claim(
        self, owner: str, scope: str, platforms: Collection[str], *, lease: float
    ) -> OutboxItem | None:
        """Take the oldest due row for ``lease`` seconds. Per chat only its oldest unsettled row is taken, so
        that a person reads everything in order; an edit that rests is passed by."""
        while row := await self._candidate(scope, platforms):
            now = self._database.clock()
            # Due still: another process may have sent it, and let it rest, since it was looked for.
            same = self._pending(scope, platforms).filter(self._free(), id=row.id, due__lte=now)
            taken = await same.update(
                owner=owner, lease_until=now + timedelta(seconds=lease), tries=F("tries") + 1
            )
            claimed = await OutboxRow.get_or_none(id=row.id) if taken else None
            if claimed is not None:  # neither another process's nor of a person who was forgotten just now
                return item_of(claimed)
        return None

    async def _candidate(self, scope: str, platforms: Collection[str]) -> OutboxRow | None:
        pending = self._pending(scope, platforms)
        due = pending.filter(self._free(), due__lte=self._database.clock())
        heads = due.annotate(head=RawSQL(_HEAD)).filter(id=F("head"))
        return await heads.order_by("due", "id").first()

    def _pending(self, scope: str, platforms: Collection[str]) -> QuerySet[OutboxRow]:
        return OutboxRow.filter(scope=scope, platform__in=list(platforms), status=OutboxStatus.PENDING.value)

    def _free(self) -> Q:
        now = self._database.clock()
        # A process died while the platform had its request: the receipt gets its time to come.
        uncertain = Q(sending__isnull=True) | Q(lease_until__lte=now - self._receipt_wait)
        return Q(owner__isnull=True) | Q(uncertain, lease_until__lte=now)

    async def next_due(self, scope: str, platforms: Collection[str]) -> datetime | None:
        """When the next pending row comes due: the time to look again."""
        later = self._pending(scope, platforms).filter(due__gt=self._database.clock())
        row = await later.order_by("due").first()
        return None if row is None else row.due

    async def renew(self, item: OutboxItem, *, lease: float) -> bool:
        """Prolong a claim by ``lease`` seconds from now; False when it is not this owner's any more."""
        until = self._database.clock() + timedelta(seconds=lease)
        return bool(await self._held(item).update(lease_until=until))

    async def claimed(self, row_id: str) -> bool:
        """Whether somebody is sending the row with this id now; of an unknown one nobody is."""
        if not (row_id.isascii() and row_id.isdecimal() and len(row_id) < _DIGITS):
            return False
        now = self._database.clock()
        return await OutboxRow.filter(id=int(row_id), lease_until__gt=now).exists()

    # ---------------------------------------------------------------------------------------------- parts

    async def begin(self, item: OutboxItem, part: int) -> bool:
        """Note that a part is about to be given to a platform whose receipt will settle it if nothing else
        does; False when the claim is gone."""
        mark = tracker(item.id, item.dedupe, item.revision, part)
        return bool(await self._held(item).update(sending=mark))

    async def part_sent(
        self, item: OutboxItem, part: int, new: Sequence[str], message_ids: Sequence[str]
    ) -> bool:
        """Remember that a part is out, so that a retry does not repeat it; False when the claim is gone.

        :param new: the ids of this part's messages.
        :param message_ids: those of all parts so far.
        """

        async def write() -> bool:
            await self._lock(item)
            await self._record(item, part, new)
            row = self._held(item)
            await row.filter(revision=item.revision, parts_sent__lte=part).update(parts_sent=part + 1)
            return bool(await row.update(message_ids=dump(list(message_ids)), sending=None))

        return await self._database.transaction(write)

    async def sent(
        self,
        item: OutboxItem,
        part: int,
        new: Sequence[str],
        message_ids: Sequence[str],
        *,
        parts: int,
        rest: float = 0.0,
    ) -> None:
        """Settle a row of which all ``parts`` are out, the last one just now, as in :meth:`part_sent`.

        A row whose payload changed meanwhile stays pending. Either way its next payload is not sent before
        ``rest`` seconds have passed: changes within that time become one message. The last word about a job
        does not rest. A row of which the platform has said already that a message failed is sent again, held
        or given up.
        """
        now = self._database.clock()
        carried = {
            "message_ids": dump(list(message_ids)),
            "sending": None,
            "tries": 0,
            **_FREED,
        }
        rested = {"due": now + timedelta(seconds=rest)}
        done = {"parts_sent": parts, "status": OutboxStatus.SENT.value, "settled_at": now}

        async def write() -> None:
            row = await self._lock(item)
            if item.payload.parting:
                await self._held(item).delete()
                return
            recorded = await self._record(item, part, new)
            same = self._held(item).filter(revision=item.revision)
            if not await same.update(**carried, **rested, **done):
                # The last word is due since it came, and so before the video, which must not overtake it.
                hurries = row is not None and is_last_word(load(Payload, row.payload).status)
                await self._held(item).update(**carried, **({} if hurries else rested))
            elif not recorded or not await self._receipts.settle_failures(item.id):
                self._database.after_commit(self._outbox.settled.ring)
            self._database.after_commit(self._outbox.bell.ring)

        await self._database.transaction(write)

    async def _lock(self, item: OutboxItem) -> OutboxRow | None:
        """The row as it is now. Receipts for it wait: they write its ids, too."""
        return await OutboxRow.filter(id=item.id).select_for_update().first()

    async def _record(self, item: OutboxItem, part: int, message_ids: Sequence[str]) -> bool:
        """Keep the ids of new messages; False when there is none (an edit)."""
        fresh = [name for name in message_ids if name not in item.message_ids]
        if fresh and not await OutboxRow.filter(id=item.id).exists():
            return False  # its person was forgotten just now
        rows = [
            SentMessageRow(
                outgoing_id=item.id,
                platform=item.platform,
                chat_id=item.chat_id,
                message_id=message_key(name),
                revision=item.revision,
                part=part,
            )
            for name in fresh
        ]
        if rows:
            await SentMessageRow.bulk_create(rows, ignore_conflicts=True)
        return bool(rows)

    # -------------------------------------------------------------------------------------------- failures

    async def retry(self, item: OutboxItem, reason: str, *, after: float) -> None:
        """Give a row back whose send failed; it is due again after ``after`` seconds."""
        due = self._database.clock() + timedelta(seconds=after)
        await self._held(item).update(reason=reason, due=due, sending=None, **_FREED)
        self._database.after_commit(self._outbox.bell.ring)

    async def uncertain(self, item: OutboxItem, reason: str, *, after: float) -> None:
        """Give a row back of which nobody knows whether its last request was carried out.

        It is due after ``after`` seconds, and not before its receipt had its time to come.
        """
        pause = timedelta(seconds=after)
        now = self._database.clock()
        known = self._held(item).filter(sending__isnull=True)
        if not await known.update(reason=reason, due=now + pause, **_FREED):
            waiting = now + max(pause, self._receipt_wait)
            await self._held(item).update(reason=reason, due=waiting, **_FREED)
        self._database.after_commit(self._outbox.bell.ring)

    async def await_receipts(self, scope: str, platforms: Collection[str]) -> None:
        """Give what other processes left uncertain its whole time from now on: while none was there, no
        receipt could be taken in."""
        now = self._database.clock()
        left = Q(owner__isnull=True) | Q(lease_until__lte=now)
        uncertain = self._pending(scope, platforms).filter(left, sending__isnull=False)
        await uncertain.update(due=now + self._receipt_wait, **_FREED)

    async def release(self, item: OutboxItem) -> None:
        """Give a row back as if it had not been claimed; one that is just being sent is uncertain."""
        now = self._database.clock()
        waits = self._held(item).filter(sending__isnull=False)
        await waits.update(due=now + self._receipt_wait, **_FREED)
        await self._held(item).update(tries=F("tries") - 1, **_FREED)
        self._database.after_commit(self._outbox.bell.ring)

    async def hold(self, item: OutboxItem, reason: str, *, since: datetime) -> None:
        """Keep a row until the person writes; it is due at once when they have since the send began."""

        async def write() -> None:
            await self._lock(item)
            await self._database.lock(chat_lock(item.platform, item.chat_id))
            heard = await heard_since(item.platform, item.chat_id, since)
            status = OutboxStatus.PENDING if heard else OutboxStatus.HELD
            await self._held(item).update(reason=reason, status=status.value, sending=None, **_FREED)

        await self._database.transaction(write)
        self._database.after_commit(self._outbox.settled.ring)
        self._database.after_commit(self._outbox.bell.ring)

    async def bury(self, item: OutboxItem, reason: str) -> None:
        """Give a row up: the dead letter keeps ``reason``."""
        if item.payload.parting:
            await self._held(item).delete()
            return
        await self._held(item).update(
            reason=reason,
            status=OutboxStatus.DEAD.value,
            settled_at=self._database.clock(),
            sending=None,
            **_FREED,
        )
        self._database.after_commit(self._outbox.settled.ring)
        self._database.after_commit(self._outbox.bell.ring)

    # ------------------------------------------------------------------------------------- videos that waited

    async def hand_over(self, job_id: str) -> None:
        """Have a job ended whose video was held, and so only offered, and is sent now."""
        offered = JobRow.filter(id=job_id, status=Status.READY.value, offered_at__isnull=False)
        await offered.update(offered_at=None, version=F("version") + 1)

    async def hand_over_late(self) -> None:
        """The same for jobs that were noted as offered only after their video had been sent."""
        offered = JobRow.filter(status=Status.READY.value, offered_at__isnull=False)
        for job_id in await offered.values_list("id", flat=True):
            if await OutboxRow.exists(dedupe=video_key(str(job_id)), status=OutboxStatus.SENT.value):
                await self.hand_over(str(job_id))

    def _held(self, item: OutboxItem) -> QuerySet[OutboxRow]:
        return OutboxRow.filter(id=item.id, owner=item.owner, status=OutboxStatus.PENDING.value)
