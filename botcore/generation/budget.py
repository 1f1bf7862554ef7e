"""Which budget holds for a call: the operator's settings, by person and by provider."""

from __future__ import annotations

from typing import TypeVar

from botcore.config import BudgetSettings
from botcore.state import Budget, Ceiling, SessionRepository

N = TypeVar("N", int, float)


class Budgets:
    """Reads ``[budget]``. Of a person with several accounts the highest budget holds.

    :param personal: whether persons have budgets, or providers alone.
    """

    def __init__(
        self, settings: BudgetSettings, sessions: SessionRepository, *, personal: bool = True
    ) -> None:
        self._personal = personal
        self._sessions = sessions
        self._common = Ceiling(settings.day_usd, settings.day_tokens)
        self._special = {
            f"{platform}:{user}".casefold(): Ceiling(
                settings.day_usd if own.day_usd is None else own.day_usd,
                settings.day_tokens if own.day_tokens is None else own.day_tokens,
            )
            for platform, users in settings.users.items()
            for user, own in users.items()
        }
        self._providers = {
            name: (Ceiling(own.day_usd, own.day_tokens), Ceiling(own.month_usd, own.month_tokens))
            for name, own in settings.providers.items()
        }

    async def of(self, provider: str, session_id: str) -> Budget:
        """What a call of ``provider`` for a session must stay under; ``session_id`` empty: nobody's."""
        person = await self._of_person(session_id) if session_id and self._personal else Ceiling()
        return Budget(person, *self._providers.get(provider, (Ceiling(), Ceiling())))

    async def _of_person(self, session_id: str) -> Ceiling:
        if not self._special:
            return self._common
        identities = await self._sessions.identities(session_id)
        every = [self._special.get(str(each).casefold(), self._common) for each in identities]
        if not every:
            return self._common
        return Ceiling(_most([own.usd for own in every]), _most([own.tokens for own in every]))


def _most(limits: list[N]) -> N:
    """The highest limit, of which 0 is none at all."""
    return min(limits) if 0 in limits else max(limits)
