"""Bearer tokens: keys of programs. A secret is 256 random bits, shown once; only its hash is kept.

Nothing is remembered outside the rows, so a token that is revoked is refused by every process at once.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from tortoise.expressions import Q

from botcore.model import RenderOptions, Session, new_id
from botcore.state.access import hash_secret
from botcore.state.batches import delete_some
from botcore.state.database import Database
from botcore.state.identities import Identity
from botcore.state.models import TokenRow
from botcore.state.sessions import SessionRepository
from botcore.state.tallies import full, tally

TOKEN = "token"  # noqa: S105  # the platform of identities that are tokens
"""The platform of identities that are tokens: ``token:<id>``."""

PREFIX = "botcore_"
"""What every secret begins with, so that those who search for lost secrets know it."""

_SECRET_BYTES = 32
_SECRET = re.compile(rf"{PREFIX}[0-9a-f]{{64}}", re.ASCII)
_USED_EVERY = timedelta(minutes=5)
"""How exact the time of the last use is: a write for each request would be one too many."""
_KEPT = timedelta(days=30)
"""How long a token is listed after its end."""
_WRONG, _WRONG_WITHIN = 20, timedelta(minutes=10)
"""So many wrong secrets may come from one address within so long."""
_NEVER = datetime(9999, 1, 1, tzinfo=UTC)


class Scope(StrEnum):
    """What a token may do."""

    JOBS = "jobs"
    """Make jobs and see to its own."""
    ADMIN = "admin"
    """See how the installation fares, and set stuck messages going again."""


class Standing(StrEnum):
    """Whether a token is good."""

    GOOD = "good"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class NewToken:
    """What a token shall be. Limits that are None are those of everybody; 0 is no limit."""

    name: str
    scopes: frozenset[Scope] = frozenset({Scope.JOBS})
    lifetime: timedelta | None = None
    """None: until it is revoked."""
    per_minute: int | None = None
    unfinished: int | None = None
    day_usd: float | None = None


@dataclass(frozen=True, slots=True)
class Token:
    """A token, without its secret."""

    id: str
    name: str
    scopes: frozenset[Scope]
    standing: Standing
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None
    """To within five minutes; None: never."""
    revoked_at: datetime | None
    per_minute: int | None
    unfinished: int | None
    day_usd: float | None

    @property
    def identity(self) -> Identity:
        return Identity(TOKEN, self.id)


class TokenRepository:
    """Makes, finds and revokes tokens."""

    def __init__(self, database: Database, sessions: SessionRepository) -> None:
        self._database = database
        self._sessions = sessions

    async def create(self, new: NewToken) -> tuple[Token, str] | None:
        """Make a token; it, and its secret, which cannot be had again.

        None when a good token has this name already.
        """
        secret = f"{PREFIX}{secrets.token_hex(_SECRET_BYTES)}"
        token = await self._database.transaction(lambda: self._create(new, secret))
        return None if token is None else (token, secret)

    async def _create(self, new: NewToken, secret: str) -> Token | None:
        now = self._database.clock()
        await self._database.lock(f"token {new.name}")
        good = Q(expires_at__isnull=True) | Q(expires_at__gt=now)
        if await TokenRow.filter(good, name=new.name, revoked_at__isnull=True).exists():
            return None
        row = await TokenRow.create(
            id=new_id(),
            name=new.name,
            hash=hash_secret(secret),
            scopes=" ".join(sorted(new.scopes)),
            per_minute=new.per_minute,
            unfinished=new.unfinished,
            day_usd=new.day_usd,
            created_at=now,
            expires_at=None if new.lifetime is None else now + new.lifetime,
        )
        return _token(row, now)

    async def find(self, secret: str) -> Token | None:
        """The token with this secret, good or not; None for what nobody gave out.

        It is found by the hash: how long that takes tells nothing of the secrets that there are.
        """
        if not _SECRET.fullmatch(secret):
            return None
        row = await TokenRow.get_or_none(hash=hash_secret(secret))
        return None if row is None else _token(row, self._database.clock())

    async def get(self, token_id: str) -> Token | None:
        """A token by its id."""
        row = await TokenRow.get_or_none(id=token_id)
        return None if row is None else _token(row, self._database.clock())

    async def all(self) -> list[Token]:
        """Every token that is good or was so lately, oldest first."""
        now = self._database.clock()
        return [_token(row, now) for row in await TokenRow.all().order_by("created_at", "id")]

    async def session(self, token: Token, *, options: RenderOptions) -> Session | None:
        """The session of a token, which ends with it; None when it was revoked meanwhile.

        :param options: what a new session starts with.
        """
        found = await self._sessions.find(TOKEN, token.id)
        if found is not None:
            return found
        return await self._database.transaction(lambda: self._session(token, options))

    async def _session(self, token: Token, options: RenderOptions) -> Session | None:
        # Locked: whoever revokes it meanwhile sees the session that is made here, or prevents it.
        live = TokenRow.filter(id=token.id, revoked_at__isnull=True)
        if await live.select_for_update().first() is None:
            return None
        return await self._sessions.of(
            TOKEN, token.id, options=options, account=str(token.identity), until=token.expires_at or _NEVER
        )

    async def used(self, token: Token) -> None:
        """Remember that a token was used just now."""
        now = self._database.clock()
        if token.used_at is not None and token.used_at > now - _USED_EVERY:
            return
        stale = Q(used_at__isnull=True) | Q(used_at__lte=now - _USED_EVERY)
        await TokenRow.filter(stale, id=token.id).update(used_at=now)

    async def wrong(self, account: str) -> float:
        """Count a secret that is none; for how many seconds it is one too many, 0.0 while it is not.

        :param account: from where it came, see :mod:`botcore.state.accounts`.
        """
        return await self._database.transaction(lambda: self._wrong(f"wrong token:{account}"))

    async def _wrong(self, name: str) -> float:
        now = self._database.clock()
        await self._database.lock(name)
        wait = await full(name, _WRONG, now)
        if not wait:
            await tally([name], now, _WRONG_WITHIN)
        return wait

    async def revoke(self, which: str) -> Token | None:
        """End a token for good, by its id, or by its name: of several the newest. None when there is none.

        One that was revoked before is given back as it is.
        """
        return await self._database.transaction(lambda: self._revoke(which))

    async def _revoke(self, which: str) -> Token | None:
        now = self._database.clock()
        named = TokenRow.filter(Q(id=which) | Q(name=which)).order_by("-created_at", "-id")
        row = await named.select_for_update().first()
        if row is None:
            return None
        if row.revoked_at is None:
            row.revoked_at = now
            await row.save(update_fields=["revoked_at"])
        return _token(row, now)

    async def delete_old(self) -> int:
        """Delete some of the tokens that ended long ago; how many."""
        before = self._database.clock() - _KEPT
        ended = TokenRow.filter(Q(revoked_at__lte=before) | Q(expires_at__lte=before))
        return await delete_some(self._database, ended)


def _token(row: TokenRow, now: datetime) -> Token:
    standing = Standing.GOOD
    if row.expires_at is not None and row.expires_at <= now:
        standing = Standing.EXPIRED
    if row.revoked_at is not None:
        standing = Standing.REVOKED
    return Token(
        id=row.id,
        name=row.name,
        scopes=frozenset(map(Scope, row.scopes.split())),
        standing=standing,
        created_at=row.created_at,
        expires_at=row.expires_at,
        used_at=row.used_at,
        revoked_at=row.revoked_at,
        per_minute=row.per_minute,
        unfinished=row.unfinished,
        day_usd=row.day_usd,
    )
