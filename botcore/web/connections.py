"""What a connection says to what comes to no handler: a problem document, and nothing of it in the log."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from http import HTTPStatus
from typing import NoReturn

from aiohttp import http_exceptions, web

from botcore.telemetry import get_logger
from botcore.web.problems import INTERNAL, Refusal, problems
from botcore.web.requests import fresh_id, identify

Answering = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]

log = get_logger(__name__)

IDLE_SECONDS = 75.0
"""How long a connection may say nothing, or half a request's head: else some thousands that cost their maker
nothing would use up the files that this process may open. Nginx keeps its own for 60 s."""

_TOO_LONG = Refusal(
    HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
    "request_header_fields_too_large",
    "The request's first line, or one of its headers, is longer than 8190 bytes.",
)
_MALFORMED = Refusal(HTTPStatus.BAD_REQUEST, "request_malformed", "This is not a request of HTTP/1.1.")


def cut_off(request: web.Request) -> None:
    """Close the connection of an answer that has begun, so that the client sees that it is not whole."""
    if request.transport is not None:
        request.transport.abort()


class Connection(web.RequestHandler):
    """One connection. Its errors are those that come before an application has the request, or after."""

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002  # quotes the request, as the exception does
    ) -> web.StreamResponse:
        """The answer to what the parser refused, or to an error outside all handlers; the connection ends.

        :raises ConnectionError: an answer has begun.
        """
        request_id = fresh_id()
        if isinstance(exc, http_exceptions.LineTooLong):
            refusal = _TOO_LONG
        elif status < HTTPStatus.INTERNAL_SERVER_ERROR:
            refusal = _MALFORMED
        else:
            refusal = INTERNAL
        if refusal is INTERNAL:
            log.error("request_failed", request=request_id, exc_info=exc)
        else:  # the parser's sentence quotes the line, which may hold a token
            log.info("request_malformed", request=request_id, kind=type(exc).__name__)
        if request.writer.output_size > 0:
            raise ConnectionError("an answer has begun")
        response = refusal.response(request_id)
        response.headers["Server"] = "botcore"
        response.headers["X-Request-Id"] = request_id
        response.force_close()
        return response


class Runner(web.AppRunner):
    """Serves an application over connections of this module."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()
        return _Connections(
            _expecting_little(made.request_handler),
            request_factory=made.request_factory,
            loop=asyncio.get_running_loop(),
            access_log=None,  # which would hold query strings; requests.identify logs instead
            # A megabyte of gzip may hold a gigabyte, and what nobody reads would be inflated, too.
            auto_decompress=False,
            keepalive_timeout=IDLE_SECONDS,
        )


def _expecting_little(answer: Answering) -> Answering:
    """``answer``, with a problem document for whoever expects more than “100-continue” (RFC 9110, section
    10.1.1): aiohttp refuses that before any middleware, in words of its own."""

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        try:
            return await answer(request)
        except web.HTTPExpectationFailed as refused:
            if not isinstance(request, web.Request):
                raise  # an application's requests are of this kind
            return await identify(request, partial(problems, handler=partial(_raise, refused)))

    return handle


async def _raise(error: Exception, _request: web.Request) -> NoReturn:
    raise error


class _Connections(web.Server):
    def __call__(self) -> web.RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)
