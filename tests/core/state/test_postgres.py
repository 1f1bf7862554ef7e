"""What only a server can do to us: refuse, be restarted, be full, refuse a character, have two of us wait for
each other."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import pytest

from botcore.errors import EnvironmentFault
from botcore.model import Status
from botcore.state import DatabaseFailed, State, open_state
from botcore.state.models import JobRow, SessionRow
from tests.core.databases import template
from tests.core.postgres import GUARDED, PASSWORD, PostgresServer, postgres
from tests.core.state.ground import START, Ground, SettableClock, message

PATIENCE = 60.0


@pytest.fixture
def server() -> PostgresServer:
    return postgres()


@pytest.fixture
def name(server: PostgresServer) -> Iterator[str]:
    """An empty database without tables."""
    name = server.create()
    yield name
    server.drop(name)


@pytest.fixture
def copy(server: PostgresServer) -> Iterator[str]:
    """The URL of a database of its own, with all tables."""
    name = server.create(like=template())
    yield server.url(name)
    server.drop(name)


async def refusal(url: str) -> str:
    """The sentence for the operator."""
    with pytest.raises(EnvironmentFault) as caught:
        async with asyncio.timeout(PATIENCE), open_state(url):
            pass
    assert PASSWORD not in str(caught.value) + caught.value.message
    return caught.value.message


async def test_an_empty_database_gets_its_tables_once(server: PostgresServer, name: str) -> None:
    async with open_state(server.url(name)) as state:
        assert state.db.migrated == ["made its tables (0001_initial)"]
        assert state.db.dialect == "postgres"
    async with open_state(server.url(name)) as state:
        assert state.db.migrated == []
        assert name in state.db.name


async def test_what_is_wrong_with_the_url_is_said_and_the_password_is_not(
    server: PostgresServer, name: str
) -> None:
    await server.execute(
        f"DROP ROLE IF EXISTS {GUARDED}",
        f"CREATE ROLE {GUARDED} LOGIN PASSWORD '{PASSWORD}'",
        "CREATE DATABASE latin TEMPLATE template0 ENCODING 'LATIN1'",
    )
    wrong = PASSWORD[::-1].replace(" ", "")
    assert "“" not in await refusal(server.url("nowhere"))
    assert 'database "nowhere" does not exist' in await refusal(server.url("nowhere"))
    said = await refusal(server.url(name, user=GUARDED, password=wrong))
    assert "password authentication failed" in said
    assert wrong not in said
    secret = PASSWORD.replace(" ", "%20")
    assert "permission denied" in await refusal(server.url(name, user=GUARDED, password=secret))
    assert "encoding is LATIN1" in await refusal(server.url("latin"))
    assert "start the server" in await refusal(f"postgres://ada:{secret}@127.0.0.1:1/x")
    assert "URL cannot be used" in await refusal(f"postgres://ada:{secret}@127.0.0.1:abc/x")
    await server.execute("DROP DATABASE latin", f"DROP OWNED BY {GUARDED}", f"DROP ROLE {GUARDED}")


@pytest.fixture
async def small(copy: str) -> AsyncIterator[State]:
    """A state with two connections."""
    async with open_state(copy, clock=SettableClock(), pool=2) as state:
        yield state


async def test_the_pool_survives_whoever_is_cancelled(small: State) -> None:
    async def query() -> None:
        await JobRow.all().count()

    async def write() -> None:
        await SessionRow.create(
            account="", id=str(len(asyncio.all_tasks())), options="{}", created_at=START, expires_at=START
        )

    for steps in range(40):
        tasks = [
            asyncio.create_task(query()),
            asyncio.create_task(small.db.transaction(query)),
            asyncio.create_task(small.db.transaction(write)),
        ]
        for _ in range(steps):
            await asyncio.sleep(0)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(*(small.db.transaction(query) for _ in range(6)))


async def test_characters_that_its_text_refuses_are_replaced(small: State) -> None:
    session = await small.sessions.of("test", "a\x00da \ud800")
    assert await small.sessions.find("test", "a\x00da \ud800") == session
    await small.inbox.receive(message("1\x00", "solve\x00 x \ud800"), "serve")
    item = await small.inbox.claim("serve")
    assert item is not None
    assert item.message.text == "solve\x00 x ?"


async def test_an_error_tells_nothing_of_a_row(small: State) -> None:
    await SessionRow.create(id="same", account="same", options="my words", created_at=START, expires_at=START)
    with pytest.raises(Exception) as caught:  # noqa: PT011  # its words matter, not its class
        await SessionRow.create(
            id="same", account="same", options="my words", created_at=START, expires_at=START
        )
    assert "duplicate key" in str(caught.value)
    assert "same" not in str(caught.value)
    assert caught.value.__suppress_context__
    with pytest.raises(ValueError, match="a value does not fit its column"):
        await small.db.query("SELECT ?::int", ["my words"])


async def test_of_two_that_wait_for_each_other_one_gives_way_and_goes_again(small: State) -> None:
    for name in ("one", "two"):
        await SessionRow.create(id=name, account=name, options="{}", created_at=START, expires_at=START)
    meeting = asyncio.Barrier(2)
    begun = []

    async def cross(first: str, second: str) -> None:
        async def body() -> None:
            begun.append(first)
            await SessionRow.filter(id=first).update(language=first)
            if len(begun) <= 2:
                await meeting.wait()
            await SessionRow.filter(id=second).update(language=first)

        await small.db.transaction(body)

    async with asyncio.timeout(PATIENCE):
        await asyncio.gather(cross("one", "two"), cross("two", "one"))
    assert len(begun) > 2  # the one that gave way may meet the other again
    rows = await SessionRow.all()
    assert len({row.language for row in rows}) == 1


async def test_a_lock_by_name_lets_one_in_at_a_time(small: State) -> None:
    inside = 0
    seen = []

    async def body() -> None:
        nonlocal inside
        await small.db.lock("door", "other")
        inside += 1
        seen.append(inside)
        await small.db.query("SELECT pg_sleep(0.01)", [])
        inside -= 1

    await asyncio.gather(*(small.db.transaction(body) for _ in range(4)))
    assert seen == [1] * 4


async def test_after_a_restart_of_the_server_everything_goes_on() -> None:
    server = PostgresServer()  # of its own: the others' tests would lose theirs
    try:
        url = server.url(server.create())
        async with open_state(url, pool=3) as state:
            ground = Ground(state, SettableClock())
            job = await ground.job()
            await asyncio.to_thread(server.stop)
            for _ in range(5):  # more often than the pool has connections
                with pytest.raises(DatabaseFailed):
                    await state.jobs.by_status()
                with pytest.raises(DatabaseFailed):
                    await ground.claim("worker")
                with pytest.raises(DatabaseFailed):
                    await state.jobs.advance(job, Status.AI_GENERATING)
            await asyncio.to_thread(server.start)
            async with asyncio.timeout(PATIENCE):
                claimed = await ground.claim("worker")
                assert claimed is not None
                await asyncio.gather(*(state.jobs.by_status() for _ in range(6)))
                await asyncio.gather(*(ground.job(f"user {n}") for n in range(6)))
    finally:
        await asyncio.to_thread(server.close)


async def test_connections_that_die_inside_a_transaction_are_no_loss(copy: str) -> None:
    async with open_state(copy, pool=2) as state:

        async def body() -> None:
            await SessionRow.create(
                id="half", account="half", options="{}", created_at=START, expires_at=START
            )
            await state.db.query("SELECT pg_terminate_backend(pg_backend_pid())", [])

        for _ in range(4):
            with pytest.raises(DatabaseFailed):
                await state.db.transaction(body)
        assert await SessionRow.all().count() == 0


async def test_a_statement_without_end_is_ended(copy: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from botcore.state import postgres as client

    monkeypatch.setitem(client._SERVER_SETTINGS, "statement_timeout", "1s")
    async with open_state(copy) as state:
        with pytest.raises(DatabaseFailed, match="statement timeout"):
            await state.db.query("SELECT pg_sleep(20)", [])
        assert await state.sessions.delete_expired() == 0
