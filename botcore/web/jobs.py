"""``/api/v1/jobs``: the caller's jobs, one of them, its source and its picture; cancelling."""

from __future__ import annotations

from http import HTTPStatus

from aiohttp import web
from pydantic import ConfigDict, Field

from botcore.errors import IllegalMove, NotFound, ObjectMissing, StoreUnavailable
from botcore.model import Job, Status
from botcore.web.bodies import Query, View, read_query, respond
from botcore.web.callers import Caller, find_caller
from botcore.web.cursors import Cursor, bookmark_of, cursor_of
from botcore.web.endpoints import Answer, Endpoint, Header, Who
from botcore.web.job_views import JobView, brief, describe, has_video
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused

MOST_JOBS = 100
_PICTURE_BYTES = 2 * 1024 * 1024
"""No renderer's thumbnail is longer."""
_PICTURES = {
    b"\xff\xd8\xff": "image/jpeg",
    b"\x89PNG": "image/png",
    b"RIFF": "image/webp",
    b"GIF8": "image/gif",
}


class JobsQuery(Query):
    """Which of the caller's jobs."""

    limit: int = Field(default=20, ge=1, le=MOST_JOBS)
    """Jobs of a page."""
    cursor: Cursor = ""
    """``next`` of the page before; empty for the first one."""
    status: Status | None = None
    """Only jobs with this status."""


class JobsView(View):
    """A page of jobs, the newest first."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"jobs": [], "next": None}]})

    jobs: list[JobView]
    next: str | None
    """The cursor of the page after this one; null on the last one. Jobs that are added meanwhile neither
    repeat nor hide one."""


class SourceView(View):
    """What a video is drawn from."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"language": "manim", "code": "class Demo(Scene):\n    …\n", "scene": None, "name": "9f1c.py"}
            ]
        }
    )

    language: str
    """The renderer's language."""
    code: str
    scene: str | None
    """The class that is drawn, where one was asked for."""
    name: str
    """A name for a file of it."""


async def own_job(request: web.Request) -> tuple[Job, Caller]:
    """The job of the address, and its owner, who calls.

    :raises NotFound: there is none, or it is another session's.
    """
    app = request.app[APP]
    caller = await find_caller(request, app)
    job = await app.state.jobs.find(request.match_info["id"], caller.session.id) if caller else None
    if caller is None or job is None:
        raise NotFound("job")
    return job, caller


async def get_jobs(request: web.Request) -> web.Response:
    """The jobs of the caller's own session, the newest first; none for a caller without a session."""
    query = read_query(request, JobsQuery)
    after = bookmark_of(query.cursor)
    app = request.app[APP]
    caller = await find_caller(request, app)
    if caller is None:
        return respond(JobsView(jobs=[], next=None))
    jobs, more = await app.state.pages.page(
        caller.session.id, limit=query.limit, after=after, status=query.status
    )
    videos = await app.state.pages.videos([job.id for job in jobs])
    shown = [brief(job, app, videos.get(job.id)) for job in jobs]
    return respond(JobsView(jobs=shown, next=cursor_of(more)))


async def get_job(request: web.Request) -> web.Response:
    """A job of the caller's own session; anybody else's is not there."""
    job, _ = await own_job(request)
    return respond(await describe(job, request.app[APP]))


async def delete_job(request: web.Request) -> web.Response:
    """Cancel a job: its drawing ends within a second, and a video that nobody has seen yet is deleted. The
    job itself stays to be looked at."""
    job, caller = await own_job(request)
    app = request.app[APP]
    try:
        job = await app.control.cancel(job.id, session_id=caller.session.id)
    except IllegalMove:
        raise _ended((await app.state.jobs.get(job.id)).status) from None
    return respond(await describe(job, app))


