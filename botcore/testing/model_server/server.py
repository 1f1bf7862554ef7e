"""The server: what was asked, what is checked, and how an answer goes over the wire."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from botcore.testing.model_server.replies import Breaks, Fails, Reply, Says, Sends, Then
from botcore.testing.model_server.services import SERVICES, Json, Service, find

KEY = "sk-canary-4f1d7c20b9e84a6f-must-never-be-seen"  # opens nothing
MODEL = "test-model"
_LARGEST = 32 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Asked:
    """One request: to which service, with which headers and body."""

    service: str
    path: str
    headers: dict[str, str]
    body: Json

    @property
    def text(self) -> str:
        """Everything that was asked, as it stands in the body."""
        return json.dumps(self.body, ensure_ascii=False)


class ModelServer:
    """Language models for tests, on a free port of loopback::

        async with ModelServer() as server:
            server.say(Fails(503), Says(text="the answer"))   # one request each; later ones get the last
            ...                                               # a provider that uses server.url("groq")
            assert server.asked[0].body["model"] == MODEL

    Without a script each question is answered by ``server.answer``, which repeats what was asked last.

    :param key: the one key that is taken; None takes everybody.
    """

    def __init__(self, key: str | None = KEY) -> None:
        self.key = key
        self.asked: list[Asked] = []
        """Every request that came, also those that were refused."""
        self.answer: Callable[[Asked], Reply] = lambda asked: Says(text=last_words(asked) or "nothing")
        self._script: list[Reply] = []
        self._root = ""

    def url(self, service: str) -> str:
        """The base URL of a service."""
        return self._root + SERVICES[service].base

    def say(self, *replies: Reply) -> None:
        """Answer the next requests so; the last reply is repeated."""
        self._script = list(replies)

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=_LARGEST)
        app.router.add_route("*", "/{path:.*}", self._answer)
        # A client that leaves ends its handler: an answer may wait for ever.
        self._runner = web.AppRunner(app, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._root = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        address = find(request.path)
        if address is None:
            return web.Response(
                status=404, text="<html><h1>404 Not Found</h1></html>", content_type="text/html"
            )
        service = address.service
        body = await request.json()
        asked = Asked(service.name, address.path, dict(request.headers), body)
        self.asked.append(asked)
        if fault := self._fault(service, request, body):
            return self._error(service, fault)
        reply = self.answer(asked)
        if self._script:
            reply = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        match reply:
            case Fails():
                return self._error(service, reply)
            case Sends():
                return await self._send(request, reply)
            case Says() | Breaks():
                if isinstance(reply, Says) and (reply.plain or not service.streams(request, body)):
                    return web.json_response(service.whole(reply, service.model_of(request, body)))
                return await self._stream(request, service, reply, body)

    def _fault(self, service: Service, request: web.Request, body: Json) -> Fails | None:
        if self.key is not None and service.key_of(request) != self.key:
            return Fails(401, "invalid_api_key", f"Incorrect API key provided: {service.key_of(request)}.")
        model = service.model_of(request, body)
        if model != MODEL:
            return Fails(404, "model_not_found", f"The model {model} does not exist.")
        if fault := service.fault_of(body):
            return Fails(400, "invalid_request", fault)
        return None

    def _error(self, service: Service, fails: Fails) -> web.Response:
        body = service.error(fails.status, fails.code, fails.message)
        inner = body.get("error")
        told = inner.get("code") if isinstance(inner, dict) else None
        status = told if isinstance(told, int) else fails.status
        return web.json_response(body, status=status, headers=fails.headers)

    async def _send(self, request: web.Request, sends: Sends) -> web.StreamResponse:
        response = web.StreamResponse(status=sends.status, headers={"Content-Type": sends.content_type})
        await response.prepare(request)
        for _ in range(sends.repeat):
            await response.write(sends.body)
        await response.write_eof()
        return response

    async def _stream(
        self, request: web.Request, service: Service, reply: Says | Breaks, body: Json
    ) -> web.StreamResponse:
        says = reply if isinstance(reply, Says) else Says(text="half of it")
        await asyncio.sleep(says.wait)
        response = web.StreamResponse(headers={"Content-Type": "text/event-stream; charset=utf-8"})
        await response.prepare(request)
        chunks = service.chunks(says, service.model_of(request, body), body)
        events = [json.dumps(chunk) for chunk in chunks] + ([service.last] if service.last else [])
        half = len(events) if says.then is Then.END and isinstance(reply, Says) else len(events) // 2
        for event in events[:half]:
            await response.write(f"data: {event}{says.line_end}{says.line_end}".encode())
        if isinstance(reply, Breaks):
            broken = json.dumps(service.error(500, reply.code, reply.message))
            await response.write(f"data: {broken}\n\n".encode())
        match says.then:
            case Then.STALL:
                await asyncio.Event().wait()
            case Then.DISCONNECT if request.transport is not None:
                await response.write(b'data: {"cho')
                request.transport.abort()
                return response
        await response.write_eof()
        return response


def last_words(asked: Asked) -> str:
    """The text that the user said last."""
    if asked.service == "gemini":
        return "".join(part.get("text", "") for part in asked.body["contents"][-1]["parts"])
    content: Any = asked.body["messages"][-1]["content"]
    if isinstance(content, str):
        return content
    return "".join(part.get("text", "") for part in content)
