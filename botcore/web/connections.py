"""What a connection says to bytes that are no request: a problem document, and nothing of them in the log."""

from __future__ import annotations

import asyncio
from http import HTTPStatus

from aiohttp import http_exceptions, web

from botcore.telemetry import get_logger
from botcore.web.problems import INTERNAL, Refusal
from botcore.web.requests import fresh_id

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
            made.request_handler,
            request_factory=made.request_factory,
            loop=asyncio.get_running_loop(),
            access_log=None,  # which would hold query strings; requests.identify logs instead
            # A megabyte of gzip may hold a gigabyte, and what nobody reads would be inflated, too.
            auto_decompress=False,
            keepalive_timeout=IDLE_SECONDS,
        )


class _Connections(web.Server):
    def __call__(self) -> web.RequestHandler:
        return Connection(self, loop=self._loop, **self._kwargs)
