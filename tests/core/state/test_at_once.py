"""Many at the same moment. On PostgreSQL they really are side by side: on ten connections."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from botcore.errors import BotcoreError, RateLimited, TooManyJobs
from botcore.model import OutgoingKind, Receipt, ReceiptKind, Spending, Status
from botcore.state import (
    Circuit,
    InboxRepository,
    Limits,
    NewOutgoing,
    OutboxStatus,
    Payload,
    SendRepository,
    status_key,
)
from tests.core.postgres import in_own_loop
from tests.core.state.ground import NEW, Ground, message, outgoing

MANY = 12


async def at_once(work: Callable[[int], Awaitable[object]], count: int = MANY) -> list[object]:
    """What each of ``count`` gave or raised."""
    return list(await asyncio.gather(*(work(number) for number in range(count)), return_exceptions=True))


async def test_a_person_gets_no_more_jobs_than_allowed(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())

    async def submit(_number: int) -> object:
        return await ground.state.jobs.submit(new, limits=Limits(unfinished=3))

    answers = await at_once(submit)
    assert sum(isinstance(answer, TooManyJobs) for answer in answers) == MANY - 3
    assert await ground.state.claims.waiting("serve") == 3


async def test_one_key_makes_one_job(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())

    async def submit(_number: int) -> object:
        job, created = await ground.state.jobs.submit(new, key="same", status_text=lambda _: "Got it.")
        return job.id, created

    answers = await at_once(submit)
    assert len({answer[0] for answer in answers if isinstance(answer, tuple)}) == 1
    assert sum(answer[1] for answer in answers if isinstance(answer, tuple)) == 1


async def test_a_new_person_gets_one_session(ground: Ground) -> None:
    async def arrive(_number: int) -> object:
        return (await ground.state.sessions.of("test", "ada")).id

    assert len(set(await at_once(arrive))) == 1
    ground.clock.tick(8 * 86_400)
    again = set(await at_once(arrive))
    assert len(again) == 1
    assert await ground.state.sessions.find("test", "ada") is not None


async def test_each_job_is_claimed_once_and_of_a_session_one_at_a_time(ground: Ground) -> None:
    for number in range(MANY):
        await ground.job(f"user {number % 4}")

    async def claim(number: int) -> object:
        return await ground.claim(f"worker {number}")

    first = [job for job in await at_once(claim) if job is not None]
    assert len(first) == 4
    assert len({job.session_id for job in first}) == 4  # type: ignore[attr-defined]  # jobs


async def test_no_claim_comes_back_empty_while_there_is_work(ground: Ground) -> None:
    for number in range(MANY):
        await ground.job(f"user {number}")

    async def claim(number: int) -> object:
        return await ground.claim(f"worker {number}")

    assert len({job.id for job in await at_once(claim)}) == MANY  # type: ignore[attr-defined]  # jobs


async def test_a_message_is_handled_by_one(ground: Ground) -> None:
    await ground.state.inbox.receive(message("1"), "serve")

    async def claim(_number: int) -> object:
        return await ground.state.inbox.claim("serve")

    assert sum(item is not None for item in await at_once(claim)) == 1


async def test_each_of_many_messages_is_handled_by_one(ground: Ground) -> None:
    for number in range(MANY):
        await ground.state.inbox.receive(message(str(number), chat_id=f"chat {number}"), "serve")

    async def claim(_number: int) -> object:
        return await ground.state.inbox.claim("serve")

    items = await at_once(claim, MANY + 4)
    assert len({item.key for item in items if item is not None}) == MANY  # type: ignore[attr-defined]  # items
    assert items.count(None) == 4


async def test_each_of_many_chats_is_sent_to_by_one(ground: Ground) -> None:
    for number in range(MANY):
        await ground.state.outbox.enqueue(outgoing(str(number), chat_id=f"chat {number}"))

    async def claim(number: int) -> object:
        return await ground.state.sends.claim(f"sender {number}", "serve", ["test"], lease=30.0)

    items = await at_once(claim, MANY + 4)
    assert len({item.id for item in items if item is not None}) == MANY  # type: ignore[attr-defined]  # items
    assert items.count(None) == 4


async def test_each_row_is_reaped_by_one_of_many_reapers(ground: Ground) -> None:
    for number in range(MANY):
        await ground.state.inbox.receive(message(str(number)), "serve")
        item = await ground.state.inbox.claim("serve")
        assert item is not None
        await ground.state.inbox.done(item)
        await ground.session(f"user {number}")
    ground.clock.tick(40 * 86_400)

    async def reap(_number: int) -> object:
        messages = await ground.state.inbox.delete_settled(older_than=timedelta(days=30))
        return messages, await ground.state.sessions.delete_expired()

    counts = await at_once(reap)
    assert [sum(column) for column in zip(*counts, strict=True)] == [MANY, MANY]  # type: ignore[arg-type]  # pairs


async def test_a_message_that_another_process_gave_back_to_rest_is_left_to_rest(ground: Ground) -> None:
    """It did so between the look and the claim."""
    await ground.state.inbox.receive(message("1"), "serve")
    late = InboxRepository(ground.state.db)
    look = late._candidate

    async def stand_still(scope: str) -> object:
        row = await look(scope)
        item = await ground.state.inbox.claim(scope)
        if item is not None:
            await ground.state.inbox.failed(item, "busy", retry_in=60.0)
        return row

    late._candidate = stand_still  # type: ignore[method-assign, assignment]  # what another process does meanwhile
    assert await late.claim("serve") is None
    ground.clock.tick(61)
    item = await ground.state.inbox.claim("serve")
    assert item is not None
    assert item.tries == 2


async def test_a_row_that_another_process_sent_is_left_to_rest(ground: Ground) -> None:
    """It did so between the look and the claim, and the row has something new to say already."""
    job = (await ground.state.jobs.submit(replace(NEW, session_id=await ground.session()), status_text=str))[
        0
    ]
    state = ground.state
    late = SendRepository(state.db, state.outbox, state.receipts)
    look = late._candidate

    async def stand_still(scope: str, platforms: object) -> object:
        row = await look(scope, ["test"])
        item = await state.sends.claim("first", scope, ["test"], lease=30.0)
        if item is not None:
            await state.outbox.update_status(job, "news")
            await state.sends.sent(item, 0, ["m1"], ["m1"], parts=1, rest=2.0)
        return row

    late._candidate = stand_still  # type: ignore[method-assign, assignment]  # what another process does meanwhile
    assert await late.claim("second", "serve", ["test"], lease=30.0) is None
    ground.clock.tick(3)
    assert await state.sends.claim("third", "serve", ["test"], lease=30.0) is not None


async def test_one_dedupe_key_makes_one_row_and_ends_nobodys_transaction(ground: Ground) -> None:
    async def enqueue(number: int) -> object:
        async def body() -> int:
            session = await ground.state.sessions.of("test", f"user {number}")
            item = await ground.state.outbox.enqueue(outgoing("same"))
            await ground.state.sessions.extend(session.id)
            return item.id

        return await ground.state.db.transaction(body)

    assert len(set(await at_once(enqueue))) == 1


async def test_a_chat_is_sent_one_message_at_a_time_and_in_order(ground: Ground) -> None:
    for number in range(5):
        await ground.state.outbox.enqueue(outgoing(str(number)))
    sent = []
    for _ in range(5):

        async def claim(number: int) -> object:
            return await ground.state.sends.claim(f"sender {number}", "serve", ["test"], lease=30.0)

        (item,) = [item for item in await at_once(claim) if item is not None]
        sent.append(item.dedupe)  # type: ignore[attr-defined]  # an item
        await ground.state.sends.sent(item, 0, [f"m{item.id}"], [f"m{item.id}"], parts=1)  # type: ignore[arg-type, attr-defined]  # an item
    assert sent == ["0", "1", "2", "3", "4"]


async def test_what_a_status_says_is_never_older_than_its_job(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "Got it.")
    snapshots = [job]
    for status in (Status.AI_GENERATING, Status.CODE_VALIDATING, Status.RENDERING):
        before = snapshots[-1]

        async def tell(number: int, told: tuple[object, ...] = tuple(snapshots)) -> object:
            snapshot = told[number % len(told)]
            return await ground.state.outbox.update_status(snapshot, snapshot.status.value)  # type: ignore[arg-type, attr-defined]  # a job

        async def move(_number: int, before: object = before, status: Status = status) -> object:
            async def body() -> object:
                after = await ground.state.jobs.advance(before, status)  # type: ignore[arg-type]  # a job
                await ground.state.outbox.update_status(after, status.value)
                return after

            return await ground.state.db.transaction(body)

        *_, moved = await asyncio.gather(*(tell(number) for number in range(6)), move(0))
        snapshots.append(moved)  # type: ignore[arg-type]  # a job
        item = await ground.state.outbox.get(status_key(job.id))
        assert item is not None
        assert item.payload.text == status.value


async def test_a_receipt_that_comes_many_times_is_taken_once(ground: Ground) -> None:
    await ground.state.outbox.enqueue(outgoing("1"))
    item = await ground.state.sends.claim("me", "serve", ["test"], lease=30.0)
    assert item is not None
    await ground.state.sends.sent(item, 0, ["m1"], ["m1"], parts=1)

    async def take(_number: int) -> object:
        return await ground.state.receipts.take(Receipt("test", "m1", ReceiptKind.FAILED))

    assert sorted(map(bool, await at_once(take))) == [False] * (MANY - 1) + [True]


async def test_an_error_code_of_any_length_is_kept_in_its_column(ground: Ground) -> None:
    """A plugin chooses its codes."""

    class Long(BotcoreError):
        code = "the_message_could_not_be_delivered_to_this_person_for_a_reason"

    await ground.state.outbox.enqueue(outgoing("1"))
    item = await ground.state.sends.claim("me", "serve", ["test"], lease=30.0)
    assert item is not None
    await ground.state.sends.sent(item, 0, ["m1"], ["m1"], parts=1)
    assert await ground.state.receipts.take(Receipt("test", "m1", ReceiptKind.FAILED, error=Long("because")))

    await ground.state.inbox.receive(message("1"), "serve")
    for pause in (1.0, None):
        taken = await ground.state.inbox.claim("serve")
        assert taken is not None
        await ground.state.inbox.failed(taken, Long.code, retry_in=pause)
        ground.clock.tick(2)
    (parked,) = await ground.state.stuck.messages(limit=1)
    assert Long.code.startswith(parked.code)
    await ground.state.providers.note("any", lambda circuit, _: circuit, error=(Long.code, ""))


async def test_every_failure_of_a_new_provider_counts(ground: Ground) -> None:
    async def fail(_number: int) -> object:
        return await ground.state.providers.note(
            "new", lambda circuit, _: Circuit(failures=circuit.failures + 1), call=(False, 1.0)
        )

    assert await at_once(fail) == [None] * MANY
    record = await ground.state.providers.get("new")
    assert (record.circuit.failures, len(record.calls)) == (MANY, MANY)


@pytest.mark.parametrize("database_url", ["postgres"], indirect=True)
async def test_a_probe_waits_for_what_is_just_noted_of_its_provider(
    ground: Ground, database_url: str
) -> None:
    """Else the note, which read the row before, would take the probe away, and a second one would begin."""
    providers = ground.state.providers
    await providers.note("new", lambda circuit, _: circuit)
    seen: list[str] = []

    def change(circuit: Circuit, _now: object) -> Circuit:
        seen.append(in_own_loop(locked(database_url, "SELECT 1 FROM providers FOR UPDATE NOWAIT")))
        return Circuit(failures=circuit.failures + 1)

    await providers.note("new", change)
    assert seen == ["LockNotAvailableError"]


async def locked(url: str, statement: str) -> str:
    """Why another connection cannot carry out a statement at once; empty if it can."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    except asyncpg.PostgresError as error:
        return type(error).__name__
    finally:
        await connection.close()
    return ""