async def get_source(request: web.Request) -> web.Response:
    """What the job's video is drawn from, as text to be saved, or as JSON where the request asks for that.

    404 until something is written.
    """
    job, _ = await own_job(request)
    source = job.source
    if source is None:
        raise _no_source()
    renderer = request.app[APP].host.renderers.get(job.renderer)
    name = job.id + (renderer.suffix if renderer is not None else ".txt")
    headers = {"Vary": "Accept", "Cache-Control": "private, no-store"}
    if "application/json" in request.headers.get("Accept", ""):
        view = SourceView(language=source.language, code=source.code, scene=source.scene, name=name)
        return respond(view, headers=headers)
    return web.Response(
        text=source.code,
        content_type="text/plain",
        charset="utf-8",
        headers={**headers, "Content-Disposition": f'attachment; filename="{name}"'},
    )


async def get_thumbnail(request: web.Request) -> web.StreamResponse:
    """A picture of the video. Looking at it takes nothing: the video is still there to be seen.

    404 where there is none, 410 once the video is gone.
    """
    job, _ = await own_job(request)
    app = request.app[APP]
    video = await app.state.videos.of_job(job.id)
    if video is None or video.thumb_key is None:
        raise _no_picture()
    if not has_video(job, video):
        raise ObjectMissing if video.deleted_at is not None or job.status.final else _no_picture()
    headers = {"ETag": f'"{video.id}"', "Cache-Control": "private, no-cache"}
    if headers["ETag"] in request.headers.get("If-None-Match", ""):
        return web.Response(status=HTTPStatus.NOT_MODIFIED, headers=headers)
    picture = bytearray()
    async with app.store.open(video.thumb_key, 0, _PICTURE_BYTES) as chunks:
        async for chunk in chunks:
            picture += chunk
    kind = next((name for magic, name in _PICTURES.items() if picture.startswith(magic)), None)
    return web.Response(body=bytes(picture), content_type=kind or "application/octet-stream", headers=headers)


def _ended(status: Status) -> RequestRefused:
    return RequestRefused(
        HTTPStatus.CONFLICT,
        "job_ended",
        f"This job is {status.value} already: there is nothing to cancel.",
        {"job_status": status.value},
    )


def _no_source() -> RequestRefused:
    return RequestRefused(HTTPStatus.NOT_FOUND, "source_missing", "Nothing is written for this job yet.")


def _no_picture() -> RequestRefused:
    return RequestRefused(HTTPStatus.NOT_FOUND, "thumbnail_missing", "There is no picture of this job.")


_NOT_FOUND = NotFound("job")
ENDPOINTS = (
    Endpoint(
        "GET",
        "/api/v1/jobs",
        get_jobs,
        "List your jobs",
        "jobs",
        who=Who.OWNER,
        query=JobsQuery,
        answers={200: Answer("A page of jobs.", JobsView)},
    ),
    Endpoint(
        "GET",
        "/api/v1/jobs/{id}",
        get_job,
        "See a job",
        "jobs",
        who=Who.OWNER,
        answers={200: Answer("The job as it is now.", JobView)},
        refusals=(_NOT_FOUND,),
    ),
    Endpoint(
        "DELETE",
        "/api/v1/jobs/{id}",
        delete_job,
        "Cancel a job",
        "jobs",
        who=Who.OWNER,
        answers={200: Answer("The cancelled job.", JobView)},
        refusals=(_NOT_FOUND, _ended(Status.FAILED)),
    ),
    Endpoint(
        "GET",
        "/api/v1/jobs/{id}/source",
        get_source,
        "Get the code of a job",
        "jobs",
        who=Who.OWNER,
        headers=(Header("Accept", "``application/json`` for the code as JSON.", "application/json"),),
        answers={
            200: Answer(
                "The code; as text, with a name to save it under.",
                ("text/plain", "application/json"),
                {"Content-Disposition": "The name of the file."},
            )
        },
        refusals=(_NOT_FOUND, _no_source()),
    ),
    Endpoint(
        "GET",
        "/api/v1/jobs/{id}/thumbnail",
        get_thumbnail,
        "Get a picture of the video",
        "jobs",
        who=Who.OWNER,
        answers={
            200: Answer("The picture.", ("image/jpeg", "image/png"), {"ETag": "The picture."}),
            304: Answer("You have it: ``If-None-Match`` names it."),
        },
        refusals=(_NOT_FOUND, _no_picture(), ObjectMissing(), StoreUnavailable()),
    ),
)
