"""``POST /api/v1/problems``, ``POST /api/v1/code`` and ``GET /api/v1/jobs/{id}``."""

from __future__ import annotations

import re
from dataclasses import asdict, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import ConfigDict, Field

from botcore.app import WEB, App
from botcore.delivery.wording import failure_text, status_text
from botcore.errors import (
    AccessRefused,
    CodeTooLong,
    EmptyText,
    ForbiddenCharacter,
    NotFound,
    RateLimited,
    TextTooLong,
    TextTooShort,
    TooManyJobs,
    UnknownProvider,
)
from botcore.hooks.results import Reject, Replace, Reply
from botcore.intake.routing import Submitted, as_code
from botcore.intake.submission import Place
from botcore.intake.text import plain
from botcore.model import (
    Aspect,
    Format,
    Job,
    JobKind,
    Message,
    Quality,
    RenderOptions,
    Session,
    Status,
    new_id,
)
from botcore.web.bodies import Body, View, read_body, respond
from botcore.web.access import video_links
from botcore.web.callers import caller_or_new, find_caller, identity_of, set_cookie
from botcore.web.endpoints import Answer, Endpoint, Header, Who
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused

_KEY = re.compile(r"[\x21-\x7e]{1,128}")


class _Picture(Body):
    """What both kinds of submission say of the picture."""

    quality: Quality | None = None
    aspect: Aspect | None = None
    language: str = Field(default="", max_length=32, pattern=r"^[A-Za-z0-9-]*$")
    """A BCP 47 tag; without it, the session's language."""

    def options(self, session: Session) -> RenderOptions:
        return replace(
            session.options,
            quality=self.quality or session.options.quality,
            aspect=self.aspect or session.options.aspect,
        )


class ProblemBody(_Picture):
    """A problem in words or as a formula."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"text": "solve x^2 - 5x + 6 = 0"},
                {"text": "Derivative of sin(x)^2", "quality": "low"},
            ]
        }
    )

    text: str
    provider: str | None = Field(default=None, max_length=32)
    """Who shall write the script; without it, whoever fits first."""


class CodeBody(_Picture):
    """Code of a renderer's language."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "code": "from manim import *\n\nclass Demo(Scene):\n"
                    "    def construct(self):\n        self.play(Create(Circle()))\n",
                    "scene": "Demo",
                    "format": "mp4",
                }
            ]
        }
    )

    code: str
    scene: str | None = Field(default=None, max_length=100, pattern=r"^\w+$")
    """The class to draw, where there are several."""
    format: Format = Format.MP4


class JobLinks(View):
    """Where to go from here; a link that leads nowhere now is left out."""

    self_: str = Field(alias="self")
    parent: str | None = None
    access: str | None = None
    """Where the single access to the video is taken, and a page for people."""
    stream: str | None = None
    """The video, for whoever has taken the access."""


