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
from pathlib import Path

from botcore.testing import telegram_server, whatsapp_server
from botcore.testing.telegram_server import TelegramServer
from botcore.testing.telegram_server.calls import Call
from botcore.testing.whatsapp_server import WhatsAppServer
from tests.adapters.telegram.ground import free_port
from tests.e2e.conftest import Machine, Server

PAGE = Path(__file__).parents[2] / "docs" / "conversations.md"
PROBLEM = "solve x^2 - 5x + 6 = 0"
SECONDS = 300.0
_HEAD = """\
# Conversations

What a student sees. These are not mock-ups: `python -m tests.docs.conversations` wrote this page from what
`botcore serve` sent, with the exact solver and the renderer at low quality, and a test compares the two.
Buttons stand in brackets; “✎” is the message above, edited in place.
"""


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
            for text, videos in ((PROBLEM, 1), ("vertical", 2), ("/language es", 2), ("x", 2)):
                replied = [shown.message_id for shown in server.shown() if shown.media is not None]
                before = len(server.texts())
                reply_to = replied[-1] if text == "vertical" else None
                lines.append(f"**Ada**{' (answers the video)' if reply_to else ''}: {text}")
                server.people.say(text, reply_to=reply_to)
                new = 2 if videos > len(replied) else 1
                await server.until(
                    lambda count=before + new, videos=videos: (
                        len(server.texts()) >= count and len(server.videos()) >= videos
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
            for text, videos in ((PROBLEM, 1), ("/language es", 1), ("x", 1)):
                before, had = len(server.shown()), len(server.videos())
                lines.append(f"**Ada**: {text}")
                server.people.say(text)
                await server.until(
                    lambda before=before, videos=videos: (
                        len(server.shown()) > before and len(server.videos()) >= videos
                    ),
                    seconds=SECONDS,
                )
                for shown in server.shown()[before:]:
                    buttons = "".join(f" [{label}]" for label in shown.labels)
                    media = f"🎬 {_size(shown.media.content)} " if shown.media is not None else ""
                    _add(lines, [_quoted(media + shown.text + buttons)])
                assert len(server.videos()) == had + (videos - had)
    return "\n\n".join(["## WhatsApp", *lines]) + "\n"


def alike(text: str) -> str:
    """``text`` without what differs from run to run: seconds, bytes, and the stages that the status message
    was edited through, of which a fast machine shows fewer."""
    lasting = [part for part in text.split("\n\n") if "✎" not in part or "🎬" in part]
    return re.sub(r"\d+ (?=s,|kB)", "0 ", "\n\n".join(lasting))


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
