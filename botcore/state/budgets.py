"""What providers cost: by person and day, by provider and day and month, and what is reserved for calls."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.functions import Sum
from tortoise.queryset import QuerySet

from botcore.model import Spending, new_id
from botcore.state.database import Database
from botcore.state.models import ReservationRow, SpendingRow

_KEPT = timedelta(days=62)
"""Of what was spent: this month and the last one."""
_SPEND = """
INSERT INTO spending (account, period, tokens, cost) VALUES (?, ?, ?, ?)
ON CONFLICT (account, period) DO UPDATE
SET tokens = spending.tokens + excluded.tokens, cost = spending.cost + excluded.cost
"""


@dataclass(frozen=True, slots=True)
class Ceiling:
    """How much may be used in a period: US dollars and tokens; 0 is no limit."""

    usd: float = 0.0
    tokens: int = 0

    def reached(self, used: Spending) -> bool:
        """Whether nothing is left."""
        return bool((self.usd and used.cost >= self.usd) or (self.tokens and used.tokens >= self.tokens))


@dataclass(frozen=True, slots=True)
class Budget:
    """What one call must stay under: the person's day, the provider's day, the provider's month (UTC)."""

    person_day: Ceiling = Ceiling()
    provider_day: Ceiling = Ceiling()
    provider_month: Ceiling = Ceiling()

    @property
    def unlimited(self) -> bool:
        return self == Budget()


class BudgetRepository:
    """Accounts are ``person:<session id>`` and ``provider:<name>``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(
        self, provider: str, session_id: str, most: Spending, budget: Budget, *, lease: float
    ) -> tuple[str, str]:
        """Reserve what a call may use ``most``, for ``lease`` seconds: the reservation's id, and empty.

        Where something of each ceiling is left, reserved amounts taken off, the call may be made: so many
        calls at once overspend by the last of them alone. Else the id is empty and whose budget is used up
        comes second: ``person`` or ``provider``.
        """

        async def write() -> tuple[str, str]:
            now = self._database.clock()
            whose = await self._used_up(provider, session_id, budget, now)
            if whose:
                return "", whose
            row = await ReservationRow.create(
                id=new_id(),
                provider=provider,
                session_id=session_id,
                tokens=most.tokens,
                cost=most.cost,
                until=now + timedelta(seconds=lease),
            )
            return row.id, ""

        return await self._database.transaction(write)

    async def settle(
        self, reservation: str, provider: str, session_id: str, used: Spending, *, began: datetime
    ) -> None:
        """Write what a call used into the accounts of the day on which it ``began``, and free what was
        reserved for it."""

        async def write() -> None:
            if reservation:
                await ReservationRow.filter(id=reservation).delete()
            if used == Spending():
                return
            accounts = [(_provider(provider), day(began)), (_provider(provider), month(began))]
            if session_id:
                accounts.append((_person(session_id), day(began)))
            for account, period in accounts:
                await self._database.query(_SPEND, (account, period, used.tokens, used.cost))

        await self._database.transaction(write)

    async def of_person(self, session_id: str) -> Spending:
        """What a person used today, without what is reserved."""
        return await _spent(_person(session_id), day(self._database.clock()))

    async def of_provider(self, name: str) -> tuple[Spending, Spending]:
        """What a provider used today and this month, without what is reserved."""
        now = self._database.clock()
        return await _spent(_provider(name), day(now)), await _spent(_provider(name), month(now))

    async def used_up(self, provider: str, budget: Budget) -> bool:
        """Whether nothing is left of the provider's own budget."""
        return bool(await self._used_up(provider, "", budget, self._database.clock()))

    async def move(self, before: str, after: str) -> None:
        """Give what one session spent to another one."""

        async def write() -> None:
            await ReservationRow.filter(session_id=before).update(session_id=after)
            for row in await SpendingRow.filter(account=_person(before)):
                await self._database.query(_SPEND, (_person(after), row.period, row.tokens, row.cost))
            await SpendingRow.filter(account=_person(before)).delete()

        await self._database.transaction(write)

    async def delete_old(self) -> None:
        """Delete lapsed reservations and what was spent long ago."""
        now = self._database.clock()
        await ReservationRow.filter(until__lte=now).delete()
        # Days and months sort as they follow each other; a month comes before its days.
        await SpendingRow.filter(period__lt=month(now - _KEPT)).delete()

    async def _used_up(self, provider: str, session_id: str, budget: Budget, now: datetime) -> str:
        reserved = ReservationRow.filter(until__gt=now)
        if session_id and budget.person_day != Ceiling():
            held = await _sum(reserved.filter(session_id=session_id))
            spent = await _spent(_person(session_id), day(now))
            if budget.person_day.reached(held + spent):
                return "person"
        ceilings = [(budget.provider_day, day(now)), (budget.provider_month, month(now))]
        limited = [(ceiling, period) for ceiling, period in ceilings if ceiling != Ceiling()]
        held = await _sum(reserved.filter(provider=provider)) if limited else Spending()
        for ceiling, period in limited:
            if ceiling.reached(held + await _spent(_provider(provider), period)):
                return "provider"
        return ""


def day(now: datetime) -> str:
    """The name of a day's period."""
    return f"{now:%Y-%m-%d}"


def month(now: datetime) -> str:
    """The name of a month's period."""
    return f"{now:%Y-%m}"


def _person(session_id: str) -> str:
    return f"person:{session_id}"


def _provider(name: str) -> str:
    return f"provider:{name}"


async def _spent(account: str, period: str) -> Spending:
    row = await SpendingRow.get_or_none(account=account, period=period)
    return Spending() if row is None else Spending(row.tokens, row.cost)


async def _sum(rows: QuerySet[ReservationRow]) -> Spending:
    found = await rows.annotate(all_tokens=Sum("tokens"), all_cost=Sum("cost")).values(
        "all_tokens", "all_cost"
    )
    (total,) = found
    return Spending(total["all_tokens"] or 0, total["all_cost"] or 0.0)
