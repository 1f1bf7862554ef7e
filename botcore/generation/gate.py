"""Who may be called now: circuit closed, budget left. Every call goes in and comes out here."""

from __future__ import annotations

import math
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from typing import Literal

from botcore.errors import BotcoreError, BudgetUsedUp, ProviderBudgetUsedUp, ProviderResting, ProviderTooSlow
from botcore.generation.breaker import Verdict, after, verdict_of
from botcore.generation.budget import Budgets
from botcore.generation.health import CircuitState, ProviderHealth, health_of
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import Spending, new_id
from botcore.state import Budget, Circuit, DatabaseFailed, ProviderRecord, State
from botcore.telemetry import get_logger

_log = get_logger(__name__)

_SPARE = 30.0
"""Seconds beyond a call's own for which its reservation and its turn as the probe hold."""


@dataclass(frozen=True, slots=True)
class Admission:
    """A call that may be made, on the costs of ``account`` (empty: nobody's). ``guarded``: there is a
    circuit. ``probe`` is the call's name where it decides about an open one; ``reservation`` that of its
    share of the budget, if there is one."""

    provider: str
    account: str
    began: datetime
    guarded: bool = True
    probe: str | None = None
    reservation: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """How a provider fares, and what it used so far, calls under way not counted."""

    health: ProviderHealth
    today: Spending
    this_month: Spending
    over_budget: bool

    @property
    def word(self) -> Literal["ready", "resting", "over_budget"]:
        """``ready``, ``resting`` (its circuit is open) or ``over_budget``."""
        if self.health.state is CircuitState.OPEN:
            return "resting"
        return "over_budget" if self.over_budget else "ready"


class Gate:
    """Circuits, budgets and the record of calls: in the database, so that they hold over processes."""

    def __init__(self, state: State, budgets: Budgets) -> None:
        self._state = state
        self._budgets = budgets

    async def resting(self) -> set[str]:
        """The providers that are not called now."""
        now = self._state.db.clock()
        records = await self._state.providers.all()
        return {name for name, record in records.items() if not record.circuit.lets_through(now)}

    async def standing(self, name: str) -> Standing:
        """How a provider fares, and what it used."""
        now = self._state.db.clock()
        record = await self._state.providers.get(name)
        today, this_month = await self._state.budgets.of_provider(name)
        budget = await self._budgets.of(name, "")
        return Standing(
            health_of(record, now),
            today,
            this_month,
            over_budget=await self._state.budgets.used_up(name, budget),
        )

    async def admit(
        self, descriptor: ProviderDescriptor, session_id: str, reserve: Spending, *, seconds: float
    ) -> Admission:
        """Let a call of at most ``seconds`` in, and ``reserve`` what it may use.

        Exact providers are always let in. Raises :class:`ProviderResting`, :class:`BudgetUsedUp` or
        :class:`ProviderBudgetUsedUp`.
        """
        now = self._state.db.clock()
        if descriptor.exact:
            return Admission(descriptor.name, "", now, guarded=False)
        account = await self._state.accounts.of_session(session_id) if session_id else ""
        plain = Admission(descriptor.name, account, now)
        budget = await self._budgets.of(descriptor.name, session_id)
        if budget.unlimited and (await self._state.providers.get(descriptor.name)).circuit.closed:
            return plain
        # What is raised in a transaction takes back all that was written in it.
        return await self._state.db.transaction(
            lambda: self._admit(plain, budget, reserve, lease=seconds + _SPARE)
        )

    async def _admit(self, plain: Admission, budget: Budget, reserve: Spending, *, lease: float) -> Admission:
        name, probe, reservation = plain.provider, None, ""
        record = await self._state.providers.get(name)
        if not record.circuit.closed:
            probe = new_id()
            if not await self._state.providers.probe(name, probe, lease=lease):
                raise _resting(record, self._state.db.clock())
        if not budget.unlimited:
            reservation, whose = await self._state.budgets.reserve(
                name, plain.account, reserve, budget, lease=lease
            )
            if whose == "provider":
                raise ProviderBudgetUsedUp("its budget is used up", name=name)
            if whose:
                raise BudgetUsedUp("the person's budget is used up")
        return replace(plain, probe=probe, reservation=reservation)

    async def ended(
        self,
        admission: Admission,
        error: BotcoreError | None,
        used: Spending,
        *,
        seconds: float,
        fair: bool = True,
    ) -> None:
        """Write down how an admitted call ended, and what it used. Does not raise: the answer is there.

        :param fair: the provider had time enough; a slow one is not to blame otherwise.
        """
        verdict = verdict_of(error)
        if isinstance(error, ProviderTooSlow) and not fair:
            verdict = Verdict.UNCLEAR
        wait = error.retry_after if error is not None else None

        async def write() -> None:
            await self._state.providers.note(
                admission.provider,
                partial(_after, admission, verdict, wait),
                call=(verdict is Verdict.ALIVE, seconds),
                error=None if error is None or verdict is Verdict.ALIVE else (error.code, error.detail),
            )
            await self._settle(admission, used)

        await self._written(write)

    async def cancelled(self, admission: Admission, used: Spending) -> None:
        """Write down that an admitted call was broken off by our side."""

        async def write() -> None:
            if admission.probe is not None:
                await self._state.providers.note(
                    admission.provider, partial(_after, admission, Verdict.UNCLEAR, None)
                )
            await self._settle(admission, used)

        await self._written(write)

    async def _settle(self, admission: Admission, used: Spending) -> None:
        if admission.reservation or used != Spending():
            await self._state.budgets.settle(
                admission.reservation,
                admission.provider,
                admission.account,
                used,
                began=admission.began,
            )

    async def _written(self, write: Callable[[], Awaitable[None]]) -> None:
        try:
            await self._state.db.transaction(write)
        except DatabaseFailed:
            _log.exception("call_not_recorded")


def _after(
    admission: Admission, verdict: Verdict, wait: float | None, circuit: Circuit, now: datetime
) -> Circuit:
    if not admission.guarded:
        return circuit
    return after(circuit, verdict, now, probe=admission.probe, wait=wait)


def _resting(record: ProviderRecord, now: datetime) -> ProviderResting:
    circuit, error = record.circuit, record.last_error
    until = max(time for time in (circuit.open_until, circuit.probe_until, now) if time is not None)
    wait = (until - now).total_seconds()
    why = "" if error is None else f" after {error.code} {error.detail}".rstrip()
    return ProviderResting(
        f"left alone for {math.ceil(wait)} s{why}",
        retry_after=wait,
        name=record.name,
        minutes=max(1, math.ceil(wait / 60)),
    )
