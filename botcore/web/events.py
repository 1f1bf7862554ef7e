"""``GET /api/v1/jobs/{id}/events``: what becomes of a job, as server-sent events (WHATWG HTML, section 9.2).

Three kinds of events: ``status`` for every move of the job, ``progress`` and ``queue`` for what changes in
between, and ``end`` with the whole job, after which the server closes. An id is the version of the last move
that was told, and after a dot what else was: moves are rows that never change, so a listener that comes back
with ``Last-Event-ID`` is told every move that it missed and none twice, by whatever process.
"""

from __future__ import annotations

import asyncio
import json
import re
from dataclasses import asdict, dataclass, replace
from http import HTTPStatus

from aiohttp import hdrs, web

from botcore.app import App
from botcore.delivery.wording import status_text
from botcore.errors import BotcoreError, NotFound
from botcore.model import Job
from botcore.pipeline import Sight, Watched
from botcore.state import DatabaseFailed, Move
from botcore.telemetry import get_logger
from botcore.web.addresses import client_address
from botcore.web.callers import find_caller
from botcore.web.connections import cut_off
from botcore.web.crowds import Bound, Crowd
from botcore.web.endpoints import Answer, Endpoint, Header, Who
from botcore.web.job_views import describe
from botcore.web.jobs import own_job
from botcore.web.keys import APP, STOPPING
from botcore.web.problems import RequestRefused

HEARTBEAT_SECONDS = 15.0
"""Silence that proxies bear; as often it is looked whether the caller may still listen."""
SEND_SECONDS = 30.0
"""How long a listener may take to read what was sent."""
RETRY_MS = 2000
"""When a browser comes back that lost the connection."""
MOST_OF_CALLER = 20
"""Streams that one caller has open at once in this process."""
MOST_OF_ADDRESS = 500
"""And people behind one address, who may be a whole school, or one who throws cookies away."""
MOST_OF_ALL = 2000

_ID = re.compile(r"(\d{1,9})(?:\.([0-9a-z.-]{1,40}))?")
_END = "end"

log = get_logger(__name__)


LISTENERS = web.AppKey("listeners", Crowd)
"""By session: who listens in this process."""
HOUSEHOLDS = web.AppKey("households", Crowd)
"""By address: the same."""


def open_listening(site: web.Application) -> None:
    """Give ``site`` what the endpoint counts with, and let its streams end when it does."""
    site[LISTENERS] = Crowd(each=Bound(MOST_OF_CALLER, too_many), together=Bound(MOST_OF_ALL, crowded))
    site[HOUSEHOLDS] = Crowd(each=Bound(MOST_OF_ADDRESS, crowded))
    site.on_shutdown.append(_end_streams)


async def _end_streams(site: web.Application) -> None:
    """Listeners come back to the next process by themselves."""
    site[STOPPING].set()
    site[APP].control.watching.wake()


@dataclass(frozen=True, slots=True)
class Told:
    """What a listener knows: the version of the last move, and what else it was told since."""

    version: int = -1
    rest: str = ""

    @classmethod
    def of(cls, last_event_id: str) -> Told:
        """What an id says; nothing, where no server gave it out."""
        match = _ID.fullmatch(last_event_id)
        return cls() if match is None else cls(int(match[1]), match[2] or "")

    def __str__(self) -> str:
        return f"{self.version}.{self.rest}" if self.rest else str(self.version)


async def get_events(request: web.Request) -> web.StreamResponse:
    """Tell what becomes of a job until it has ended, or is ready to be seen.

    Each ``status`` event is told once, in order. A listener that comes back sends ``Last-Event-ID``, as
    browsers do by themselves; 204 tells it that there is nothing more to come.
    """
    job, caller = await own_job(request)
    app = request.app[APP]
    told = Told.of(request.headers.get("Last-Event-ID", ""))
    if told.version > job.version:
        told = Told()  # an id of another job, or made up
    address = client_address(request, app.settings.web)
    with request.app[HOUSEHOLDS].one_more(address), request.app[LISTENERS].one_more(caller.session.id):
        async with app.control.watching.watching(job.id) as watched:
            if not watched.sight.job.unfinished and told == _all_of(watched.sight):
                return web.Response(status=HTTPStatus.NO_CONTENT)
            response = web.StreamResponse(
                headers={
                    hdrs.CONTENT_TYPE: "text/event-stream; charset=utf-8",
                    "X-Accel-Buffering": "no",  # nginx would wait for more
                }
            )
            await response.prepare(request)
            if request.method == hdrs.METH_HEAD:
                return response
            try:
                await _tell(request, response, watched, told)
                await response.write_eof()
            except ConnectionError:
                log.debug("listener_left", job=job.id)
            except TimeoutError:
                log.info("listener_stuck", job=job.id)
                cut_off(request)
            except Exception:
                # An answer has begun: a problem document would be told as an event. The listener comes back.
                log.exception("telling_broke", job=job.id)
                cut_off(request)
    return response


