"""Which budget holds for a call: the operator's settings, by person and by provider."""

from __future__ import annotations

from typing import TypeVar

from botcore.config import BudgetSettings
from botcore.state import TOKEN, Budget, Ceiling, Identity, SessionRepository, TokenRepository

N = TypeVar("N", int, float)


class Budgets:
    """Reads ``[budget]``. Of a person with several accounts the highest budget holds. A token has the money
    that it was given, unless ``[budget]`` names it.

    :param personal: whether persons have budgets, or providers alone.
    """

    def __init__(
        self,
        settings: BudgetSettings,
        sessions: SessionRepository,
        tokens: TokenRepository,
        *,
        personal: bool = True,
    ) -> None:
        self._personal = personal
        self._sessions = sessions
        self._tokens = tokens
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
        person = await self.of_person(session_id) if session_id else Ceiling()
        return Budget(person, *self._providers.get(provider, (Ceiling(), Ceiling())))

    async def of_person(self, session_id: str) -> Ceiling:
        """What a session may use in a day."""
        if not self._personal:
            return Ceiling()
        every = [await self._of(each) for each in await self._sessions.identities(session_id)]
        if not every:
            return self._common
        return Ceiling(_most([own.usd for own in every]), _most([own.tokens for own in every]))

    async def _of(self, identity: Identity) -> Ceiling:
        special = self._special.get(str(identity).casefold())
        token = await self._tokens.get(identity.user_id) if identity.platform == TOKEN else None
        if special is not None or token is None or token.day_usd is None:
            return special or self._common
        return Ceiling(token.day_usd, self._common.tokens)


def _most(limits: list[N]) -> N:
    """The highest limit, of which 0 is none at all."""
    return min(limits) if 0 in limits else max(limits)
