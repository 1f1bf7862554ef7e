"""Sessions and the identities that point to them."""

from __future__ import annotations

from datetime import timedelta

from tortoise.exceptions import IntegrityError
from tortoise.expressions import Subquery

from botcore.model import RenderOptions, Session, new_id
from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.models import IdentityRow, SessionRow, VideoRow
from botcore.state.records import dump, load


class SessionRepository:
    """``lifetime`` is how long a session lives after its last submission."""

    def __init__(self, database: Database, *, lifetime: timedelta) -> None:
        self._database = database
        self._lifetime = lifetime

    async def of(
        self, platform: str, user_id: str, *, language: str = "", options: RenderOptions | None = None
    ) -> Session:
        """The session of a person on a platform; where there is none, a new one with these defaults."""
        found = await self.find(platform, user_id)
        if found is not None:
            return found
        try:
            return await self._database.transaction(
                lambda: self._make(platform, user_id, language, options or RenderOptions())
            )
        except IntegrityError:
            # Another task or process was first with the same person.
            found = await self.find(platform, user_id)
            if found is None:
                raise
            return found

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

    async def set_options(self, session_id: str, options: RenderOptions) -> None:
        """Remember how the person wants pictures."""
        await SessionRow.filter(id=session_id).update(options=dump(options))

    async def set_provider(self, session_id: str, provider: str | None) -> None:
        """Remember the provider that the person wants; None lets the chain choose."""
        await SessionRow.filter(id=session_id).update(provider=provider)

    async def provider(self, session_id: str) -> str | None:
        """The provider that the person wants."""
        row = await SessionRow.filter(id=session_id).first()
        return row.provider if row is not None else None

    async def extend(self, session_id: str) -> None:
        """Start the session's lifetime anew."""
        await SessionRow.filter(id=session_id).update(expires_at=self._database.clock() + self._lifetime)

    async def delete_expired(self, *, limit: int = 100) -> int:
        """Delete lapsed sessions with all that belongs to them; how many.

        A session that still has a stored file stays until the file is gone.
        """
        stored = VideoRow.filter(deleted_at__isnull=True).values("job__session_id")
        lapsed = (
            await SessionRow.filter(expires_at__lte=self._database.clock())
            .exclude(id__in=Subquery(stored))
            .limit(limit)
            .values_list("id", flat=True)
        )
        if lapsed:
            await SessionRow.filter(id__in=list(lapsed)).delete()
        return len(lapsed)

    async def _make(self, platform: str, user_id: str, language: str, options: RenderOptions) -> Session:
        now = self._database.clock()
        known = await IdentityRow.filter(platform=platform, user_id=user_id).select_for_update().first()
        if known is not None:
            # Two who come back at once: the second one waited for the lock, and gets the first one's session.
            live = await SessionRow.filter(id=known.session_id, expires_at__gt=now).first()
            if live is not None:
                return _session(live)
        row = await SessionRow.create(
            id=new_id(),
            language=language,
            options=dump(options),
            created_at=now,
            expires_at=now + self._lifetime,
        )
        if known is not None:
            # An identity whose session lapsed starts over; the old session waits for the reaper.
            await IdentityRow.filter(id=known.id).update(session_id=row.id)
        else:
            await IdentityRow.create(platform=platform, user_id=user_id, session_id=row.id, created_at=now)
        return _session(row)


def _session(row: SessionRow) -> Session:
    return Session(
        id=row.id,
        language=row.language,
        options=load(RenderOptions, row.options),
        created_at=row.created_at,
        expires_at=row.expires_at,
    )
