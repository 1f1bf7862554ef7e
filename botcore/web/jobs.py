"""``POST /api/v1/problems``, ``POST /api/v1/code`` and ``GET /api/v1/jobs/{id}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, replace
from http import HTTPStatus
from typing import Any

from aiohttp import web
from pydantic import Field

from botcore.app import WEB, App
from botcore.delivery.wording import failure_text, status_text
from botcore.errors import NotFound
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
from botcore.web.callers import caller_or_new, find_caller, identity_of, set_cookie
from botcore.web.keys import APP
from botcore.web.problems import RequestRefused
from botcore.web.requests import Body, read_body

_KEY = re.compile(r"[\x21-\x7e]{1,128}")


class _Picture(Body):
    """What both kinds of submission say of the picture."""

    quality: Quality | None = None
    aspect: Aspect | None = None
    language: str = Field(default="", max_length=32, pattern=r"^[A-Za-z0-9-]*$")

    def options(self, session: Session) -> RenderOptions:
        return replace(
            session.options,
            quality=self.quality or session.options.quality,
            aspect=self.aspect or session.options.aspect,
        )


class ProblemBody(_Picture):
    """A problem in words or as a formula."""

    text: str
    provider: str | None = Field(default=None, max_length=32)


class CodeBody(_Picture):
    """Code of a renderer's language. ``scene`` names the class to draw where there are several."""

    code: str
    scene: str | None = Field(default=None, max_length=100, pattern=r"^\w+$")
    format: Format = Format.MP4


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
    return web.json_response(await describe(job, app), headers={"Cache-Control": "no-store"})


async def describe(job: Job, app: App) -> Mapping[str, Any]:
    """A job as the API shows it."""
    progress = app.control.progress(job)
    shown: dict[str, Any] = {
        "id": job.id,
        "kind": job.kind.value,
        "status": job.status.value,
        "message": status_text(job, progress),
        "quality": job.options.quality.value,
        "aspect": job.options.aspect.value,
        "format": job.options.format.value,
        "created_at": job.created_at.isoformat(),
        "updated_at": job.updated_at.isoformat(),
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
    if video is not None and video.deleted_at is None and job.status in {Status.READY, Status.DELIVERED}:
        shown["video"] = {
            "media_type": video.media_type,
            "size": video.size,
            "duration": video.duration,
            "width": video.width,
            "height": video.height,
            "expires_at": video.expires_at.isoformat(),
        }
        shown["links"]["video"] = f"/api/v1/video/{video.id}/stream"
    return shown


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
        raise RequestRefused(
            HTTPStatus.UNPROCESSABLE_ENTITY,
            "idempotency_key_reused",
            "This Idempotency-Key belongs to another request. Use a fresh key for each submission.",
        )
    response = web.json_response(
        {"id": job.id, "status": job.status.value, "links": {"self": f"/api/v1/jobs/{job.id}"}},
        status=HTTPStatus.ACCEPTED,
        headers={"Location": f"/api/v1/jobs/{job.id}", "Cache-Control": "no-store"},
    )
    set_cookie(response, caller, app)
    return response


async def _ask_hooks(app: App, submitted: Submitted, session: Session, message_id: str) -> Submitted:
    """Plugins that look at messages look at these too; a reply has nowhere to go but the refusal."""
    message = Message(WEB, session.id, session.id, message_id, submitted.text, language=session.language)
    decision = await app.host.hooks.message_received(message)
    if isinstance(decision, Reply | Reject):
        raise RequestRefused(HTTPStatus.FORBIDDEN, "message_refused", decision.text)
    if isinstance(decision, Replace):
        return replace(submitted, text=decision.message.text)
    return submitted


def _idempotency_key(request: web.Request) -> str | None:
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise RequestRefused(
            HTTPStatus.BAD_REQUEST,
            "idempotency_key_invalid",
            "An Idempotency-Key is 1 to 128 visible ASCII characters.",
        )
    return key
