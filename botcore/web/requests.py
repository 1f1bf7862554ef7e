"""Request ids and the access log."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import count
from time import perf_counter

from aiohttp import web
from prometheus_client import Counter, Histogram

from botcore.model import new_id
from botcore.telemetry import get_logger, log_context, metrics
from botcore.web.keys import ACCEPTED, REQUEST_ID
from botcore.web.problems import Handler

MAX_BODY = 1024 * 1024
"""Bytes. The longest code that is accepted, as JSON with every character escaped, fits in."""

_PROCESS, _NUMBERS = f"{new_id()}-", count(1)
"""What the ids of this process's requests are made of."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = get_logger(__name__)


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, and log one line: never a query string, which may hold a token."""
    given = request.headers.get("X-Request-Id", "")
    request_id = given if given and _REQUEST_ID.fullmatch(given) else fresh_id()
    request[REQUEST_ID] = request_id
    started = perf_counter()
    with log_context(request=request_id):
        response = await handler(request)
        seconds = perf_counter() - started
        # The route's pattern, not the path: a label must not take a value for every job.
        route = request.match_info.route.resource
        name = route.canonical if route is not None else "none"
        _requests(request.method, name, response.status).inc()
        _seconds(name).observe(seconds)
        write = log.debug if request.get(ACCEPTED, False) else log.info
        write(
            "request",
            method=request.method,
            path=request.path,
            status=response.status,
            ms=round(seconds * 1000, 1),
        )
    return response


def fresh_id() -> str:
    """An id for a request that brings none."""
    return f"{_PROCESS}{next(_NUMBERS):x}"


@lru_cache(maxsize=256)
def _requests(method: str, route: str, status: int) -> Counter:
    """The counter of these labels; looked up once, because there are few of them and many requests."""
    return metrics.http_requests.labels(method, route, status)


@lru_cache(maxsize=256)
def _seconds(route: str) -> Histogram:
    return metrics.http_seconds.labels(route)
