"""Conversations with the real bot, as the student sees them: ``python -m tests.docs.conversations`` writes
docs/conversations.md anew.

``botcore serve`` runs with the exact solver and the renderer at low quality; only the platforms' servers are
those of :mod:`botcore.testing`.
"""

from __future__ import annotations

import asyncio
import json
import re
import sys
import tempfile
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

import av

from botcore.testing import telegram_server, whatsapp_server
from botcore.testing.telegram_server import TelegramServer
from botcore.testing.telegram_server.calls import Call
from botcore.testing.whatsapp_server import WhatsAppServer
from tests.e2e.conftest import Machine, Server
from tests.ports import free_port

PAGE = Path(__file__).parents[2] / "docs" / "conversations.md"
PROBLEM = "solve x^2 - 5x + 6 = 0"
MISTAKEN = """\
class Demo(Scene):
    def construct(self):
        self.play(Create(Circle()).set_colour(RED))
"""
SECONDS = 300.0
_HEAD = """\
# Conversations

What a student sees. These are not mock-ups: `python -m tests.docs.conversations` wrote this page from what
`botcore serve` sent, with the exact solver and the renderer at low quality, and a test compares the two.
Buttons stand in brackets; “✎” is the message above, edited in place.
"""


@dataclass(frozen=True)
class Turn:
    """What Ada does: she writes ``text``, or presses the button that says so, or answers the last video with
    it. Over when so many new ``messages`` and ``videos`` are there; on Telegram a video is no new message."""

    text: str
    messages: int = 1
    videos: int = 0
    press: bool = False
    reply: bool = False

    @property
    def told(self) -> str:
        if self.press:
            return f"**Ada** presses [{self.text}]"
        if "\n" in self.text:
            return f"**Ada**:\n\n```python\n{self.text}```"
        return f"**Ada**{' (answers the video)' if self.reply else ''}: {self.text}"


TURNS = (
    Turn(PROBLEM, 2, 1),
    Turn("Vertical", 2, 1, press=True),
    Turn("square, please", 2, 1, reply=True),
    Turn(MISTAKEN, 1),
    Turn("/language es"),
    Turn("x"),
)


async def telegram(folder: Path) -> str:
    """A conversation on Telegram."""
    lines: list[str] = []
    port = free_port()
    environ = {
        "BOTCORE_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BOTCORE_RENDER__QUALITY": "low",
        "BOTCORE_PLUGINS__TELEGRAM__TOKEN": telegram_server.TOKEN,
        "BOTCORE_PLUGINS__TELEGRAM__MODE": "webhook",
    }
    async with TelegramServer() as server:
        environ["BOTCORE_PLUGINS__TELEGRAM__API_URL"] = server.url
        seen = 0

        def note() -> None:
            nonlocal seen
            _add(lines, [line for call in server.calls[seen:] for line in _telegram_lines(call, server)])
            seen = len(server.calls)

        async with _bot(folder, environ, port):
            await server.until(lambda: server.updates.webhook, seconds=SECONDS)
            for turn in TURNS:
                messages, videos = len(server.shown()), len(server.videos())
                lines.append(turn.told)
                if turn.press:
                    server.people.press(turn.text)
                else:
                    last = [shown.message_id for shown in server.shown() if shown.media is not None]
                    server.people.say(turn.text, reply_to=last[-1] if turn.reply else None)
                await server.until(
                    lambda turn=turn, messages=messages, videos=videos: (
                        len(server.shown()) >= messages + turn.messages
                        and len(server.videos()) >= videos + turn.videos
                        and (turn.text != MISTAKEN or "[Cancel]" not in _last(server))
                    ),
                    seconds=SECONDS,
                )
                note()
    return "\n\n".join(["## Telegram", *lines]) + "\n"


