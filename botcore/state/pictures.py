"""Pictures of problems: received, read back, asked about, and turned into a submission or not.

A picture goes ``waiting`` → ``asked`` (its text was read, and the person has to say whether it is right) →
``taken`` or ``refused``. What nothing could be read in goes; so does what nobody answers within
:data:`KEPT`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tortoise.expressions import F, Q
from tortoise.queryset import QuerySet

from botcore.errors import RateLimited
from botcore.model import Message, new_id
from botcore.state.batches import delete_some
from botcore.state.bell import Bell
from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.models import PictureRow
from botcore.state.outbox import OutboxRepository
from botcore.state.records import NewOutgoing, dump, load_message

KEPT = timedelta(hours=1)
"""How long a question waits for its yes."""
_WINDOW = timedelta(minutes=1)


class PictureStatus(StrEnum):
    WAITING = "waiting"
    ASKED = "asked"
    TAKEN = "taken"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Picture:
    """A snapshot of a picture's row. ``language`` is the person's; ``text`` is empty until it was read;
    ``owner`` is empty when nobody reads it. ``tries`` counts the present one."""

    id: str
    message: Message
    language: str
    status: PictureStatus
    text: str = ""
    tries: int = 0
    owner: str = ""

    @property
    def sender(self) -> Identity:
        """Who sent it."""
        return Identity(self.message.platform, self.message.user_id)


class PictureRepository:
    """``bell`` rings when a picture may be waiting to be read."""

    def __init__(self, database: Database, outbox: OutboxRepository) -> None:
        self._database = database
        self._outbox = outbox
        self.bell = Bell()

    async def add(
        self, message: Message, *, key: str, language: str, scope: str, per_minute: int
    ) -> Picture | None:
        """Have a picture read. The same message again gives its row again, another one of the same ``key``
        None.

        :param key: names the picture, or the album of which one picture is read.
        :param per_minute: how many a person may send; 0 is no limit.
        :raises RateLimited: they sent more.
        """
        picture = await self._database.transaction(
            lambda: self._add(message, key, language, scope, per_minute)
        )
        return picture if picture.message.message_id == message.message_id else None

    async def _add(self, message: Message, key: str, language: str, scope: str, per_minute: int) -> Picture:
        sender = Identity(message.platform, message.user_id)
        await self._database.lock(f"picture {key}", f"pictures of {sender.key}")
        row = await PictureRow.get_or_none(key=key)
        if row is not None:
            return _picture(row)
        now = self._database.clock()
        if per_minute:
            await self._check_rate(sender, per_minute, now)
        row = await PictureRow.create(
            id=new_id(),
            key=key,
            scope=scope,
            platform=message.platform,
            user_id=message.user_id,
            message=dump(message),
            language=language,
            status=PictureStatus.WAITING.value,
            due=now,
            created_at=now,
            expires_at=now + KEPT,
        )
        self._database.after_commit(self.bell.ring)
        return _picture(row)

    async def _check_rate(self, sender: Identity, per_minute: int, now: datetime) -> None:
        recent = (
            await PictureRow.filter(_of(sender), created_at__gt=now - _WINDOW)
            .order_by("-created_at")
            .limit(per_minute)
        )
        if len(recent) >= per_minute:
            wait = (recent[-1].created_at + _WINDOW - now).total_seconds()
            raise RateLimited(retry_after=wait, limit=per_minute, seconds=max(1, round(wait + 0.5)))

    async def claim(self, scope: str, *, lease: float) -> Picture | None:
        """Take a picture to be read, for ``lease`` seconds: the oldest of those least tried."""
        row = await self._due(scope).order_by("tries", "created_at", "id").first()
        if row is None:
            return None
        now, owner = self._database.clock(), new_id()
        taken = (
            await self._due(scope)
            .filter(id=row.id)
            .update(owner=owner, lease_until=now + timedelta(seconds=lease), tries=F("tries") + 1)
        )
        if not taken:
            return await self.claim(scope, lease=lease)
        return _picture(row, tries=row.tries + 1, owner=owner)

    async def asked(self, picture: Picture, text: str, question: NewOutgoing) -> bool:
        """The picture was read: keep the text, and ask. False when it is not in our hands any more."""
        return await self._database.transaction(lambda: self._asked(picture, text, question))

    async def _asked(self, picture: Picture, text: str, question: NewOutgoing) -> bool:
        kept = await self._held(picture).update(
            status=PictureStatus.ASKED.value,
            text=text,
            owner=None,
            lease_until=None,
            expires_at=self._database.clock() + KEPT,
        )
        if kept:
            await self._outbox.enqueue(question)
        return bool(kept)

    async def unread(self, picture: Picture, answer: NewOutgoing) -> bool:
        """Nothing could be read: say so. False when it is not in our hands any more."""
        return await self._database.transaction(lambda: self._unread(picture, answer))

    async def _unread(self, picture: Picture, answer: NewOutgoing) -> bool:
        # The row stays for its hour: it is what the person's pictures are counted by.
        kept = await self._held(picture).update(
            status=PictureStatus.REFUSED.value, owner=None, lease_until=None
        )
        if kept:
            await self._outbox.enqueue(answer)
        return bool(kept)

    async def postpone(self, picture: Picture, seconds: float) -> None:
        """Give it back to be read later."""
        due = self._database.clock() + timedelta(seconds=seconds)
        await self._held(picture).update(due=due, owner=None, lease_until=None)
        self._database.after_commit(self.bell.ring)

    async def get(self, picture_id: str) -> Picture | None:
        """A picture that was asked about and answered or not; None once its time is over."""
        live = PictureRow.filter(id=picture_id, expires_at__gt=self._database.clock())
        row = await live.exclude(status=PictureStatus.WAITING.value).first()
        return None if row is None else _picture(row)

    async def answered(self, picture_id: str, *, yes: bool) -> None:
        """The person has said whether the text is right."""
        status = PictureStatus.TAKEN if yes else PictureStatus.REFUSED
        await PictureRow.filter(id=picture_id).update(status=status.value)

    async def next_due(self, scope: str) -> datetime | None:
        """When the next picture that waits comes due."""
        now = self._database.clock()
        later = PictureRow.filter(scope=scope, status=PictureStatus.WAITING.value, due__gt=now)
        row = await later.order_by("due").first()
        return None if row is None else row.due

    async def delete_lapsed(self) -> int:
        """Delete some of what was answered or nobody answered; what is not read yet waits on. How many."""
        lapsed = PictureRow.filter(expires_at__lte=self._database.clock())
        return await delete_some(self._database, lapsed.exclude(status=PictureStatus.WAITING.value))

    def _due(self, scope: str) -> QuerySet[PictureRow]:
        now = self._database.clock()
        free = Q(owner__isnull=True) | Q(lease_until__lte=now)
        return PictureRow.filter(free, scope=scope, status=PictureStatus.WAITING.value, due__lte=now)

    def _held(self, picture: Picture) -> QuerySet[PictureRow]:
        return PictureRow.filter(id=picture.id, owner=picture.owner, status=PictureStatus.WAITING.value)


async def forget_pictures(identity: Identity) -> None:
    """Delete what somebody sent and what was read in it."""
    await PictureRow.filter(_of(identity)).delete()


def _of(identity: Identity) -> Q:
    return Q(platform=identity.platform, user_id=identity.user_id)


def _picture(row: PictureRow, *, tries: int | None = None, owner: str = "") -> Picture:
    return Picture(
        id=row.id,
        message=load_message(row.message),
        language=row.language,
        status=PictureStatus(row.status),
        text=row.text,
        tries=row.tries if tries is None else tries,
        owner=owner,
    )
