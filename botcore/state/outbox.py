"""The outbox: what people are told, one row per message. :mod:`botcore.state.sends` carries it out."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import datetime, timedelta

from tortoise.expressions import F, Q

from botcore.model import Button, Job, RenderProgress, Status
from botcore.state.batches import delete_some
from botcore.state.bell import Bell
from botcore.state.database import Database
from botcore.state.inbox import inbox_key
from botcore.state.models import InboxRow, JobRow, OutboxRow, SentMessageRow
from botcore.state.records import NewOutgoing, OutboxItem, OutboxStatus, Payload, dump, load
from botcore.state.tracking import message_key


def status_key(job_id: str) -> str:
    """The dedupe key of a job's one status message."""
    return f"status:{job_id}"


def video_key(job_id: str) -> str:
    """The dedupe key of a job's one video message."""
    return f"video:{job_id}"


def link_key(job_id: str) -> str:
    """The dedupe key of the one message with a link to a job's video."""
    return f"link:{job_id}"


class OutboxRepository:
    """``bell`` rings when something may be due; ``settled`` when a row was sent, held or given up, or when a
    receipt came for it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self.bell = Bell()
        self.settled = Bell()

    async def enqueue(self, new: NewOutgoing) -> OutboxItem:
        """Make a row. The row that already has the same dedupe key is returned unchanged."""
        return await self._database.transaction(lambda: self._enqueue(new))

    async def _enqueue(self, new: NewOutgoing) -> OutboxItem:
        present = await self.get(new.dedupe)
        if present is not None:
            return present
        now = self._database.clock()
        row = OutboxRow(
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
        # Another process may be doing the same: an error would end this transaction on PostgreSQL.
        await OutboxRow.bulk_create([row], ignore_conflicts=True)
        self._database.after_commit(self.bell.ring)
        return item_of(await OutboxRow.get(dedupe=new.dedupe))

    async def get(self, dedupe: str) -> OutboxItem | None:
        """The row with this dedupe key."""
        row = await OutboxRow.get_or_none(dedupe=dedupe)
        return item_of(row) if row is not None else None

    async def question(self, job_id: str) -> str | None:
        """The message that asked for a job, as its status message quotes it: the video quotes it, too, so
        that who asked for several sees which is which."""
        started = await self.get(status_key(job_id))
        return started.payload.reply_to if started is not None else None

    async def of_message(self, platform: str, chat_id: str, message_id: str) -> OutboxItem | None:
        """The row that a message in a chat came from; None for messages that are not ours, or too old."""
        sent = (
            await SentMessageRow.filter(
                platform=platform, message_id=message_key(message_id), chat_id=chat_id
            )
            .select_related("outgoing")
            .first()
        )
        return item_of(sent.outgoing) if sent is not None else None

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
        # Locked first: who comes later finds the job as it is then.
        row = await OutboxRow.filter(dedupe=status_key(job.id)).select_for_update().first()
        if row is None or not await JobRow.filter(id=job.id, version=job.version).exists():
            return False
        payload = replace(
            load(Payload, row.payload), text=text, status=job.status, progress=progress, buttons=buttons
        )
        # What a person waits for is not held back for the sake of fewer edits. An uncertain send is: the wait
        # is for its receipt.
        urgent = is_last_word(job.status) and row.sending is None
        # Who blocked the bot is not tried again with every step; the end of the job is worth another try.
        stays = row.status == OutboxStatus.HELD.value or (
            row.status == OutboxStatus.DEAD.value and not urgent
        )
        await OutboxRow.filter(id=row.id).update(
            payload=dump(payload),
            revision=F("revision") + 1,
            status=row.status if stays else OutboxStatus.PENDING.value,
            parts_sent=0,
            **({"due": self._database.clock()} if urgent else {}),
        )
        self._database.after_commit(self.bell.ring)
        return True

    async def release_held(self, platform: str, chat_id: str, scope: str) -> int:
        """The person wrote again: what is held for this chat goes out now, in its order; how many rows."""
        held = OutboxRow.filter(
            scope=scope, status=OutboxStatus.HELD.value, platform=platform, chat_id=chat_id
        )

        async def release() -> int:
            await self._database.lock(chat_lock(platform, chat_id))
            return await held.update(status=OutboxStatus.PENDING.value, due=self._database.clock(), tries=0)

        released = await self._database.transaction(release)
        if released:
            self._database.after_commit(self.bell.ring)
        return released

    async def drop(self, dedupe: str) -> None:
        """Forget a row that was not carried out: what it says is no longer true."""
        waiting = (OutboxStatus.PENDING.value, OutboxStatus.HELD.value)
        await OutboxRow.filter(dedupe=dedupe, status__in=waiting, owner__isnull=True).delete()

    async def delete_settled(self, *, older_than: timedelta) -> int:
        """Delete some of the rows without a job that were settled so long ago, or are held for so long; how
        many."""
        before = self._database.clock() - older_than
        loose = OutboxRow.filter(job_id__isnull=True)
        settled = (OutboxStatus.SENT.value, OutboxStatus.DEAD.value)
        over = Q(status__in=settled, settled_at__lte=before)
        held = Q(status=OutboxStatus.HELD.value, due__lte=before)
        count = await delete_some(self._database, loose.filter(over))
        return count + await delete_some(self._database, loose.filter(held))


def is_last_word(status: Status | None) -> bool:
    """Whether a status message says by this what became of its job: people wait for it, and so does what
    follows it."""
    return status is not None and (status.final or status is Status.READY)


def chat_lock(platform: str, chat_id: str) -> str:
    """The name of the lock of those who decide whether a row is held, and of those who let it go."""
    return f"held {platform}:{chat_id}"


async def heard_since(platform: str, chat_id: str, since: datetime) -> bool:
    """Whether a message came from this chat since then."""
    chat = inbox_key(platform, chat_id)
    return await InboxRow.filter(chat=chat, received_at__gte=since).exists()


def item_of(row: OutboxRow) -> OutboxItem:
    """The snapshot of a row."""
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
        sending=row.sending,
        tries=row.tries,
        reason=row.reason,
        settled_at=row.settled_at,
        owner=row.owner,
    )
