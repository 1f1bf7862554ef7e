"""What a client of httpx2 is kept from."""

from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from botcore.errors import ProviderError
from botcore.llm import ModelSettings
from botcore.llm.http import (
    BODY_BYTES,
    CONNECT_S,
    TOKEN_BYTES,
    closing_responses,
    only_answers,
    own_timeouts,
)

SETTINGS = ModelSettings(base_url="http://models.example/v1", model="m", max_tokens=100, timeout=30.0)
MOST = BODY_BYTES + 100 * TOKEN_BYTES


class Body(httpx2.AsyncByteStream):
    """So many bytes, and whether they were closed."""

    def __init__(self, size: int) -> None:
        self.size = size
        self.closed = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for start in range(0, self.size, 65536):
            yield b"x" * min(65536, self.size - start)

    async def aclose(self) -> None:
        self.closed = True


def client(kind: str, body: Body, status: int = 200) -> httpx2.AsyncClient:
    answer = httpx2.Response(status, headers={"content-type": kind}, stream=body)
    hooks = {"request": [own_timeouts(SETTINGS)], "response": [only_answers(SETTINGS)]}
    return httpx2.AsyncClient(transport=httpx2.MockTransport(lambda _: answer), event_hooks=hooks)


@pytest.mark.parametrize(
    ("kind", "status", "most"),
    [
        ("text/event-stream; charset=utf-8", 200, MOST),
        ("application/json", 200, BODY_BYTES),
        ("text/html", 500, BODY_BYTES),
    ],
)
async def test_a_body_ends_where_it_grows_too_long(kind: str, status: int, most: int) -> None:
    async with client(kind, Body(most), status) as http, closing_responses():
        assert len((await http.get("http://h/")).content) == most
    body = Body(most + 1)
    async with client(kind, body, status) as http:
        with pytest.raises(ProviderError, match="too many bytes"):
            async with closing_responses():
                await http.get("http://h/")
    assert body.closed


async def test_a_page_is_no_answer() -> None:
    body = Body(10)
    async with client("text/html", body) as http:
        with pytest.raises(ProviderError, match="is base_url right"):
            async with closing_responses():
                await http.get("http://h/")
    assert body.closed


async def test_a_response_that_nobody_reads_is_closed_with_the_call() -> None:
    body = Body(BODY_BYTES)
    async with client("text/event-stream", body) as http:
        async with closing_responses():
            response = await http.send(http.build_request("GET", "http://h/"), stream=True)
            await anext(response.aiter_raw())
            assert not body.closed
        assert body.closed


async def test_no_request_waits_as_long_as_an_sdk_would_have_it() -> None:
    async with client("application/json", Body(2)) as http, closing_responses():
        response = await http.get("http://h/", timeout=None)
    assert response.request.extensions["timeout"]["connect"] == CONNECT_S
    assert response.request.extensions["timeout"]["read"] == 30.0
