"""/status, /history and /cancel."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

from botcore.delivery.wording import status_text
from botcore.errors import IllegalMove, NoSuchVideo, NotYours
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.intake.commands.greeting import EXAMPLES
from botcore.intake.commands.naming import JobNames, title
from botcore.languages import sentence, text
from botcore.model import Job, Status
from botcore.pipeline import JobControl
from botcore.state import State

HISTORY = 10

_STATES: Mapping[Status, str] = {
    Status.QUEUED: sentence("waits"),
    Status.AI_GENERATING: sentence("is being solved"),
    Status.CODE_VALIDATING: sentence("is being checked"),
    Status.RENDERING: sentence("is being drawn"),
    Status.UPLOADING: sentence("is being saved"),
    Status.READY: sentence("is ready"),
    Status.DELIVERED: sentence("was sent"),
    Status.FAILED: sentence("failed"),
    Status.CANCELLED: sentence("cancelled"),
    Status.EXPIRED: sentence("not taken in time"),
}


class JobCommands:
    """The commands about the jobs of a session."""

    def __init__(self, state: State, control: JobControl, names: JobNames) -> None:
        self._state = state
        self._control = control
        self._names = names

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand("status", "[job]", sentence("how far your video is"), self._status),
            ChatCommand("history", "", sentence("your last videos"), self._history),
            ChatCommand("cancel", "[job]", sentence("stop a video that is on the way"), self._cancel),
        )

    async def _status(self, talk: Conversation, argument: str) -> Answer:
        jobs = await self._names.own(talk, argument)
        if not jobs and argument:
            raise NoSuchVideo
        if not jobs:
            return no_videos(talk)
        job = next((job for job in jobs if job.unfinished), jobs[0])
        if job.status is Status.DELIVERED:
            how_far = text(talk.language, "Done: the video was sent to you.")
        else:
            how_far = status_text(job)
        return Answer(f"{job.id}: {title(job)}\n{how_far}")

    async def _history(self, talk: Conversation, _argument: str) -> Answer:
        jobs = await self._state.jobs.of_session(talk.session.id, limit=HISTORY)
        if not jobs:
            return no_videos(talk)
        return Answer("\n\n".join(_line(job, talk.language) for job in jobs))

    async def _cancel(self, talk: Conversation, argument: str) -> Answer | None:
        if argument:
            job = await self._names.named(talk, argument)
        else:
            under_way = [job for job in await self._names.own(talk) if job.unfinished]
            if not under_way:
                return Answer(text(talk.language, "There is no video on the way."))
            job = under_way[0]
        if job.session_id != talk.session.id:
            raise NotYours
        shown = await self._names.replied_to(talk.message)
        # Pressed below the status message, which says by itself what became of it; perhaps pressed twice.
        pressed = shown is not None and shown.id == job.id
        try:
            await self._control.cancel(job.id, session_id=talk.session.id)
        except IllegalMove:
            if pressed and (await self._state.jobs.get(job.id)).status is Status.CANCELLED:
                return None
            return Answer(
                text(talk.language, "That video is not on the way any more: {title}", title=title(job))
            )
        return None if pressed else Answer(text(talk.language, "Cancelled: {title}", title=title(job)))


def no_videos(talk: Conversation) -> Answer:
    """What somebody reads who has sent nothing so far."""
    example = text(talk.language, EXAMPLES[0])
    return Answer(text(talk.language, "You have no videos yet. Try: {example}", example=example))


def _line(job: Job, language: str) -> str:
    moment = f"{job.created_at.astimezone(UTC):%Y-%m-%d %H:%M} UTC"
    return f"{title(job)}\n{moment} · {job.id} · {text(language, _STATES[job.status])}"
