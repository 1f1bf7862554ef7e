"""``/api/v1/admin/dead-letters`` and ``…/parked``: what was given up, and how it goes on.

For tokens with the scope ``admin`` alone. Nothing here says what anybody wrote.
"""

from __future__ import annotations

import base64
import binascii
from datetime import datetime
from http import HTTPStatus
from typing import Literal

from aiohttp import web
from pydantic import ConfigDict

from botcore.errors import NotFound, ObjectMissing
from botcore.web.bodies import View, respond
from botcore.web.callers import require_admin
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused

_LISTED = 100


class AdminLetter(View):
    """An outgoing message that was given up."""

    id: int
    platform: str
    reason: str
    tries: int
    created_at: datetime


class AdminLetters(View):
    """The first hundred, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"letters": []}]})

    letters: list[AdminLetter]


class AdminParked(View):
    """A received message that was given up."""

    id: str
    platform: str
    code: str
    tries: int
    received_at: datetime


class AdminParkedMessages(View):
    """The first hundred, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"messages": []}]})

    messages: list[AdminParked]


class Retried(View):
    """What became of a retry."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"status": "waiting"}]})

    status: Literal["waiting", "not_stuck"]
    """``not_stuck``: it is on its way, or dealt with; nothing was changed."""


async def get_dead_letters(request: web.Request) -> web.Response:
    """Messages to people that were given up."""
    app = request.app[APP]
    await require_admin(request, app)
    return respond(
        AdminLetters(
            letters=[
                AdminLetter(
                    id=letter.id,
                    platform=letter.platform,
                    reason=letter.reason,
                    tries=letter.tries,
                    created_at=letter.created_at,
                )
                for letter in await app.state.stuck.letters(limit=_LISTED)
            ]
        )
    )


async def post_dead_letter_retry(request: web.Request) -> web.Response:
    """Send a message to a person again, in its place before what waits for the same chat. Asking twice sends
    it once."""
    app = request.app[APP]
    await require_admin(request, app)
    try:
        return _retried(await app.state.stuck.retry_letter(int(request.match_info["letter"])))
    except ObjectMissing:
        raise video_gone() from None


async def get_parked(request: web.Request) -> web.Response:
    """Messages of people that were given up."""
    app = request.app[APP]
    await require_admin(request, app)
    return respond(
        AdminParkedMessages(
            messages=[
                AdminParked(
                    id=base64.urlsafe_b64encode(message.key.encode()).decode().rstrip("="),
                    platform=message.platform,
                    code=message.code,
                    tries=message.tries,
                    received_at=message.received_at,
                )
                for message in await app.state.stuck.messages(limit=_LISTED)
            ]
        )
    )


async def post_parked_retry(request: web.Request) -> web.Response:
    """Deal with a message of a person again, and with its other pieces where it is part of a long text.
    Asking twice answers it once."""
    app = request.app[APP]
    await require_admin(request, app)
    given = request.match_info["message"]
    try:
        key = base64.urlsafe_b64decode(given + "=" * (-len(given) % 4)).decode("ascii")
    except (binascii.Error, UnicodeError, ValueError):
        key = ""
    return _retried(await app.state.stuck.retry_message(key) if key.isprintable() and key else None)


def video_gone() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.CONFLICT,
        "video_gone",
        "The video that this message is about is deleted: there is nothing left to send.",
    )


def _retried(done: bool | None) -> web.Response:
    if done is None:
        raise NotFound("message")
    return respond(Retried(status="waiting" if done else "not_stuck"))


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/admin/dead-letters",
        get_dead_letters,
        "List messages that could not be sent",
        "admin",
        who=Who.ADMIN,
        answers={200: Answer("The letters.", AdminLetters)},
    ),
    Endpoint(
        "POST",
        "/api/v1/admin/dead-letters/{letter}/retry",
        post_dead_letter_retry,
        "Send a message again",
        "admin",
        who=Who.ADMIN,
        answers={200: Answer("Whether it waits to be sent now.", Retried)},
        refusals=(NotFound("message"), video_gone()),
    ),
    Endpoint(
        "GET",
        "/api/v1/admin/parked",
        get_parked,
        "List messages that could not be dealt with",
        "admin",
        who=Who.ADMIN,
        answers={200: Answer("The messages.", AdminParkedMessages)},
    ),
    Endpoint(
        "POST",
        "/api/v1/admin/parked/{message}/retry",
        post_parked_retry,
        "Deal with a message again",
        "admin",
        who=Who.ADMIN,
        answers={200: Answer("Whether it waits to be dealt with now.", Retried)},
        refusals=(NotFound("message"),),
    ),
)
