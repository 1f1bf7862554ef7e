"""Whom the bot answers, and how much each may submit: the operator's lists."""

from __future__ import annotations

import hashlib
from datetime import datetime

from botcore.config import AccessSettings, LimitSettings
from botcore.state import TOKEN, Identity, Limits, SessionRepository, TokenRepository


class Access:
    """Decides from ``[access]``. A ban of one account holds in all chats that its person linked.

    :param settings: None lets everybody in.
    """

    def __init__(self, settings: AccessSettings | None, sessions: SessionRepository) -> None:
        settings = settings or AccessSettings()
        self._allowed = frozenset(entry.casefold() for entry in settings.allow)
        self._banned = frozenset(entry.casefold() for entry in settings.ban)
        self._sessions = sessions

    async def lets_in(self, identity: Identity) -> bool:
        """Whether this person is answered."""
        if self._allowed and not _listed(identity, self._allowed):
            return False
        if not self._banned:
            return True
        everyone = [identity, *await self._sessions.linked(identity)]
        return not any(_listed(each, self._banned) for each in everyone)


class Allowances:
    """How much a session may submit: the most that one of its person's accounts may. ``[limits]`` says how
    much that is, for one account by itself before what a token was given before what holds for everybody.

    :param settings: None sets no limits.
    """

    def __init__(
        self, settings: LimitSettings | None, sessions: SessionRepository, tokens: TokenRepository
    ) -> None:
        self._sessions = sessions
        self._tokens = tokens
        self.common = Limits()
        self._special: dict[str, Limits] = {}
        self._limited = settings is not None
        if settings is None:
            return
        self.common = Limits(settings.per_minute, settings.unfinished)
        self._special = {
            f"{platform}:{user}".casefold(): _over(self.common, own.per_minute, own.unfinished)
            for platform, users in settings.users.items()
            for user, own in users.items()
        }

    async def of(self, session_id: str) -> Limits:
        """The limits of a session; 0 is none."""
        if not self._limited:
            return self.common
        every = [await self._of(each) for each in await self._sessions.identities(session_id)]
        if not every:
            return self.common
        return Limits(
            _most([limits.per_minute for limits in every]), _most([limits.unfinished for limits in every])
        )

    async def _of(self, identity: Identity) -> Limits:
        special = self._special.get(str(identity).casefold())
        token = await self._tokens.get(identity.user_id) if identity.platform == TOKEN else None
        if special is not None or token is None:
            return special or self.common
        return _over(self.common, token.per_minute, token.unfinished)


def refusal_key(identity: Identity, now: datetime) -> str:
    """The dedupe key of the one sentence that a person who is not let in gets in a day (UTC)."""
    who = hashlib.sha256(identity.key.encode()).hexdigest()[:32]
    return f"refused:{now:%Y-%m-%d}:{who}"


def _listed(identity: Identity, entries: frozenset[str]) -> bool:
    return str(identity).casefold() in entries or f"{identity.platform}:*" in entries


def _over(common: Limits, per_minute: int | None, unfinished: int | None) -> Limits:
    return Limits(
        common.per_minute if per_minute is None else per_minute,
        common.unfinished if unfinished is None else unfinished,
    )


def _most(limits: list[int]) -> int:
    return 0 if 0 in limits else max(limits)
