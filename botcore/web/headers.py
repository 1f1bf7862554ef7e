"""What every answer says besides its content: which pages may use it (CORS), and how (CSP and others)."""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping

from aiohttp import web

from botcore.config import WebSettings
from botcore.web.keys import ACCEPTED, REQUEST_ID

PREFLIGHT_SECONDS = 7200
"""How long a browser may remember what it was allowed; none remembers for longer."""

_EXPOSED = "Content-Range, ETag, Location, Retry-After, WWW-Authenticate, X-Request-Id"
"""What a page of another origin may read of an answer, beyond what the Fetch standard lets it read anyway."""
_SENDABLE = "Authorization, Content-Type, Idempotency-Key, If-None-Match, Last-Event-ID, Range, X-Request-Id"

_HEADERS: Mapping[str, str] = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    # Else a cache may keep a 404 and give it to the job's owner.
    "Cache-Control": "no-store",
}
"""What an answer says that does not say otherwise itself."""
_YEAR = 365 * 86_400
NO_ICON = '<link rel="icon" href="data:,">'
"""In the head of a page: else the browser asks for one at /favicon.ico, which is not there."""


def page_policy(*, styles: tuple[str, ...] = (), scripts: tuple[str, ...] = (), media: bool = False) -> str:
    """The ``Content-Security-Policy`` of a page of this server.

    :param styles: the content of its ``style`` elements, to the byte; no others are used.
    :param scripts: the content of its ``script`` elements.
    :param media: whether it plays videos of this server and shows its pictures.
    """
    rules = {
        "default-src": "'none'",
        "style-src": _hashes(styles),
        "script-src": _hashes(scripts),
        "connect-src": "'self'" if scripts else "'none'",
        "media-src": "'self'" if media else "'none'",
        "img-src": "'self' data:" if media else "data:",  # NO_ICON is one
        "form-action": "'self'",
        "base-uri": "'none'",
        "frame-ancestors": "'none'",
    }
    return "; ".join(f"{name} {value}" for name, value in rules.items())


def header_writer(settings: WebSettings) -> Callable[[web.Request, web.StreamResponse], Awaitable[None]]:
    """The signal ``on_response_prepare``: it sees every answer, those that are streamed too."""
    fixed = dict(_HEADERS)
    if settings.public_url.startswith("https:"):
        fixed["Strict-Transport-Security"] = f"max-age={_YEAR}"
    origins = frozenset(settings.cors_origins)

    async def write(request: web.Request, response: web.StreamResponse) -> None:
        headers = response.headers
        headers["X-Request-Id"] = request[REQUEST_ID]
        headers["Server"] = "botcore"  # aiohttp's own names the versions that run here
        if ACCEPTED in request:  # a platform's server, which is no browser
            return
        for name, value in fixed.items():
            headers.setdefault(name, value)
        if origins:
            headers.add("Vary", "Origin")
            origin = request.headers.get("Origin")
            if origin in origins:
                headers.update(_allowed(request, response, origin))

    return write


def _allowed(request: web.Request, response: web.StreamResponse, origin: str) -> Mapping[str, str]:
    """What a listed origin is told (Fetch standard, 3.3)."""
    allowed = {
        "Access-Control-Allow-Origin": origin,
        "Access-Control-Allow-Credentials": "true",
    }
    if request.method == "OPTIONS" and "Access-Control-Request-Method" in request.headers:
        return allowed | {
            "Access-Control-Allow-Methods": response.headers.get("Allow", ""),
            "Access-Control-Allow-Headers": _SENDABLE,
            "Access-Control-Max-Age": str(PREFLIGHT_SECONDS),
        }
    return allowed | {"Access-Control-Expose-Headers": _EXPOSED}


def _hashes(contents: tuple[str, ...]) -> str:
    """A source list that lets exactly these contents in (CSP 3, 2.3.1)."""
    made = (b64encode(hashlib.sha256(content.encode()).digest()).decode() for content in contents)
    return " ".join(f"'sha256-{digest}'" for digest in made) or "'none'"
