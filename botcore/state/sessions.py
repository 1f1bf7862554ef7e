"""Sessions and the identities that point to them."""

from __future__ import annotations

import math
from dataclasses import replace
from datetime import datetime, timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Q, Subquery

from botcore.errors import RateLimited
from botcore.model import Aspect, Quality, RenderOptions, Session, new_id
from botcore.state.accounts import AccountRepository
from botcore.state.batches import delete_some
from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.limits import UNFINISHED
from botcore.state.models import IdentityRow, JobRow, SessionRow, VideoRow
from botcore.state.records import dump, load
from botcore.state.tallies import full, tally

_MINUTE, _DAY = timedelta(minutes=1), timedelta(days=1)
_DAILY = 50
"""New sessions of one address in a day, as a multiple of those in a minute."""


class SessionRepository:
    """``lifetime`` is how long a session lives after its last submission."""

    def __init__(self, database: Database, accounts: AccountRepository, *, lifetime: timedelta) -> None:
        self._database = database
        self._accounts = accounts
        self._lifetime = lifetime

    async def of(
        self,
        platform: str,
        user_id: str,
        *,
        language: str = "",
        options: RenderOptions | None = None,
        account: str = "",
        until: datetime | None = None,
    ) -> Session:
        """The session of a person on a platform; where there is none, a new one with these defaults.

        :param account: where a new one is counted, if not under a name of its own.
        :param until: when a new one ends, if not after its lifetime; submissions do not change that.
        """
        found = await self.find(platform, user_id)
        if found is not None:
            return found
        try:
            return await self._database.transaction(
                lambda: self._make(
                    Identity(platform, user_id), language, options or RenderOptions(), account, until
                )
            )
        except IntegrityError:
            # Another task or process was first with the same person.
            found = await self.find(platform, user_id)
            if found is None:
                raise
            return found

    async def newcomer(
        self, identity: Identity, *, account: str, most: int, language: str, options: RenderOptions
    ) -> Session:
        """A session for somebody whom nobody knows, counted under the ``account`` of their address.

        :param most: so many in a minute from there, and fifty times as many in a day; 0 is no limit. Else
            somebody who throws cookies away could fill the table.
        :raises RateLimited: there are as many already.
        """
        return await self._database.transaction(
            lambda: self._newcomer(identity, account, most, language, options)
        )

    async def _newcomer(
        self, identity: Identity, account: str, most: int, language: str, options: RenderOptions
    ) -> Session:
        now = self._database.clock()
        await self._database.lock(f"newcomers {account}")
        for name, number, within in (
            (f"new session:{account}", most, _MINUTE),
            (f"new session today:{account}", most * _DAILY, _DAY),
        ):
            wait = await full(name, number, now) if most else 0.0
            if wait:
                raise RateLimited(retry_after=wait, limit=most, seconds=math.ceil(wait))
            await tally([name], now, within)
        return await self._make(identity, language, options, account, None)

    async def find(self, platform: str, user_id: str) -> Session | None:
        """The live session of a person on a platform."""
        row = await SessionRow.filter(
            identities__platform=platform,
            identities__user_id=user_id,
            expires_at__gt=self._database.clock(),
        ).first()
        return _session(row) if row is not None else None

    async def get(self, session_id: str) -> Session | None:
        """A live session by its id."""
        row = await SessionRow.filter(id=session_id, expires_at__gt=self._database.clock()).first()
        return _session(row) if row is not None else None

    async def identities(self, session_id: str) -> list[Identity]:
        """Everybody whom a session belongs to: one person's names on platforms."""
        rows = await IdentityRow.filter(session_id=session_id).order_by("id")
        return [Identity(row.platform, row.user_id) for row in rows]

    async def linked(self, identity: Identity) -> list[Identity]:
        """Everybody who shares a session with ``identity``, itself among them; nobody if it has none."""
        session_id = await self.id_of(identity)
        return await self.identities(session_id) if session_id is not None else []

    async def id_of(self, identity: Identity) -> str | None:
        """The id of an identity's session, were it over or not."""
        row = await IdentityRow.get_or_none(platform=identity.platform, user_id=identity.user_id)
        return row.session_id if row is not None else None

    async def set_language(self, session_id: str, language: str) -> None:
        """Remember the language, a BCP 47 tag, in which the person wants answers."""
        await SessionRow.filter(id=session_id).update(language=language)

    async def set_picture(
        self, session_id: str, *, quality: Quality | None = None, aspect: Aspect | None = None
    ) -> None:
        """Remember how the person wants pictures. What is None stays, whoever changes it at this moment."""

        async def write() -> None:
            row = await SessionRow.filter(id=session_id).select_for_update().first()
            if row is None:
                return
            known = load(RenderOptions, row.options)
            options = replace(known, quality=quality or known.quality, aspect=aspect or known.aspect)
            await SessionRow.filter(id=session_id).update(options=dump(options))

        await self._database.transaction(write)

    async def set_provider(self, session_id: str, provider: str | None) -> None:
        """Remember the provider that the person wants; None lets the chain choose."""
        await SessionRow.filter(id=session_id).update(provider=provider)

    async def provider(self, session_id: str) -> str | None:
        """The provider that the person wants."""
        row = await SessionRow.filter(id=session_id).first()
        return row.provider if row is not None else None

    async def extend(self, session_id: str) -> None:
        """Start the session's lifetime anew, unless its end is fixed."""
        until = self._database.clock() + self._lifetime
        await SessionRow.filter(id=session_id, lasting=False).update(expires_at=until)

    async def delete_expired(self) -> int:
        """Delete some of the lapsed sessions with all that belongs to them; how many.

        A session that still has a stored file, or an unfinished job, stays until that is over.
        """
        stored = VideoRow.filter(deleted_at__isnull=True).values("job__session_id")
        unfinished = JobRow.filter(status__in=[status.value for status in UNFINISHED]).values("session_id")
        lapsed = SessionRow.filter(expires_at__lte=self._database.clock())
        idle = lapsed.exclude(Q(id__in=Subquery(stored)) | Q(id__in=Subquery(unfinished)))
        return await delete_some(self._database, idle)

    async def _make(
        self,
        identity: Identity,
        language: str,
        options: RenderOptions,
        account: str,
        until: datetime | None,
    ) -> Session:
        now = self._database.clock()
        # Two who come back at once: the second one finds the session of the first.
        mine = IdentityRow.filter(platform=identity.platform, user_id=identity.user_id)
        known = await mine.select_for_update().first()
        if known is not None:
            present = await self.get(known.session_id)
            if present is not None:
                return present
        session_id = new_id()
        row = await SessionRow.create(
            id=session_id,
            language=language,
            options=dump(options),
            account=account or await self._accounts.kept(identity) or session_id,
            created_at=now,
            expires_at=until or now + self._lifetime,
            lasting=until is not None,
        )
        if known is None:
            await IdentityRow.create(
                platform=identity.platform, user_id=identity.user_id, session_id=row.id, created_at=now
            )
        else:  # its session lapsed: it starts over, and the old one waits for the reaper
            await IdentityRow.filter(id=known.id).update(session_id=row.id)
        return _session(row)


def _session(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        language=row.language,
        options=load(RenderOptions, row.options),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
