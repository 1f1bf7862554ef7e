"""Telegram's webhook: check the secret, read the update, commit the message, answer."""

from __future__ import annotations

import hmac
import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web
from pydantic_core import from_json

from botcore import Receive, get_logger
from botcore_telegram.updates import NameUnknown, NotAnUpdate, Received, read_update

if TYPE_CHECKING:
    from botcore_telegram.adapter import Telegram

HEADER = "X-Telegram-Bot-Api-Secret-Token"
_LATER = {"Retry-After": "5"}

log = get_logger(__name__)


async def answer(telegram: Telegram, request: web.Request, receive: Receive) -> web.Response:
    """401 for whoever does not know the secret, 400 for what is no update, 200 once the message is safe, 503
    when it cannot be kept now.

    Telegram repeats an update until it gets a 200, so one that nobody can use must get it too.
    """
    if not knows_secret(request, telegram.secret):
        return web.Response(status=HTTPStatus.UNAUTHORIZED)
    try:
        # Deep nesting ends in RecursionError, numbers without end in ValueError, as broken JSON does.
        received = read_update(parsed(await request.read()), telegram.bot)
    except (NotAnUpdate, ValueError, RecursionError):
        return web.Response(status=HTTPStatus.BAD_REQUEST)
    except NameUnknown:
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_LATER)
    if received is not None:
        try:
            await take(telegram, received, receive)
        except Exception:
            log.exception("message_not_kept")
            return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_LATER)
    return web.Response()


async def take(telegram: Telegram, received: Received, receive: Receive) -> None:
    """Commit a message; a pressed button stops its spinner afterwards."""
    await receive(received.message)
    if received.callback is not None:
        telegram.acknowledge(received.callback)


def knows_secret(request: web.Request, secret: str) -> bool:
    """Whether the header holds the secret; compared as bytes, because a header may hold any."""
    given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
    return hmac.compare_digest(given, secret.encode())


def parsed(body: bytes) -> object:
    """What :func:`json.loads` makes of a body, in a third of its time: every call waits for this.

    :raises ValueError: it is no JSON, or its numbers have no end.
    :raises RecursionError: it is nested too deeply.
    """
    try:
        return from_json(body, cache_strings="keys")  # not what people wrote
    except ValueError:
        return json.loads(body)  # half surrogates, say, which a name may hold
