"""What a command gets and what it answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from botcore.intake.routing import Submitted
from botcore.intake.submission import Place, Submissions
from botcore.languages import guess
from botcore.model import Button, Job, Message, RenderOptions, Session
from botcore.state import Identity, State


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who asks, and where the answer goes. ``key`` names the message: the same key makes the same job, and no
    platform gives the key of one message to another, so that no ``fingerprint`` is needed."""

    message: Message
    session: Session
    place: Place
    key: str
    fingerprint: None = None

    @property
    def language(self) -> str:
        """The BCP 47 tag of the language in which the person is answered."""
        return language_of(self.message, self.session)

    @property
    def identity(self) -> Identity:
        """Who asks."""
        return Identity(self.message.platform, self.message.user_id)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back; a button sends its ``data`` as if it had been typed. ``once`` names something that
    is said only once: an answer whose name was used is not sent. ``parting``: the person was forgotten, so
    neither this answer nor what it answers is kept."""

    text: str
    buttons: tuple[Button, ...] = ()
    once: str = ""
    parting: bool = False


Run = Callable[[Conversation, str], Awaitable[Answer | None]]
"""Answers to (conversation, argument); None where the job that was made speaks for itself."""


@dataclass(frozen=True, slots=True)
class ChatCommand:
    """``/name usage: summary`` and what it does. ``verbatim``: its argument keeps white space around it.
    ``listed``: people type it, so help names it; else only buttons send it."""

    name: str
    usage: str
    summary: str
    run: Run
    verbatim: bool = False
    listed: bool = True


def language_of(message: Message, session: Session | None) -> str:
    """What the person chose, else what their platform says, else what they write in; else English."""
    chosen = session.language if session is not None else ""
    return chosen or message.language or guess(message.text) or "en"


async def submit_message(
    submissions: Submissions,
    state: State,
    talk: Conversation,
    submitted: Submitted,
    *,
    options: RenderOptions | None = None,
) -> Job:
    """Make the job of a chat message with the choices of its session, or with other ``options``."""
    job, _ = await submissions.submit(
        talk.session,
        talk.place,
        submitted,
        options=options or talk.session.options,
        language=talk.language,
        provider=await state.sessions.provider(talk.session.id),
        key=talk.key,
    )
    return job