async def _tell(request: web.Request, response: web.StreamResponse, watched: Watched, told: Told) -> None:
    """Write until there is nothing more to come, the server stops, or the caller may not listen any more."""
    app, loop = request.app[APP], asyncio.get_running_loop()
    await _write(response, f"retry: {RETRY_MS}\n\n".encode())
    checked = loop.time()
    while not request.app[STOPPING].is_set():
        heard = watched.bell.rings
        try:
            sight = watched.sight
        except NotFound:  # its person was forgotten
            return
        frames, told = _news(sight, told)
        if frames:
            await _write(response, frames)
        if not sight.job.unfinished:
            if told.rest != _END:
                await _write(response, await _end(sight.job, app, told.version))
            return
        await watched.bell.wait(heard, timeout=HEARTBEAT_SECONDS)
        if watched.bell.rings == heard:
            await _write(response, b": still here\n\n")
        if loop.time() - checked >= HEARTBEAT_SECONDS:
            checked = loop.time()
            if not await _may_listen(request, sight.job):
                return


async def _write(response: web.StreamResponse, data: bytes) -> None:
    async with asyncio.timeout(SEND_SECONDS):
        await response.write(data)


async def _may_listen(request: web.Request, job: Job) -> bool:
    """Whether the caller's session or token still holds, and the job is still theirs."""
    app = request.app[APP]
    try:
        caller = await find_caller(request, app)
        return caller is not None and await app.state.jobs.find(job.id, caller.session.id) is not None
    except DatabaseFailed:  # which says nothing of anybody
        return True
    except BotcoreError:  # the token was revoked
        return False


# --------------------------------------------------------------------------------------------- what is told


def _news(sight: Sight, told: Told) -> tuple[bytes, Told]:
    """The events that are new to somebody who was told so much, and what they know then."""
    frames = []
    for move in sight.moves:
        if move.version > told.version:
            told = Told(move.version)
            frames.append(_frame("status", told, _status(sight, move)))
    job = sight.job
    if sight.progress is not None:
        progress = sight.progress
        part = 0 if progress.fraction is None else round(1000 * progress.fraction)
        told = _if_new(frames, "progress", told, f"p{progress.animation}-{part}", asdict(progress))
    elif sight.ahead is not None and job.unfinished:
        told = _if_new(frames, "queue", told, f"q{sight.ahead}", {"ahead": sight.ahead})
    return b"".join(frames), told


def _if_new(frames: list[bytes], event: str, told: Told, rest: str, data: object) -> Told:
    if told.rest == rest:
        return told
    told = replace(told, rest=rest)
    frames.append(_frame(event, told, data))
    return told


def _status(sight: Sight, move: Move) -> dict[str, object]:
    """A move in words: those of the time when it was made."""
    latest = move is sight.moves[-1]
    then = replace(
        sight.job,
        status=move.status,
        generations=move.generation,
        waits_until=sight.job.waits_until if latest else None,
    )
    return {
        "status": move.status.value,
        "message": status_text(then),
        "attempt": move.generation,
        "at": move.at.isoformat().replace("+00:00", "Z"),
    }


async def _end(job: Job, app: App, version: int) -> bytes:
    view = await describe(job, app)
    data = view.model_dump(mode="json", by_alias=True, exclude_unset=True)
    return _frame("end", Told(version, _END), data)


def _all_of(sight: Sight) -> Told:
    """What somebody was told who was told all."""
    return Told(sight.moves[-1].version, _END)


def _frame(event: str, told: Told, data: object) -> bytes:
    """One event. JSON of one line holds no line break."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return f"id: {told}\nevent: {event}\ndata: {text}\n\n".encode()


def too_many() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.TOO_MANY_REQUESTS,
        "too_many_listeners",
        f"You have {MOST_OF_CALLER} streams of events open. Close one of them first.",
        headers={"Retry-After": "10"},
    )


def crowded() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.SERVICE_UNAVAILABLE,
        "listeners_crowded",
        "Too many streams of events are open. Ask for the job itself now and then.",
        headers={"Retry-After": "30"},
    )


ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/jobs/{id}/events",
        get_events,
        "Listen to a job",
        "jobs",
        who=Who.OWNER,
        headers=(
            Header(
                "Last-Event-ID",
                "The id of the last event that was heard: only what came after it is told.",
                "7",
            ),
        ),
        answers={
            200: Answer("The events, as they come.", ("text/event-stream",)),
            204: Answer("All was told: do not come back."),
        },
        refusals=(NotFound("job"), too_many(), crowded()),
    ),
)
