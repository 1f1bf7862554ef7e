"""``POST /api/v1/problems``, ``POST /api/v1/code`` and ``POST /api/v1/jobs/{id}/edits``: what makes a job."""

from __future__ import annotations

from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import ConfigDict, Field

from botcore.app import WEB, App
from botcore.errors import (
    AccessRefused,
    CannotChange,
    CodeTooLong,
    EmptyText,
    ForbiddenCharacter,
    NotDrawnYet,
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
from botcore.intake.text import check_wish, plain
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
from botcore.web.bodies import Body, read_body, respond
from botcore.web.callers import Caller, caller_or_new, set_cookie
from botcore.web.endpoints import Answer, Endpoint, Who
from botcore.web.idempotency import IDEMPOTENCY_KEY, key_invalid, key_reused, once, read_key
from botcore.web.job_views import JobLinks, JobMade, link
from botcore.web.jobs import own_job
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused


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
    scene: str | None = Field(default=None, max_length=100, pattern=r"^[^\W\d]\w*$")
    """The class to draw, where there are several."""
    format: Format = Format.MP4


class EditBody(Body):
    """What shall be different about a video."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"text": "make the circle red"}, {"text": "vertical, please"}]}
    )

    text: str
    """As one would reply to the video in a chat."""
    language: str = Field(default="", max_length=32, pattern=r"^[A-Za-z0-9-]*$")
    """A BCP 47 tag; without it, that of the job."""


async def post_problem(request: web.Request) -> web.Response:
    """Make a job of a problem. 202 with where to look for it."""
    body = await read_body(request, ProblemBody)
    submitted = Submitted(JobKind.PROBLEM, plain(body.text))
    return await _submit(request, submitted, body, provider=body.provider)


async def post_code(request: web.Request) -> web.Response:
    """Make a job of code, which is drawn as it is. 202 with where to look for it."""
    body = await read_body(request, CodeBody)
    renderers = list(request.app[APP].host.renderers.values())
    submitted = as_code(plain(body.code), renderers)
    return await _submit(request, submitted, body, scene=body.scene, format=body.format)


async def post_edit(request: web.Request) -> web.Response:
    """Make a job of a job, changed by words: another quality or shape at once, anything else by whoever can
    write scripts. The first job stays as it is. Without an ``Idempotency-Key``, what is on its way already is
    not made again."""
    body = await read_body(request, EditBody)
    app = request.app[APP]
    key = read_key(request)
    parent, _ = await own_job(request)
    caller = await caller_or_new(request, app)  # who may look may not always submit
    words = check_wish(plain(body.text), app.submissions.rules)
    if not parent.text:  # whoever wrote it was forgotten
        raise NotFound("job")
    asked = once(request, key, caller, body)
    job = await asked.earlier(app)
    if job is None:
        await _ask_hooks(app, Submitted(JobKind.PROBLEM, words), caller.session, key or new_id())
        asker = _Asker(
            caller.session,
            _place(caller),
            body.language or parent.user_language,
            asked.key,
            asked.fingerprint,
        )
        try:
            job, _ = await app.remaking.edit(asker, parent, words, join=key is None)
        except CannotChange as error:
            raise _cannot_change(error) from None
        if key is not None:  # a twin of this request may have been a little faster
            await asked.check(job, app)
    return _made(job, caller, app)


@dataclass(frozen=True, slots=True)
class _Asker:
    """See :class:`botcore.intake.commands.remaking.Asker`."""

    session: Session
    place: Place
    language: str
    key: str | None
    fingerprint: str | None


async def _submit(
    request: web.Request,
    submitted: Submitted,
    body: _Picture,
    *,
    provider: str | None = None,
    **options: Any,
) -> web.Response:
    app = request.app[APP]
    key = read_key(request)
    app.submissions.check(submitted, provider)  # before a session is made for somebody who sends rubbish
    caller = await caller_or_new(request, app)
    asked = once(request, key, caller, body)
    job = await asked.earlier(app)
    if job is None:
        submitted = await _ask_hooks(app, submitted, caller.session, key or new_id())
        job, created = await app.submissions.submit(
            caller.session,
            _place(caller),
            submitted,
            options=replace(body.options(caller.session), **options),
            language=body.language or caller.session.language,
            provider=provider,
            key=asked.key,
            fingerprint=asked.fingerprint,
        )
        if not created:  # by a twin of this request that was a little faster
            await asked.check(job, app)
    return _made(job, caller, app)


def _place(caller: Caller) -> Place:
    """People of the web come to look."""
    return Place(WEB, caller.session.id, announce=False)


def _made(job: Job, caller: Caller, app: App) -> web.Response:
    """The same for the same submission, however far its job is by now."""
    place = link(job.id)
    response = respond(
        JobMade(id=job.id, status=Status.QUEUED, links=JobLinks(self=place, events=link(job.id, "events"))),
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


def _refused_by_plugin(text: str) -> RequestRefused:
    return RequestRefused(HTTPStatus.FORBIDDEN, "message_refused", text)


def _cannot_change(error: CannotChange) -> RequestRefused:
    return RequestRefused(HTTPStatus.UNPROCESSABLE_ENTITY, error.code, error.message)


_TAKEN_IN = {202: Answer("The job is in the queue.", JobMade, {"Location": "Where the job is shown."})}
_REFUSED = (
    EmptyText(),
    ForbiddenCharacter(character="U+0000"),
    RateLimited(limit=5, seconds=12),
    TooManyJobs(limit=3),
    AccessRefused(),
    key_invalid(),
    key_reused(),
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
        headers=(IDEMPOTENCY_KEY,),
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
        headers=(IDEMPOTENCY_KEY,),
        answers=_TAKEN_IN,
        refusals=(*_REFUSED, CodeTooLong(length=50_001, maximum=50_000)),
    ),
    Endpoint(
        "POST",
        "/api/v1/jobs/{id}/edits",
        post_edit,
        "Change a video by words",
        "jobs",
        who=Who.OWNER,
        body=EditBody,
        headers=(IDEMPOTENCY_KEY,),
        answers=_TAKEN_IN,
        refusals=(
            *_REFUSED,
            NotFound("job"),
            NotDrawnYet(),
            TextTooLong(length=5001, maximum=5000),
            _cannot_change(CannotChange()),
        ),
    ),
)
