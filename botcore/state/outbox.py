"""The outbox: what people are told, one row per message, carried out by :mod:`botcore.delivery`."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import F, Q, Subquery
from tortoise.functions import Min
from tortoise.queryset import QuerySet

from botcore.model import Button, Job, RenderProgress, Status
from botcore.state.bell import Bell
from botcore.state.database import Database
from botcore.state.models import JobRow, OutboxRow
from botcore.state.records import NewOutgoing, OutboxItem, OutboxStatus, Payload, dump, load


def status_key(job_id: str) -> str:
    """The dedupe key of a job's one status message."""
    return f"status:{job_id}"


def video_key(job_id: str) -> str:
    """The dedupe key of a job's one video message."""
    return f"video:{job_id}"


class OutboxRepository:
    """``bell`` rings when something may be due; ``settled`` when a row was sent or given up."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.bell = Bell()
        self.settled = Bell()

    async def enqueue(self, new: NewOutgoing) -> OutboxItem:
        """Make a row. The row that already has the same dedupe key is returned unchanged."""
        try:
            return await self._database.transaction(lambda: self._enqueue(new))
        except IntegrityError:
            item = await self.get(new.dedupe)
            if item is None:
                raise
            return item

    async def _enqueue(self, new: NewOutgoing) -> OutboxItem:
        present = await self.get(new.dedupe)
        if present is not None:
            return present
        now = self._database.clock()
        row = await OutboxRow.create(
            dedupe=new.dedupe,
            scope=new.scope,
            platform=new.platform,
            chat_id=new.chat_id,
            job_id=new.job_id,
            payload=dump(new.payload),
            status=OutboxStatus.PENDING.value,
            due=now,
            created_at=now,
        )
        self._database.after_commit(self.bell.ring)
        return _item(row)

    async def get(self, dedupe: str) -> OutboxItem | None:
        """The row with this dedupe key."""
        row = await OutboxRow.get_or_none(dedupe=dedupe)
        return _item(row) if row is not None else None

    async def update_status(
        self,
        job: Job,
        text: str,
        *,
        progress: RenderProgress | None = None,
        buttons: tuple[Button, ...] = (),
    ) -> bool:
        """Write over the status message of ``job``.

        False when it has none (a platform without messages), or when the job has moved on since this snapshot
        of it: what it would say is no longer true.
        """
        return await self._database.transaction(lambda: self._update_status(job, text, progress, buttons))

    async def _update_status(
        self, job: Job, text: str, progress: RenderProgress | None, buttons: tuple[Button, ...]
    ) -> bool:
        row = await OutboxRow.get_or_none(dedupe=status_key(job.id))
        if row is None or not await JobRow.filter(id=job.id, version=job.version).exists():
            return False
        payload = replace(
            load(Payload, row.payload), text=text, status=job.status, progress=progress, buttons=buttons
        )
        # What a person waits for is not held back for the sake of fewer edits.
        urgent = {"due": self._database.clock()} if job.status.final or job.status is Status.READY else {}
        await OutboxRow.filter(id=row.id).update(
            payload=dump(payload),
            revision=F("revision") + 1,
            status=OutboxStatus.PENDING.value,
            parts_sent=0,
            **urgent,
        )
        self._database.after_commit(self.bell.ring)
        return True

    # ------------------------------------------------------------------------------------------- carrying

    async def claim(
        self, owner: str, scope: str, platforms: Collection[str], *, lease: float
    ) -> OutboxItem | None:
        """Take the oldest due row for ``lease`` seconds. Per chat only its oldest unsettled row is taken, so
        that a person reads everything in order."""
        row = await self._candidate(scope, platforms)
        if row is None:
            return None
        until = self._database.clock() + timedelta(seconds=lease)
        taken = await OutboxRow.filter(self._free(), id=row.id, status=OutboxStatus.PENDING.value).update(
            owner=owner, lease_until=until, tries=F("tries") + 1
        )
        if not taken:
            return await self.claim(owner, scope, platforms, lease=lease)
        now = await OutboxRow.get_or_none(id=row.id)
        if now is None:  # its person was forgotten just now
            return await self.claim(owner, scope, platforms, lease=lease)
        return _item(now)

    async def _candidate(self, scope: str, platforms: Collection[str]) -> OutboxRow | None:
        pending = OutboxRow.filter(
            scope=scope, platform__in=list(platforms), status=OutboxStatus.PENDING.value
        )
        heads = pending.annotate(head=Min("id")).group_by("platform", "chat_id").values("head")
        due = pending.filter(self._free(), id__in=Subquery(heads), due__lte=self._database.clock())
        return await due.order_by("due", "id").first()

    def _free(self) -> Q:
        return Q(owner__isnull=True) | Q(lease_until__lte=self._database.clock())

    async def next_due(self, scope: str, platforms: Collection[str]) -> datetime | None:
        """The time to look again: when a pending row comes due or the lease of one lapses."""
        now = self._database.clock()
        pending = OutboxRow.filter(
            scope=scope, platform__in=list(platforms), status=OutboxStatus.PENDING.value
        )
        due = await pending.filter(due__gt=now).order_by("due").first()
        lapse = await pending.filter(lease_until__gt=now).order_by("lease_until").first()
        times = [due.due if due else None, lapse.lease_until if lapse else None]
        return min((time for time in times if time is not None), default=None)

    async def renew(self, item: OutboxItem, *, lease: float) -> bool:
        """Prolong a claim by ``lease`` seconds from now; False when it is not this owner's any more."""
        until = self._database.clock() + timedelta(seconds=lease)
        return bool(await self._held(item).update(lease_until=until))

    async def part_sent(self, item: OutboxItem, message_ids: Sequence[str], parts_sent: int) -> None:
        """Remember that the first ``parts_sent`` parts are out, so that a retry does not repeat them."""
        await (
            self._held(item)
            .filter(revision=item.revision)
            .update(message_ids=dump(list(message_ids)), parts_sent=parts_sent)
        )

    async def sent(self, item: OutboxItem, message_ids: Sequence[str], *, rest: float = 0.0) -> None:
        """Settle a row that was carried out.

        A row whose payload changed meanwhile stays pending. Either way its next payload is not sent before
        ``rest`` seconds have passed: changes within that time become one message.
        """
        due = self._database.clock() + timedelta(seconds=rest)
        carried = {
            "message_ids": dump(list(message_ids)),
            "tries": 0,
            "due": due,
            "owner": None,
            "lease_until": None,
        }
        settled = (
            await self._held(item)
            .filter(revision=item.revision)
            .update(**carried, status=OutboxStatus.SENT.value, settled_at=self._database.clock())
        )
        if settled:
            self._database.after_commit(self.settled.ring)
        else:
            await self._held(item).update(**carried)
        self._database.after_commit(self.bell.ring)

    async def retry(self, item: OutboxItem, reason: str, *, after: float) -> None:
        """Give a row back; it is due again after ``after`` seconds."""
        due = self._database.clock() + timedelta(seconds=after)
        await self._held(item).update(reason=reason, due=due, owner=None, lease_until=None)
        self._database.after_commit(self.bell.ring)

    async def release(self, item: OutboxItem) -> None:
        """Give a row back as if it had not been claimed."""
        await self._held(item).update(tries=F("tries") - 1, owner=None, lease_until=None)
        self._database.after_commit(self.bell.ring)

    async def bury(self, item: OutboxItem, reason: str) -> None:
        """Give a row up: the dead letter keeps ``reason``."""
        await self._held(item).update(
            reason=reason,
            status=OutboxStatus.DEAD.value,
            settled_at=self._database.clock(),
            owner=None,
            lease_until=None,
        )
        self._database.after_commit(self.settled.ring)
        self._database.after_commit(self.bell.ring)

    async def drop(self, dedupe: str) -> None:
        """Forget a row that was not carried out: what it says is no longer true."""
        await OutboxRow.filter(dedupe=dedupe, status=OutboxStatus.PENDING.value, owner__isnull=True).delete()

    async def delete_settled(self, *, older_than: timedelta) -> int:
        """Delete rows without a job that were settled so long ago; how many."""
        before = self._database.clock() - older_than
        return await OutboxRow.filter(job_id__isnull=True, settled_at__lte=before).delete()

    def _held(self, item: OutboxItem) -> QuerySet[OutboxRow]:
        return OutboxRow.filter(id=item.id, owner=item.owner, status=OutboxStatus.PENDING.value)


def _item(row: OutboxRow) -> OutboxItem:
    return OutboxItem(
        id=row.id,
        dedupe=row.dedupe,
        platform=row.platform,
        chat_id=row.chat_id,
        payload=load(Payload, row.payload),
        status=OutboxStatus(row.status),
        revision=row.revision,
        job_id=row.job_id,
        message_ids=tuple(json.loads(row.message_ids)),
        parts_sent=row.parts_sent,
        tries=row.tries,
        reason=row.reason,
        owner=row.owner,
    )
