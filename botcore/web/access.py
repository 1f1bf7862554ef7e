"""``/api/v1/video/{id}/access``: the page with the video, and the taking of its single access.

Looking consumes nothing, because whatever sees a link fetches it: previews of chats, scanners of mail. Only a
POST takes the access, which is what the button on the page sends.
"""

from __future__ import annotations

import asyncio
from functools import wraps
from http import HTTPStatus

from aiohttp import web

from botcore.app import App
from botcore.errors import (
    BotcoreError,
    NotFound,
    ObjectMissing,
    StoreUnavailable,
    VideoDeleted,
    VideoExpired,
    VideoSeen,
)
from botcore.model import Job
from botcore.state import Video
from botcore.web.callers import origin_refused, same_site
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.keys import APP, LANGUAGE
from botcore.web.player import error_page, offer_page, wants_page, watching_page
from botcore.web.problems import Handler, RequestRefused, status_of
from botcore.web.viewers import find_viewer

STORE_SECONDS = 10.0
"""How long the store may take to give the first byte."""
RETRY_AFTER = 30.0
"""Seconds after which a store that is down is worth another try."""


def with_pages(handler: Handler) -> Handler:
    """``handler``, with its refusals as pages for those who look with a browser."""

    @wraps(handler)
    async def handle(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except BotcoreError as error:
            if not wants_page(request):
                raise
            status = error.status if isinstance(error, RequestRefused) else status_of(error)
            page = error_page(error, status, request.get(LANGUAGE, ""))
            if error.retry_after is not None:
                page.headers["Retry-After"] = str(round(error.retry_after))
            return page

    return handle


@with_pages
async def get_access(request: web.Request) -> web.StreamResponse:
    """A page for people, in the job's language: with a button while the access is to be had, with the video
    for whoever has taken it. Looking at it consumes nothing."""
    app = request.app[APP]
    viewer = await find_viewer(request, app)
    video = await app.single_access.look(viewer.video.id, viewer.keys)
    language = request[LANGUAGE]
    if video.taken_until is not None:
        response = watching_page(video, language, until=video.taken_until)
    else:
        minutes = int(app.single_access.window(video) // 60)
        response = offer_page(video, language, minutes=minutes)
    viewer.remember(response, app)
    return response


@with_pages
async def post_access(request: web.Request) -> web.StreamResponse:
    """Take the single access; from then on nobody else gets it. Whoever has taken it gets the same again.

    The answer leads to the stream, which can be read for some minutes, in ranges and as often as you like.
    """
    app = request.app[APP]
    _check_site(request)
    viewer = await find_viewer(request, app)
    video = await app.single_access.look(viewer.video.id, viewer.keys)
    await check_store(app, video)  # a store that is down costs nobody the access
    await app.single_access.take(video.id, viewer.key, viewer.keys)
    response = web.Response(
        status=HTTPStatus.SEE_OTHER, headers={"Location": "stream", "Cache-Control": "no-store"}
    )
    viewer.remember(response, app)
    return response


@with_pages
async def delete_access(request: web.Request) -> web.StreamResponse:
    """Say that you have seen it: the video is deleted a minute later instead of at the end of your time."""
    app = request.app[APP]
    _check_site(request)
    viewer = await find_viewer(request, app)
    taken_by = viewer.video.viewer
    if taken_by is None or taken_by not in viewer.keys:
        await app.single_access.look(viewer.video.id, viewer.keys)
        raise access_needed()
    if await app.single_access.end(viewer.video.id, taken_by):
        app.reaper.bell.ring()  # its next sweep is earlier than it thought
    return web.Response(status=HTTPStatus.NO_CONTENT)


async def check_store(app: App, video: Video) -> None:
    """Read the first byte.

    :raises StoreUnavailable: the store is down, or too slow.
    :raises VideoDeleted: the file is not there.
    """
    try:
        async with (
            asyncio.timeout(STORE_SECONDS),
            app.store.open(video.key, 0, 1, video.etag) as chunks,
        ):
            async for _ in chunks:
                break
    except ObjectMissing as error:
        raise VideoDeleted(error.detail) from error
    except (StoreUnavailable, TimeoutError) as error:
        raise store_down(str(error)) from error


def video_links(video: Video, job: Job, app: App) -> dict[str, str]:
    """Where a job's owner goes for its video: to the access while it can be had, and to the stream besides
    while whoever has taken it may look."""
    beside, now = f"/api/v1/video/{video.id}", app.state.db.clock()
    if video.viewer is not None:
        open_now = video.open_to({video.viewer}, now)
        return {"access": f"{beside}/access", "stream": f"{beside}/stream"} if open_now else {}
    waits = app.single_access.offered(job) and now < video.expires_at
    return {"access": f"{beside}/access"} if waits else {}


def store_down(detail: str = "") -> StoreUnavailable:
    """The store's failure as an answer that says when to come back."""
    return StoreUnavailable(detail, retry_after=RETRY_AFTER)


def access_needed() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.FORBIDDEN,
        "access_needed",
        "Take the video's single access first: POST to …/access beside this address.",
    )


def _check_site(request: web.Request) -> None:
    """Refuse what another website sends.

    Our page hides its address, and an old browser, or one without TLS, does not say either whose page it was.
    A stranger's request through it would bring no cookie, because all of ours are SameSite.
    """
    nothing_said = request.headers.get("Origin") == "null" and "Sec-Fetch-Site" not in request.headers
    if not nothing_said and not same_site(request):
        raise origin_refused()


_GONE = (VideoSeen(), VideoExpired(), VideoDeleted())
_PATH = "/api/v1/video/{id}/access"

ENDPOINTS = (
    Endpoint(
        "GET",
        _PATH,
        get_access,
        "Open the page with the video",
        "videos",
        who=Who.VIEWER,
        answers={200: Answer("The page.", ("text/html",), {"Set-Cookie": "What makes you a viewer."})},
        refusals=(NotFound("video"), *_GONE),
    ),
    Endpoint(
        "POST",
        _PATH,
        post_access,
        "Take the single access",
        "videos",
        who=Who.VIEWER,
        answers={303: Answer("It is yours.", headers={"Location": "The stream."})},
        refusals=(origin_refused(), NotFound("video"), *_GONE, store_down()),
    ),
    Endpoint(
        "DELETE",
        _PATH,
        delete_access,
        "Say that you have seen it",
        "videos",
        who=Who.VIEWER,
        answers={204: Answer("It is deleted soon.")},
        refusals=(origin_refused(), access_needed(), NotFound("video"), *_GONE),
    ),
)
