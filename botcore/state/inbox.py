"""The inbox: every received message becomes a row before anything is done with it."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from tortoise.expressions import F, Q, RawSQL
from tortoise.queryset import QuerySet

from botcore.model import Message, new_id
from botcore.state.batches import delete_some
from botcore.state.bell import Bell
from botcore.state.database import Database
from botcore.state.models import KEY, NAME, InboxRow
from botcore.state.receiving import Arrival, Receiver
from botcore.state.records import InboxItem, InboxStatus, dump, load_message

_COUNTED = re.compile(r"[0-9]{1,20}(\.[0-9]{1,20})?")


def inbox_key(platform: str, name: str) -> str:
    """A chat's or person's name as columns keep it; names that are long or strange are hashed."""
    key = f"{platform}:{name}"
    if len(key) <= KEY and key.isascii() and key.isprintable():
        return key
    return f"{platform}:sha256-{hashlib.sha256(name.encode('utf-8', 'replace')).hexdigest()}"


def dedupe_key(platform: str, message_id: str) -> str:
    """The primary key of a message. It outlives ``forget``, so an id that is more than a count is hashed:
    those of WhatsApp hold the phone number of whoever wrote."""
    if _COUNTED.fullmatch(message_id):
        return f"{platform}:{message_id}"
    name = message_id.encode("utf-8", "surrogatepass")
    return f"{platform}:{hashlib.blake2b(name, digest_size=16).hexdigest()}"


_HEAD = """(
    SELECT MIN("ahead"."received_at") FROM "inbox" AS "ahead"
    WHERE "ahead"."chat" = "inbox"."chat" AND "ahead"."scope" = "inbox"."scope" AND "ahead"."status" = 'new'
)"""
"""When the oldest open message of a row's chat came. Asked row by row, in the order in which they are taken:
a long backlog costs what a short one costs."""


class InboxRepository:
    """``bell`` rings when a message may be claimable."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._receiver = Receiver(database)
        self.bell = Bell()

    async def receive(self, message: Message, scope: str) -> bool:
        """Commit a message; False when the same one was received before."""
        now = self._database.clock()
        arrival = Arrival(
            key=dedupe_key(message.platform, message.message_id),
            scope=scope,
            chat=inbox_key(message.platform, message.chat_id),
            sender=inbox_key(message.platform, message.user_id),
            message=dump(message if message.received_at else replace(message, received_at=now)),
            at=now,
        )
        new = await self._receiver.insert(arrival)
        if new:
            self.bell.ring()
        return new

    async def claim(self, scope: str, *, lease: float = 30.0) -> InboxItem | None:
        """Take a due message for ``lease`` seconds: the oldest of those least tried; of one chat one at a
        time and in order."""
        await self._receiver.lull()
        row = await self._candidate(scope)
        if row is None:
            return None
        owner = new_id()
        until = self._database.clock() + timedelta(seconds=lease)
        # As it was: another process may have had it, and given it back to rest, since it was looked for.
        same = self._due(scope).filter(key=row.key, tries=row.tries)
        taken = await same.update(owner=owner, lease_until=until, tries=F("tries") + 1)
        if not taken:
            return await self.claim(scope, lease=lease)
        return InboxItem(row.key, load_message(row.message), row.tries + 1, owner, row.received_at)

    async def _candidate(self, scope: str) -> InboxRow | None:
        heads = self._due(scope).annotate(head=RawSQL(_HEAD)).filter(received_at=F("head"))
        # The least tried first: where processes die again and again, what is oldest would be in the hands of
        # each of them, and be given up for it.
        return await heads.order_by("tries", "received_at", "key").first()

    def _due(self, scope: str) -> QuerySet[InboxRow]:
        now = self._database.clock()
        free = Q(owner__isnull=True) | Q(lease_until__lte=now)
        return InboxRow.filter(free, scope=scope, status=InboxStatus.NEW.value, due__lte=now)

    async def renew(self, item: InboxItem, *, lease: float = 30.0) -> bool:
        """Prolong a claim by ``lease`` seconds from now; False when it is not this owner's any more."""
        until = self._database.clock() + timedelta(seconds=lease)
        return bool(await self._held(item).filter(status=InboxStatus.NEW.value).update(lease_until=until))

    async def next_due(self, scope: str) -> datetime | None:
        """When the next message that waits comes due: the time to look again."""
        now = self._database.clock()
        later = InboxRow.filter(scope=scope, status=InboxStatus.NEW.value, due__gt=now)
        row = await later.order_by("due").first()
        return None if row is None else row.due

    async def waiting_with(self, item: InboxItem, *, limit: int) -> list[InboxItem]:
        """The messages of the same chat that wait behind ``item``, oldest first."""
        chat = inbox_key(item.message.platform, item.message.chat_id)
        rows = InboxRow.filter(chat=chat, status=InboxStatus.NEW.value).exclude(key=item.key)
        return [
            InboxItem(row.key, load_message(row.message), row.tries, "", row.received_at)
            for row in await rows.order_by("received_at", "key").limit(limit)
        ]

    async def postpone(self, item: InboxItem, until: datetime) -> bool:
        """Give a message back until then, as if it had not been claimed; False when the time has come."""
        if until <= self._database.clock():
            return False
        await self._held(item).update(tries=F("tries") - 1, due=until, owner=None, lease_until=None)
        self._database.after_commit(self.bell.ring)
        return True

    async def done(self, item: InboxItem, *also: str, forgotten: bool = False) -> None:
        """The message was dealt with, and with it those whose keys are ``also``.

        :param forgotten: nothing of it stays but its key: it asked for its person to be forgotten.
        """
        erased = {"sender": "", "chat": "", "message": "{}"} if forgotten else {}
        await self._settle(item, also, status=InboxStatus.DONE.value, **erased)

    async def failed(self, item: InboxItem, code: str, *also: str, retry_in: float | None) -> None:
        """Dealing with it failed: again after ``retry_in`` seconds. None parks it, and ``also`` with it."""
        if retry_in is None:
            await self._settle(item, also, status=InboxStatus.FAILED.value, code=code[:NAME])
            return
        due = self._database.clock() + timedelta(seconds=retry_in)
        await self._held(item).update(code=code[:NAME], due=due, owner=None, lease_until=None)
        self._database.after_commit(self.bell.ring)

    async def _settle(self, item: InboxItem, also: Sequence[str], **values: str) -> None:
        """One statement: a text that came in pieces is answered once, or its pieces all wait."""
        mine = Q(key=item.key, owner=item.owner)
        pieces = Q(key__in=list(also), status=InboxStatus.NEW.value)
        rows = InboxRow.filter(mine | pieces) if also else InboxRow.filter(mine)
        await rows.update(owner=None, lease_until=None, **values)
        self._database.after_commit(self.bell.ring)

    async def delete_settled(self, *, older_than: timedelta) -> int:
        """Delete some of the messages that were settled and received so long ago; how many."""
        before = self._database.clock() - older_than
        settled = [InboxStatus.DONE.value, InboxStatus.FAILED.value]
        rows = InboxRow.filter(status__in=settled, received_at__lte=before)
        return await delete_some(self._database, rows)

    def _held(self, item: InboxItem) -> QuerySet[InboxRow]:
        return InboxRow.filter(key=item.key, owner=item.owner)
