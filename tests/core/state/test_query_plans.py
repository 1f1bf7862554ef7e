"""No poll, no receipt and no message costs more because there are many rows that it is not about."""

from __future__ import annotations

import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from botcore.model import Receipt, ReceiptKind, Status
from botcore.state import HANDING_OVER, MAKING, Bookmark, Identity, Limits, State, status_key
from botcore.state.tokens import PREFIX
from tests.core.state.ground import NEW, START, Ground

PLATFORMS = ("test", "other")
LONG_AGO = timedelta(days=30)


async def a_submission(state: State) -> None:
    session = await state.sessions.of("test", "bob")
    await state.jobs.submit(replace(NEW, session_id=session.id), limits=Limits(per_minute=9, unfinished=9))


POLLS: dict[str, Callable[[State], Awaitable[object]]] = {
    "claim a send": lambda state: state.sends.claim("me", "serve", PLATFORMS, lease=30.0),
    "next send": lambda state: state.sends.next_due("serve", PLATFORMS),
    "sends left uncertain": lambda state: state.sends.await_receipts("serve", PLATFORMS),
    "videos that waited": lambda state: state.sends.hand_over_late(),
    "somebody wrote": lambda state: state.outbox.release_held("test", "chat", "serve"),
    "somebody replied": lambda state: state.outbox.of_message("test", "chat", "m1"),
    "failed": lambda state: state.receipts.take(Receipt("test", "m1", ReceiptKind.FAILED)),
    "claim a message": lambda state: state.inbox.claim("serve"),
    "next message": lambda state: state.inbox.next_due("serve"),
    "claim a job": lambda state: state.claims.claim("me", MAKING, "serve", lease=30.0),
    "claim a delivery": lambda state: state.claims.claim("you", HANDING_OVER, "serve", lease=30.0),
    "next job": lambda state: state.claims.next_due(MAKING, "serve"),
    "waiting jobs": lambda state: state.claims.waiting("serve"),
    "jobs of the dead": lambda state: state.jobs.left_over("render:", older_than=LONG_AGO),
    "claim a picture": lambda state: state.pictures.claim("serve", lease=30.0),
    "next picture": lambda state: state.pictures.next_due("serve"),
    "old pictures": lambda state: state.pictures.delete_lapsed(),
    "watched jobs": lambda state: state.moves.versions(["one", "two"]),
    "moves of a watched job": lambda state: state.moves.of_job("one", after=3),
    "page of jobs": lambda state: state.pages.page("session", limit=3, after=Bookmark(START, "one")),
    "next page of all jobs": lambda state: state.pages.page(None, limit=3, after=Bookmark(START, "one")),
    "page of all failed jobs": lambda state: state.pages.page(None, limit=3, status=Status.FAILED),
    "videos of a page": lambda state: state.pages.videos(["one", "two"]),
    "queue numbers": lambda state: state.queue.waiting("serve"),
    "typing signs": lambda state: state.queue.worked_on("serve", PLATFORMS),
    "old messages": lambda state: state.inbox.delete_settled(older_than=LONG_AGO),
    "old answers": lambda state: state.outbox.delete_settled(older_than=LONG_AGO),
    "old jobs": lambda state: state.jobs.delete_ended(older_than=LONG_AGO),
    "old sessions": lambda state: state.sessions.delete_expired(),
    "old links": lambda state: state.links.delete_lapsed(),
    "old files": lambda state: state.videos.unwanted(),
    "next viewer's end": lambda state: state.videos.next_end(),
    "somebody came by a link": lambda state: state.access.leads_to("a" * 43, "video"),
    "access taken": lambda state: state.access.take("video", "viewer", until=START),
    "access shortened": lambda state: state.access.shorten("video", "viewer", until=START),
    "a program calls": lambda state: state.tokens.find(PREFIX + "0" * 64),
    "a wrong token": lambda state: state.tokens.wrong("account"),
    "old tokens": lambda state: state.tokens.delete_old(),
    "use of an account": lambda state: state.accounts.use("account"),
    "an address": lambda state: state.accounts.of_address("192.0.2.1"),
    "an account moves": lambda state: state.accounts.follow("session", "address:new"),
    "who was forgotten today": lambda state: state.accounts.kept(Identity("test", "ada")),
    "old accounts": lambda state: state.accounts.delete_old(),
    "old spending": lambda state: state.budgets.delete_old(),
    "a submission": a_submission,
    "parked messages": lambda state: state.stuck.messages(limit=10),
    "parked messages counted": lambda state: state.stuck.parked_by_platform(),
    "dead letters": lambda state: state.stuck.letters(limit=10),
    "dead letters counted": lambda state: state.stuck.dead_by_platform(),
}


