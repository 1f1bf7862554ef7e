"""WhatsApp from a message to the video in the platform's hands: through kills, and with the real parts."""

from __future__ import annotations

import asyncio
import random
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from botcore_whatsapp.plugin import WEBHOOK_PATH

from botcore.testing.whatsapp_server import (
    APP_SECRET,
    PERSON,
    PHONE_NUMBER_ID,
    TOKEN,
    VERIFY_TOKEN,
    WhatsAppServer,
)
from tests.core.runtime.leases import let_leases_lapse, unfinished
from tests.e2e.conftest import Machine, Server, probe
from tests.e2e.test_telegram import PATIENCE, PROBLEM, SCENE
from tests.ports import free_port

ROOT = Path(__file__).parents[2]


@pytest_asyncio.fixture
async def whatsapp() -> AsyncIterator[WhatsAppServer]:
    async with WhatsAppServer() as running:
        running.webhooks.batch = 10
        yield running


@asynccontextmanager
async def bot(server: WhatsAppServer, folder: Path, port: int) -> AsyncIterator[asyncio.subprocess.Process]:
    """A bot in a process of its own, which is killed at the end as if the power failed."""
    command = (sys.executable, "-m", "tests.e2e.whatsapp_process", str(folder), server.url, str(port))
    let_leases_lapse(folder / "data" / "botcore.db")
    with (folder / "log").open("ab") as log:
        process = await asyncio.create_subprocess_exec(
            *command, cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=log
        )
    try:
        assert process.stdout is not None
        async with asyncio.timeout(PATIENCE):
            assert await process.stdout.readline() == b"begun\n", (folder / "log").read_text()
        if not server.webhooks.url:
            url = f"http://127.0.0.1:{port}{WEBHOOK_PATH}"
            assert await server.webhooks.subscribe(url, VERIFY_TOKEN) == 200
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


