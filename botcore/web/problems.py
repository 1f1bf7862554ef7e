"""Every error as RFC 9457 ``application/problem+json``, with the code of :mod:`botcore.errors`."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus

from aiohttp import web

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
from botcore.telemetry import get_logger
from botcore.web.keys import REQUEST_ID

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
Extra = Mapping[str, object]

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


def status_of(error: BotcoreError) -> HTTPStatus:
    """The HTTP status that fits an error of the core; 500 for whatever is our own fault."""
    return next(
        (status for cls, status in _STATUS if isinstance(error, cls)), HTTPStatus.INTERNAL_SERVER_ERROR
    )


def problem_response(
    status: HTTPStatus, code: str, detail: str, request_id: str, extra: Extra | None = None
) -> web.Response:
    """A problem document; ``extra`` adds members."""
    body = {
        "type": f"urn:botcore:error:{code}",
        "title": status.phrase,
        "status": status.value,
        "detail": detail,
        "code": code,
        "request_id": request_id,
        **(extra or {}),
    }
    return web.Response(
        status=status.value,
        body=json.dumps(body, ensure_ascii=False).encode(),
        content_type="application/problem+json",
    )


@web.middleware
async def problems(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever a handler raises into a problem document; nothing of an unexpected error is shown."""
    request_id = request[REQUEST_ID]
    try:
        return await handler(request)
    except RequestRefused as error:
        response = problem_response(
            error.status, error.problem_code, error.problem_message, request_id, error.extra
        )
        response.headers.update(error.headers)
        return response
    except BotcoreError as error:
        return _from_error(error, request_id)
    except web.HTTPException as error:
        if error.status < HTTPStatus.BAD_REQUEST:
            raise
        return _from_http(error, request_id)
    except Exception:
        log.exception("request_failed")
        return problem_response(
            HTTPStatus.INTERNAL_SERVER_ERROR, BotcoreError.code, BotcoreError.text, request_id
        )


def _from_error(error: BotcoreError, request_id: str) -> web.Response:
    status = status_of(error)
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        log.error("request_failed", code=error.code, detail=error.detail)
    response = problem_response(status, error.code, error.message, request_id)
    seconds = error.retry_after if error.retry_after is not None else error.params.get("seconds")
    if status in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE} and isinstance(
        seconds, int | float
    ):
        response.headers["Retry-After"] = str(max(1, math.ceil(seconds)))
    return response


def _from_http(error: web.HTTPException, request_id: str) -> web.Response:
    status = HTTPStatus(error.status)
    code = re.sub(r"\W+", "_", status.phrase.lower())
    response = problem_response(status, code, _DETAILS.get(status, status.description), request_id)
    if "Allow" in error.headers:
        response.headers["Allow"] = error.headers["Allow"]
    return response