async def test_of_an_album_one_picture_is_read_and_a_person_sends_so_many(ground: Ground) -> None:
    async def add(number: int) -> object:
        new = message(str(number))
        return await ground.state.pictures.add(
            new, key=f"album {number % 6}", language="en", scope="serve", per_minute=3
        )

    answers = await at_once(add)
    assert sum(isinstance(answer, RateLimited) for answer in answers) >= 3
    assert sum(answer is not None and not isinstance(answer, RateLimited) for answer in answers) == 3


@pytest.mark.parametrize("steps", range(6))
async def test_nothing_stays_held_for_somebody_who_wrote_meanwhile(ground: Ground, steps: int) -> None:
    payload = Payload(OutgoingKind.TEXT, "hello")
    await ground.state.outbox.enqueue(NewOutgoing("1", "test", "chat", payload))
    item = await ground.state.sends.claim("me", "serve", ["test"], lease=30.0)
    assert item is not None
    since = ground.clock()

    async def hold() -> None:
        await ground.state.sends.hold(item, "closed", since=since)

    async def write() -> None:
        for _ in range(steps):
            await asyncio.sleep(0.001)
        await ground.state.inbox.receive(message("1"), "serve")
        await ground.state.outbox.release_held("test", "chat", "serve")

    await asyncio.gather(hold(), write())
    row = await ground.state.outbox.get("1")
    assert row is not None
    assert row.status is OutboxStatus.PENDING


async def test_what_is_spent_while_two_accounts_become_one_is_not_lost(ground: Ground) -> None:
    budgets, began = ground.state.budgets, ground.clock()

    async def spend(number: int) -> object:
        if number % 4 == 1:
            return await budgets.move("younger", "older")
        return await budgets.settle("", "provider", "younger", Spending(1, 1.0), began=began)

    for _ in range(5):
        assert await at_once(spend) == [None] * MANY

    spent = [await budgets.of_person(account) for account in ("younger", "older")]
    assert sum(each.tokens for each in spent) == 5 * MANY * 3 // 4
