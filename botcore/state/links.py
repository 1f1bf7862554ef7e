"""Codes by which a person says that two chats are theirs.

A link goes ``open`` (a code was made) → ``taken`` (it was typed elsewhere) → ``agreed`` (who typed it said
yes) → ``linked`` (who made it said yes, too, and their sessions are one). Every step is a write to one row
with a time limit, so a process that dies in between loses nothing and leaves nothing half done.
"""

from __future__ import annotations

import hashlib
import math
import re
import secrets
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from tortoise.expressions import Q
from tortoise.queryset import QuerySet

from botcore.errors import (
    AlreadyLinked,
    LinkCodeWrong,
    LinkNotReady,
    LinkOver,
    LinkTriesUsedUp,
    OwnLinkCode,
)
from botcore.model import RenderOptions, new_id
from botcore.state.batches import delete_some
from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.merging import merge
from botcore.state.models import IdentityRow, LinkRow
from botcore.state.records import dump, load
from botcore.state.tallies import full, tally

LIFETIME = timedelta(minutes=10)
"""From the making of a code to the last yes."""
TRIES = 5
TRIES_WITHIN = timedelta(hours=1)
"""So many wrong codes may one person, or one chat, type within so long."""

_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"  # without 0 and O, 1, I and L, U (like V)
_LENGTH = 8
_CODE = re.compile(rf"[{_ALPHABET}]{{{_LENGTH}}}")


class LinkState(StrEnum):
    OPEN = "open"
    TAKEN = "taken"
    AGREED = "agreed"
    LINKED = "linked"


@dataclass(frozen=True, slots=True)
class Party:
    """One side of a link, and where its questions go; ``chat_id`` is empty for one that comes to look."""

    identity: Identity
    chat_id: str = ""
    scope: str = "serve"


@dataclass(frozen=True, slots=True)
class Link:
    id: str
    state: LinkState
    maker: Party
    taker: Party | None
    expires_at: datetime

    def other(self, identity: Identity) -> Party | None:
        """The side that is not ``identity``; None while nobody typed the code."""
        return self.taker if identity == self.maker.identity else self.maker


def read_code(text: str) -> str | None:
    """The code in what a person typed, without dashes and spaces; None when it cannot be one."""
    code = re.sub(r"[\W_]", "", text).upper()
    return code if _CODE.fullmatch(code) else None


def show_code(code: str) -> str:
    """A code as it is shown: in two halves."""
    return f"{code[: _LENGTH // 2]}-{code[_LENGTH // 2 :]}"


