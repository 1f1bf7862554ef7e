"""A day's updates posted to the webhook, with the power failing in the middle: none is lost, none doubled."""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio
from botcore_telegram.plugin import TelegramConfig

from botcore.testing.telegram_server import SECRET_HEADER, TOKEN, TelegramServer
from tests.e2e.replay import PEOPLE, Expected, lines_of, write_updates
from tests.e2e.test_telegram import bot
from tests.ports import free_port

POSTERS = 20
SECONDS = 500.0


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


def test_the_same_count_makes_the_same_file(tmp_path: Path) -> None:
    first, second = tmp_path / "1", tmp_path / "2"
    assert write_updates(first, 300) == write_updates(second, 300)
    assert first.read_bytes() == second.read_bytes()
    numbers = [json.loads(line)["update_id"] for line in lines_of(first)]
    assert len(numbers) == 300
    assert len(set(numbers)) == 240
    assert numbers != sorted(numbers)


async def test_five_hundred_updates_and_a_kill_lose_nothing_and_double_nothing(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    await replay(500, telegram, tmp_path)


@pytest.mark.slow
@pytest.mark.timeout(900)
async def test_ten_thousand_updates_and_a_kill_lose_nothing_and_double_nothing(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    await replay(10_000, telegram, tmp_path)


async def replay(count: int, telegram: TelegramServer, folder: Path) -> None:
    expected = write_updates(folder / "updates.jsonl", count)
    assert expected.problems > count / 50
    for person in PEOPLE:
        telegram.people.chat(person)
        telegram.people.chat(-person)
    updates = lines_of(folder / "updates.jsonl")
    port = free_port()
    refused: list[int] = []
    async with bot(telegram, folder, str(port)) as process:
        first = [
            asyncio.create_task(_post(updates, port, refused, count // 2 // POSTERS)) for _ in range(POSTERS)
        ]
        await asyncio.wait(first, return_when=asyncio.FIRST_COMPLETED)
        process.kill()
        await process.wait()
        unfinished = [asyncio.create_task(_post(updates, port, refused)) for _ in range(POSTERS)]
        async with bot(telegram, folder, str(port)):
            await asyncio.gather(*first, *unfinished)
            database = folder / "data" / "botcore.db"
            async with asyncio.timeout(SECONDS):
                while _count(database, "SELECT COUNT(*) FROM inbox WHERE status = 'new'"):  # noqa: ASYNC110  # in another process
                    await asyncio.sleep(0.2)
    assert refused == []
    assert _kept(database) == expected
    assert _count(database, "SELECT COUNT(DISTINCT text) FROM jobs") == expected.problems
    assert _count(database, "SELECT COUNT(*) FROM inbox WHERE status <> 'done'") == 0


async def _post(updates: Iterator[bytes], port: int, refused: list[int], most: int = 10**9) -> None:
    """Post updates as Telegram does: one that is not taken comes again until it is."""
    secret = TelegramConfig.model_validate({"token": TOKEN}).header_secret()
    address = f"http://127.0.0.1:{port}/telegram/webhook"
    async with aiohttp.ClientSession(headers={SECRET_HEADER: secret}) as client:
        for _ in range(most):
            update = next(updates, None)
            if update is None:
                return
            while (status := await _try(client, address, update)) in {0, 503}:  # noqa: ASYNC110  # another process
                await asyncio.sleep(0.1)
            if status != 200:
                refused.append(status)


async def _try(client: aiohttp.ClientSession, address: str, update: bytes) -> int:
    """The status of the answer; 0 where there is none."""
    try:
        async with client.post(address, data=update) as response:
            return response.status
    except aiohttp.ClientError:
        return 0


def _kept(database: Path) -> Expected:
    """What became rows and jobs."""
    return Expected(
        _count(database, "SELECT COUNT(*) FROM inbox"),
        _count(database, "SELECT COUNT(*) FROM jobs"),
    )


def _count(database: Path, question: str) -> int:
    with closing(sqlite3.connect(f"file:{database}?mode=ro", uri=True)) as connection:
        return int(connection.execute(question).fetchone()[0])
