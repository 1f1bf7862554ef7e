"""Meta's webhook: check the signature, read the batch, commit every message, answer."""

from __future__ import annotations

import hashlib
import hmac
import json
from http import HTTPStatus
from typing import TYPE_CHECKING

from aiohttp import web

from botcore import Receive, get_logger
from botcore.errors import ConversationClosed
from botcore_whatsapp.updates import NotAWebhook, read_webhook

if TYPE_CHECKING:
    from botcore_whatsapp.adapter import WhatsApp

HEADER = "X-Hub-Signature-256"
_LATER = {"Retry-After": "5"}
_LONGEST_CHALLENGE = 1000

log = get_logger(__name__)


def challenge(whatsapp: WhatsApp, request: web.Request) -> web.Response:
    """Repeat the challenge to who knows the token; 403 for everybody else."""
    asked = request.query
    given = asked.get("hub.verify_token", "").encode("utf-8", "surrogateescape")
    known = whatsapp.config.verify_token.get_secret_value().encode()
    text = asked.get("hub.challenge", "")
    fits = asked.get("hub.mode") == "subscribe" and 0 < len(text) <= _LONGEST_CHALLENGE
    if not hmac.compare_digest(given, known) or not fits:
        return web.Response(status=HTTPStatus.FORBIDDEN)
    return web.Response(text=text)


async def answer(whatsapp: WhatsApp, request: web.Request, receive: Receive) -> web.Response:
    """401 for what Meta did not sign, 400 for what is no webhook, 200 once every message of the batch is
    safe, 503 when one cannot be kept now.

    Meta repeats a batch for days until it gets a 200, so one that nobody can use must get it too.
    """
    body = await request.read()
    if not signed(request, body, whatsapp.config.app_secret.get_secret_value()):
        return web.Response(status=HTTPStatus.UNAUTHORIZED)
    try:
        # Deep nesting ends in RecursionError, numbers without end in ValueError, as broken JSON does.
        batch = read_webhook(json.loads(body), whatsapp.config.phone_number_id)
    except (NotAWebhook, ValueError, RecursionError):
        return web.Response(status=HTTPStatus.BAD_REQUEST)
    try:
        for message in batch.messages:
            await receive(message)
        for receipt, chat in batch.receipts:
            await receive(receipt)
            if isinstance(receipt.error, ConversationClosed) and chat:
                whatsapp.closed_later(chat)
    except Exception:
        log.exception("message_not_kept")
        return web.Response(status=HTTPStatus.SERVICE_UNAVAILABLE, headers=_LATER)
    return web.Response()


def signed(request: web.Request, body: bytes, secret: str) -> bool:
    """Whether the header holds the signature of ``body``; compared as bytes: a header may hold any."""
    given = request.headers.get(HEADER, "").encode("utf-8", "surrogateescape")
    right = "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return hmac.compare_digest(given, right.encode())