class JobMade(View):
    """A submission that was taken in."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "9f1c2ab34d5e6f70",
                    "status": "queued",
                    "links": {"self": "/api/v1/jobs/9f1c2ab34d5e6f70"},
                }
            ]
        }
    )

    id: str
    status: Status
    links: JobLinks


class StatedAnswer(View):
    """The answer that the video gives."""

    stated: str | None
    """In the syntax of SymPy; null where none is stated."""
    checked: bool
    """Whether it was verified independently."""


class ProgressView(View):
    """How far the drawing is."""

    animation: int
    animations: int | None
    fraction: float | None
    """0 to 1; null while it is unknown."""


class JobError(View):
    """Why the job failed."""

    code: str
    message: str
    """For the person who asked, in their language."""
    line: int | None = None
    column: int | None = None


class VideoView(View):
    """What was made."""

    media_type: str
    size: int
    """Bytes."""
    duration: float
    """Seconds."""
    width: int
    height: int
    expires_at: datetime


class JobView(View):
    """A job, and what is known of it by now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": "9f1c2ab34d5e6f70",
                    "kind": "problem",
                    "status": "rendering",
                    "message": "Drawing the video … 50%",
                    "quality": "medium",
                    "aspect": "16:9",
                    "format": "mp4",
                    "created_at": "2026-11-22T21:00:00Z",
                    "updated_at": "2026-11-22T21:00:04Z",
                    "links": {"self": "/api/v1/jobs/9f1c2ab34d5e6f70"},
                    "answer": {"stated": "{2, 3}", "checked": True},
                    "plain": False,
                    "progress": {"animation": 5, "animations": 10, "fraction": 0.5},
                }
            ]
        }
    )

    id: str
    kind: JobKind
    status: Status
    message: str
    """For the person who asked, in their language."""
    quality: Quality
    aspect: Aspect
    format: Format
    created_at: datetime
    updated_at: datetime
    links: JobLinks
    answer: StatedAnswer | None = None
    plain: bool | None = None
    """Whether a simpler video was made in place of one that could not be drawn."""
    parent: str | None = None
    """The job that this one changes."""
    wish: str | None = None
    """What shall change."""
    progress: ProgressView | None = None
    error: JobError | None = None
    video: VideoView | None = None


async def post_problem(request: web.Request) -> web.Response:
    """Make a job of a problem. 202 with where to look for it."""
    body = await read_body(request, ProblemBody)
    submitted = Submitted(JobKind.PROBLEM, plain(body.text))
    return await _submit(request, submitted, body, provider=body.provider)


async def post_code(request: web.Request) -> web.Response:
    """Make a job of code. 202 with where to look for it."""
    body = await read_body(request, CodeBody)
    renderers = list(request.app[APP].host.renderers.values())
    submitted = as_code(plain(body.code), renderers)
    return await _submit(request, submitted, body, scene=body.scene, format=body.format)


async def get_job(request: web.Request) -> web.Response:
    """A job of the caller's own session; anybody else's is not there."""
    app = request.app[APP]
    caller = await find_caller(request, app)
    job = await app.state.jobs.find(request.match_info["id"], caller.session.id) if caller else None
    if job is None:
        raise NotFound("job")
    return respond(await describe(job, app))


async def describe(job: Job, app: App) -> JobView:
    """A job as the API shows it."""
    progress = app.control.progress(job)
    shown: dict[str, Any] = {
        "id": job.id,
        "kind": job.kind,
        "status": job.status,
        "message": status_text(job, progress),
        "quality": job.options.quality,
        "aspect": job.options.aspect,
        "format": job.options.format,
        "created_at": job.created_at,
        "updated_at": job.updated_at,
        "links": {"self": f"/api/v1/jobs/{job.id}"},
    }
    if job.source is not None:
        shown["answer"] = {"stated": job.source.answer, "checked": job.source.checked}
        shown["plain"] = job.source.plain
    if job.parent_id is not None:
        shown["parent"] = job.parent_id
        shown["wish"] = job.wish
        shown["links"]["parent"] = f"/api/v1/jobs/{job.parent_id}"
    if progress is not None:
        shown["progress"] = asdict(progress)
    if job.failure is not None:
        shown["error"] = {
            "code": job.failure.code,
            "message": failure_text(job.failure, job.user_language),
            **{name: job.failure.params[name] for name in ("line", "column") if name in job.failure.params},
        }
    video = await app.state.videos.of_job(job.id)
    if video is not None and job.status in {Status.READY, Status.DELIVERED, Status.EXPIRED}:
        shown["video"] = {
            "media_type": video.media_type,
            "size": video.size,
            "duration": video.duration,
            "width": video.width,
            "height": video.height,
            "expires_at": video.expires_at,
        }
        shown["links"] |= video_links(video, job, app.state.db.clock())
    return JobView.model_validate(shown)


