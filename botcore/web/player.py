"""The page on which a video is watched, and those that say why it cannot be.

Whole documents without a template engine: a few lines of HTML with sentences in them. Style and script stand
in the page under their hashes, so that its policy allows nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from html import escape
from http import HTTPStatus
from pathlib import Path

from aiohttp import web

from botcore.errors import BotcoreError, NotFound, ObjectMissing, StoreUnavailable, error_text
from botcore.languages import best, moment, text
from botcore.state import Video
from botcore.web.headers import NO_ICON, page_policy

_STYLE = Path(__file__).with_name("player.css").read_text("utf-8")
_SCRIPT = Path(__file__).with_name("player.js").read_text("utf-8")

HEADERS: Mapping[str, str] = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Vary": "Accept, Accept-Language, Cookie",
    "Content-Security-Policy": page_policy(styles=(_STYLE,), scripts=(_SCRIPT,), media=True),
}
_RIGHT_TO_LEFT = frozenset({"ar"})
_STREAM = "stream"
"""Beside the page, wherever the site is mounted."""


def offer_page(video: Video, language: str, *, minutes: int) -> web.Response:
    """The page before the access is taken. It holds the address of the file, which gives nothing away, and
    nothing of what is on it."""
    title = text(language, "Your video is ready.")
    once = text(
        language,
        "You can watch it once, in this browser. From the first play you have {minutes} minutes.",
        minutes=minutes,
    )
    until = moment(language, video.expires_at)
    waits = _timed(text(language, "It waits until {time}.", time=until), until, video.expires_at)
    return _page(
        language,
        title,
        f'<div id="before"><h1>{escape(title)}</h1><p>{escape(once)}</p>'
        f"{_form(text(language, 'Watch now'))}<p>{waits}</p></div>"
        f'<div id="stage" hidden>{_film(video, "data-src", language)}</div>{_seen(language)}',
        about=text(language, "It can be watched once. Open the page and press the button."),
    )


def watching_page(video: Video, language: str, *, until: datetime) -> web.Response:
    """The page for whoever has taken the access, while they may look."""
    title = text(language, "Here is your video.")
    end = moment(language, until)
    left = text(language, "You can watch it until {time}. Then it is deleted.", time=end)
    film = f'{_film(video, "src", language)}<p id="during">{_timed(left, end, until)}</p>'
    return _page(language, title, film + _seen(language))


def error_page(error: BotcoreError, status: HTTPStatus, language: str) -> web.Response:
    """Why there is no video now, and what to do."""
    if isinstance(error, StoreUnavailable):
        title = text(language, "The video cannot be reached just now.")
        words = text(language, "Nothing is lost. Please try again in a minute.")
        return _page(language, title, _said(title, words) + _form(text(language, "Try again")), status=status)
    if isinstance(error, ObjectMissing):
        title = text(language, "This video is gone.")
        again = text(language, "It can be drawn again: ask for it in the chat.")
        return _page(language, title, _said(title, error_text(error, language), again), status=status)
    if isinstance(error, NotFound):
        title = text(language, "There is no video here.")
        words = text(language, "Perhaps a part of the link is missing: copy all of it.")
        return _page(language, title, _said(title, words), status=status)
    title = text(language, "That did not work.")
    words = text(language, "Open the link once more, and press the button on its page.")
    return _page(language, title, _said(title, words), status=status)


def wants_page(request: web.Request) -> bool:
    """Whether a person's browser asks: programs and players do not name HTML."""
    return re.search(r"\btext/html\b", request.headers.get("Accept", "")) is not None


def _page(
    language: str, title: str, content: str, *, status: HTTPStatus = HTTPStatus.OK, about: str = ""
) -> web.Response:
    language = best(language)
    direction = "rtl" if language in _RIGHT_TO_LEFT else "ltr"
    preview = (
        f'<meta name="description" content="{escape(about)}">'
        f'<meta property="og:description" content="{escape(about)}">'
        if about
        else ""
    )
    script = f"<script>{_SCRIPT}</script>" if "<video" in content else ""
    document = (
        f'<!doctype html><html lang="{language}" dir="{direction}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover">'
        '<meta name="robots" content="noindex, nofollow, noarchive">'
        '<meta name="theme-color" content="#0b0e14">'
        f"{NO_ICON}<title>{escape(title)}</title>"
        f'<meta property="og:type" content="website"><meta property="og:title" content="{escape(title)}">'
        f"{preview}<style>{_STYLE}</style></head><body><main>{content}</main>{script}</body></html>"
    )
    return web.Response(text=document, status=status, content_type="text/html", headers=HEADERS)


def _said(title: str, *words: str) -> str:
    return f"<h1>{escape(title)}</h1>" + "".join(f"<p>{escape(each)}</p>" for each in words)


def _timed(sentence: str, words: str, when: datetime) -> str:
    """A sentence with a time in it, marked so that the script puts it into the clock of its reader."""
    mark = f'<time datetime="{when.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}">{escape(words)}</time>'
    return escape(sentence).replace(escape(words), mark)


def _form(label: str) -> str:
    """Posts to the page's own address, the token in it."""
    return f'<form method="post"><button>{escape(label)}</button></form>'


def _film(video: Video, source: str, language: str) -> str:
    name = escape(text(language, "Here is your video."))
    if video.media_type.startswith("image/"):
        # A still before its time: the form leads to it.
        return f'<img {source}="{_STREAM}" width="{video.width}" height="{video.height}" alt="{name}">'
    return (
        f'<video {source}="{_STREAM}" width="{video.width}" height="{video.height}" aria-label="{name}" '
        'controls playsinline preload="metadata"></video>'
    )


def _seen(language: str) -> str:
    words = text(language, "You have seen it to the end. It will be deleted in a moment.")
    return f'<p id="after" role="status" hidden>{escape(words)}</p>'
