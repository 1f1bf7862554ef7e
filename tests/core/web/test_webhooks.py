"""What platforms send: it comes whole and in time, or the connection ends."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web

from botcore.hooks.descriptors import AdapterDescriptor, Route
from botcore.ports import Receive
from botcore.telemetry import configure_logging
from botcore.testing.doubles import ChatAdapter, made_by
from botcore.web import bodies
from tests.core.surface import CHAT, eventually
from tests.core.web.conftest import Site, say, served

HEAD = b"POST /hook HTTP/1.1\r\nHost: a\r\nX-Request-Id: theirs\r\n"


async def answer(_adapter: ChatAdapter, request: web.Request, _receive: Receive) -> web.Response:
    return web.json_response({"read": len(await request.read())})


@pytest_asyncio.fixture
async def hooked(tmp_path: Path) -> AsyncIterator[Site]:
    """A site with a platform that posts to it."""
    platform = AdapterDescriptor(
        name="test",
        capabilities=CHAT,
        factory=made_by(ChatAdapter),
        routes=(Route(method="POST", path="/hook", handle=answer, max_body=100),),
    )
    async with served(tmp_path, platform) as site:
        yield site


async def test_a_body_is_handed_on_whole(hooked: Site) -> None:
    async with hooked.new_client() as client, client.post("/hook", data=b"x" * 100) as response:
        assert (response.status, await response.json()) == (200, {"read": 100})


async def test_in_pieces_it_is_waited_for(hooked: Site) -> None:
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(5):
            yield b"x" * 20
            await asyncio.sleep(0)

    async with hooked.new_client() as client, client.post("/hook", data=pieces()) as response:
        assert (response.status, await response.json()) == (200, {"read": 100})


async def test_a_longer_one_than_the_platform_sends_is_refused(hooked: Site) -> None:
    async with hooked.new_client() as client, client.post("/hook", data=b"x" * 101) as response:
        assert response.status == 413
        assert (await response.json(content_type=None))["code"] == "request_entity_too_large"


async def test_one_that_does_not_come_is_not_waited_for(
    hooked: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bodies, "BODY_SECONDS", 0.05)
    head, problem = await say(hooked, HEAD, b"Content-Length: 50\r\n\r\n{")
    assert head.startswith(b"HTTP/1.1 408 ")
    assert problem["code"] == "body_slow"


async def test_a_platform_that_leaves_amid_it_is_no_error_of_the_server(hooked: Site) -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    host, port = hooked.address.removeprefix("http://").split(":")
    _, writer = await asyncio.open_connection(host, int(port))
    writer.write(HEAD + b"Content-Length: 50\r\n\r\n{")
    await writer.drain()
    writer.close()

    async def logged() -> list[dict[str, Any]]:
        lines = [json.loads(line) for line in stream.getvalue().splitlines()]
        return [line for line in lines if line.get("request") == "theirs"]

    try:
        lines = await eventually(logged)
    finally:
        configure_logging()
    assert [(line["event"], line["level"], line["status"]) for line in lines] == [("request", "info", 400)]
