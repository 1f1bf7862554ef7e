"""``GET /api/v1/video/{id}/stream``: the video for whoever has taken its access, whole or in ranges."""

from __future__ import annotations

import asyncio
import re
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from botcore.errors import (
    BotcoreError,
    NotFound,
    ObjectMissing,
    StoreUnavailable,
    VideoDeleted,
    VideoExpired,
    VideoSeen,
)
from botcore.ports import Store
from botcore.state import DatabaseFailed, Video
from botcore.telemetry import get_logger, repeating
from botcore.web.access import access_needed, store_down, with_pages
from botcore.web.addresses import client_address
from botcore.web.connections import cut_off
from botcore.web.crowds import Bound, Crowd
from botcore.web.endpoints import Answer, Endpoint, Header, Who
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused
from botcore.web.viewers import find_viewer

log = get_logger(__name__)

MOST_OF_VIDEO = 16
"""Streams of one video at once in this process; a browser that seeks has two or three. Each may hold a
connection to the store for as long as its viewer reads."""
MOST_OF_ADDRESS = 128
"""And streams of all videos to one address, which may be a school: half of a store's connections."""

LOOK_SECONDS = 5.0
"""How often it is looked whether the viewer of an open stream may still look: people are forgotten, tokens
revoked, and who has seen the end gives the rest of the time back."""

_RANGE = re.compile(r"bytes=(\d{0,19})-(\d{0,19})", re.ASCII)
_SUFFIXES = {"video/mp4": "mp4", "video/webm": "webm", "image/gif": "gif", "image/png": "png"}

_POLICY = (
    "default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'; frame-ancestors 'none'"
)
"""A browser without script opens the file by itself, on a page that it makes around it: with a player that
loads the file once more, and with styles in its elements."""

STREAMS = web.AppKey("streams", Crowd)
"""By video."""
HOUSEHOLDS = web.AppKey("viewing households", Crowd)
"""By address."""


def open_streaming(site: web.Application) -> None:
    """Give ``site`` what the endpoint counts with."""
    site[STREAMS] = Crowd(each=Bound(MOST_OF_VIDEO, _crowded))
    site[HOUSEHOLDS] = Crowd(each=Bound(MOST_OF_ADDRESS, _crowded))


@dataclass(frozen=True, slots=True)
class Span:
    """Bytes from ``start`` up to, not including, ``end``."""

    start: int
    end: int


def parse_range(header: str, size: int) -> Span | None:
    """The one range that a header asks for. None where the header is to be ignored and the whole file sent
    (RFC 9110: several ranges, another unit, or nonsense).

    :raises RequestRefused: 416, the range lies outside the file.
    """
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        span = Span(max(0, size - int(last)), size)
    else:
        span = Span(int(first), min(int(last) + 1, size) if last else size)
        if last and int(last) < int(first):
            return None
    if span.start >= span.end:
        raise _outside(size)
    return span


@with_pages
async def stream(request: web.Request) -> web.StreamResponse:
    """Send the bytes to whoever has taken the access, while they may look; 410 once the video is gone.

    Several ranges at once, and what is none, are answered with the whole file (RFC 9110, section 14.2).
    """
    app = request.app[APP]
    viewer = await find_viewer(request, app)
    video = await app.single_access.look(viewer.video.id, viewer.keys)
    if video.taken_until is None:
        raise access_needed()
    etag = f'"{video.id}"'
    if etag in request.headers.get("If-None-Match", ""):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers={"ETag": etag})
    wanted = request.headers.get("Range", "")
    if request.method != "GET" or request.headers.get("If-Range", etag) != etag:
        wanted = ""
    span = parse_range(wanted, video.size)
    response = _head(video, span, etag)
    part = span or Span(0, video.size)
    response.content_length = part.end - part.start
    if request.method == "HEAD":
        await response.prepare(request)
        return response
    window = asyncio.timeout((video.taken_until - app.state.db.clock()).total_seconds())
    try:
        address = client_address(request, app.settings.web)
        with request.app[HOUSEHOLDS].one_more(address), request.app[STREAMS].one_more(video.id):
            async with window, _looked_after(request, window):
                await _send(request, app.store, video, part, response)
    except TimeoutError:
        if not window.expired():
            raise
        # Whoever reads a byte a second does not hold the file any longer than anybody else.
        log.info("window_over", video=video.id)
        cut_off(request)
    return response


