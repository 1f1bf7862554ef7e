"""What a client of httpx2 gets, which is what SDKs of language models are made on.

Not a part of what ``botcore.llm`` offers at once: only a package that depends on httpx2 imports this module.
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from contextvars import ContextVar

import httpx2

from botcore.errors import ProviderError
from botcore.llm.settings import ModelSettings

BODY_BYTES = 1024 * 1024
"""Of one body that is no stream: an error, or an answer in one piece."""
CONNECT_S = 10.0
"""Seconds in which a server takes a connection, or is not there."""
TOKEN_BYTES = 1024
"""Of one token in a stream: servers wrap each in an envelope of some hundred bytes."""

_STREAM = "text/event-stream"
_JSON = "application/json"


_open: ContextVar[list[httpx2.Response]] = ContextVar("responses of this call")


@asynccontextmanager
async def closing_responses() -> AsyncIterator[None]:
    """Around one call: closes what :func:`only_answers` let in, whatever happened.

    An SDK closes a response when its own generators end. Those that nobody reads to their end are ended by
    the garbage collector, some time and in any order, which httpx2 does not survive quietly.
    """
    responses: list[httpx2.Response] = []
    token = _open.set(responses)
    try:
        yield
    finally:
        _open.reset(token)
        for response in responses:
            await response.aclose()


def media_type(response: httpx2.Response) -> str:
    """What the body is, without parameters."""
    return str(response.headers.get("content-type", "")).split(";")[0].strip().lower()


def only_answers(settings: ModelSettings) -> Callable[[httpx2.Response], Awaitable[None]]:
    """A hook for responses, inside :func:`closing_responses`: takes no page for an answer, and lets nobody
    fill the memory."""

    async def check(response: httpx2.Response) -> None:
        _open.get().append(response)
        kind = media_type(response)
        if response.status_code == httpx2.codes.OK and kind not in {_STREAM, _JSON}:
            raise ProviderError(f"{settings.host()} answers with something else: is base_url right?")
        if isinstance(response.stream, httpx2.AsyncByteStream):
            most = BODY_BYTES + (settings.max_tokens * TOKEN_BYTES if kind == _STREAM else 0)
            response.stream = _Bounded(response.stream, most, settings.host())

    return check


def own_timeouts(settings: ModelSettings) -> Callable[[httpx2.Request], Awaitable[None]]:
    """A hook for requests: those of the SDK are far too long, or none. How long an answer may take is for
    :func:`~botcore.llm.patience` to say."""
    limits = httpx2.Timeout(settings.timeout, connect=CONNECT_S).as_dict()

    async def limit(request: httpx2.Request) -> None:
        request.extensions["timeout"] = limits

    return limit


class _Bounded(httpx2.AsyncByteStream):
    """A body that ends with an error where it grows too long."""

    def __init__(self, inner: httpx2.AsyncByteStream, most: int, host: str) -> None:
        self._inner = inner
        self._left = most
        self._host = host
        self._pieces: AsyncIterator[bytes] | None = None

    def __aiter__(self) -> AsyncIterator[bytes]:
        self._pieces = aiter(self._inner)
        return self

    async def __anext__(self) -> bytes:
        if self._pieces is None:
            raise TypeError("not being read")
        piece = await anext(self._pieces)
        self._left -= len(piece)
        if self._left < 0:
            raise ProviderError(f"{self._host}: the answer has too many bytes")
        return piece

    async def aclose(self) -> None:
        if isinstance(self._pieces, AsyncGenerator):
            await self._pieces.aclose()  # before what it reads from
        await self._inner.aclose()
