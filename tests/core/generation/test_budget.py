from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

import pytest

from botcore.errors import BudgetUsedUp, ProviderBudgetUsedUp, ProviderUnavailable
from botcore.model import RenderOptions, Spending
from botcore.state import Identity, State, open_state, sqlite_url
from botcore.state.merging import merge
from tests.core.generation.calls import EXACT, call, enter, gate_of, leave
from tests.core.state.ground import START, SettableClock

CENT = Spending(100, 0.01)
DAY = 86_400.0


async def session(state: State, user: str = "ada") -> str:
    return (await state.sessions.of("test", user)).id


@pytest.mark.parametrize("budget", [{"day_usd": 0.03}, {"day_tokens": 300}])
async def test_a_person_has_a_budget_for_each_day(
    state: State, clock: SettableClock, budget: dict[str, float]
) -> None:
    ada, bob = await session(state), await session(state, "bob")
    gate = gate_of(state, **budget)
    for _ in range(3):
        await call(gate, who=ada, used=CENT)
    with pytest.raises(BudgetUsedUp) as caught:
        await enter(gate, ada)
    assert "no AI still work" in caught.value.message
    await call(gate, who=bob, used=CENT)
    await call(gate, who=ada, descriptor=EXACT)

    clock.tick(DAY)
    await call(gate, who=ada, used=CENT)


@pytest.mark.parametrize(
    "budget", [{"day_usd": 0.02}, {"day_tokens": 200}, {"month_usd": 0.02}, {"month_tokens": 200}]
)
async def test_a_provider_has_a_budget_for_all_people(state: State, budget: dict[str, float]) -> None:
    gate = gate_of(state, providers={"model": budget})
    await call(gate, who=await session(state), used=CENT)
    await call(gate, who=await session(state, "bob"), used=CENT)
    with pytest.raises(ProviderBudgetUsedUp) as caught:
        await enter(gate, await session(state, "eve"))
    assert "model" in caught.value.message
    assert (await gate.standing("model")).word == "over_budget"


async def test_a_month_is_longer_than_a_day(state: State, clock: SettableClock) -> None:
    gate = gate_of(state, providers={"model": {"month_usd": 0.01}})
    await call(gate, used=CENT)
    clock.tick(DAY)
    with pytest.raises(ProviderBudgetUsedUp):
        await enter(gate)
    clock.tick(31 * DAY)
    await call(gate, used=CENT)


async def test_what_failed_calls_cost_counts(state: State) -> None:
    gate = gate_of(state, providers={"model": {"day_usd": 0.01}})
    await call(gate, ProviderUnavailable("broke off"), used=CENT)
    with pytest.raises(ProviderBudgetUsedUp):
        await enter(gate)


async def test_calls_at_once_overspend_by_one_of_them_at_most(state: State) -> None:
    who = await session(state)
    gate = gate_of(state, day_usd=0.05)

    async def one() -> bool:
        try:
            await enter(gate, who, reserve=CENT)
        except BudgetUsedUp:
            return False
        return True

    assert sum(await asyncio.gather(*(one() for _ in range(20)))) == 5


async def test_what_was_reserved_and_not_used_comes_back(state: State) -> None:
    gate = gate_of(state, providers={"model": {"day_usd": 0.01}})
    admission = await enter(gate, reserve=CENT)
    with pytest.raises(ProviderBudgetUsedUp):
        await enter(gate)
    await leave(gate, admission, used=Spending(1, 0.001))
    await enter(gate)


async def test_what_a_dead_process_reserved_lapses(state: State, clock: SettableClock) -> None:
    gate = gate_of(state, providers={"model": {"day_usd": 0.01}})
    await enter(gate, reserve=CENT)
    clock.tick(91)
    await enter(gate, reserve=CENT)
    await state.budgets.delete_old()


async def test_single_accounts_have_budgets_of_their_own(state: State) -> None:
    ada, bob = await session(state), await session(state, "bob")
    gate = gate_of(state, day_tokens=100, users={"test": {"ada": {"day_tokens": 0}}})
    for _ in range(5):
        await call(gate, who=ada, used=CENT)
    await call(gate, who=bob, used=CENT)
    with pytest.raises(BudgetUsedUp):
        await enter(gate, bob)


async def test_linking_two_accounts_adds_up_what_they_used(state: State) -> None:
    ada, bob = await session(state), await session(state, "bob")
    gate = gate_of(state, day_usd=0.02)
    await call(gate, who=ada, used=CENT)
    await call(gate, who=bob, used=CENT)
    merged = await merge(state.db, Identity("test", "ada"), Identity("test", "bob"), defaults=RenderOptions())
    assert (await state.budgets.of_person(merged)).tokens == 200
    with pytest.raises(BudgetUsedUp):
        await enter(gate, merged)


async def test_old_accounts_are_deleted_and_those_that_count_stay(state: State, clock: SettableClock) -> None:
    gate = gate_of(state)
    await call(gate, used=CENT)
    clock.tick(40 * DAY)
    await call(gate, used=CENT)
    await state.budgets.delete_old()
    assert (await state.budgets.of_provider("model"))[1] == CENT
    clock.tick(100 * DAY)
    await state.budgets.delete_old()
    assert await state.db.query("SELECT * FROM spending", ()) == []
    assert clock() > START


@pytest.mark.slow
async def test_two_processes_share_one_budget_and_one_probe(tmp_path: Path) -> None:
    async with open_state(sqlite_url(tmp_path / "botcore.db")) as state:
        gate = gate_of(state)
        for _ in range(5):
            await call(gate, ProviderUnavailable("503", retry_after=0.0))
        await state.db.query("UPDATE providers SET open_until = ?", (START.isoformat(" "),))
    spenders = [
        await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "tests.core.generation.spender",
            str(tmp_path / "botcore.db"),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
        )
        for _ in range(2)
    ]
    for process in spenders:
        assert process.stdout is not None
        assert await process.stdout.readline() == b"ready\n"
    outputs = await asyncio.gather(*(process.communicate(b"go\n") for process in spenders))
    told = [json.loads(output) for output, _ in outputs]
    assert sum(each["probes"] for each in told) == 1
    assert 10 <= sum(each["calls"] for each in told) <= 11