async def whatsapp(folder: Path) -> str:
    """A conversation on WhatsApp, which edits nothing."""
    lines: list[str] = []
    environ = {
        "BOTCORE_RENDER__QUALITY": "low",
        "BOTCORE_PLUGINS__WHATSAPP__PHONE_NUMBER_ID": whatsapp_server.PHONE_NUMBER_ID,
        "BOTCORE_PLUGINS__WHATSAPP__TOKEN": whatsapp_server.TOKEN,
        "BOTCORE_PLUGINS__WHATSAPP__APP_SECRET": whatsapp_server.APP_SECRET,
        "BOTCORE_PLUGINS__WHATSAPP__VERIFY_TOKEN": whatsapp_server.VERIFY_TOKEN,
    }
    async with WhatsAppServer() as server:
        environ["BOTCORE_PLUGINS__WHATSAPP__API_URL"] = server.url
        async with _bot(folder, environ, 0) as address:
            await server.webhooks.subscribe(f"{address}/webhook/whatsapp", whatsapp_server.VERIFY_TOKEN)
            for turn in TURNS:
                before = len(server.shown())
                lines.append(turn.told)
                if turn.press:
                    server.people.tap(turn.text)
                else:
                    last = [shown.message_id for shown in server.shown() if shown.media is not None]
                    server.people.say(turn.text, reply_to=last[-1] if turn.reply else None)
                new = 2 if turn.text == MISTAKEN else turn.messages
                await server.until(lambda count=before + new: len(server.shown()) >= count, seconds=SECONDS)
                for shown in server.shown()[before:]:
                    buttons = "".join(f" [{label}]" for label in shown.labels)
                    media = f"🎬 {_seen(shown.media.content)} " if shown.media is not None else ""
                    _add(lines, [_quoted(media + shown.text + buttons)])
    return "\n\n".join(["## WhatsApp", *lines]) + "\n"


def alike(text: str) -> str:
    """``text`` without what differs from run to run: ids, seconds, bytes, and the stages that the status
    message was edited through, of which a fast machine shows fewer."""
    lasting = [part for part in text.split("\n\n") if "✎" not in part or "🎬" in part]
    same_ids = re.sub(r"(?<= · )[0-9a-z]{16}\b", "ID", "\n\n".join(lasting))
    return re.sub(r"\d+ (?=s,|kB)", "0 ", same_ids)


@asynccontextmanager
async def _bot(folder: Path, environ: dict[str, str], port: int) -> AsyncIterator[str]:
    server = await asyncio.to_thread(lambda: Server(Machine(folder), folder / "log", environ, port=port))
    try:
        yield server.address
    finally:
        await asyncio.to_thread(server.stop)


def _telegram_lines(call: Call, server: TelegramServer) -> list[str]:
    markup = json.loads(call.text("reply_markup") or "{}")
    buttons = "".join(f" [{key['text']}]" for row in markup.get("inline_keyboard", []) for key in row)
    match call.method:
        case "sendMessage":
            return [_quoted(call.text("text") + buttons)]
        case "editMessageText":
            return [_quoted(f"✎ {call.text('text')}{buttons}")]
        case "editMessageMedia" | "sendVideo":
            number = call.number("message_id")
            media = next(shown.media for shown in server.shown() if shown.message_id == number)
            assert media is not None
            caption = json.loads(call.text("media")).get("caption", "")
            facts = f"{media.width}×{media.height}, {media.duration} s, {_size(media.content)}"
            return [_quoted(f"✎ 🎬 {facts} {caption}{buttons}")]
    return []


def _last(server: TelegramServer) -> str:
    return " ".join(f"[{label}]" for label in server.shown()[-1].labels)


def _seen(content: bytes) -> str:
    """What a player says of a video, where the platform does not."""
    with av.open(BytesIO(content)) as file:
        stream = file.streams.video[0]
        assert file.duration is not None
        seconds = file.duration / av.time_base
        return f"{stream.width}×{stream.height}, {seconds:.0f} s, {_size(content)}"


def _size(content: bytes) -> str:
    return f"{len(content) / 1000:.0f} kB"


def _quoted(text: str) -> str:
    return "\n".join(f"> {line}  " if line else ">" for line in text.split("\n"))


def _add(lines: list[str], new: list[str]) -> None:
    """Add lines; of edits that differ in a number alone the last one stays."""
    for line in new:
        if lines and re.sub(r"\d+", "0", lines[-1]) == re.sub(r"\d+", "0", line) and "✎" in line:
            lines[-1] = line
        else:
            lines.append(line)


async def page() -> str:
    """The whole page."""
    with tempfile.TemporaryDirectory() as folder:
        places = [Path(folder) / name for name in ("telegram", "whatsapp")]
        for place in places:
            place.mkdir()
        told = await asyncio.gather(telegram(places[0]), whatsapp(places[1]))
    return "\n".join([_HEAD, *told])


if __name__ == "__main__":
    PAGE.write_text(asyncio.run(page()))
    sys.stdout.write(f"{PAGE}\n")
