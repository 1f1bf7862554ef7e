"""The Bot API server for tests refuses what the real one refuses, in its words."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import aiohttp.web
import pytest
import pytest_asyncio

from botcore.testing.telegram_server import PERSON, SECRET_HEADER, TelegramServer

UNMODIFIED = "message is not modified"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer(https_only=True) as running:
        yield running


@pytest_asyncio.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as one:
        yield one


class Caller:
    def __init__(self, server: TelegramServer, client: aiohttp.ClientSession) -> None:
        self.server = server
        self.client = client

    async def __call__(self, method: str, *, token: str | None = None, **fields: Any) -> dict[str, Any]:
        """The answer to a call in JSON."""
        url = f"{self.server.url}/bot{token or self.server.token}/{method}"
        async with self.client.post(url, json=fields) as response:
            answer: dict[str, Any] = await response.json()
            assert answer["ok"] is response.ok
            assert answer.get("error_code", 200) == response.status
            return answer

    async def say(self, text: str, **fields: Any) -> dict[str, Any]:
        return await self("sendMessage", chat_id=PERSON, text=text, **fields)


@pytest.fixture
def call(server: TelegramServer, client: aiohttp.ClientSession) -> Caller:
    return Caller(server, client)


async def test_tokens_methods_and_chats_have_to_exist(call: Caller) -> None:
    assert (await call("getMe", token="1:wrong"))["description"] == "Unauthorized"
    assert (await call("getYou"))["error_code"] == 404
    assert "chat not found" in (await call("sendMessage", chat_id=1, text="x"))["description"]
    assert (await call("GETME"))["result"]["is_bot"] is True


async def test_texts_have_a_length_in_utf16_units(call: Caller) -> None:
    assert (await call.say("👋" * 2048))["ok"]
    assert "too long" in (await call.say("👋" * 2048 + "x"))["description"]
    assert "text is empty" in (await call.say(" \n "))["description"]
    assert (await call.say("  x  "))["result"]["text"] == "x"


async def test_entities_lie_inside_their_text(call: Caller) -> None:
    inside = {"type": "pre", "offset": 1, "length": 2}
    assert (await call.say("a👋b", entities=[inside]))["ok"]
    for wrong in ({"length": 4}, {"offset": -1}, {"length": 0}, {"type": "loud"}, {"offset": "1"}):
        assert not (await call.say("a👋b", entities=[inside | wrong]))["ok"]


async def test_buttons_do_one_thing_and_hold_64_bytes(call: Caller) -> None:
    async def keyboard(**button: str) -> bool:
        markup = {"inline_keyboard": [[{"text": "x", **button}]]}
        return bool((await call.say("x", reply_markup=markup))["ok"])

    assert await keyboard(callback_data="ñ" * 32)
    assert not await keyboard(callback_data="ñ" * 32 + "x")
    assert not await keyboard()
    assert not await keyboard(callback_data="x", url="https://example.org")
    assert not await keyboard(url="http://localhost/x")
    assert not await keyboard(callback_data="x", text="")
    assert await keyboard(url="https://example.org/x")


async def test_edits_change_messages_of_the_bot_and_only_then(server: TelegramServer, call: Caller) -> None:
    update = server.people.say("hello")
    assert update is not None
    theirs, ours = update["message"]["message_id"], (await call.say("one"))["result"]["message_id"]

    async def edit(number: int, text: str) -> str:
        answer = await call("editMessageText", chat_id=PERSON, message_id=number, text=text)
        return str(answer.get("description", ""))

    assert await edit(ours, "two") == ""
    assert UNMODIFIED in await edit(ours, "two")
    assert "can't be edited" in await edit(theirs, "two")
    assert "message to edit not found" in await edit(999, "two")
    assert server.texts() == ["two"]


async def test_uploads_are_kept_and_limited(
    server: TelegramServer, call: Caller, client: aiohttp.ClientSession
) -> None:
    async def upload(size: int, caption: str = "") -> int:
        form = aiohttp.FormData({"chat_id": str(PERSON), "caption": caption, "width": "16"})
        form.add_field("video", io.BytesIO(b"x" * size), filename="a.mp4")
        async with client.post(f"{server.url}/bot{server.token}/sendVideo", data=form) as response:
            return response.status

    assert await upload(100) == 200
    assert server.videos() == [b"x" * 100]
    assert await upload(1, "c" * 1025) == 400
    assert await upload(50_000_001) == 413
    assert "there is no video" in (await call("sendVideo", chat_id=PERSON))["description"]
    media = {"type": "video", "media": "attach://nothing"}
    number = server.shown()[0].message_id
    assert not (await call("editMessageMedia", chat_id=PERSON, message_id=number, media=media))["ok"]


async def test_a_poll_waits_confirms_and_gives_way(server: TelegramServer, call: Caller) -> None:
    waiting = asyncio.ensure_future(call("getUpdates", timeout=20))
    await server.until(lambda: server.called("getUpdates"))
    server.people.say("one")
    (update,) = (await waiting)["result"]
    again = (await call("getUpdates", timeout=0))["result"]
    assert [item["update_id"] for item in again] == [update["update_id"]], "not confirmed yet"
    assert (await call("getUpdates", offset=update["update_id"] + 1))["result"] == []

    first = asyncio.ensure_future(call("getUpdates", timeout=20))
    await server.until(lambda: len(server.called("getUpdates")) == 4)
    await call("getUpdates")
    assert "terminated by other getUpdates" in (await first)["description"]


async def test_a_webhook_is_https_and_ends_polling(call: Caller) -> None:
    assert "HTTPS" in (await call("setWebhook", url="http://example.org"))["description"]
    assert not (await call("setWebhook", url="https://example.org", secret_token="naïve"))["ok"]
    assert (await call("setWebhook", url="https://example.org", allowed_updates=["message"]))["ok"]
    assert (await call("getUpdates"))["error_code"] == 409
    assert (await call("getWebhookInfo"))["result"]["url"] == "https://example.org"
    assert (await call("deleteWebhook"))["ok"]
    assert (await call("getUpdates"))["ok"]


async def test_a_webhook_gets_every_update_with_the_secret_until_it_takes_it() -> None:
    came: list[tuple[str | None, str]] = []

    async def take(request: aiohttp.web.Request) -> aiohttp.web.Response:
        update = json.loads(await request.read())
        came.append((request.headers.get(SECRET_HEADER), update["message"]["text"]))
        return aiohttp.web.Response(status=503 if len(came) == 1 else 200)

    app = aiohttp.web.Application()
    app.router.add_post("/hook", take)
    runner = aiohttp.web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await aiohttp.web.TCPSite(runner, "127.0.0.1", 0).start()
    try:
        async with TelegramServer() as server, aiohttp.ClientSession() as client:
            call = Caller(server, client)
            url = f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
            assert (await call("setWebhook", url=url, secret_token="s3cret"))["ok"]
            server.people.say("one")
            server.people.say("two")
            await server.until(lambda: not server.updates.pending)
    finally:
        await runner.cleanup()
    assert came == [("s3cret", "one"), ("s3cret", "one"), ("s3cret", "two")]


async def test_faults_are_made_to_order(server: TelegramServer, call: Caller) -> None:
    server.flood("sendMessage", 3)
    assert (await call.say("x"))["parameters"] == {"retry_after": 3}
    server.people.chat().blocked = True
    assert (await call.say("x"))["error_code"] == 403
    assert server.shown() == []


async def test_menus_have_valid_names_and_languages(server: TelegramServer, call: Caller) -> None:
    good = [{"command": "help", "description": "Help"}]
    assert (await call("setMyCommands", commands=good, language_code="es"))["ok"]
    assert (await call("getMyCommands", language_code="es"))["result"] == good
    for wrong in ({"command": "Help"}, {"command": ""}, {"description": ""}, {"description": "x" * 257}):
        assert not (await call("setMyCommands", commands=[good[0] | wrong]))["ok"]
    assert not (await call("setMyCommands", commands=good, language_code="english"))["ok"]
