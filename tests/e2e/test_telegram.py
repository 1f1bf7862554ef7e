"""Telegram from a message to the video in the platform's hands: through kills, and with the real parts."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio

from botcore.testing.telegram_server import PERSON, TOKEN, TelegramServer
from tests.core.runtime.leases import let_leases_lapse, unfinished
from tests.e2e.conftest import Machine, Server, probe
from tests.ports import free_port

ROOT = Path(__file__).parents[2]
PATIENCE = 200.0
PROBLEM = "solve 2x = 4 for x"
SCENE = """\
class Demo(Scene):
    def construct(self):
        circle = Circle()
        self.play(Create(circle), run_time=1)
"""


@pytest_asyncio.fixture
async def telegram() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@asynccontextmanager
async def bot(server: TelegramServer, folder: Path, *port: str) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot in a process of its own, which is killed at the end as if the power failed."""
    command = (sys.executable, "-m", "tests.e2e.telegram_process", str(folder), server.url, *port)
    let_leases_lapse(folder / "data" / "botcore.db")
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=log
        )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            assert await process.stdout.readline() == b"begun\n", (folder / "log").read_text()
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


def notified(server: TelegramServer, chat: int = PERSON) -> bool:
    """Whether the person was told of a video."""
    return any(message.reply_to in ids_of_videos(server, chat) for message in server.shown(chat))


def ids_of_videos(server: TelegramServer, chat: int) -> list[int | None]:
    return [message.message_id for message in server.shown(chat) if message.media is not None]


async def test_one_message_carries_a_problem_from_the_queue_to_the_video(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with bot(telegram, tmp_path):
        telegram.people.say(PROBLEM)
        await telegram.until(lambda: notified(telegram))
    video, told = telegram.shown()
    assert telegram.videos() == [f"draw {PROBLEM!r}".encode()]
    assert video.versions >= 2, "the status message was edited and became the video"
    assert video.media is not None
    assert (video.media.width, video.media.height, video.media.supports_streaming) == (854, 480, True)
    assert (told.reply_to, told.text) == (video.message_id, "Here is your video.")


async def test_a_code_file_is_fetched_and_drawn(telegram: TelegramServer, tmp_path: Path) -> None:
    async with bot(telegram, tmp_path):
        telegram.people.send_file("scene.py", b"draw a circle", "text/x-python")
        await telegram.until(lambda: notified(telegram))
        telegram.people.send_file("long.py", b"x" * 300_000, "text/x-python")
        await telegram.until(lambda: any("too much code" in text for text in telegram.texts()))
        telegram.people.send_photo(b"\xff\xd8\xff")
        await telegram.until(lambda: any("pictures" in text for text in telegram.texts()))
    assert telegram.videos() == [b"draw a circle"]


async def test_an_outage_of_the_platform_loses_nothing_and_keeps_the_order(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    async with bot(telegram, tmp_path):
        telegram.refuse("sendMessage", 502, "Bad Gateway", times=2)
        telegram.flood("sendMessage", 1)
        for command in ("/quality low", "/aspect 1:1", "/quality"):
            telegram.people.say(command)
        await telegram.until(lambda: len(telegram.shown()) == 3)
    assert ["quality is low" in telegram.texts()[0], "1:1" in telegram.texts()[1]] == [True, True]
    assert "low" in telegram.texts()[2]


@pytest.mark.parametrize("moment", ["the status message", "the video", "the note about the video"])
async def test_killed_between_the_platforms_yes_and_hearing_it_nobody_gets_a_second_video(
    telegram: TelegramServer, tmp_path: Path, moment: str
) -> None:
    hold = telegram.hold("sendMessage" if moment == "the status message" else "editMessageMedia")
    async with bot(telegram, tmp_path) as process:
        telegram.people.say(PROBLEM)
        await asyncio.wait_for(hold.reached.wait(), PATIENCE)
        if moment == "the note about the video":
            last = telegram.hold("sendMessage")
            hold.released.set()
            await asyncio.wait_for(last.reached.wait(), PATIENCE)
            last.released.set()
        process.kill()
    assert len(telegram.shown()) == (2 if moment == "the note about the video" else 1), "it was accepted"
    hold.released.set()

    async with bot(telegram, tmp_path):
        calls = len(telegram.calls)
        await telegram.until(lambda: notified(telegram) and not any_pending(telegram, calls))
    assert len(telegram.videos()) == 1


def any_pending(server: TelegramServer, calls: int) -> bool:
    """Whether the new process has not sent anything about the video yet."""
    methods = {call.method for call in server.calls[calls:]}
    return not methods & {"editMessageMedia", "sendMessage"}


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_killed_twenty_times_during_fifty_submissions_there_are_fifty_videos(
    telegram: TelegramServer, tmp_path: Path
) -> None:
    chance = random.Random(50)  # noqa: S311  # a repeatable test
    people = list(range(1, 51))
    waiting = list(people)
    for _ in range(20):
        async with bot(telegram, tmp_path):
            # What dies with three processes is given up, as it shall: everything meets one kill or two.
            while unfinished(tmp_path / "data" / "botcore.db"):  # noqa: ASYNC110  # in another process
                await asyncio.sleep(0.1)
            for _ in range(min(len(waiting), 3)):
                person = waiting.pop()
                telegram.people.say(PROBLEM, chat=person, person=person)
            await asyncio.sleep(chance.uniform(0.0, 0.8))
    for person in waiting:
        telegram.people.say(PROBLEM, chat=person, person=person)
    async with bot(telegram, tmp_path):
        await telegram.until(
            lambda: all(notified(telegram, person) for person in people), seconds=3 * PATIENCE
        )
    assert [len(telegram.videos(person)) for person in people] == [1] * 50


@pytest.mark.slow
async def test_a_problem_and_code_by_webhook_with_the_real_solver_and_renderer(
    telegram: TelegramServer, machine: Machine, tmp_path: Path
) -> None:
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    environ = {
        "BOTCORE_WEB__PUBLIC_URL": address,
        "BOTCORE_RENDER__QUALITY": "low",
        "BOTCORE_PLUGINS__TELEGRAM__TOKEN": TOKEN,
        "BOTCORE_PLUGINS__TELEGRAM__API_URL": telegram.url,
        "BOTCORE_PLUGINS__TELEGRAM__MODE": "webhook",
    }
    log = tmp_path / "serve.log"
    server = await asyncio.to_thread(lambda: Server(machine, log, environ, port=port))
    try:
        await telegram.until(lambda: telegram.updates.webhook, seconds=PATIENCE)
        telegram.people.say("solve x^2 - 5x + 6 = 0")
        await telegram.until(lambda: notified(telegram), seconds=PATIENCE)
        telegram.people.say(f"```python\n{SCENE}```")
        await telegram.until(lambda: len(telegram.videos()) == 2, seconds=PATIENCE)
    finally:
        code = await asyncio.to_thread(server.stop)
    assert code == 0
    assert set(telegram.updates.attempts) == {200}
    for message in telegram.shown():
        if message.media is not None:
            path = tmp_path / "video.mp4"
            path.write_bytes(message.media.content)
            seen = probe(path)
            assert (seen.codec, seen.width, seen.height) == (
                "h264",
                message.media.width,
                message.media.height,
            )
            assert abs(seen.duration - message.media.duration) <= 1
            assert message.media.thumbnail is not None
    assert TOKEN not in log.read_text()
