"""Who calls: a program with a token or a person behind a cookie, and whether a browser may write for them."""

from __future__ import annotations

import hashlib
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web

from botcore.app import WEB, App
from botcore.config import WebSettings
from botcore.errors import AccessRefused, BotcoreError
from botcore.languages import LANGUAGES
from botcore.model import Session
from botcore.state import Identity, Scope, Token
from botcore.web import bearers
from botcore.web.addresses import client_address, from_this_machine
from botcore.web.endpoints import Who
from botcore.web.keys import ORIGINS
from botcore.web.problems import Handler, RequestRefused

COOKIE = "botcore_session"
_COOKIE_BYTES = 32
_MOST_LANGUAGES = 20
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Caller:
    """A session, and by which of its names somebody calls.

    :param identity: ``web:<hash of the cookie>`` or ``token:<id>``.
    :param cookie: what the answer's cookie carries; empty for a program with a token.
    """

    session: Session
    identity: Identity
    cookie: str = ""
    token: Token | None = None

    @property
    def scopes(self) -> frozenset[Scope]:
        """What the caller may do."""
        return frozenset({Scope.JOBS}) if self.token is None else self.token.scopes


async def find_caller(request: web.Request, app: App) -> Caller | None:
    """The caller's live session; None for somebody without token and cookie, or with one whose session is
    over. A token counts before a cookie.

    :raises RequestRefused: the token is none, or lacks the scope.
    :raises AccessRefused: the operator's lists shut the token out.
    """
    token = await bearers.find_token(request, app)
    if token is not None:
        return await _of_token(token, app)
    cookie = request.cookies.get(COOKIE, "")
    if not _COOKIE.fullmatch(cookie):
        return None
    identity = _of_cookie(cookie)
    session = await app.state.sessions.find(identity.platform, identity.user_id)
    return None if session is None else Caller(session, identity, cookie)


async def caller_or_new(request: web.Request, app: App) -> Caller:
    """The caller's session, made when there is none. A cookie that nobody gave out is never adopted.

    :raises AccessRefused: the operator's lists shut the caller out.
    :raises RateLimited: too many without a session came from the same address.
    """
    found = await find_caller(request, app)
    if found is not None and found.token is not None:
        return found
    cookie = found.cookie if found is not None else secrets.token_urlsafe(_COOKIE_BYTES)
    identity = _of_cookie(cookie)
    if not await app.access.lets_in(identity):
        raise AccessRefused
    account = await address_account(request, app)
    if found is not None:
        await app.state.accounts.follow(found.session.id, account)
        return found
    session = await app.state.sessions.newcomer(
        identity,
        account=account,
        most=app.allowances.common.per_minute,
        language=wanted_language(request),
        options=app.options,
    )
    return Caller(session, identity, cookie)


async def address_account(request: web.Request, app: App) -> str:
    """Under which name somebody is counted who has no other name than an address."""
    return await app.state.accounts.of_address(client_address(request, app.settings.web))


async def is_operator(request: web.Request, app: App) -> bool:
    """Whether figures and errors may be shown: to a token with the scope ``admin``, or to a program on the
    server's own machine.

    :raises RequestRefused: there is a token, and it is none.
    """
    token = await bearers.find_token(request, app)
    return from_this_machine(request) if token is None else Scope.ADMIN in token.scopes


async def require_admin(request: web.Request, app: App) -> Token:
    """The token with the scope ``admin``.

    To be on the same machine is not enough: so are pages in its browsers, and whatever else runs there.

    :raises RequestRefused: 401 or 403 for everybody else.
    """
    token = await bearers.find_token(request, app)
    if token is None:
        raise bearers.token_needed()
    if Scope.ADMIN not in token.scopes:
        raise bearers.scope_missing(Scope.ADMIN)
    return token


async def _of_token(token: Token, app: App) -> Caller:
    if Scope.JOBS not in token.scopes:
        raise bearers.scope_missing(Scope.JOBS)
    if not await app.access.lets_in(token.identity):
        raise AccessRefused
    session = await app.state.tokens.session(token, options=app.options)
    if session is None:  # revoked since it was found
        raise bearers.token_refused(token)
    return Caller(session, token.identity, token=token)


def _of_cookie(cookie: str) -> Identity:
    """What is stored of a cookie: its hash, so that a read of the database gives nobody a session."""
    return Identity(WEB, hashlib.sha256(cookie.encode()).hexdigest())


_OF_CALLERS = (*bearers.REFUSALS, bearers.scope_missing(Scope.JOBS), AccessRefused())
REFUSALS: Mapping[Who, tuple[BotcoreError, ...]] = {
    Who.NEWCOMER: _OF_CALLERS,
    Who.OWNER: _OF_CALLERS,
    Who.VIEWER: _OF_CALLERS,
    Who.OPERATOR: bearers.REFUSALS,
    Who.ADMIN: (*bearers.REFUSALS, bearers.token_needed(), bearers.scope_missing(Scope.ADMIN)),
}
"""What is refused before an endpoint looks at a request, by whom it serves."""


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
    """Give the cookie, or lengthen its life as the submission lengthened the session's. Programs with a token
    get none."""
    if caller.token is not None:
        return
    response.set_cookie(
        COOKIE,
        caller.cookie,
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
    """Whether a request comes from a page of this server or of a listed origin, or from a program.

    A page whose policy hides its address sends “null” for its origin with what its forms send (the Fetch
    standard, “append a request Origin header”), and so do strangers: ``Sec-Fetch-Site`` tells them apart.
    """
    if bearers.sends_bearer(request):
        return True  # and no cookie counts
    origin = request.headers.get("Origin")
    if origin not in {None, "null"}:
        return origin in request.app[ORIGINS] or origin == f"{request.scheme}://{request.host}"
    site = request.headers.get("Sec-Fetch-Site", "none" if origin is None else "")
    return site in {"same-origin", "none"}


def origin_of(url: str) -> str | None:
    """The origin of an address; None for an empty one."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}" if url else None
