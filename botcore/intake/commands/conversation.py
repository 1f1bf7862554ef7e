"""What a command gets and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from botcore.intake.routing import Submitted
from botcore.intake.submission import Place, Submissions
from botcore.model import Button, Job, Message, Session
from botcore.state import State


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who asks, and where the answer goes. ``key`` names the message: the same key makes the same job."""

    message: Message
    session: Session
    place: Place
    key: str


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; a button sends its ``data`` as if it had been typed."""

    text: str
    buttons: tuple[Button, ...] = ()


Run = Callable[[Conversation, str], Awaitable[Answer | None]]
"""Answers to (conversation, argument); None where the job that was made speaks for itself."""


@dataclass(frozen=True, slots=True)
class ChatCommand:
    """``/name usage: summary`` and what it does. ``verbatim``: its argument keeps white space around it."""

    name: str
    usage: str
    summary: str
    run: Run
    verbatim: bool = False


async def submit_message(
    submissions: Submissions, state: State, talk: Conversation, submitted: Submitted
) -> Job:
    """Make the job of a chat message with the choices of its session."""
    job, _ = await submissions.submit(
        talk.session,
        talk.place,
        submitted,
        options=talk.session.options,
        language=talk.session.language or talk.message.language,
        provider=await state.sessions.provider(talk.session.id),
        key=talk.key,
    )
    return job