async def _submit(
    request: web.Request,
    submitted: Submitted,
    body: _Picture,
    *,
    provider: str | None = None,
    **options: Any,
) -> web.Response:
    app = request.app[APP]
    key = _idempotency_key(request)
    app.submissions.check(submitted, provider)  # before a session is made for somebody who sends rubbish
    caller = await caller_or_new(request, app)
    submitted = await _ask_hooks(app, submitted, caller.session, key or new_id())
    wanted = replace(body.options(caller.session), **options)
    job, created = await app.submissions.submit(
        caller.session,
        Place(WEB, caller.session.id, announce=False),
        submitted,
        options=wanted,
        language=body.language or caller.session.language,
        provider=provider,
        # Of the cookie, not of the session, which may become another one by linking.
        key=None if key is None else f"{WEB}:{identity_of(caller.token)}:{key}",
    )
    if not created and (job.kind, job.text.strip()) != (submitted.kind, submitted.text.strip()):
        raise _key_reused()
    place = f"/api/v1/jobs/{job.id}"
    response = respond(
        JobMade(id=job.id, status=job.status, links=JobLinks(self=place)),
        status=HTTPStatus.ACCEPTED,
        headers={"Location": place},
    )
    set_cookie(response, caller, app)
    return response


async def _ask_hooks(app: App, submitted: Submitted, session: Session, message_id: str) -> Submitted:
    """Plugins that look at messages look at these too; a reply has nowhere to go but the refusal."""
    message = Message(WEB, session.id, session.id, message_id, submitted.text, language=session.language)
    decision = await app.host.hooks.message_received(message)
    if isinstance(decision, Reply | Reject):
        raise _refused_by_plugin(decision.text)
    if isinstance(decision, Replace):
        return replace(submitted, text=decision.message.text)
    return submitted


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise _key_invalid()
    return key


def _key_invalid() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.BAD_REQUEST,
        "idempotency_key_invalid",
        "An Idempotency-Key is 1 to 128 visible ASCII characters.",
    )


def _key_reused() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "idempotency_key_reused",
        "This Idempotency-Key belongs to another request. Use a fresh key for each submission.",
    )


def _refused_by_plugin(text: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.FORBIDDEN, "message_refused", text)


_IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    "The same key from the same caller is the same job, however often it is sent. 1 to 128 visible "
    "characters.",
    "order-1",
    pattern=r"^[!-~]{1,128}$",
)
_TAKEN_IN = {202: Answer("The job is in the queue.", JobMade, {"Location": "Where the job is shown."})}
_REFUSED = (
    EmptyText(),
    ForbiddenCharacter(character="U+0000"),
    RateLimited(limit=5, seconds=12),
    TooManyJobs(limit=3),
    AccessRefused(),
    _key_invalid(),
    _key_reused(),
    _refused_by_plugin("This bot answers questions about maths only."),
)

ENDPOINTS = (
    Endpoint(
        "POST",
        "/api/v1/problems",
        post_problem,
        "Submit a problem",
        "jobs",
        who=Who.NEWCOMER,
        body=ProblemBody,
        headers=(_IDEMPOTENCY_KEY,),
        answers=_TAKEN_IN,
        refusals=(
            *_REFUSED,
            TextTooShort(minimum=10),
            TextTooLong(length=5001, maximum=5000),
            UnknownProvider(kind="provider", name="nobody", available="solver"),
        ),
    ),
    Endpoint(
        "POST",
        "/api/v1/code",
        post_code,
        "Submit code",
        "jobs",
        who=Who.NEWCOMER,
        body=CodeBody,
        headers=(_IDEMPOTENCY_KEY,),
        answers=_TAKEN_IN,
        refusals=(*_REFUSED, CodeTooLong(length=50_001, maximum=50_000)),
    ),
    Endpoint(
        "GET",
        "/api/v1/jobs/{id}",
        get_job,
        "See a job",
        "jobs",
        who=Who.OWNER,
        answers={200: Answer("The job as it is now.", JobView)},
        refusals=(NotFound("job"),),
    ),
)
