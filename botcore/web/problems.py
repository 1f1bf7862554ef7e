"""Every error as ``application/problem+json`` (RFC 9457), with the code of :mod:`botcore.errors`."""

from __future__ import annotations

import math
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import BaseModel, ConfigDict

from botcore.errors import (
    AccessRefused,
    BotcoreError,
    EnvironmentFault,
    IllegalMove,
    InputError,
    LimitError,
    NotFound,
    ObjectMissing,
    ProviderUnavailable,
    RendererUnavailable,
    StoreFull,
    StoreUnavailable,
    Superseded,
    UnknownPlugin,
)
from botcore.state import DatabaseAway, DatabaseFailed
from botcore.telemetry import get_logger
from botcore.web.keys import REQUEST_ID

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Extra = Mapping[str, Any]

MEDIA_TYPE = "application/problem+json"

log = get_logger(__name__)

_STATUS: tuple[tuple[type[BotcoreError], HTTPStatus], ...] = (
    (InputError, HTTPStatus.UNPROCESSABLE_ENTITY),
    (UnknownPlugin, HTTPStatus.UNPROCESSABLE_ENTITY),
    (LimitError, HTTPStatus.TOO_MANY_REQUESTS),
    (AccessRefused, HTTPStatus.FORBIDDEN),
    (NotFound, HTTPStatus.NOT_FOUND),
    (ObjectMissing, HTTPStatus.GONE),
    (IllegalMove, HTTPStatus.CONFLICT),
    (Superseded, HTTPStatus.CONFLICT),
    (StoreFull, HTTPStatus.INSUFFICIENT_STORAGE),
    (StoreUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (ProviderUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (RendererUnavailable, HTTPStatus.SERVICE_UNAVAILABLE),
    (EnvironmentFault, HTTPStatus.SERVICE_UNAVAILABLE),
)

# Said once, for the answers that aiohttp makes itself.
_DETAILS: Mapping[int, str] = {
    404: "There is nothing at this address.",
    405: "This address does not take that method.",
    413: "The request is larger than is allowed.",
    417: "The only expectation that is met here is 100-continue.",
}


class RequestRefused(BotcoreError):
    """A request that breaks a rule of HTTP or of this API.

    :param status: the HTTP status to answer with.
    :param extra: more members of the problem document.
    :param headers: more headers of the answer.
    """

    def __init__(
        self,
        status: HTTPStatus,
        code: str,
        message: str,
        extra: Extra | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> None:
        self.status = status
        self.problem_code = code
        self.problem_message = message
        self.extra = extra or {}
        self.headers = headers or {}
        super().__init__(f"{status.value} {code}")


def nothing_here() -> RequestRefused:
    """404 for an address that whoever asks need not know of: as where there is none."""
    return RequestRefused(HTTPStatus.NOT_FOUND, NotFound.code, _DETAILS[HTTPStatus.NOT_FOUND])


def status_of(error: BotcoreError) -> HTTPStatus:
    """The HTTP status that fits an error of the core; 500 for whatever is our own fault."""
    return next(
        (status for cls, status in _STATUS if isinstance(error, cls)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


class WrongMember(BaseModel):
    """A member of a body, or a parameter of a query, that cannot be used."""

    member: str
    problem: str


class Problem(BaseModel):
    """An error, as RFC 9457 describes them."""

    model_config = ConfigDict(extra="allow", frozen=True, use_attribute_docstrings=True)

    type: str
    """``urn:botcore:error:`` and the code."""
    title: str
    """The phrase of the HTTP status."""
    status: int
    detail: str
    """What was wrong, and what to do."""
    code: str
    """Stable, for programs to decide by."""
    request_id: str
    """What the server's log calls this request."""
    errors: list[WrongMember] | None = None
    """What was wrong where, if it was more than one thing."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """What of an error is told to the one who caused it."""

    status: HTTPStatus
    code: str
    detail: str
    extra: Extra = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def document(self, request_id: str) -> Problem:
        """The problem document."""
        return Problem(
            type=f"urn:botcore:error:{self.code}",
            title=self.status.phrase,
            status=self.status.value,
            detail=self.detail,
            code=self.code,
            request_id=request_id,
            **self.extra,
        )

    def response(self, request_id: str) -> web.Response:
        """The answer with that document."""
        document = self.document(request_id)
        return web.Response(
            status=self.status.value,
            body=document.model_dump_json(exclude_unset=True).encode(),
            content_type=MEDIA_TYPE,
            headers=self.headers,
        )


def refusal_of(error: BotcoreError) -> Refusal:
    """What is told of an error of the core, or of a refused request."""
    if isinstance(error, RequestRefused):
        return Refusal(error.status, error.problem_code, error.problem_message, error.extra, error.headers)
    status = status_of(error)
    seconds = error.retry_after if error.retry_after is not None else error.params.get("seconds")
    headers = {}
    later = status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}
    if later and isinstance(seconds, int | float):
        headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return Refusal(status, error.code, error.message, headers=headers)


def refusal_by_status(status: HTTPStatus, headers: Mapping[str, str] | None = None) -> Refusal:
    """What is told where no more is known than a status, as of the errors that aiohttp raises."""
    code = re.sub(r"\W+", "_", status.phrase.lower())
    return Refusal(status, code, _DETAILS.get(status, status.description), headers=headers or {})


INTERNAL = Refusal(HTTPStatus.INTERNAL_SERVER_ERROR, BotcoreError.code, BotcoreError.text)
"""What is told of an error that nobody foresaw: nothing of it."""
DATABASE_DOWN = Refusal(
    HTTPStatus.SERVICE_UNAVAILABLE,
    "database_unavailable",
    "The database does not answer just now. Try again in a few seconds; with an Idempotency-Key nothing is "
    "made twice.",
    headers={"Retry-After": "5"},
)
"""What is told while the database is locked, full, broken or away."""


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into a problem document."""
    try:
        return await handler(request)
    except BotcoreError as error:
        refusal = _noted(error)
    except web.HTTPMethodNotAllowed as error:
        allowed = ", ".join(sorted({*error.allowed_methods, "OPTIONS"}))
        if request.method == "OPTIONS":
            return web.Response(status=HTTPStatus.NO_CONTENT, headers={"Allow": allowed})
        refusal = refusal_by_status(HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": allowed})
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        refusal = refusal_by_status(HTTPStatus(error.status))
    except DatabaseAway:  # the log knows
        refusal = DATABASE_DOWN
    except DatabaseFailed as error:
        log.error("database_failed", detail=str(error))  # noqa: TRY400  # the same trace for each request of an outage
        refusal = DATABASE_DOWN
    except Exception:
        log.exception("request_failed")
        refusal = INTERNAL
    return refusal.response(request[REQUEST_ID])


def _noted(error: BotcoreError) -> Refusal:
    """What is told; and a line in the log where it is our fault."""
    refusal = refusal_of(error)
    if refusal.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", code=error.code, detail=error.detail)
    return refusal
