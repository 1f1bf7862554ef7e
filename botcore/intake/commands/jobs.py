"""/status, /history, /cancel and /code."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum

from botcore.delivery.wording import status_text
from botcore.errors import NotFound
from botcore.hooks.descriptors import RendererDescriptor
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation, submit_message
from botcore.intake.commands.greeting import EXAMPLES
from botcore.intake.routing import as_code
from botcore.intake.submission import Submissions
from botcore.model import Job, JobKind, Session, Status
from botcore.pipeline import JobControl
from botcore.state import State

HISTORY = 10
SEARCHED = 200
"""How many of a session's jobs an abbreviated id is looked for in."""

_NO_VIDEOS = f"You have no videos yet. Try: {EXAMPLES[0]}"
_DELIVERED = "Done: the video was sent to you."


class JobCommands:
    """The commands about the jobs of a session."""

    def __init__(
        self,
        state: State,
        control: JobControl,
        submissions: Submissions,
        renderers: Mapping[str, RendererDescriptor],
    ) -> None:
        self._state = state
        self._control = control
        self._submissions = submissions
        self._renderers = renderers

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand("status", "[job]", "how far your video is", self._status),
            ChatCommand("history", "", "your last videos", self._history),
            ChatCommand("cancel", "[job]", "stop a video that is on the way", self._cancel),
            ChatCommand(
                "code",
                "[code]",
                "the code of your last video; with code: draw that code",
                self._code,
                verbatim=True,
            ),
        )

    async def _status(self, talk: Conversation, argument: str) -> Answer:
        jobs = await self._jobs(talk.session, argument)
        if not jobs:
            return Answer(_NO_VIDEOS)
        job = next((job for job in jobs if job.unfinished), jobs[0])
        how_far = _DELIVERED if job.status is Status.DELIVERED else status_text(job)
        return Answer(f"{job.id}: {_title(job)}\n{how_far}")

    async def _history(self, talk: Conversation, _argument: str) -> Answer:
        jobs = await self._state.jobs.of_session(talk.session.id, limit=HISTORY)
        if not jobs:
            return Answer(_NO_VIDEOS)
        return Answer(
            "\n".join(
                f"{_moment(job.created_at)}  {job.id}  {_words(job.status)}: {_title(job)}" for job in jobs
            )
        )

    async def _cancel(self, talk: Conversation, argument: str) -> Answer:
        jobs = await self._jobs(talk.session, argument)
        if not argument:
            jobs = [job for job in jobs if job.unfinished]
        if not jobs:
            return Answer("There is no video on the way.")
        job = jobs[0]
        await self._control.cancel(job.id, session_id=talk.session.id)
        return Answer(f"Cancelled: {_title(job)}")

    async def _code(self, talk: Conversation, argument: str) -> Answer | None:
        if argument:
            submitted = as_code(argument, list(self._renderers.values()))
            await submit_message(self._submissions, self._state, talk, submitted)
            return None
        for job in await self._state.jobs.of_session(talk.session.id, limit=SEARCHED):
            if job.source is not None:
                return Answer(job.source.code)
            if job.kind is JobKind.CODE:
                return Answer(job.text)
        return Answer(
            "There is no code yet: send a problem first. To draw code of your own, send it after /code."
        )

    async def _jobs(self, session: Session, start: str) -> list[Job]:
        """The session's jobs, newest first; of an id that begins with ``start``, if that is not empty.

        :raises NotFound: no id begins so.
        """
        jobs = await self._state.jobs.of_session(session.id, limit=SEARCHED)
        found = [job for job in jobs if job.id.startswith(start.lower())]
        if start and not found:
            raise NotFound(what="video")
        return found


def _title(job: Job) -> str:
    """The first words of what was sent, on one line."""
    text = " ".join(job.text.split())
    return text if len(text) <= 48 else text[:47] + "…"


def _moment(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _words(status: StrEnum) -> str:
    return status.value.replace("_", " ")
