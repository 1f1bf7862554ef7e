from __future__ import annotations

import asyncio
import json
import resource
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from botcore.model import Status
from botcore.state import DatabaseFailed, State, open_state, sqlite_url
from botcore.state.models import JobRow, SessionRow
from tests.core.databases import BACKENDS
from tests.core.postgres import postgres
from tests.core.state.ground import START, Ground


async def _make_session(state: State, session_id: str) -> None:
    now = state.db.clock()
    await SessionRow.create(id=session_id, account=session_id, options="{}", created_at=START, expires_at=now)


async def test_transaction_is_all_or_nothing(state: State) -> None:
    async def body() -> None:
        await _make_session(state, "one")
        raise LookupError("halfway")

    with pytest.raises(LookupError):
        await state.db.transaction(body)

    assert await SessionRow.all().count() == 0


async def test_transaction_inside_a_transaction_joins_it(state: State) -> None:
    async def inner() -> None:
        await _make_session(state, "inner")

    async def outer() -> None:
        await state.db.transaction(inner)
        raise LookupError("after the inner one")

    with pytest.raises(LookupError):
        await state.db.transaction(outer)

    assert await SessionRow.all().count() == 0


@pytest.mark.parametrize("steps", range(12))
async def test_cancelling_a_transaction_anywhere_leaks_no_lock(state: State, steps: int) -> None:
    """The caller is cancelled after so many turns of the loop: on entry, inside, at the commit, after it."""

    async def body() -> None:
        await _make_session(state, "made")
        await SessionRow.filter(id="made").update(language="eo")

    caller = asyncio.create_task(state.db.transaction(body))
    for _ in range(steps):
        await asyncio.sleep(0)
    caller.cancel()
    await asyncio.wait({caller})

    async with asyncio.timeout(60):
        rows = await SessionRow.all()
        await state.db.transaction(lambda: _make_session(state, "next"))
    assert [row.language for row in rows] in ([], ["eo"])  # never half of it


async def test_many_cancelled_transactions_leave_a_working_database(ground: Ground) -> None:
    async def submit() -> None:
        await ground.job()

    await ground.session()
    callers = [asyncio.create_task(submit()) for _ in range(60)]
    for number, caller in enumerate(callers):
        for _ in range(number % 7):
            await asyncio.sleep(0)
        caller.cancel()
    await asyncio.wait(callers)

    async with asyncio.timeout(60):
        job = await ground.job()
    assert job.status is Status.QUEUED


async def test_failure_of_an_abandoned_transaction_is_not_reported_as_unretrieved(state: State) -> None:
    """Warnings are errors in this suite: an exception that nobody fetched would fail the test."""

    async def body() -> None:
        await asyncio.sleep(0.01)
        raise LookupError("nobody listens")

    caller = asyncio.create_task(state.db.transaction(body))
    await asyncio.sleep(0)
    caller.cancel()
    with pytest.raises(asyncio.CancelledError):
        await caller


async def test_listeners_are_called_only_after_the_commit(state: State) -> None:
    seen: list[str] = []

    async def body() -> None:
        state.db.after_commit(lambda: seen.append("after"))
        seen.append("inside")

    await state.db.transaction(body)
    state.db.after_commit(lambda: seen.append("at once"))

    assert seen == ["inside", "after", "at once"]


async def test_rolled_back_transaction_calls_no_listener(state: State) -> None:
    seen: list[str] = []

    async def body() -> None:
        state.db.after_commit(lambda: seen.append("after"))
        raise LookupError

    with pytest.raises(LookupError):
        await state.db.transaction(body)
    assert seen == []


async def test_connection_is_known_to_tasks_that_began_elsewhere(state: State) -> None:
    import contextvars

    counted = contextvars.Context().run(lambda: asyncio.get_running_loop().create_task(_count()))
    assert await counted == 0


async def _count() -> int:
    return await JobRow.all().count()


