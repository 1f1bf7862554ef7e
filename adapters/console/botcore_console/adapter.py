"""The conversation: one message, its answer, the next message."""

from __future__ import annotations

import asyncio
import getpass
import os
import shutil
import signal
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from uuid import uuid4

from botcore import (
    Artifact,
    Catalogue,
    Message,
    Outgoing,
    OutgoingKind,
    Receive,
    Sent,
    Status,
    sentence,
)
from botcore_console.keyboard import Keyboard
from botcore_console.plugin import PLATFORM
from botcore_console.screen import Screen

CHAT = "terminal"
GREETING = sentence(
    "Send a maths problem, for example: solve x^2 - 5x + 6 = 0\n/help shows more; Ctrl-D leaves."
)
_words = Catalogue("botcore_console")
_BAD_END = frozenset({Status.FAILED, Status.CANCELLED, Status.EXPIRED})
_SUFFIXES = {"video/mp4": ".mp4", "video/webm": ".webm", "image/gif": ".gif", "image/png": ".png"}


@dataclass(slots=True)
class Turn:
    """A message that waits for its answer. ``open`` holds the ids of the messages without one: this one, and
    those that Ctrl-C sent. ``job_id`` is known once its video is on the way."""

    message_id: str
    open: set[str] = field(default_factory=set)
    answered: asyncio.Event = field(default_factory=asyncio.Event)
    job_id: str | None = None

    def close(self, message_id: str) -> None:
        """``message_id`` has its answer."""
        self.open.discard(message_id)
        if not self.open:
            self.answered.set()


class Console:
    """Reads from ``keyboard``, shows on ``screen``, puts videos into the folder ``videos``.

    :param language: the one of the terminal, a BCP 47 tag or empty.
    """

    def __init__(self, keyboard: Keyboard, screen: Screen, videos: Path, language: str = "") -> None:
        self._keyboard = keyboard
        self._screen = screen
        self._videos = videos
        self._language = language
        self._user = getpass.getuser()
        self._turn: Turn | None = None
        self._interrupted = asyncio.Event()

    async def run(self, receive: Receive) -> None:
        """Talk until the input ends, or Ctrl-C at the prompt."""
        if self._keyboard.interactive:
            self._screen.say(_words.text(self._language, GREETING))
        with self._ctrl_c():
            while (text := await self._next()) is not None:
                if text.strip():
                    await self._converse(text, receive)
        self._screen.rest()

    async def send(self, out: Outgoing) -> Sent:
        """Show one message, or bring the progress up to date."""
        if out.kind is OutgoingKind.STATUS and out.status not in _BAD_END:
            self._follow(out)
            return Sent((out.edits or out.id,))
        shown = out.text
        message_id = out.edits or out.id
        if out.media is not None:
            path = await asyncio.to_thread(keep, out.media, self._videos, out.job_id or out.id)
            shown = f"{out.text}\n{path}".strip()
            message_id = str(path)
        self._screen.say(shown)
        self._end_turn(out)
        return Sent((message_id,))

    async def _next(self) -> str | None:
        """The next message; None when the person leaves."""
        self._interrupted.clear()
        reading = asyncio.ensure_future(self._keyboard.read())
        leaving = asyncio.ensure_future(self._interrupted.wait())
        await asyncio.wait({reading, leaving}, return_when=asyncio.FIRST_COMPLETED)
        leaving.cancel()
        if not reading.done():
            reading.cancel()
            self._screen.say("")
            return None
        return reading.result()

    async def _converse(self, text: str, receive: Receive) -> None:
        """Send a message and wait for its answer; Ctrl-C cancels the video that is on the way."""
        turn = self._turn = Turn(uuid4().hex)
        turn.open.add(turn.message_id)
        await receive(self._message(text, turn.message_id))
        answered = asyncio.ensure_future(turn.answered.wait())
        try:
            while not answered.done():
                self._interrupted.clear()
                interrupted = asyncio.ensure_future(self._interrupted.wait())
                await asyncio.wait({answered, interrupted}, return_when=asyncio.FIRST_COMPLETED)
                interrupted.cancel()
                if self._interrupted.is_set() and turn.job_id is not None:
                    request = uuid4().hex
                    turn.open.add(request)
                    await receive(self._message(f"/cancel {turn.job_id}", request))
        finally:
            answered.cancel()
            self._turn = None
            self._screen.rest()

    def _message(self, text: str, message_id: str) -> Message:
        return Message(PLATFORM, CHAT, self._user, message_id, text, language=self._language)

    def _follow(self, out: Outgoing) -> None:
        """Show the progress of the video that this turn waits for; of others only their end is told."""
        turn = self._turn
        if turn is None:
            return
        if out.reply_to == turn.message_id:
            turn.job_id = out.job_id
        if out.job_id == turn.job_id and out.status is not Status.DELIVERED:
            fraction = out.progress.fraction if out.progress is not None else None
            self._screen.progress(out.text, out.status, fraction)

    def _end_turn(self, out: Outgoing) -> None:
        """End the turn when this is its answer, or the end of its video."""
        turn = self._turn
        if turn is None:
            return
        if out.job_id is not None and out.job_id == turn.job_id:
            turn.close(turn.message_id)
        elif out.reply_to is not None:
            turn.close(out.reply_to)

    @contextmanager
    def _ctrl_c(self) -> Iterator[None]:
        loop = asyncio.get_running_loop()
        loop.add_signal_handler(signal.SIGINT, self._interrupted.set)
        try:
            yield
        finally:
            loop.remove_signal_handler(signal.SIGINT)


def terminal_language(environment: Mapping[str, str]) -> str:
    """The language that the terminal's user has set, a BCP 47 tag; empty where none is."""
    locale = next(
        (value for name in ("LC_ALL", "LC_MESSAGES", "LANG") if (value := environment.get(name))), ""
    )
    tag = locale.partition(".")[0].partition("@")[0].replace("_", "-")
    return "" if tag in {"C", "POSIX"} else tag


def keep(media: Artifact, folder: Path, name: str) -> Path:
    """Copy a file into ``folder``, whole or not at all; where it is then. Copying it again is harmless."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"{name}{_SUFFIXES.get(media.media_type, media.path.suffix)}"
    descriptor, draft = tempfile.mkstemp(prefix=f".{target.name}.", dir=folder)
    os.close(descriptor)
    try:
        shutil.copyfile(media.path, draft)
        Path(draft).chmod(0o644)
        Path(draft).replace(target)
    finally:
        Path(draft).unlink(missing_ok=True)
    return target
