"""The sentences of status messages."""

from __future__ import annotations

from botcore.errors import BotcoreError, text_of
from botcore.model import Failure, Job, RenderProgress, Status

_TEXTS = {
    Status.QUEUED: "Got it. Your video is in the queue.",
    Status.AI_GENERATING: "Working out the solution…",
    Status.CODE_VALIDATING: "Checking the script…",
    Status.RENDERING: "Drawing the video…",
    Status.UPLOADING: "Saving the video…",
    Status.READY: "Your video is ready.",
    Status.DELIVERED: "Here is your video.",
    Status.CANCELLED: "Cancelled, as you asked.",
    Status.EXPIRED: "This video was not taken within a day and has been deleted.",
}


def status_text(job: Job, progress: RenderProgress | None = None) -> str:
    """What the person reads about a job now."""
    if job.status is Status.FAILED:
        return failure_text(job.failure)
    text = _TEXTS[job.status]
    if job.status is Status.RENDERING and progress is not None:
        text += f" {_how_far(progress)}"
    if job.status is Status.AI_GENERATING and job.generations:
        text = f"That script did not work; writing a better one (attempt {job.generations + 1})…"
    return text


def failure_text(failure: Failure | None) -> str:
    """Why a job failed, for the person who sent it."""
    if failure is None:
        return BotcoreError.say("en", {})
    return text_of(failure.code, "en", failure.params)


def _how_far(progress: RenderProgress) -> str:
    of = f" of {progress.animations}" if progress.animations is not None else ""
    percent = f" ({progress.fraction:.0%})" if progress.fraction is not None else ""
    return f"animation {progress.animation}{of}{percent}"