async def test_opening_again_keeps_what_was_written(tmp_path: Path) -> None:
    url = sqlite_url(tmp_path / "a b%20c#?.db")
    async with open_state(url) as state:
        session = await state.sessions.of("test", "ada")
    async with open_state(url) as state:
        assert await state.sessions.find("test", "ada") == session
    assert (tmp_path / "a b%20c#?.db").exists()


async def test_sqlite_runs_with_write_ahead_log_and_patience(tmp_path: Path) -> None:
    from tortoise import connections

    path = tmp_path / "botcore.db"
    async with open_state(sqlite_url(path)):
        connection = connections.get("sqlite")

        async def pragma(name: str) -> object:
            (row,) = await connection.execute_query_dict(f"PRAGMA {name}")
            return next(iter(row.values()))

        assert await pragma("journal_mode") == "wal"
        assert await pragma("synchronous") == 1
        assert await pragma("busy_timeout") == 8000
        assert await pragma("foreign_keys") == 1


async def test_migrations_say_the_same_as_the_models(tmp_path: Path) -> None:
    """The tables that the migrations make are those that Tortoise would make of the models."""
    from tortoise.contrib.test import tortoise_test_context

    migrated = tmp_path / "migrated.db"
    async with open_state(sqlite_url(migrated)):
        pass
    generated = tmp_path / "generated.db"
    async with tortoise_test_context(
        ["botcore.state.models"], db_url=f"sqlite://{generated}", app_label="state"
    ):
        pass

    assert _columns(migrated) == _columns(generated)
    assert _columns(migrated)["jobs"]
    assert _indexes(migrated) == _indexes(generated)
    assert ("jobs", False, ("scope", "status")) in _indexes(migrated)


def _indexes(path: Path) -> set[tuple[str, bool, tuple[str, ...]]]:
    """Table, whether each value is there once at most, and columns."""
    with closing(sqlite3.connect(path)) as connection:
        rows = connection.execute(
            'SELECT t.name, i.name, i."unique" FROM sqlite_master AS t, pragma_index_list(t.name) AS i '
            "WHERE t.type = 'table' AND t.name NOT LIKE 'tortoise%'"
        ).fetchall()
        return {
            (table, bool(unique), tuple(row[2] for row in connection.execute(f"PRAGMA index_info({index})")))
            for table, index, unique in rows
        }


def _columns(path: Path) -> dict[str, set[tuple[object, ...]]]:
    connection = sqlite3.connect(path)
    try:
        names = [
            name
            for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")
            if not name.startswith(("sqlite_", "tortoise_"))
        ]
        return {
            name: {
                (row[1], row[2], row[3], row[5]) for row in connection.execute(f"PRAGMA table_info({name})")
            }
            for name in names
        }
    finally:
        connection.close()


@pytest.mark.parametrize("backend", BACKENDS)
def test_processes_that_open_and_write_at_once_never_find_the_database_locked(
    tmp_path: Path, backend: str
) -> None:
    """Four processes meet a place without a database, migrate it, and then write side by side."""
    server = postgres() if backend == "postgres" else None
    name = server.create() if server is not None else ""
    url = server.url(name) if server is not None else sqlite_url(tmp_path / "botcore.db")
    writers = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.core.state.writer", url, f"user{number}", "25"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for number in range(4)
    ]
    answers = [writer.communicate(timeout=120) for writer in writers]

    assert [(writer.returncode, errors) for writer, (_, errors) in zip(writers, answers, strict=True)] == [
        (0, "")
    ] * 4
    done = [job for output, _ in answers for job in json.loads(output)]
    assert len(done) == 100
    assert len(set(done)) == 100  # no job was claimed by two of them
    if server is not None:
        server.drop(name)


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
async def test_a_commit_that_finds_no_room_says_that_the_database_failed(
    state: State, database_url: str
) -> None:
    """What is written before it goes to memory: the disk is met by the commit."""

    async def body() -> None:
        await _make_session(state, "one")

    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, hard))  # so long files may get
    try:
        with pytest.raises(DatabaseFailed):
            await state.db.transaction(body)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert await SessionRow.all().count() == 0
    await state.db.transaction(body)
    assert await SessionRow.all().count() == 1
