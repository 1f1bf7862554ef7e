"""``Authorization: Bearer …`` (RFC 6750): the token that a program sends, and why one is refused."""

from __future__ import annotations

import math
from http import HTTPStatus

from aiohttp import web

from botcore.app import App
from botcore.state import Scope, Standing, Token
from botcore.web.addresses import client_address
from botcore.web.problems import RequestRefused

_BASIC = "basic"
"""The password of a proxy in front, which browsers send along: it says nothing to us."""
_REALM = 'Bearer realm="botcore"'


def sends_bearer(request: web.Request) -> bool:
    """Whether a request names a token, be it a good one. No page can have a browser send one to another site
    without that site's leave."""
    return any(_scheme(value) == "bearer" for value in request.headers.getall("Authorization", ()))


async def find_token(request: web.Request, app: App) -> Token | None:
    """The token that a request was sent with; None when it was sent with none.

    :raises RequestRefused: 401 for one that is wrong, over or revoked: who sends one never becomes nobody
        unnoticed; 400 for several; 429 where too many wrong ones came from the same address.
    """
    values = list(request.headers.getall("Authorization", []))
    if all(_scheme(value) == _BASIC for value in values):
        return None
    if len(values) > 1:
        raise several_tokens()
    secret = values[0].strip().partition(" ")[2].strip()
    token = await app.state.tokens.find(secret) if _scheme(values[0]) == "bearer" else None
    if token is not None and token.standing is Standing.GOOD:
        await app.state.tokens.used(token)
        return token
    address = client_address(request, app.settings.web)
    wait = await app.state.tokens.wrong(await app.state.accounts.of_address(address))
    if wait:
        raise too_many_wrong(wait)
    raise token_refused(token)


def token_refused(token: Token | None) -> RequestRefused:
    """401. Whoever has the secret of a token that ended may know so."""
    if token is None:
        sentence = "This is no token of this server. Send “Authorization: Bearer botcore_…”."
    elif token.standing is Standing.EXPIRED:
        sentence = "The token has expired. Its operator makes a new one."
    else:
        sentence = "The token was revoked."
    return RequestRefused(
        HTTPStatus.UNAUTHORIZED,
        "invalid_token",
        sentence,
        headers={"WWW-Authenticate": f'{_REALM}, error="invalid_token"'},
    )


def token_needed() -> RequestRefused:
    """401 for a request without a token where one is needed."""
    return RequestRefused(
        HTTPStatus.UNAUTHORIZED,
        "token_needed",
        "This is for tokens only: make one by “botcore token create NAME --scope admin”.",
        headers={"WWW-Authenticate": f'{_REALM}, scope="{Scope.ADMIN}"'},
    )


def scope_missing(scope: Scope) -> RequestRefused:
    """403 for a token that may do other things."""
    return RequestRefused(
        HTTPStatus.FORBIDDEN,
        "insufficient_scope",
        f"This token lacks the scope “{scope}”.",
        headers={"WWW-Authenticate": f'{_REALM}, error="insufficient_scope", scope="{scope}"'},
    )


def several_tokens() -> RequestRefused:
    """400: nobody could tell which of them counts."""
    return RequestRefused(
        HTTPStatus.BAD_REQUEST,
        "invalid_request",
        "Send one Authorization header.",
        headers={"WWW-Authenticate": f'{_REALM}, error="invalid_request"'},
    )


def too_many_wrong(wait: float) -> RequestRefused:
    """429 for an address from which wrong tokens keep coming; good ones are taken all the same."""
    seconds = max(1, math.ceil(wait))
    return RequestRefused(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_wrong_tokens",
        f"Too many wrong tokens came from this address. Try again in {seconds} s.",
        headers={"Retry-After": str(seconds)},
    )


def _scheme(value: str) -> str:
    return value.strip().partition(" ")[0].lower()


REFUSALS = (several_tokens(), token_refused(None), too_many_wrong(540))
"""What may become of every request that is sent with a token."""
