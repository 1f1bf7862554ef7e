"""Who calls: an anonymous session behind a cookie, and whether a browser may write on its behalf."""

from __future__ import annotations

import hashlib
import re
import secrets
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web

from botcore.app import WEB, App
from botcore.model import Session
from botcore.web.problems import Handler, RequestRefused

COOKIE = "botcore_session"
_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A session, and the token that the answer's cookie carries."""

    session: Session
    token: str


def identity_of(token: str) -> str:
    """What is stored of a cookie: its hash, so that a read of the database gives nobody a session."""
    return hashlib.sha256(token.encode()).hexdigest()


async def find_caller(request: web.Request, app: App) -> Caller | None:
    """The caller's live session; None without a cookie, or when its session is over."""
    token = request.cookies.get(COOKIE, "")
    if not _TOKEN.fullmatch(token):
        return None
    session = await app.state.sessions.find(WEB, identity_of(token))
    return None if session is None else Caller(session, token)


async def caller_or_new(request: web.Request, app: App) -> Caller:
    """The caller's session, made when there is none. A cookie that nobody gave out is never adopted."""
    found = await find_caller(request, app)
    if found is not None:
        return found
    token = secrets.token_urlsafe(_TOKEN_BYTES)
    session = await app.state.sessions.of(WEB, identity_of(token), options=app.options)
    return Caller(session, token)


def set_cookie(response: web.Response, caller: Caller, app: App) -> None:
    """Give the cookie, or lengthen its life as the submission lengthened the session's."""
    response.set_cookie(
        COOKIE,
        caller.token,
        max_age=app.settings.session.days * 86_400,
        path="/",
        httponly=True,
        secure=app.settings.web.public_url.startswith("https:"),
        samesite="Lax",
    )


def guarded(handler: Handler, public_url: str) -> Handler:
    """``handler``, but refusing writes that a browser makes on behalf of another site.

    Programs send neither header and pass: they hold no cookie that somebody else could misuse.
    """
    public = _origin(public_url) if public_url else None

    async def guard(request: web.Request) -> web.StreamResponse:
        if not _same_site(request, public):
            raise RequestRefused(
                HTTPStatus.FORBIDDEN, "origin_refused", "Another website may not send this request."
            )
        return await handler(request)

    return guard


def _same_site(request: web.Request, public: str | None) -> bool:
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in {public, f"{request.scheme}://{request.host}"}
    return request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"
