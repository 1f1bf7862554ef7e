"""The sentences of status messages, in the language of the job."""

from __future__ import annotations

from botcore.errors import BotcoreError, text_of
from botcore.languages import moment, plural, sentence, text
from botcore.model import Failure, Job, RenderProgress, Source, Status
from botcore.state import Video

_SENTENCES = {
    Status.QUEUED: sentence("Got it. Your video is in the queue."),
    Status.AI_GENERATING: sentence("Working out the solution…"),
    Status.CODE_VALIDATING: sentence("Checking the script…"),
    Status.RENDERING: sentence("Drawing the video…"),
    Status.UPLOADING: sentence("Saving the video…"),
    Status.READY: sentence("Your video is ready."),
    Status.DELIVERED: sentence("Here is your video."),
    Status.CANCELLED: sentence("Cancelled, as you asked."),
    Status.EXPIRED: sentence("This video was not taken within a day and has been deleted."),
}


_EXACT = 10


def status_text(job: Job, progress: RenderProgress | None = None, *, ahead: int | None = None) -> str:
    """What the person reads about a job now.

    :param ahead: how many jobs wait before it; above ten at least so many.
    """
    language = job.user_language
    if job.status is Status.FAILED:
        return failure_text(job.failure, language)
    if job.status is Status.AI_GENERATING and job.generations:
        return text(
            language,
            "That script did not work; writing a better one (attempt {number})…",
            number=job.generations + 1,
        )
    if job.waits_until is not None and job.status is Status.UPLOADING:
        return text(
            language,
            "Your video is drawn, but it cannot be saved just now. I keep trying by myself; you will get it, "
            "or word of it.",
        )
    if job.waits_until is not None:
        return text(
            language,
            "The service that writes the video's script is not answering. I keep trying by myself; you will "
            "get your video, or word of it.",
        )
    words = stage_text(job.status, language)
    if job.status is Status.DELIVERED and job.source is not None:
        words += _what_is_known(job.source, language)
    if job.status is Status.RENDERING and progress is not None:
        words += f" {_how_far(progress, language)}"
    if job.status is Status.QUEUED and ahead is not None:
        words += f" {_how_many(ahead, language)}"
    return words


def stage_text(status: Status, language: str) -> str:
    """What the job is at, without how far it is."""
    return text(language, _SENTENCES[status])


def link_text(job: Job, video: Video) -> str:
    """What stands above the link to a video that the chat does not take."""
    words = text(
        job.user_language,
        "Your video is ready, but it cannot be sent into this chat. Watch it here; the link works once, "
        "until {time}:",
        time=moment(job.user_language, video.expires_at),
    )
    known = _what_is_known(job.source, job.user_language).strip() if job.source is not None else ""
    return f"{known}\n{words}" if known else words


def _what_is_known(source: Source, language: str) -> str:
    """Whether a person may rely on the answer, and whether this is the video that they hoped for."""
    words = ""
    if source.checked:
        words += f" {text(language, 'The answer was checked.')}"
    if source.plain:
        words += f" {text(language, 'This is a plain version: a richer one could not be drawn.')}"
    return words


def failure_text(failure: Failure | None, language: str) -> str:
    """Why a job failed, for the person who sent it."""
    if failure is None:
        return BotcoreError.say(language, {})
    return text_of(failure.code, language, failure.params)


def _how_many(ahead: int, language: str) -> str:
    if ahead == 0:
        return text(language, "It is next.")
    if ahead > _EXACT:
        return text(language, "At least {count} others are before it.", count=ahead)
    return plural(language, "{count} other is before it.", "{count} others are before it.", ahead)


def _how_far(progress: RenderProgress, language: str) -> str:
    if progress.animations is None:
        words = text(language, "animation {number}", number=progress.animation)
    else:
        words = text(
            language, "animation {number} of {total}", number=progress.animation, total=progress.animations
        )
    return words if progress.fraction is None else f"{words} ({progress.fraction:.0%})"
