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
from botcore.config import WebSettings
from botcore.errors import AccessRefused
from botcore.languages import LANGUAGES
from botcore.model import Session
from botcore.state import Identity
from botcore.web.keys import ORIGINS
from botcore.web.problems import Handler, RequestRefused

COOKIE = "botcore_session"
_TOKEN_BYTES = 32
_MOST_LANGUAGES = 20
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")


@dataclass(frozen=True, slots=True)
class Caller:
    """A session, and the token that the answer's cookie carries."""

    session: Session
    token: str

    @property
    def identity(self) -> Identity:
        """The caller's name among those of the session."""
        return Identity(WEB, identity_of(self.token))


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
    """The caller's session, made when there is none. A cookie that nobody gave out is never adopted.

    :raises AccessRefused: the operator's lists shut the caller out.
    """
    found = await find_caller(request, app)
    token = found.token if found is not None else secrets.token_urlsafe(_TOKEN_BYTES)
    if not await app.access.lets_in(Identity(WEB, identity_of(token))):
        raise AccessRefused
    if found is not None:
        return found
    session = await app.state.sessions.of(
        WEB, identity_of(token), language=wanted_language(request), options=app.options
    )
    return Caller(session, token)


def wanted_language(request: web.Request) -> str:
    """Which of the bot's languages ``Accept-Language`` likes best; empty if it names none of them."""
    liked = []
    for place, entry in enumerate(request.headers.get("Accept-Language", "").split(",")[:_MOST_LANGUAGES]):
        tag, _, weight = entry.strip().partition(";q=")
        language = tag.partition("-")[0].lower()
        try:
            quality = float(weight or 1)
        except ValueError:
            continue
        if language in LANGUAGES and quality > 0:
            liked.append((-quality, place, language))
    return min(liked)[2] if liked else ""


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


def listed_origins(settings: WebSettings) -> frozenset[str]:
    """Those whose pages may write, besides the one that a request itself is sent to."""
    return frozenset(filter(None, (origin_of(settings.public_url), *settings.cors_origins)))


def guarded(handler: Handler) -> Handler:
    """``handler``, but refusing writes that a browser makes on behalf of another site.

    Programs send neither header and pass: they hold no cookie that somebody else could misuse.
    """

    async def guard(request: web.Request) -> web.StreamResponse:
        if not same_site(request):
            raise origin_refused()
        return await handler(request)

    return guard


def origin_refused() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.FORBIDDEN, "origin_refused", "Another website may not send this request."
    )


def same_site(request: web.Request) -> bool:
    """Whether a request comes from a page of this server or of a listed origin, or from a program."""
    origin = request.headers.get("Origin")
    if origin is not None:
        return origin in request.app[ORIGINS] or origin == f"{request.scheme}://{request.host}"
    return request.headers.get("Sec-Fetch-Site", "none") in {"same-origin", "none"}


def origin_of(url: str) -> str | None:
    """The origin of an address; None for an empty one."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else None
