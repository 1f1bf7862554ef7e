"""The double of the Graph API refuses what the real one refuses, asked without our adapter."""

from __future__ import annotations

import asyncio
import io
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from aiohttp import web

from botcore.testing.whatsapp_server import (
    APP_SECRET,
    PERSON,
    SIGNATURE_HEADER,
    VERIFY_TOKEN,
    WhatsAppServer,
    signature,
)

MP4 = b"\x00\x00\x00\x18ftypisom"


@pytest_asyncio.fixture
async def server() -> AsyncIterator[WhatsAppServer]:
    async with WhatsAppServer() as running:
        yield running


async def call(server: WhatsAppServer, path: str, **request: Any) -> tuple[int, Any]:
    headers = {"Authorization": f"Bearer {request.pop('token', server.token)}"}
    method = "POST" if request else "GET"
    async with (
        aiohttp.ClientSession(headers=headers) as client,
        client.request(method, f"{server.url}{path}", **request) as response,
    ):
        kind = response.content_type
        return response.status, await (response.json() if kind == "application/json" else response.read())


async def send(server: WhatsAppServer, **body: Any) -> tuple[int, int]:
    """A message; the status of the answer and the code of its error."""
    whole = {"messaging_product": "whatsapp", "to": PERSON, **body}
    status, answer = await call(server, f"/v24.0/{server.number_id}/messages", json=whole)
    return status, answer["error"]["code"] if "error" in answer else 0


async def upload(server: WhatsAppServer, content: bytes, media_type: str = "video/mp4") -> tuple[int, Any]:
    form = aiohttp.FormData()
    form.add_field("messaging_product", "whatsapp")
    form.add_field("type", media_type)
    form.add_field("file", io.BytesIO(content), filename="file", content_type=media_type)
    return await call(server, f"/v24.0/{server.number_id}/media", data=form)


def text(body: Any) -> dict[str, Any]:
    return {"type": "text", "text": {"body": body}}


def buttons(*titles: str, body: str = "Well?", ids: tuple[str, ...] = ()) -> dict[str, Any]:
    made = [
        {"type": "reply", "reply": {"id": name, "title": title}}
        for title, name in zip(titles, ids or tuple(f"/{title}" for title in titles), strict=True)
    ]
    return interactive("button", {"buttons": made}, body)


def rows(count: int, title: str = "Row", menu: str = "Choose") -> dict[str, Any]:
    made = [{"id": f"/{number}", "title": title} for number in range(count)]
    return interactive("list", {"button": menu, "sections": [{"rows": made}]})


def interactive(kind: str, action: Any, body: str = "Well?") -> dict[str, Any]:
    return {"type": "interactive", "interactive": {"type": kind, "body": {"text": body}, "action": action}}


def link(title: str, url: str) -> dict[str, Any]:
    return interactive("cta_url", {"name": "cta_url", "parameters": {"display_text": title, "url": url}})


FITTING = (
    text("x" * 4096),
    buttons("Yes", "No", "x" * 20),
    buttons("Yes", body="x" * 1024),
    rows(10, "x" * 24),
    link("Watch", "https://example.org/x?y=z"),
)
REFUSED = (
    (text(""), 131008),
    (text(5), 100),
    (text("x" * 4097), 100),
    ({"type": "text"}, 131008),
    ({"type": "poll", "poll": {}}, 131009),
    (buttons("1", "2", "3", "4"), 131009),
    (buttons(), 131009),
    (buttons("x" * 21), 100),
    (buttons("Yes", ids=("x" * 257,)), 100),
    (buttons("Yes", "Yes", ids=("/1", "/2")), 131009),
    (buttons("Yes", "No", ids=("/1", "/1")), 131009),
    (buttons("Yes", body="x" * 1025), 100),
    (rows(11), 131009),
    (rows(1, "x" * 25), 100),
    (rows(1, menu="x" * 21), 100),
    (link("Watch", "ftp://example.org"), 131009),
    ({**text("hi"), "biz_opaque_callback_data": "x" * 513}, 100),
    ({**text("hi"), "context": {"message_id": "wamid.never"}}, 131009),
    ({**text("hi"), "to": "nobody"}, 131009),
    ({**text("hi"), "messaging_product": "sms"}, 131008),
    ({"type": "video", "video": {"id": "404"}}, 100),
    ({"type": "template", "template": {"name": "none", "language": {"code": "en"}}}, 132001),
    ({"status": "read", "message_id": "wamid.never"}, 100),
)


async def test_messages_within_the_limits_are_taken(server: WhatsAppServer) -> None:
    for body in FITTING:
        assert await send(server, **body) == (200, 0), body
    assert len(server.shown()) == len(FITTING)


async def test_messages_beyond_them_are_refused_and_shown_to_nobody(server: WhatsAppServer) -> None:
    for body, code in REFUSED:
        status, found = await send(server, **body)
        assert (status >= 400, found) == (True, code), body
    assert not server.shown()


async def test_only_who_has_the_token_and_names_the_number_is_heard(server: WhatsAppServer) -> None:
    body = {"messaging_product": "whatsapp", "to": PERSON, **text("hi")}
    status, answer = await call(server, f"/v24.0/{server.number_id}/messages", json=body, token="x")
    assert (status, answer["error"]["code"]) == (401, 190)
    status, answer = await call(server, "/v24.0/1/messages", json=body)
    assert (status, answer["error"]["code"]) == (400, 100)
    assert not server.shown()