async def test_a_problem_gets_one_word_and_one_video_with_typing_between(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    async with bot(whatsapp, tmp_path, free_port()):
        asked = whatsapp.people.say(PROBLEM)
        await whatsapp.until(whatsapp.videos)
    started, video = whatsapp.shown()
    assert whatsapp.videos() == [f"draw {PROBLEM!r}".encode()]
    assert video.media is not None
    assert (video.media.kind, video.media.media_type) == ("video", "video/mp4")
    assert started.reply_to == asked
    assert started.labels == ["Cancel"]
    assert 0 < len(video.labels) <= 3


async def test_a_code_file_is_fetched_and_drawn(whatsapp: WhatsAppServer, tmp_path: Path) -> None:
    async with bot(whatsapp, tmp_path, free_port()):
        whatsapp.people.send_file("scene.py", b"draw a circle", "text/x-python")
        await whatsapp.until(whatsapp.videos)
        whatsapp.people.send_file("sum.png", b"\x89PNG", "image/png")
        await whatsapp.until(lambda: len(whatsapp.shown()) == 3)
    assert whatsapp.videos() == [b"draw a circle"]


async def test_an_outage_of_the_platform_loses_nothing_and_keeps_the_order(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    async with bot(whatsapp, tmp_path, free_port()):
        whatsapp.break_down(503, times=2)
        whatsapp.refuse(130429, status=429, retry_after=1)
        for command in ("/quality low", "/aspect 1:1", "/quality"):
            whatsapp.people.say(command)
        await whatsapp.until(lambda: len(whatsapp.shown()) == 3)
    first, second, third = whatsapp.texts()
    assert ("low" in first, "1:1" in second, "low" in third) == (True, True, True)


@pytest.mark.parametrize("moment", ["the first word", "the video"])
async def test_killed_between_the_platforms_yes_and_hearing_it_nobody_gets_a_second_message(
    whatsapp: WhatsAppServer, tmp_path: Path, moment: str
) -> None:
    port = free_port()
    first = whatsapp.hold("messages")
    async with bot(whatsapp, tmp_path, port) as process:
        whatsapp.people.say(PROBLEM)
        await asyncio.wait_for(first.reached.wait(), PATIENCE)
        if moment == "the video":
            last = whatsapp.hold("messages")
            first.released.set()
            await asyncio.wait_for(last.reached.wait(), PATIENCE)
            last.released.set()
        process.kill()
    first.released.set()
    seen = len(whatsapp.shown())
    assert seen == (2 if moment == "the video" else 1), "it was accepted"
    async with bot(whatsapp, tmp_path, port):
        await whatsapp.until(whatsapp.videos)
        whatsapp.people.say("/quality")  # answered only after everything before it was settled
        await whatsapp.until(lambda: "quality" in whatsapp.texts()[-1].lower())
    assert len(whatsapp.videos()) == 1
    assert len(whatsapp.shown()) == 3


async def test_a_lost_answer_is_settled_by_the_receipt_and_sent_once(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    async with bot(whatsapp, tmp_path, free_port()):
        whatsapp.lose_answer(times=2)  # of the first word, and of the video
        whatsapp.people.say(PROBLEM)
        await whatsapp.until(whatsapp.videos)
        whatsapp.people.say("/quality")
        await whatsapp.until(lambda: len(whatsapp.shown()) == 3)
    assert len(whatsapp.videos()) == 1


async def test_a_video_that_comes_too_late_waits_for_the_person(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    port = free_port()
    whatsapp.messages.templates.add(("your_video", "en"))
    upload = whatsapp.hold("upload")
    async with bot(whatsapp, tmp_path, port):
        whatsapp.people.say(PROBLEM)
        await asyncio.wait_for(upload.reached.wait(), PATIENCE)
        whatsapp.messages.forward(hours=25)
        upload.released.set()
        await whatsapp.until(lambda: whatsapp.shown()[-1].template)
    assert not whatsapp.videos()
    async with bot(whatsapp, tmp_path, port):
        whatsapp.people.press_template("Show my video")
        await whatsapp.until(whatsapp.videos)
    assert [shown.template for shown in whatsapp.shown() if shown.template] == ["your_video"]
    assert len(whatsapp.videos()) == 1


@pytest.mark.slow
@pytest.mark.timeout(1800)
async def test_killed_twenty_times_during_fifty_submissions_there_are_fifty_videos(
    whatsapp: WhatsAppServer, tmp_path: Path
) -> None:
    chance = random.Random(50)  # noqa: S311  # a repeatable test
    port = free_port()
    people = [f"1555000{number}" for number in range(2000, 2050)]
    waiting = list(people)
    for _ in range(20):
        async with bot(whatsapp, tmp_path, port):
            # What dies with three processes is given up, as it shall: everything meets one kill or two.
            while unfinished(tmp_path / "data" / "botcore.db"):  # noqa: ASYNC110  # in another process
                await asyncio.sleep(0.1)
            for _ in range(min(len(waiting), 3)):
                whatsapp.people.say(PROBLEM, chat=waiting.pop())
            await asyncio.sleep(chance.uniform(0.0, 0.8))
    for person in waiting:
        whatsapp.people.say(PROBLEM, chat=person)
    async with bot(whatsapp, tmp_path, port):
        await whatsapp.until(lambda: all(whatsapp.videos(person) for person in people), seconds=3 * PATIENCE)
        for person in people:
            whatsapp.people.say("/quality", chat=person)
        await whatsapp.until(
            lambda: all("quality" in whatsapp.texts(person)[-1].lower() for person in people), seconds=300
        )
    assert [len(whatsapp.videos(person)) for person in people] == [1] * 50


@pytest.mark.slow
async def test_a_problem_and_code_by_webhook_with_the_real_solver_and_renderer(
    whatsapp: WhatsAppServer, machine: Machine, tmp_path: Path
) -> None:
    environ = {
        "BOTCORE_RENDER__QUALITY": "low",
        "BOTCORE_PLUGINS__WHATSAPP__PHONE_NUMBER_ID": PHONE_NUMBER_ID,
        "BOTCORE_PLUGINS__WHATSAPP__TOKEN": TOKEN,
        "BOTCORE_PLUGINS__WHATSAPP__APP_SECRET": APP_SECRET,
        "BOTCORE_PLUGINS__WHATSAPP__VERIFY_TOKEN": VERIFY_TOKEN,
        "BOTCORE_PLUGINS__WHATSAPP__API_URL": whatsapp.url,
    }
    whatsapp.messages.looks_into_videos = True
    log = tmp_path / "serve.log"
    server = await asyncio.to_thread(lambda: Server(machine, log, environ))
    try:
        assert await whatsapp.webhooks.subscribe(server.address + WEBHOOK_PATH, VERIFY_TOKEN) == 200
        whatsapp.people.say("solve x^2 - 5x + 6 = 0")
        await whatsapp.until(whatsapp.videos, seconds=PATIENCE)
        whatsapp.people.say(f"```python\n{SCENE}```")
        await whatsapp.until(lambda: len(whatsapp.videos()) == 2, seconds=PATIENCE)
    finally:
        code = await asyncio.to_thread(server.stop)
    assert code == 0
    assert set(whatsapp.webhooks.attempts) == {200}
    for message in whatsapp.shown():
        if message.media is not None:
            path = tmp_path / "video.mp4"
            path.write_bytes(message.media.content)
            seen = probe(path)
            assert (seen.codec, seen.pixels, seen.width, seen.height) == ("h264", "yuv420p", 854, 480)
            assert seen.faststart
            assert message.media.media_type == "video/mp4"
    assert whatsapp.people.chat(PERSON).typing, "the person saw that the bot is at work"
    text = log.read_text()
    assert not [secret for secret in (TOKEN, APP_SECRET, VERIFY_TOKEN) if secret in text]
