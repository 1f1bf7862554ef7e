"""``botcore serve`` on PostgreSQL: a kill in the middle of two submissions, and a database that goes away."""

from __future__ import annotations

import asyncio
import http.client
import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio

from botcore.testing.telegram_server import PERSON, TOKEN, TelegramServer
from tests.core.postgres import PostgresServer
from tests.e2e.conftest import SECONDS, Machine, Server

PROBLEMS = ("solve 2x = 4 for x", "solve x^2 - 5x + 6 = 0")
OTHER = PERSON + 1


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest.fixture
def database() -> Iterator[PostgresServer]:
    """A server that may be stopped."""
    server = PostgresServer()
    yield server
    server.close()


def ready(server: Server) -> int:
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=SECONDS)
    connection.request("GET", "/readyz")
    status = connection.getresponse().status
    connection.close()
    return status


def become_ready(server: Server, wanted: int) -> None:
    until = time.monotonic() + SECONDS
    while ready(server) != wanted:
        assert time.monotonic() < until
        time.sleep(0.2)


async def in_the_middle(url: str) -> None:
    """Return once one job is being drawn."""
    connection = await asyncpg.connect(url)
    try:
        async with asyncio.timeout(SECONDS):
            while not await connection.fetchval("SELECT count(*) FROM jobs WHERE status = 'rendering'"):  # noqa: ASYNC110  # another process works
                await asyncio.sleep(0.02)
    finally:
        await connection.close()


@pytest.mark.slow
@pytest.mark.timeout(400)
async def test_killed_in_the_middle_and_without_a_database_everybody_gets_one_video(
    telegram: TelegramServer, database: PostgresServer, machine: Machine, tmp_path: Path
) -> None:
    name = await asyncio.to_thread(database.create)
    url = database.url(name)
    environ = {
        "BOTCORE_DATABASE__URL": url,
        "BOTCORE_RENDER__QUALITY": "low",
        "BOTCORE_PLUGINS__TELEGRAM__TOKEN": TOKEN,
        "BOTCORE_PLUGINS__TELEGRAM__API_URL": telegram.url,
    }
    for person, problem in zip((PERSON, OTHER), PROBLEMS, strict=True):
        telegram.people.say(problem, chat=person, person=person)
    first = await asyncio.to_thread(Server, machine, tmp_path / "first.log", environ)
    try:
        await in_the_middle(url)
    finally:
        os.killpg(first.process.pid, signal.SIGKILL)
        await asyncio.to_thread(first.process.wait)
    second = await asyncio.to_thread(Server, machine, tmp_path / "second.log", environ)
    try:
        await asyncio.to_thread(become_ready, second, 200)
        await asyncio.to_thread(database.stop)
        await asyncio.to_thread(become_ready, second, 503)
        await asyncio.to_thread(database.start)
        await asyncio.to_thread(become_ready, second, 200)
        for person in (PERSON, OTHER):
            await telegram.until(lambda person=person: told(telegram, person), seconds=200)
    finally:
        code = await asyncio.to_thread(second.stop)
    assert code == 0
    assert [len(telegram.videos(person)) for person in (PERSON, OTHER)] == [1, 1]
    assert not (machine.folder / "data" / "botcore.db").exists()


def told(server: TelegramServer, chat: int) -> bool:
    """Whether the person was told of their video."""
    videos = {message.message_id for message in server.shown(chat) if message.media is not None}
    return any(message.reply_to in videos for message in server.shown(chat))
