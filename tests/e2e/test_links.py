"""A video over the limit of a chat: the link that comes instead, through the real adapters, to the bytes."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
from botcore_whatsapp.plugin import WEBHOOK_PATH

from botcore.app import App, Role, open_app
from botcore.hooks.descriptors import AdapterDescriptor
from botcore.model import MediaLimit, Status
from botcore.state.models import VideoRow
from botcore.testing.telegram_server import TelegramServer
from botcore.testing.whatsapp_server import VERIFY_TOKEN, WhatsAppServer
from botcore.web.server import serving
from tests.core.surface import host_of, settings_for
from tests.e2e.telegram_process import telegram
from tests.e2e.whatsapp_process import whatsapp
from tests.ports import free_port

CODE = "draw a film that is far too long for a chat"
LINK = re.compile(r"http://127\.0\.0\.1:\d+/api/v1/video/\w+/access\?t=[\w-]{43}")


@asynccontextmanager
async def bot(folder: Path, platform: AdapterDescriptor, port: int) -> AsyncIterator[App]:
    """A bot on a platform that takes files of ten bytes."""
    can = replace(platform.capabilities, media=(MediaLimit("*/*", 10),))
    settings = settings_for(folder, web={"port": port, "public_url": f"http://127.0.0.1:{port}"})
    host = host_of(settings, replace(platform, capabilities=can))
    async with (
        open_app(settings, Role("serve", terminal=False), host=host) as app,
        app.working(),
        serving(app, asyncio.Event()),
    ):
        yield app


def link_in(shown: list[Any]) -> str | None:
    found = [match[0] for message in shown if (match := LINK.search(message.text))]
    return found[0] if found else None


async def watch(app: App, link: str) -> None:
    """Look, take, see; and nobody else does."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as person:
        async with person.get(link) as page:
            assert page.status == 200
        async with person.post(link) as film:
            assert await film.text() == CODE
    async with aiohttp.ClientSession() as other, other.post(link) as late:
        assert late.status == 410
    video = await app.state.videos.get(link.split("/")[-2])
    assert video is not None
    assert (await app.state.jobs.get(video.job_id)).status is Status.DELIVERED


async def test_on_telegram_the_link_follows_the_status_message(tmp_path: Path) -> None:
    async with TelegramServer() as server, bot(tmp_path, telegram(server.url, "polling"), free_port()) as app:
        server.people.say(CODE)
        await server.until(lambda: link_in(server.shown()))
        status, message = server.shown()
        assert status.text == "Your video is ready."
        assert message.text.startswith("Your video is ready, but it cannot be sent into this chat.")
        assert not message.preview
        assert message.labels == ["In high quality", "Vertical", "Show code"]
        assert server.videos() == []
        await watch(app, link_in(server.shown()) or "")


async def test_on_whatsapp_the_link_comes_in_a_message_of_its_own(tmp_path: Path) -> None:
    port = free_port()
    async with WhatsAppServer() as server, bot(tmp_path, whatsapp(server.url), port) as app:
        assert await server.webhooks.subscribe(f"http://127.0.0.1:{port}{WEBHOOK_PATH}", VERIFY_TOKEN) == 200
        server.people.say(CODE)
        await server.until(lambda: link_in(server.shown()))
        assert not any(message.preview for message in server.shown())
        assert server.videos() == []
        await watch(app, link_in(server.shown()) or "")


async def test_a_link_that_nobody_followed_in_a_day_offers_to_draw_it_again(tmp_path: Path) -> None:
    async with TelegramServer() as server, bot(tmp_path, telegram(server.url, "polling"), free_port()) as app:
        server.people.say(CODE)
        await server.until(lambda: link_in(server.shown()))
        for row in await VideoRow.all():
            await VideoRow.filter(id=row.id).update(expires_at=row.expires_at - timedelta(days=1))
        app.reaper.bell.ring()
        await server.until(lambda: server.shown()[0].labels == ["Render again"])
        assert "was not taken within a day" in server.shown()[0].text
        async with aiohttp.ClientSession() as person, person.post(link_in(server.shown()) or "") as late:
            assert (late.status, (await late.json(content_type=None))["code"]) == (410, "video_expired")
