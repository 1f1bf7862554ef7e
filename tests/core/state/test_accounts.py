"""Accounts: what somebody used stays counted when they throw a cookie away or are forgotten."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botcore.errors import RateLimited
from botcore.model import RenderOptions, Spending
from botcore.state import Identity, Limits
from botcore.state.models import DayKeyRow, LeftoverRow, SpendingRow, TallyRow
from tests.core.state.ground import NEW, Ground

ADA = Identity("telegram", "123456")
ONE_A_MINUTE = Limits(per_minute=1)


async def test_who_was_forgotten_goes_on_where_they_were_today(ground: Ground) -> None:
    state = ground.state
    session = await state.sessions.of(ADA.platform, ADA.user_id)
    await state.jobs.submit(replace(NEW, session_id=session.id), limits=ONE_A_MINUTE)
    account = await state.accounts.of_session(session.id)
    await state.budgets.settle("", "openai", account, Spending(100, 0.5), began=ground.clock())
    await state.forget(session.id)
    assert ADA.user_id not in repr(await LeftoverRow.all().values())
    again = await state.sessions.of(ADA.platform, ADA.user_id)
    assert again.id != session.id
    assert await state.accounts.of_session(again.id) == account
    with pytest.raises(RateLimited):
        await state.jobs.submit(replace(NEW, session_id=again.id), limits=ONE_A_MINUTE)
    assert (await state.budgets.of_person(account)).tokens == 100


async def test_tomorrow_nothing_tells_who_was_forgotten(ground: Ground) -> None:
    state = ground.state
    session = await state.sessions.of(ADA.platform, ADA.user_id)
    await state.budgets.settle("", "openai", session.id, Spending(100, 0.5), began=ground.clock())
    await state.forget(session.id)
    ground.clock.tick(86_400)
    await state.accounts.delete_old()
    await state.budgets.delete_old()
    for model in (DayKeyRow, LeftoverRow, TallyRow):
        assert await model.all().count() == 0
    assert [row.account for row in await SpendingRow.all()] == ["provider:openai"] * 2
    again = await state.sessions.of(ADA.platform, ADA.user_id)
    assert await state.accounts.of_session(again.id) == again.id


async def test_an_address_is_counted_but_not_kept(ground: Ground) -> None:
    accounts = ground.state.accounts
    here = await accounts.of_address("203.0.113.7")
    assert here == await accounts.of_address("203.0.113.7") != await accounts.of_address("203.0.113.8")
    assert "203" not in here.removeprefix("address:")[:3] or here != "address:203.0.113.7"
    ground.clock.tick(86_400)
    assert await accounts.of_address("203.0.113.7") != here


async def test_an_anonymous_session_is_counted_where_its_person_is_and_a_known_one_is_not(
    ground: Ground,
) -> None:
    state = ground.state
    there, here = await state.accounts.of_address("a"), await state.accounts.of_address("b")
    stranger = await state.sessions.newcomer(
        Identity("web", "hash"), account=there, most=10, language="", options=RenderOptions()
    )
    known = await state.sessions.of(ADA.platform, ADA.user_id)
    for session in (stranger, known):
        await state.accounts.follow(session.id, here)
    assert await state.accounts.of_session(stranger.id) == here
    assert await state.accounts.of_session(known.id) == known.id


async def test_one_address_makes_few_sessions(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botcore.state.sessions._DAILY", 5)

    async def arrive(number: int) -> None:
        await ground.state.sessions.newcomer(
            Identity("web", str(number)), account="address:x", most=2, language="", options=RenderOptions()
        )

    for minute in range(5):
        for number in range(2):
            await arrive(minute * 2 + number)
        with pytest.raises(RateLimited):
            await arrive(1000 + minute)
        ground.clock.tick(61)
    with pytest.raises(RateLimited):
        await arrive(5000)
