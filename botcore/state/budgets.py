"""What providers cost: by person and day, by provider and day and month, and what is reserved for calls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from tortoise.expressions import Q

from botcore.model import Spending, new_id
from botcore.state.batches import delete_some
from botcore.state.database import Database
from botcore.state.models import ReservationRow, SpendingRow

_KEPT = timedelta(days=62)
"""Of what was spent: this month and the last one."""
_SPEND = """
INSERT INTO spending (account, period, tokens, cost) VALUES {rows}
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
    """What is spent stands under ``provider:<name>``, and under ``person:<account>``; whose account a session
    has is decided in :mod:`botcore.state.accounts`."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def reserve(
        self, provider: str, account: str, most: Spending, budget: Budget, *, lease: float
    ) -> tuple[str, str]:
        """Reserve what a call may use ``most``, for ``lease`` seconds: the reservation's id, and empty.

        Where something of each ceiling is left, reserved amounts taken off, the call may be made: so many
        calls at once overspend by the last of them alone. Else the id is empty and whose budget is used up
        comes second: ``person`` or ``provider``.
        """

        async def write() -> tuple[str, str]:
            now = self._database.clock()
            await self._database.lock(f"budget {_person(account)}", f"budget {_provider(provider)}")
            whose = await self._used_up(provider, account, budget, now)
            if whose:
                return "", whose
            row = await ReservationRow.create(
                id=new_id(),
                provider=provider,
                account=account,
                tokens=most.tokens,
                cost=most.cost,
                until=now + timedelta(seconds=lease),
            )
            return row.id, ""

        return await self._database.transaction(write)

    async def settle(
        self, reservation: str, provider: str, account: str, used: Spending, *, began: datetime
    ) -> None:
        """Write what a call used into the accounts of the day on which it ``began``, and free what was
        reserved for it."""

        async def write() -> None:
            if reservation:
                await ReservationRow.filter(id=reservation).delete()
            if used == Spending():
                return
            accounts = [(_provider(provider), day(began)), (_provider(provider), month(began))]
            if account:
                accounts.append((_person(account), day(began)))
            await self._spend([(*each, used.tokens, used.cost) for each in accounts])

        await self._database.transaction(write)

    async def of_person(self, account: str) -> Spending:
        """What was used under an account today, without what is reserved."""
        return await _spent(_person(account), day(self._database.clock()))

    async def of_provider(self, name: str) -> tuple[Spending, Spending]:
        """What a provider used today and this month, without what is reserved."""
        now = self._database.clock()
        return await _spent(_provider(name), day(now)), await _spent(_provider(name), month(now))

    async def used_up(self, provider: str, budget: Budget) -> bool:
        """Whether nothing is left of the provider's own budget."""
        return bool(await self._used_up(provider, "", budget, self._database.clock()))

    async def move(self, before: str, after: str) -> None:
        """Give what was spent under one account to another one."""

        async def write() -> None:
            await ReservationRow.filter(account=before).update(account=after)
            # Locked: what a call spends at this moment is moved, too, or stands under the old name then.
            rows = await SpendingRow.filter(account=_person(before)).order_by("period").select_for_update()
            if rows:
                await self._spend([(_person(after), row.period, row.tokens, row.cost) for row in rows])
                await SpendingRow.filter(id__in=[row.id for row in rows]).delete()

        await self._database.transaction(write)

    async def delete_old(self) -> int:
        """Delete some of the lapsed reservations and of what was spent long ago; how many."""
        now = self._database.clock()
        # Days and months sort as they follow each other; a month comes before its days.
        long_ago = Q(period__lt=month(now - _KEPT))
        others_days = Q(account__startswith=_person(""), period__lt=day(now))
        count = await delete_some(self._database, ReservationRow.filter(until__lte=now))
        return count + await delete_some(self._database, SpendingRow.filter(long_ago | others_days))

    async def _used_up(self, provider: str, account: str, budget: Budget, now: datetime) -> str:
        person, service = _person(account), _provider(provider)
        accounts = [person, service] if account else [service]
        rows = await SpendingRow.filter(account__in=accounts, period__in=[day(now), month(now)])
        spent = {(row.account, row.period): Spending(row.tokens, row.cost) for row in rows}
        held = {person: Spending(), service: Spending()}
        for row in await ReservationRow.filter(until__gt=now):
            for each in {_person(row.account), _provider(row.provider)} & held.keys():
                held[each] += Spending(row.tokens, row.cost)
        ceilings = [
            ("person", budget.person_day if account else Ceiling(), person, day(now)),
            ("provider", budget.provider_day, service, day(now)),
            ("provider", budget.provider_month, service, month(now)),
        ]
        for whose, ceiling, name, period in ceilings:
            if ceiling.reached(held[name] + spent.get((name, period), Spending())):
                return whose
        return ""

    async def _spend(self, rows: Sequence[tuple[str, str, int, float]]) -> None:
        places = ", ".join(["(?, ?, ?, ?)"] * len(rows))
        await self._database.query(_SPEND.format(rows=places), [value for row in rows for value in row])


def day(now: datetime) -> str:
    """The name of a day's period."""
    return f"{now:%Y-%m-%d}"


def month(now: datetime) -> str:
    """The name of a month's period."""
    return f"{now:%Y-%m}"


def _person(account: str) -> str:
    return f"person:{account}"


def _provider(name: str) -> str:
    return f"provider:{name}"


async def _spent(account: str, period: str) -> Spending:
    row = await SpendingRow.get_or_none(account=account, period=period)
    return Spending() if row is None else Spending(row.tokens, row.cost)
