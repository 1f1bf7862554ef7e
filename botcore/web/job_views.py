"""How the API shows jobs: the models of the answers, and how they are filled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from pydantic import ConfigDict, Field

from botcore.app import App
from botcore.delivery.wording import failure_text, status_text
from botcore.model import Aspect, Finding, Format, Job, JobKind, Quality, Severity, Status
from botcore.pipeline import GIVEN
from botcore.state import Attempt, Video
from botcore.web.access import video_links
from botcore.web.bodies import View

MOST_FINDINGS = 100
"""Findings that an answer holds at most; the first ones count."""
_EXAMPLE_ID = "9f1c2ab34d5e6f70"
_EXAMPLE_LINKS: dict[str, Any] = {
    "self": f"/api/v1/jobs/{_EXAMPLE_ID}",
    "events": f"/api/v1/jobs/{_EXAMPLE_ID}/events",
    "source": f"/api/v1/jobs/{_EXAMPLE_ID}/source",
}


class JobLinks(View):
    """Where to go from here; a link that leads nowhere now is left out."""

    self_: str = Field(alias="self")
    events: str
    """Server-sent events: status and progress."""
    source: str | None = None
    """What the video is drawn from."""
    thumbnail: str | None = None
    parent: str | None = None
    """The job that this one changes."""
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
                    "id": _EXAMPLE_ID,
                    "status": "queued",
                    "links": {key: _EXAMPLE_LINKS[key] for key in ("self", "events")},
                }
            ]
        }
    )

    id: str
    status: Status
    """As it was when the submission was taken in."""
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


class EditView(View):
    """Text to put in place of what stands from one position up to, not including, another. Lines and columns
    count from 1."""

    line: int
    column: int
    end_line: int
    end_column: int
    replacement: str


class FindingView(View):
    """What was noticed about code."""

    severity: Severity
    code: str
    """Stable, for programs to decide by."""
    message: str
    line: int | None
    """Counts from 1; null where it is about the whole."""
    column: int | None
    """Counts from 1."""
    fix: list[EditView]
    """Edits that mend it, all of them together; none where only a person can."""


class AttemptView(View):
    """One script that was written for the job."""

    number: int
    provider: str
    """Who wrote it."""
    fixes: int
    """Mistakes in it that were mended at once."""
    error: str | None
    """The code of what was wrong with it; null while it stands."""


class VideoView(View):
    """What was made."""

    media_type: str
    size: int
    """Bytes."""
    duration: float
    """Seconds; 0 for a picture."""
    width: int
    height: int
    expires_at: datetime


class JobView(View):
    """A job, and what is known of it by now."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "id": _EXAMPLE_ID,
                    "kind": "problem",
                    "status": "rendering",
                    "message": "Drawing the video… animation 5 of 10 (50%)",
                    "quality": "medium",
                    "aspect": "16:9",
                    "format": "mp4",
                    "created_at": "2026-11-22T21:00:00Z",
                    "updated_at": "2026-11-22T21:00:04Z",
                    "links": _EXAMPLE_LINKS,
                    "answer": {"stated": "{2, 3}", "checked": True},
                    "plain": False,
                    "progress": {"animation": 5, "animations": 10, "fraction": 0.5},
                    "attempts": [{"number": 1, "provider": "solver", "fixes": 0, "error": None}],
                    "findings": [],
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
    scene: str | None = None
    """The class that was asked for."""
    created_at: datetime
    updated_at: datetime
    links: JobLinks
    ahead: int | None = None
    """While it waits: how many jobs are before it."""
    answer: StatedAnswer | None = None
    plain: bool | None = None
    """Whether a simpler video was made in place of one that could not be drawn."""
    parent: str | None = None
    """The job that this one changes."""
    wish: str | None = None
    """What shall change."""
    progress: ProgressView | None = None
    attempts: list[AttemptView] | None = None
    """Not in lists of jobs."""
    findings: list[FindingView] | None = None
    """About the newest script, or the code that was sent. Not in lists of jobs."""
    error: JobError | None = None
    video: VideoView | None = None


def link(job_id: str, part: str = "") -> str:
    """The address of a job, or of a part of it."""
    place = f"/api/v1/jobs/{job_id}"
    return f"{place}/{part}" if part else place


def has_video(job: Job, video: Video | None) -> bool:
    """Whether there is something to look at."""
    kept = video is not None and video.ended_at is None and video.deleted_at is None
    return kept and job.status in {Status.READY, Status.DELIVERED}


def brief(job: Job, app: App, video: Video | None) -> JobView:
    """A job as lists show it."""
    return JobView.model_validate(_members(job, app, video))


async def describe(job: Job, app: App) -> JobView:
    """A job with all that is known of it."""
    attempts = await app.state.attempts.of_job(job.id)
    more: dict[str, Any] = {
        "attempts": [_attempt(attempt) for attempt in attempts if attempt.number != GIVEN],
        "findings": [finding_view(item) for item in _newest_findings(attempts)],
    }
    if job.status is Status.QUEUED and job.waits_until is None:
        queue = await app.state.queue.waiting(app.role.scope)
        places = {job_id: place for place, (job_id, _) in enumerate(queue)}
        if job.id in places:
            more["ahead"] = places[job.id]
    return JobView.model_validate(_members(job, app, await app.state.videos.of_job(job.id)) | more)


def _members(job: Job, app: App, video: Video | None) -> dict[str, Any]:
    progress = app.control.progress(job)
    links = {"self": link(job.id), "events": link(job.id, "events")}
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
        "links": links,
    }
    if job.options.scene is not None:
        shown["scene"] = job.options.scene
    if job.source is not None:
        shown["answer"] = {"stated": job.source.answer, "checked": job.source.checked}
        shown["plain"] = job.source.plain
        links["source"] = link(job.id, "source")
    if job.parent_id is not None:
        shown["parent"] = job.parent_id
        shown["wish"] = job.wish
        links["parent"] = link(job.parent_id)
    if progress is not None:
        shown["progress"] = asdict(progress)
    if job.failure is not None:
        shown["error"] = {
            "code": job.failure.code,
            "message": failure_text(job.failure, job.user_language),
            **{name: job.failure.params[name] for name in ("line", "column") if name in job.failure.params},
        }
    if video is not None and job.status in {Status.READY, Status.DELIVERED, Status.EXPIRED}:
        shown["video"] = {
            "media_type": video.media_type,
            "size": video.size,
            "duration": video.duration,
            "width": video.width,
            "height": video.height,
            "expires_at": video.expires_at,
        }
        links |= video_links(video, job, app)
        if video.thumb_key is not None and has_video(job, video):
            links["thumbnail"] = link(job.id, "thumbnail")
    return shown


def _attempt(attempt: Attempt) -> AttemptView:
    return AttemptView(
        number=attempt.number,
        provider=attempt.provider,
        fixes=attempt.fixes,
        error=None if attempt.failure is None else attempt.failure.code,
    )


def _newest_findings(attempts: Sequence[Attempt]) -> list[Finding]:
    """Without notes: they say what was right, or was mended."""
    found = attempts[-1].findings if attempts else ()
    return [item for item in found if item.severity is not Severity.NOTE][:MOST_FINDINGS]


def finding_view(item: Finding) -> FindingView:
    """A finding with every position counted from 1."""
    return FindingView(
        severity=item.severity,
        code=item.code,
        message=item.message,
        line=item.line or None,
        column=item.column or None,
        fix=[
            EditView(
                line=edit.line,
                column=edit.column + 1,
                end_line=edit.end_line,
                end_column=edit.end_column + 1,
                replacement=edit.replacement,
            )
            for edit in item.fix
        ],
    )