def _looked_after(request: web.Request, window: asyncio.Timeout) -> AbstractAsyncContextManager[None]:
    """Close the window while the body runs, once the viewer may not look any more."""

    async def look() -> None:
        if not await _may_look(request) and not window.expired():
            window.reschedule(0)

    return repeating(look, every=LOOK_SECONDS, name="looking")


async def _may_look(request: web.Request) -> bool:
    """Whether the viewer's session or token still holds, and the video is still open to them."""
    app = request.app[APP]
    try:
        viewer = await find_viewer(request, app)
    except DatabaseFailed:  # which says nothing of anybody
        return True
    except BotcoreError:
        return False
    return viewer.video.open_to(viewer.keys, app.state.db.clock())


async def _send(
    request: web.Request, store: Store, video: Video, part: Span, response: web.StreamResponse
) -> None:
    """Pass the bytes on as they come from the store, never more than a chunk ahead of the viewer."""
    async with AsyncExitStack() as opened:
        try:
            chunks = await opened.enter_async_context(store.open(video.key, part.start, part.end, video.etag))
        except ObjectMissing as error:
            raise VideoDeleted(error.detail) from error
        except StoreUnavailable as error:
            raise store_down(error.detail) from error
        await response.prepare(request)
        try:
            async for chunk in chunks:
                await response.write(chunk)
            await response.write_eof()
        except ConnectionError:
            log.info("viewer_left", video=video.id)
        except Exception:
            # An answer has begun: a problem document would land in the middle of the video.
            log.exception("stream_broke", video=video.id)
            cut_off(request)


def _head(video: Video, span: Span | None, etag: str) -> web.StreamResponse:
    suffix = _SUFFIXES.get(video.media_type, "bin")
    response = web.StreamResponse(
        status=HTTPStatus.OK if span is None else HTTPStatus.PARTIAL_CONTENT,
        headers={
            "Content-Type": video.media_type,
            "Accept-Ranges": "bytes",
            "ETag": etag,
            "Cache-Control": "private, no-store",
            "Content-Security-Policy": _POLICY,
            "Content-Disposition": f'inline; filename="{video.job_id}.{suffix}"',
        },
    )
    if span is not None:
        response.headers["Content-Range"] = f"bytes {span.start}-{span.end - 1}/{video.size}"
    return response


def _outside(size: int) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE,
        "range_invalid",
        "The file has no such bytes.",
        headers={"Content-Range": f"bytes */{size}"},
    )


def _crowded() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_streams",
        f"{MOST_OF_VIDEO} streams of this video are open, or {MOST_OF_ADDRESS} to your address. "
        "Close one of them first.",
        headers={"Retry-After": "10"},
    )


_MEDIA = tuple(_SUFFIXES)

ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/video/{id}/stream",
        stream,
        "Download the video, or a part of it",
        "videos",
        who=Who.VIEWER,
        headers=(Header("Range", "One range of bytes (RFC 9110).", "bytes=0-1023"),),
        answers={
            200: Answer("All of it.", _MEDIA, {"ETag": "The video.", "Accept-Ranges": "bytes"}),
            206: Answer("The range.", _MEDIA, {"Content-Range": "Which bytes of how many."}),
            304: Answer("You have it: ``If-None-Match`` names it."),
        },
        refusals=(
            NotFound("video"),
            access_needed(),
            VideoSeen(),
            VideoExpired(),
            VideoDeleted(),
            store_down(),
            _outside(1024),
            _crowded(),
        ),
    ),
)