class LinkRepository:
    """Links, and the guard against guessed codes. One identity has one unfinished link at most."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def make(self, maker: Party) -> tuple[Link, str]:
        """A new code; an earlier link of this identity that is not finished ends."""
        return await self._database.transaction(lambda: self._make(maker))

    async def _make(self, maker: Party) -> tuple[Link, str]:
        await self._database.lock(f"links of {maker.identity.key}")
        await self._unfinished(maker.identity).delete()
        code = "".join(secrets.choice(_ALPHABET) for _ in range(_LENGTH))
        row = await LinkRow.create(
            id=new_id(),
            code_hash=_hash(code),
            state=LinkState.OPEN.value,
            maker_key=maker.identity.key,
            maker=dump(maker),
            expires_at=self._database.clock() + LIFETIME,
        )
        return _link(row), code

    async def take(self, code: str, taker: Party, *, guesser: Collection[str] = ()) -> Link:
        """Use a code up. The same taker may use it again, in case the answer was lost.

        :param guesser: names under which a wrong code is counted, besides the taker's and its chat's.
        :raises LinkCodeWrong: nobody waits for this code.
        :raises LinkTriesUsedUp: too many codes were wrong.
        :raises OwnLinkCode: the taker made it; it stays good.
        :raises AlreadyLinked: both belong to one session; it stays good.
        """
        names = [f"person {taker.identity.key}", *guesser]
        if taker.chat_id:
            names.append(f"chat {taker.identity.platform}:{taker.chat_id}")
        who = [f"wrong code:{_hash(name)}" for name in names]
        link = await self._database.transaction(lambda: self._take(code, taker, who))
        if link is None:
            raise LinkCodeWrong
        return link

    async def _take(self, code: str, taker: Party, who: list[str]) -> Link | None:
        now = self._database.clock()
        await self._database.lock(*who, f"links of {taker.identity.key}")
        await self._check_tries(who, now)
        row = await LinkRow.filter(code_hash=_hash(code), expires_at__gt=now).select_for_update().first()
        key = taker.identity.key
        mine = row is not None and row.taker_key == key
        if row is None or not (mine or row.state == LinkState.OPEN):
            await tally(who, now, TRIES_WITHIN)
            return None
        if row.maker_key == key:
            raise OwnLinkCode
        if not mine:
            if await _together(_link(row).maker.identity, taker.identity):
                raise AlreadyLinked
            await self._unfinished(taker.identity).delete()
            row.state, row.taker_key, row.taker = LinkState.TAKEN.value, key, dump(taker)
            await row.save()
        return _link(row)

    async def _check_tries(self, who: list[str], now: datetime) -> None:
        for each in who:
            wait = await full(each, TRIES, now)
            if wait:
                raise LinkTriesUsedUp(retry_after=wait, minutes=math.ceil(wait / 60))

    async def agree(self, identity: Identity, link_id: str | None, *, defaults: RenderOptions) -> Link:
        """One side's yes; the maker's, which is the last, makes one session of both.

        A yes that was said already is taken again.

        :param link_id: None means the one that waits for this identity.
        :param defaults: see :func:`~botcore.state.merging.merge`.
        :raises LinkOver: there is none, or its time is over, or a session ended.
        :raises LinkNotReady: the other side has to act first.
        """
        return await self._database.transaction(lambda: self._agree(identity, link_id, defaults))

    async def _agree(self, identity: Identity, link_id: str | None, defaults: RenderOptions) -> Link:
        row = await self._row(identity, link_id)
        link = _link(row)
        if link.state is LinkState.LINKED:
            return link
        if link.taker is None:
            raise LinkNotReady
        if identity == link.taker.identity:
            row.state = LinkState.AGREED.value
        elif link.state is LinkState.AGREED:
            await merge(self._database, link.maker.identity, link.taker.identity, defaults=defaults)
            row.state = LinkState.LINKED.value
        else:
            raise LinkNotReady
        await row.save()
        return _link(row)

    async def refuse(self, identity: Identity, link_id: str | None) -> Link:
        """One side's no: the link is gone.

        :raises LinkOver: there is none, or it is made already.
        """
        return await self._database.transaction(lambda: self._refuse(identity, link_id))

    async def _refuse(self, identity: Identity, link_id: str | None) -> Link:
        row = await self._row(identity, link_id)
        if row.state == LinkState.LINKED:
            raise LinkOver
        await row.delete()
        return _link(row)

    async def of(self, identity: Identity) -> Link | None:
        """The newest link of an identity whose time is not over."""
        row = await self._live(identity).order_by("-expires_at").first()
        return _link(row) if row is not None else None

    async def delete_lapsed(self) -> int:
        """Delete some of the links whose time is over; how many."""
        return await delete_some(self._database, LinkRow.filter(expires_at__lte=self._database.clock()))

    def _live(self, identity: Identity) -> QuerySet[LinkRow]:
        return LinkRow.filter(_takes_part(identity), expires_at__gt=self._database.clock())

    def _unfinished(self, identity: Identity) -> QuerySet[LinkRow]:
        return LinkRow.filter(_takes_part(identity)).exclude(state=LinkState.LINKED.value)

    async def _row(self, identity: Identity, link_id: str | None) -> LinkRow:
        rows = self._live(identity)
        if link_id is not None:
            rows = rows.filter(id=link_id)
        row = await rows.order_by("-expires_at").select_for_update().first()
        if row is None:
            raise LinkOver
        return row


async def forget_links(identity: Identity) -> None:
    """Delete what links know of an identity."""
    await LinkRow.filter(_takes_part(identity)).delete()


def _takes_part(identity: Identity) -> Q:
    return Q(maker_key=identity.key) | Q(taker_key=identity.key)


async def _together(first: Identity, second: Identity) -> bool:
    sessions = [
        await IdentityRow.filter(platform=each.platform, user_id=each.user_id).values_list(
            "session_id", flat=True
        )
        for each in (first, second)
    ]
    return bool(sessions[0]) and sessions[0] == sessions[1]


def _link(row: LinkRow) -> Link:
    return Link(
        id=row.id,
        state=LinkState(row.state),
        maker=load(Party, row.maker),
        taker=load(Party, row.taker) if row.taker is not None else None,
        expires_at=row.expires_at,
    )


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "replace")).hexdigest()
