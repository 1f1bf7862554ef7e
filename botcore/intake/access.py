"""Whom the bot answers, and how much each may submit: the operator's lists."""

from __future__ import annotations

import hashlib
from datetime import datetime

from botcore.config import AccessSettings, LimitSettings
from botcore.state import Identity, Limits, SessionRepository


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
    """How much a session may submit, from ``[limits]``: the most that one of its person's accounts may.

    :param settings: None sets no limits.
    """

    def __init__(self, settings: LimitSettings | None, sessions: SessionRepository) -> None:
        self._sessions = sessions
        self._special: dict[str, Limits] = {}
        self._common = Limits()
        if settings is None:
            return
        self._common = Limits(settings.per_minute, settings.unfinished)
        self._special = {
            f"{platform}:{user}".casefold(): Limits(
                settings.per_minute if own.per_minute is None else own.per_minute,
                settings.unfinished if own.unfinished is None else own.unfinished,
            )
            for platform, users in settings.users.items()
            for user, own in users.items()
        }

    async def of(self, session_id: str) -> Limits:
        """The limits of a session; 0 is none."""
        if not self._special:
            return self._common
        identities = await self._sessions.identities(session_id)
        every = [self._special.get(str(each).casefold(), self._common) for each in identities]
        if not every:
            return self._common
        return Limits(
            _most([limits.per_minute for limits in every]), _most([limits.unfinished for limits in every])
        )


def refusal_key(identity: Identity, now: datetime) -> str:
    """The dedupe key of the one sentence that a person who is not let in gets in a day (UTC)."""
    who = hashlib.sha256(identity.key.encode()).hexdigest()[:32]
    return f"refused:{now:%Y-%m-%d}:{who}"


def _listed(identity: Identity, entries: frozenset[str]) -> bool:
    return str(identity).casefold() in entries or f"{identity.platform}:*" in entries


def _most(limits: list[int]) -> int:
    return 0 if 0 in limits else max(limits)
