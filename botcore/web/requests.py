"""Request ids, the access log, and bodies: bounded in size and time, checked against a model."""

from __future__ import annotations

import asyncio
import re
from functools import lru_cache
from http import HTTPStatus
from itertools import count
from time import perf_counter
from typing import TypeVar

from aiohttp import web
from prometheus_client import Counter, Histogram
from pydantic import BaseModel, ConfigDict, ValidationError

from botcore.model import new_id
from botcore.telemetry import get_logger, log_context, metrics
from botcore.web.keys import ACCEPTED, REQUEST_ID
from botcore.web.problems import Handler, RequestRefused

MAX_BODY = 1024 * 1024
"""Bytes. The longest code that is accepted, as JSON with every character escaped, fits in."""
BODY_SECONDS = 30.0

_PROCESS, _NUMBERS = f"{new_id()}-", count(1)
"""What the ids of this process's requests are made of."""
_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

log = get_logger(__name__)


class Body(BaseModel):
    """Base of request bodies: unknown members are errors."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=False)


B = TypeVar("B", bound=Body)


@web.middleware
async def identify(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Give the request an id, and log one line: never a query string, which may hold a token."""
    given = request.headers.get("X-Request-Id", "")
    request_id = given if given and _REQUEST_ID.fullmatch(given) else f"{_PROCESS}{next(_NUMBERS):x}"
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


@lru_cache(maxsize=256)
def _requests(method: str, route: str, status: int) -> Counter:
    """The counter of these labels; looked up once, because there are few of them and many requests."""
    return metrics.http_requests.labels(method, route, status)


@lru_cache(maxsize=256)
def _seconds(route: str) -> Histogram:
    return metrics.http_seconds.labels(route)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """What every answer says, those that are streamed too. For the signal ``on_response_prepare``."""
    response.headers["X-Request-Id"] = request[REQUEST_ID]
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Server"] = "botcore"  # aiohttp's own names the versions that run here
    # Else a cache may keep a 404 and give it to the job's owner.
    response.headers.setdefault("Cache-Control", "no-store")


async def read_body(request: web.Request, model: type[B]) -> B:
    """The request's JSON as ``model``.

    :raises RequestRefused: 415 for another media type, 408 for a body that does not come, 422 with one line
        for each member that is wrong.
    """
    if request.content_type != "application/json":
        raise RequestRefused(
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE, "media_type", "Send the body as application/json."
        )
    try:
        async with asyncio.timeout(BODY_SECONDS):
            raw = await request.read()
    except TimeoutError:
        raise RequestRefused(
            HTTPStatus.REQUEST_TIMEOUT, "body_slow", "The request's body did not arrive in time."
        ) from None
    try:
        return model.model_validate_json(raw)
    except ValidationError as error:
        raise _wrong_members(error) from None


def _wrong_members(error: ValidationError) -> RequestRefused:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    if found[0]["type"] == "json_invalid":
        return RequestRefused(HTTPStatus.BAD_REQUEST, "json_invalid", "The request's body is not valid JSON.")
    members = [
        {"member": ".".join(str(part) for part in item["loc"]), "problem": item["msg"]} for item in found[:20]
    ]
    lines = "; ".join(f"{item['member']}: {item['problem']}" for item in members)
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "body_invalid",
        f"The request's body cannot be used. {lines}",
        {"errors": members},
    )
