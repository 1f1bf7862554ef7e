"""The conversation: whose answer ends a turn, what Ctrl-C does, where videos go."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from botcore_console.adapter import Console, keep, terminal_language

from botcore.model import Artifact, Message, Outgoing, OutgoingKind, RenderProgress, Status

PATIENCE = 60.0


class Script:
    """A keyboard that types what it is given, then waits, or ends."""

    interactive = False

    def __init__(self, *messages: str, then_wait: bool = False) -> None:
        self._messages = list(messages)
        self._then_wait = then_wait

    async def read(self) -> str | None:
        if self._messages:
            return self._messages.pop(0)
        if self._then_wait:
            await asyncio.Event().wait()
        return None


class Transcript:
    """A screen that remembers."""

    def __init__(self) -> None:
        self.said: list[str] = []
        self.steps: list[str] = []

    def say(self, text: str) -> None:
        self.said.append(text)

    def progress(self, text: str, status: Status | None, fraction: float | None) -> None:
        self.steps.append(f"{text} {fraction}")

    def rest(self) -> None:
        pass


class Bot:
    """Answers like the core: a status message per job, a text per command."""

    def __init__(self, answer: Callable[[Message], list[Outgoing]]) -> None:
        self.received: list[Message] = []
        self._answer = answer
        self._tasks: set[asyncio.Task[None]] = set()
        self.console: Console | None = None

    async def receive(self, message: Message) -> None:
        self.received.append(message)
        task = asyncio.create_task(self._send(self._answer(message)))
        self._tasks.add(task)

    async def _send(self, answers: list[Outgoing]) -> None:
        assert self.console is not None
        for out in answers:
            await self.console.send(out)


def text(words: str, **fields: object) -> Outgoing:
    out = Outgoing("1", "console", "terminal", OutgoingKind.TEXT, words)
    return replace(out, **fields)  # type: ignore[arg-type]  # fields of the dataclass


def status(words: str, state: Status, **fields: object) -> Outgoing:
    return text(words, kind=OutgoingKind.STATUS, status=state, **fields)


async def converse(
    script: Script, answer: Callable[[Message], list[Outgoing]], folder: Path
) -> tuple[Transcript, Bot]:
    screen, bot = Transcript(), Bot(answer)
    bot.console = Console(script, screen, folder)
    await asyncio.wait_for(bot.console.run(bot.receive), PATIENCE)
    return screen, bot


async def test_each_message_waits_for_the_answer_to_the_one_before(tmp_path: Path) -> None:
    def answer(message: Message) -> list[Outgoing]:
        return [text(f"answer to {message.text}", reply_to=message.message_id)]

    screen, bot = await converse(Script("/help", "  ", "/history"), answer, tmp_path)
    assert screen.said == ["answer to /help", "answer to /history"]
    assert [message.text for message in bot.received] == ["/help", "/history"]
    assert len({message.message_id for message in bot.received}) == 2


async def test_a_video_ends_the_turn_and_its_path_is_shown(tmp_path: Path) -> None:
    video = tmp_path / "rendered.mp4"
    video.write_bytes(b"film")
    media = Artifact(video, "video/mp4", 4, 1.0, 16, 9)

    def answer(message: Message) -> list[Outgoing]:
        return [
            status("Drawing", Status.RENDERING, reply_to=message.message_id, job_id="j1"),
            status("Drawing", Status.RENDERING, job_id="j1", progress=RenderProgress(1, 2, 0.5)),
            text("Here it is", kind=OutgoingKind.VIDEO, media=media, job_id="j1"),
        ]

    screen, _ = await converse(Script("solve x = 2"), answer, tmp_path / "videos")
    assert screen.steps == ["Drawing None", "Drawing 0.5"]
    assert screen.said == [f"Here it is\n{tmp_path / 'videos' / 'j1.mp4'}"]
    assert (tmp_path / "videos" / "j1.mp4").read_bytes() == b"film"


async def test_a_failed_job_ends_the_turn_with_its_sentence(tmp_path: Path) -> None:
    def answer(message: Message) -> list[Outgoing]:
        return [
            status("Waiting", Status.QUEUED, reply_to=message.message_id, job_id="j1"),
            status("It did not work.", Status.FAILED, job_id="j1"),
        ]

    screen, _ = await converse(Script("solve x = 2"), answer, tmp_path)
    assert screen.said == ["It did not work."]


async def test_the_video_of_an_earlier_chat_is_shown_but_ends_no_turn(tmp_path: Path) -> None:
    def answer(message: Message) -> list[Outgoing]:
        return [
            status("An old one failed.", Status.FAILED, job_id="old", reply_to="earlier"),
            text("answer", reply_to=message.message_id),
        ]

    screen, _ = await converse(Script("/help"), answer, tmp_path)
    assert screen.said == ["An old one failed.", "answer"]


async def test_ctrl_c_cancels_the_video_that_is_on_the_way(tmp_path: Path) -> None:
    def answer(message: Message) -> list[Outgoing]:
        if message.text.startswith("/cancel"):
            return [
                text("Cancelled.", reply_to=message.message_id),
                status("Cancelled, as you asked.", Status.CANCELLED, job_id="j1"),
            ]
        asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
        return [status("Drawing", Status.RENDERING, reply_to=message.message_id, job_id="j1")]

    screen, bot = await converse(Script("solve x = 2"), answer, tmp_path)
    assert [message.text for message in bot.received] == ["solve x = 2", "/cancel j1"]
    assert screen.said == ["Cancelled.", "Cancelled, as you asked."]


async def test_ctrl_c_at_the_prompt_leaves(tmp_path: Path) -> None:
    asyncio.get_running_loop().call_later(0.05, os.kill, os.getpid(), signal.SIGINT)
    _, bot = await converse(Script(then_wait=True), lambda message: [], tmp_path)
    assert bot.received == []


async def test_sending_a_video_again_changes_nothing(tmp_path: Path) -> None:
    video = tmp_path / "rendered.webm"
    video.write_bytes(b"film")
    media = Artifact(video, "video/webm", 4, 1.0, 16, 9)
    assert keep(media, tmp_path / "videos", "j1") == keep(media, tmp_path / "videos", "j1")
    assert [path.name for path in (tmp_path / "videos").iterdir()] == ["j1.webm"]


async def test_a_video_that_cannot_be_copied_leaves_no_half_file(tmp_path: Path) -> None:
    media = Artifact(tmp_path / "gone.mp4", "video/mp4", 4, 1.0, 16, 9)
    with pytest.raises(FileNotFoundError):
        keep(media, tmp_path / "videos", "j1")
    assert list((tmp_path / "videos").iterdir()) == []


async def test_the_language_of_the_terminal_is_the_language_of_its_messages(tmp_path: Path) -> None:
    screen, bot = Transcript(), Bot(lambda message: [text("hola", reply_to=message.message_id)])
    script = Script("/help")
    script.interactive = True
    bot.console = Console(script, screen, tmp_path, terminal_language({"LANG": "es_MX.UTF-8"}))
    await asyncio.wait_for(bot.console.run(bot.receive), PATIENCE)
    assert [message.language for message in bot.received] == ["es-MX"]
    assert screen.said[0].startswith("Envía un problema")


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, ""),
        ({"LANG": "C.UTF-8"}, ""),
        ({"LANG": "POSIX"}, ""),
        ({"LANG": "ru_RU.UTF-8"}, "ru-RU"),
        ({"LANG": "ru_RU.UTF-8", "LC_MESSAGES": "pt_BR", "LC_ALL": ""}, "pt-BR"),
        ({"LANG": "ru_RU.UTF-8", "LC_ALL": "hi_IN@dict"}, "hi-IN"),
    ],
)
def test_the_language_of_a_terminal_is_the_one_that_its_user_set(
    environment: dict[str, str], language: str
) -> None:
    assert terminal_language(environment) == language
