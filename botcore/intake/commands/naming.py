"""Which job a person means, and what it is called in a sentence."""

from __future__ import annotations

from botcore.errors import NoSuchVideo, NotFound
from botcore.intake.commands.conversation import Conversation
from botcore.model import Job, Message
from botcore.state import State

SEARCHED = 200
"""How many of a session's jobs an abbreviated id is looked for in."""
_TITLE = 48


class JobNames:
    """Finds jobs by what people write, press and reply to."""

    def __init__(self, state: State) -> None:
        self._state = state

    async def own(self, talk: Conversation, start: str = "") -> list[Job]:
        """The person's jobs, newest first, whose id begins with ``start``."""
        jobs = await self._state.jobs.of_session(talk.session.id, limit=SEARCHED)
        return [job for job in jobs if job.id.startswith(start.lower())]

    async def named(self, talk: Conversation, start: str) -> Job:
        """The person's newest job whose id begins with ``start``, or the very job below whose message they
        pressed: in a group everybody sees the videos of all.

        :raises NoSuchVideo: there is none.
        """
        found = await self.own(talk, start)
        if found:
            return found[0]
        shown = await self.replied_to(talk.message)
        if shown is None or shown.id != start.lower():
            raise NoSuchVideo
        return shown

    async def replied_to(self, message: Message) -> Job | None:
        """The job of whose messages in this chat ``message`` answers one."""
        if message.reply_to is None:
            return None
        item = await self._state.outbox.of_message(message.platform, message.chat_id, message.reply_to)
        if item is None or item.job_id is None:
            return None
        try:
            return await self._state.jobs.get(item.job_id)
        except NotFound:  # it was forgotten just now
            return None


def title(job: Job) -> str:
    """The first words of what was sent, on one line."""
    words = " ".join((job.wish or job.text).split())
    return words if len(words) <= _TITLE else words[: _TITLE - 1] + "…"
