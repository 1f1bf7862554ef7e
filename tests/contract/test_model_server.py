"""The server of language models for tests refuses what the real ones refuse, in the form of each."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from botcore.testing.model_server import KEY, MODEL, SERVICES, Fails, ModelServer, Says

CHAT = [name for name in SERVICES if name != "gemini"]
HELLO = [{"role": "user", "content": "Hello!"}]


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as running:
        yield running


async def post(url: str, body: dict[str, Any], key: str = KEY) -> tuple[int, str, str]:
    """Status, content type and text of an answer."""
    headers = {"Authorization": f"Bearer {key}", "x-goog-api-key": key}
    async with (
        aiohttp.ClientSession(headers=headers) as client,
        client.post(url, data=json.dumps(body)) as response,
    ):
        return response.status, response.content_type, await response.text()


async def chat(server: ModelServer, service: str, *, key: str = KEY, **changes: Any) -> tuple[int, str, str]:
    body = {"model": MODEL, "messages": HELLO} | changes
    return await post(f"{server.url(service)}/chat/completions", body, key)


async def gemini(server: ModelServer, *, model: str = MODEL, key: str = KEY, **body: Any) -> Any:
    url = f"{server.url('gemini')}/v1beta/models/{model}:generateContent"
    body = {"contents": [{"role": "user", "parts": [{"text": "Hello!"}]}]} | body
    return await post(url, body, key)


@pytest.mark.parametrize("service", CHAT)
async def test_an_answer_comes_in_one_piece_or_in_a_stream(service: str, server: ModelServer) -> None:
    status, kind, text = await chat(server, service)
    assert (status, kind) == (200, "application/json")
    assert json.loads(text)["choices"][0]["message"]["content"] == "Hello!"

    status, kind, text = await chat(server, service, stream=True)
    assert (status, kind) == (200, "text/event-stream")
    events = [line.removeprefix("data: ") for line in text.split("\n\n") if line]
    assert events[-1] == "[DONE]"
    pieces = [json.loads(event) for event in events[:-1]]
    deltas = [choice["delta"].get("content", "") for piece in pieces for choice in piece["choices"]]
    assert "".join(deltas) == "Hello!"


@pytest.mark.parametrize("service", CHAT)
async def test_a_wrong_key_a_wrong_model_and_a_wrong_form_are_refused(
    service: str, server: ModelServer
) -> None:
    wrong = [{"role": "assistant", "content": "I speak first"}]
    assert (await chat(server, service, key="sk-other"))[0] == 401
    assert (await chat(server, service, model="gpt-0"))[0] == 404
    for messages in ([], wrong, [{"role": "robot", "content": "x"}]):
        assert (await chat(server, service, messages=messages))[0] == 400
    assert len(server.asked) == 5, "what was refused is kept, too"


async def test_gemini_refuses_in_its_own_way(server: ModelServer) -> None:
    status, _, text = await gemini(server)
    assert json.loads(text)["candidates"][0]["content"]["parts"] == [{"text": "Hello!"}]
    assert status == 200
    status, _, text = await gemini(server, key="AIza-other")
    assert (status, json.loads(text)["error"]["details"][0]["reason"]) == (400, "API_KEY_INVALID")
    assert (await gemini(server, model="gemini-0"))[0] == 404
    assert (await gemini(server, contents=[]))[0] == 400


async def test_errors_have_the_form_of_the_service(server: ModelServer) -> None:
    server.say(Fails(429, "rate_limit_exceeded", "Slow down.", {"Retry-After": "3"}))
    told = {service: json.loads((await chat(server, service))[2]) for service in CHAT}
    assert told["openai"]["error"]["code"] == "rate_limit_exceeded"
    assert told["huggingface"]["error"] == "Slow down. (rate_limit_exceeded)"
    assert told["cloudflare"]["errors"] == [{"code": 3040, "message": "Slow down."}]


async def test_a_script_is_played_once_and_its_last_line_stays(server: ModelServer) -> None:
    server.say(Fails(503), Says(text="second"), Says(text="last"))
    assert (await chat(server, "openai"))[0] == 503
    texts = [(await chat(server, "openai"))[2] for _ in range(3)]
    assert ["second" in texts[0], "last" in texts[1], "last" in texts[2]] == [True, True, True]


async def test_nothing_is_at_other_addresses(server: ModelServer) -> None:
    status, kind, _ = await post(f"{server.url('openai')}/nothing", {})
    assert (status, kind) == (404, "text/html")
    assert server.asked == []