async def test_uploads_are_checked_kept_and_shown(server: WhatsAppServer) -> None:
    assert (await upload(server, b"GIF89a", "image/gif"))[0] == 400
    assert (await upload(server, b""))[0] == 413
    _, small = await upload(server, MP4)
    _, large = await upload(server, MP4 + bytes(16_000_000))
    assert await send(server, type="video", video={"id": small["id"], "caption": "x" * 1024}) == (200, 0)
    assert await send(server, type="video", video={"id": small["id"], "caption": "x" * 1025}) == (400, 100)
    assert await send(server, type="image", image={"id": small["id"]}) == (400, 100)
    assert await send(server, type="video", video={"id": large["id"]}) == (400, 100)
    assert await send(server, type="document", document={"id": large["id"]}) == (200, 0)
    assert server.videos() == [MP4, MP4 + bytes(16_000_000)]


async def test_files_are_had_in_two_steps_and_only_with_the_token(server: WhatsAppServer) -> None:
    _, kept = await upload(server, MP4)
    _, about = await call(server, f"/v24.0/{kept['id']}")
    assert (about["mime_type"], about["file_size"]) == ("video/mp4", len(MP4))
    path = about["url"].removeprefix(server.url)
    assert await call(server, path) == (200, MP4)
    assert (await call(server, path, token="x"))[0] == 401
    assert (await call(server, "/v24.0/404"))[0] == 400


async def test_after_a_day_only_templates_arrive(server: WhatsAppServer) -> None:
    server.messages.templates.add(("come_back", "en"))
    server.messages.forward(hours=24)
    assert await send(server, **text("hi")) == (200, 0)
    (value,) = server.webhooks.pending
    assert value["statuses"][0]["errors"][0]["code"] == 131047
    server.messages.closes_at_once = True
    assert await send(server, **text("hi")) == (400, 131047)
    template = {"name": "come_back", "language": {"code": "en"}}
    assert await send(server, type="template", template=template) == (200, 0)
    server.people.say("yes")
    assert await send(server, **text("hi")) == (200, 0)
    assert [shown.template or shown.text for shown in server.shown()] == ["come_back", "hi"]


async def test_who_is_not_on_whatsapp_is_told_by_a_status(server: WhatsAppServer) -> None:
    assert await send(server, **{**text("hi"), "to": "15559999999"}) == (200, 0)
    assert server.webhooks.pending[0]["statuses"][0]["errors"][0]["code"] == 131026


class Listener:
    """A webhook that keeps what comes; ``answers`` are the statuses that it gives, then 200."""

    def __init__(self, *answers: int) -> None:
        self.answers = list(answers)
        self.bodies: list[tuple[bytes, str]] = []

    @asynccontextmanager
    async def at(self) -> AsyncIterator[str]:
        app = web.Application()
        app.router.add_get("/hook", self._challenge)
        app.router.add_post("/hook", self._take)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        try:
            yield f"http://127.0.0.1:{runner.addresses[0][1]}/hook"
        finally:
            await runner.cleanup()

    async def _challenge(self, request: web.Request) -> web.Response:
        right = request.query["hub.verify_token"] == VERIFY_TOKEN
        return web.Response(text=request.query["hub.challenge"]) if right else web.Response(status=403)

    async def _take(self, request: web.Request) -> web.Response:
        self.bodies.append((await request.read(), request.headers[SIGNATURE_HEADER]))
        return web.Response(status=self.answers.pop(0) if self.answers else 200)


async def test_webhooks_are_signed_batched_and_sent_until_they_are_taken(server: WhatsAppServer) -> None:
    listener = Listener(500, 503)
    async with listener.at() as url:
        assert await server.webhooks.subscribe(url, "wrong") == 403
        server.webhooks.batch = 3
        for number in range(3):
            server.people.say(f"message {number}", chat=f"1555000{number}000")
        assert not listener.bodies, "nobody has subscribed"
        assert await server.webhooks.subscribe(url, VERIFY_TOKEN) == 200
        await server.until(lambda: not server.webhooks.pending)
    assert server.webhooks.attempts == [500, 503, 200]
    assert len({body for body, _ in listener.bodies}) == 1
    for body, signed in listener.bodies:
        assert signed == signature(APP_SECRET, body)
        assert all(f"message {number}".encode() in body for number in range(3))


async def test_webhooks_come_twice_and_in_any_order_when_a_test_wants_it(server: WhatsAppServer) -> None:
    listener = Listener()
    async with listener.at() as url:
        server.webhooks.copies = 2
        server.webhooks.shuffled = random.Random(1)  # noqa: S311  # a repeatable test
        server.webhooks.paused = True
        assert await server.webhooks.subscribe(url, VERIFY_TOKEN) == 200
        said = [server.people.say(f"message {number}") for number in range(8)]
        server.webhooks.paused = False
        server.webhooks.wake()
        await server.until(lambda: not server.webhooks.pending)
    came = [next(name for name in said if name.encode() in body) for body, _ in listener.bodies]
    assert came[::2] == came[1::2]
    assert sorted(came[::2]) == sorted(said)
    assert came[::2] != said


async def test_a_call_can_be_carried_out_and_its_answer_lost_or_kept_back(server: WhatsAppServer) -> None:
    server.lose_answer()
    with pytest.raises(aiohttp.ClientError):
        await send(server, **text("lost"))
    hold = server.hold()
    waiting = asyncio.ensure_future(send(server, **text("kept back")))
    await hold.reached.wait()
    assert server.texts() == ["lost", "kept back"]
    assert not waiting.done()
    hold.released.set()
    assert await waiting == (200, 0)