@pytest.mark.parametrize("poll", POLLS.values(), ids=POLLS)
async def test_poll_reads_no_table_from_end_to_end(
    ground: Ground, tmp_path: Path, poll: Callable[[State], Awaitable[object]]
) -> None:
    await a_message_is_out(ground)

    with statements() as asked:
        await poll(ground.state)

    assert asked
    postgres = ground.state.db.dialect == "postgres"
    steps = [
        (query, await server_scans(ground, query, values) if postgres else scans(tmp_path, query, values))
        for query, values in asked
    ]
    assert steps == [(query, []) for query, _ in asked]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_first_page_of_all_jobs_sorts_nothing(ground: Ground, tmp_path: Path) -> None:
    """It follows an index, which it leaves after the page."""
    await ground.session()
    with statements() as asked:
        await ground.state.pages.page(None, limit=3)
    assert [scans(tmp_path, *each) for each in asked] == [["SCAN jobs USING INDEX idx_jobs_created"]]
    assert not [step for each in asked for step in plan(tmp_path, *each) if "TEMP B-TREE" in step]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_every_foreign_key_has_an_index(ground: Ground, tmp_path: Path) -> None:
    """To delete a row is to look for those that point to it, in each table that may."""
    await ground.session()
    with closing(sqlite3.connect(tmp_path / "botcore.db")) as database:
        tables = [name for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        keys = {
            (table, row[3])
            for table in tables
            for row in database.execute(f"PRAGMA foreign_key_list({table})")
        }
        found = {
            (table, next(database.execute(f"PRAGMA index_info({index[1]})"))[2])
            for table in tables
            for index in database.execute(f"PRAGMA index_list({table})")
        }
    assert keys
    assert keys <= found


async def a_message_is_out(ground: Ground) -> None:
    """A job, and its status message with the platform's id."""
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "Got it.")
    item = await ground.state.sends.claim("first", "serve", PLATFORMS, lease=30.0)
    assert item is not None
    assert item.dedupe == status_key(job.id)
    await ground.state.sends.sent(item, 0, ["m1"], ["m1"], parts=1)


@contextmanager
def statements() -> Iterator[list[tuple[str, list[object]]]]:
    """What Tortoise asks of the database inside the block."""
    asked: list[tuple[str, list[object]]] = []

    class Listening(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            if isinstance(record.args, tuple) and len(record.args) == 2:
                query, values = record.args
                if str(query).startswith(("SELECT", "UPDATE", "DELETE")):
                    asked.append((str(query), list(values) if isinstance(values, list | tuple) else []))

    log, handler = logging.getLogger("tortoise.db_client"), Listening()
    level = log.level
    log.addHandler(handler)
    log.setLevel(logging.DEBUG)
    try:
        yield asked
    finally:
        log.removeHandler(handler)
        log.setLevel(level)


async def server_scans(ground: Ground, query: str, values: list[object]) -> list[str]:
    """The same on PostgreSQL, which reads small tables from end to end unless it is kept from it. Statements
    that lock are explained like those that do not."""
    plain = query.replace(" SKIP LOCKED", "")

    async def explain() -> list[str]:
        await ground.state.db.query("SET LOCAL enable_seqscan = off", [])
        rows = await ground.state.db.query(f"EXPLAIN {plain}", values)
        return [str(next(iter(row.values()))) for row in rows]

    steps = await ground.state.db.transaction(explain)
    assert steps
    return [step for step in steps if "Seq Scan" in step]


def scans(folder: Path, query: str, values: list[object]) -> list[str]:
    """The steps of a statement's plan that read a whole table or index."""
    return [step for step in plan(folder, query, values) if step.startswith("SCAN")]


def plan(folder: Path, query: str, values: list[object]) -> list[str]:
    """How SQLite would carry out a statement, step by step."""
    with closing(sqlite3.connect(folder / "botcore.db")) as database:
        steps = [str(row[3]) for row in database.execute(f"EXPLAIN QUERY PLAN {query}", values)]
    assert steps
    return steps
