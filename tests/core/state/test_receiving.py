"""Messages that come at the same time are written together, and each for itself all the same."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg
import pytest

from botcore.state import DatabaseFailed, InboxRepository, State, open_state
from botcore.state.models import InboxRow
from botcore.state.receiving import MOST
from tests.core.state.ground import message


async def test_of_a_crowd_each_message_is_kept_once_and_in_order(state: State) -> None:
    ids = [str(number) for number in range(2 * MOST + 50)]
    answers = await asyncio.gather(
        *(state.inbox.receive(message(one), "serve") for one in ids for _ in range(2))
    )
    assert answers == [True, False] * len(ids), "the first of two is the new one"
    kept = await InboxRow.all().order_by("received_at").values_list("key", flat=True)
    assert list(kept) == [f"test:{one}" for one in ids]


async def test_a_row_that_cannot_be_written_does_no_harm_to_its_neighbours(state: State) -> None:
    scopes: list[Any] = ["serve", object(), "serve"]  # no database takes an object
    answers = await asyncio.gather(
        *(state.inbox.receive(message(str(n)), scope) for n, scope in enumerate(scopes)),
        return_exceptions=True,
    )
    assert [answers[0], answers[2]] == [True, True]
    assert isinstance(answers[1], Exception)
    assert await InboxRow.all().count() == 2


async def test_a_database_that_fails_tells_everybody_and_works_afterwards(state: State) -> None:
    await InboxRow.raw("ALTER TABLE inbox RENAME TO gone")
    answers = await asyncio.gather(
        *(state.inbox.receive(message(str(n)), "serve") for n in range(3)), return_exceptions=True
    )
    assert [type(answer) for answer in answers] == [DatabaseFailed] * 3
    await InboxRow.raw("ALTER TABLE gone RENAME TO inbox")
    assert await state.inbox.receive(message("0"), "serve")


async def test_a_caller_that_goes_away_takes_nobody_with_it(state: State) -> None:
    tasks = [asyncio.create_task(state.inbox.receive(message(str(n)), "serve")) for n in range(5)]
    await asyncio.sleep(0)
    tasks[0].cancel()
    tasks[3].cancel()
    answers = await asyncio.gather(*tasks, return_exceptions=True)
    assert [answers[1], answers[2], answers[4]] == [True] * 3
    assert await state.inbox.receive(message("after"), "serve")


async def test_what_is_being_written_is_kept_when_the_database_is_closed(database_url: str) -> None:
    async with open_state(database_url) as state:
        tasks = [asyncio.create_task(state.inbox.receive(message(str(n)), "serve")) for n in range(5)]
        await asyncio.sleep(0)
    assert await asyncio.gather(*tasks) == [True] * 5
    async with open_state(database_url):
        assert await InboxRow.all().count() == 5


@pytest.mark.timeout(300)
async def test_messages_are_handled_though_more_of_them_pour_in_without_end(state: State) -> None:
    async def pour() -> None:
        for number in range(10**9):
            await state.inbox.receive(message(str(number)), "serve")

    pouring = [asyncio.create_task(pour()) for _ in range(10)]
    try:
        while (item := await state.inbox.claim("serve")) is None:
            pass
        await state.inbox.done(item)
    finally:
        for task in pouring:
            task.cancel()
        await asyncio.wait(pouring)


async def test_messages_that_come_one_after_the_other_in_a_moment_share_a_commit(
    state: State, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    query = state.db.query

    async def counted(statement: str, values: Sequence[object]) -> Sequence[Mapping[str, Any]]:
        asked.append(statement)
        return await query(statement, values)

    async def come(number: int) -> bool:
        for _ in range(2 * number):  # rounds of the event loop, as one connection is read after the other
            await asyncio.sleep(0)
        return await state.inbox.receive(message(str(number)), "serve")

    monkeypatch.setattr(state.db, "query", counted)
    assert await asyncio.gather(*(come(number) for number in range(20))) == [True] * 20
    assert [statement.split('"')[0] for statement in asked] == ["INSERT INTO "]


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_two_processes_that_got_the_same_messages_do_not_wait_in_a_ring(
    state: State, database_url: str
) -> None:
    """Each has the first of its messages when a third process lets go of the one in the middle."""
    other = InboxRepository(state.db)
    waiting = "SELECT count(*) FROM pg_locks WHERE NOT granted"
    insert = await asyncpg.connect(database_url)
    try:
        held = insert.transaction()
        await held.start()
        values = ", ".join(f"'{value}'" for value in ("test:2", "serve", "test:c", "test:u", "{}", "new"))
        await insert.execute(
            "INSERT INTO inbox (key, scope, chat, sender, message, status, tries, received_at, due) "  # noqa: S608  # ours
            f"VALUES ({values}, 0, now(), now())"
        )
        received = [
            asyncio.create_task(inbox.receive(message(one), "serve"))
            for inbox, ids in ((state.inbox, "123"), (other, "321"))
            for one in ids
        ]
        async with asyncio.timeout(60):
            while await insert.fetchval(waiting) < 2:  # noqa: ASYNC110  # the server tells nobody
                await asyncio.sleep(0.01)
        await held.rollback()
        answers = await asyncio.gather(*received, return_exceptions=True)
    finally:
        await insert.close()
    assert sorted(map(str, answers)) == ["False"] * 3 + ["True"] * 3
