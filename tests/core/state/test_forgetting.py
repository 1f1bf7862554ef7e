"""Of somebody who was forgotten nothing is left, in no column of no table."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest
from tortoise.models import Model

from botcore.model import Artifact, Failure, Receipt, ReceiptKind, Spending, Status
from botcore.state import (
    Attempt,
    Budget,
    Ceiling,
    Checkpoint,
    Identity,
    Limits,
    NewOutgoing,
    Party,
    Payload,
    State,
    dedupe_key,
    models,
)
from botcore.state.merging import merge
from tests.core.state.ground import NEW, SOURCE, Ground, artifact, message, outgoing

ADA, PHONE = Identity("test", "ada-4711"), Identity("other", "+49-ada-4712")
CHAT, WORDS = "chat-of-ada-4713", "my secret homework"
TRACES = (ADA.user_id, PHONE.user_id, CHAT, "secret")

NO_SPENDING = Spending()

TABLES: tuple[type[Model], ...] = tuple(
    model
    for model in vars(models).values()
    if isinstance(model, type) and issubclass(model, Model) and model is not Model
)


async def whole_database() -> dict[str, list[dict[str, object]]]:
    """Every row of every table."""
    return {model.describe()["table"]: list(await model.all().values()) for model in TABLES}


def traces(rows: dict[str, list[dict[str, object]]]) -> list[tuple[str, str]]:
    """Tables and columns that still name or quote the person."""
    return [
        (table, column)
        for table, found in rows.items()
        for row in found
        for column, value in row.items()
        if any(trace in str(value) for trace in TRACES)
    ]


def quoting(folder: Path) -> list[str]:
    """The files of a database that hold the person's words."""
    return [path.name for path in folder.glob("botcore.db*") if WORDS.encode() in path.read_bytes()]


async def live(state: State, folder: Path) -> str:
    """Leave something in every table that a person can leave something in; the session's id."""
    for each in (ADA, PHONE):
        await state.sessions.of(each.platform, each.user_id)
    session_id = await merge(state.db, ADA, PHONE, defaults=NEW.options)
    await state.sessions.set_provider(session_id, "secret")
    _, code = await state.links.make(Party(ADA, CHAT))
    await state.links.take(code, Party(Identity("third", "x"), CHAT))
    for number in range(3):
        new = replace(message(str(number), WORDS, CHAT), user_id=ADA.user_id)
        await state.inbox.receive(new, "serve")
        item = await state.inbox.claim("serve")
        assert item is not None
        await state.inbox.done(item)
    picture = replace(message("p", WORDS, CHAT), user_id=ADA.user_id)
    await state.pictures.add(picture, key=f"{CHAT}:p", language="en", scope="serve", per_minute=9)
    new_job = replace(
        NEW, session_id=session_id, text=WORDS, chat_id=CHAT, wish=WORDS, source=SOURCE, fingerprint="secret"
    )
    job, _ = await state.jobs.submit(
        new_job, key=f"{CHAT}:1", limits=Limits(per_minute=9), status_text=lambda _: WORDS
    )
    await state.attempts.add(job.id, Attempt(1, "p", replace(SOURCE, code=WORDS)))
    file: Artifact = artifact(folder)
    await state.videos.plan("v", job.id, file)
    await state.outbox.enqueue(NewOutgoing("reply", "test", CHAT, Payload(outgoing("x").payload.kind, WORDS)))
    while item := await state.sends.claim("w", "serve", ["test"], lease=30.0):
        await state.sends.sent(item, 0, [f"{CHAT}:m{item.id}"], [f"{CHAT}:m{item.id}"], parts=1)
        await state.receipts.take(Receipt("test", f"{CHAT}:m{item.id}", ReceiptKind.READ))
    reservation, _ = await state.budgets.reserve(
        "p", session_id, NO_SPENDING, Budget(person_day=Ceiling(usd=1)), lease=60.0
    )
    assert reservation
    failure = Checkpoint(failure=Failure("x", {"what": WORDS}), source=replace(SOURCE, code=WORDS))
    await state.jobs.advance(job, Status.CANCELLED, failure)
    return session_id


@pytest.fixture
async def lived(ground: Ground, tmp_path: Path) -> str:
    return await live(ground.state, tmp_path)


async def test_nothing_is_left_but_the_names_of_messages(ground: Ground, lived: str) -> None:
    state = ground.state
    assert len({table for table, _ in traces(await whole_database())}) >= 8

    await state.forget(lived)
    assert traces(await whole_database()) == []

    assert not await state.inbox.receive(message("0", WORDS, CHAT), "serve"), "it is not answered again"
    await state.videos.deleted("v")
    assert await state.sessions.delete_expired() == 1
    rows = await whole_database()
    assert {table for table, found in rows.items() if found} <= {
        "inbox", "tallies", "day_keys", "leftovers", "spending", "reservations"
    }  # fmt: skip
    assert {row["key"] for row in rows["inbox"]} == {dedupe_key("test", str(n)) for n in range(3)}


async def test_what_is_forgotten_leaves_the_file_as_well(ground: Ground, lived: str, tmp_path: Path) -> None:
    if ground.state.db.dialect != "sqlite":
        pytest.skip("a server's files are its operator's")
    assert quoting(tmp_path)
    await ground.state.forget(lived)
    assert quoting(tmp_path) == []


async def test_others_lose_nothing(ground: Ground, lived: str) -> None:
    new = replace(message("bob", "words of bob", CHAT), user_id="bob")
    await ground.state.inbox.receive(new, "serve")
    await ground.job("bob")
    before = await ground.state.inbox.claim("serve")
    assert before is not None
    await ground.state.forget(lived)
    assert await ground.state.inbox.renew(before)
    assert await ground.state.sessions.find("test", "bob") is not None
    assert await ground.state.claims.waiting("serve") == 1


async def test_who_is_forgotten_while_they_submit_is_forgotten_or_has_a_new_job(
    ground: Ground, lived: str
) -> None:
    async def submit(number: int) -> object:
        return await ground.state.jobs.submit(replace(NEW, session_id=lived, text=f"late {number}"))

    await asyncio.gather(
        *(submit(number) for number in range(4)), ground.state.forget(lived), return_exceptions=True
    )
    assert await ground.state.sessions.find(ADA.platform, ADA.user_id) is None
