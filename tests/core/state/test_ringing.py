"""What happens in one process is heard at once in the others of the same PostgreSQL."""

from __future__ import annotations

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator

import pytest

from botcore.engine import EmbeddedEngine
from botcore.state import Bell, State, open_state
from botcore.state.ringing import CHANNEL
from tests.core.postgres import PostgresServer, in_own_loop
from tests.core.state.ground import message

PATIENCE = 60.0
NEVER = 3600.0


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    """One that may be stopped."""
    server = PostgresServer()
    yield server
    server.close()


@pytest.fixture
async def here(server: PostgresServer) -> AsyncIterator[State]:
    url = server.url(await asyncio.to_thread(server.create))
    async with open_state(url) as state:
        yield state


@pytest.fixture
async def there(here: State, server: PostgresServer) -> AsyncIterator[Process]:
    """Another process on the same database."""
    url = server.url(here.db.name.split()[2])
    command = (sys.executable, "-m", "tests.core.state.ringer", url)
    process = await asyncio.create_subprocess_exec(*command, stdin=PIPE, stdout=PIPE)
    yield process
    assert process.stdin is not None
    process.stdin.close()
    assert await asyncio.wait_for(process.wait(), PATIENCE) == 0


async def said(process: Process) -> str:
    assert process.stdout is not None
    return (await asyncio.wait_for(process.stdout.readline(), PATIENCE)).decode().strip()


def tell(process: Process, line: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{line}\n".encode())


async def rung(bell: Bell, *, more_than: int) -> None:
    async with asyncio.timeout(PATIENCE):
        await bell.wait(more_than)


@pytest.mark.parametrize("command", ["message", "job", "outgoing"])
async def test_work_of_another_process_is_heard(here: State, there: Process, command: str) -> None:
    bell = {"message": here.inbox.bell, "job": here.jobs.bell, "outgoing": here.outbox.bell}[command]
    others = {here.pictures.bell, here.outbox.settled}
    await rung(bell, more_than=0)  # the connection stands
    before, quiet = bell.rings, {other: other.rings for other in others}
    tell(there, f"{command} 1")
    assert await said(there) == "done"
    await rung(bell, more_than=before)
    assert {other: other.rings for other in others} == quiet


async def test_what_happens_here_is_heard_there(here: State, there: Process) -> None:
    tell(there, "listen -")
    assert await said(there) == "listening"
    await here.inbox.receive(message("1"), "serve")
    assert await said(there) == "done"


async def test_nobody_hears_the_echo_of_what_he_rang(here: State, there: Process) -> None:
    await rung(here.inbox.bell, more_than=0)
    tell(there, "listen -")
    assert await said(there) == "listening"
    before = here.inbox.bell.rings
    await here.inbox.receive(message("1"), "serve")
    assert await said(there) == "done"
    tell(there, "outgoing 1")  # comes behind any echo
    heard = here.outbox.bell.rings
    await rung(here.outbox.bell, more_than=heard)
    assert here.inbox.bell.rings == before + 1


async def test_a_job_from_another_process_is_begun_without_looking_for_it(
    here: State, there: Process, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.engine.embedded._LOOK", NEVER)
    begun: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    async def run(job_id: str) -> None:
        begun.set_result(job_id)
        await asyncio.Event().wait()

    await rung(here.jobs.bell, more_than=0)
    engine = EmbeddedEngine(here.claims, scope="serve", workers=1)
    working = asyncio.create_task(engine.work(run))
    try:
        tell(there, "job ada")
        assert await here.jobs.get(await asyncio.wait_for(begun, PATIENCE))
    finally:
        working.cancel()
        await asyncio.wait({working})


@pytest.mark.parametrize("how", ["connections killed", "server restarted"])
async def test_after_an_interruption_it_is_heard_again(
    here: State, there: Process, server: PostgresServer, how: str
) -> None:
    bell = here.inbox.bell
    await rung(bell, more_than=0)
    before = bell.rings
    if how == "server restarted":
        server.stop()  # not in a thread: the server dies with the one that started it
        server.start()
    else:
        await asyncio.to_thread(in_own_loop, server.execute(_KILL))
    await rung(bell, more_than=before)  # what was rung meanwhile is not missed
    before = bell.rings
    tell(there, "message 1")
    assert await said(there) == "done"
    await rung(bell, more_than=before)


async def test_who_says_nonsense_on_the_channel_does_no_harm(here: State, server: PostgresServer) -> None:
    bell = here.inbox.bell
    await rung(bell, more_than=0)
    before = bell.rings
    name = here.db.name.split()[2]
    await server.execute(
        f"NOTIFY {CHANNEL}, 'nothing of this'",
        f"NOTIFY {CHANNEL}",
        f"NOTIFY {CHANNEL}, 'inbox'",
        database=name,
    )
    await rung(bell, more_than=before)


_KILL = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'botcore'"
