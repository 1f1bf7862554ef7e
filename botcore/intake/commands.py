"""The chat commands of the core. Each is a method that answers with the text to send back."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import TypeVar

from botcore.delivery.wording import status_text
from botcore.errors import InputError, NotFound, UnknownCommand
from botcore.hooks.descriptors import Command, ProviderDescriptor, RendererDescriptor
from botcore.intake.routing import CommandCall, Submitted, as_code
from botcore.intake.submission import Place, Submissions, unknown
from botcore.model import Aspect, Job, JobKind, Message, Quality, Session, Status
from botcore.pipeline import JobControl
from botcore.state import State
from botcore.telemetry import get_logger

HISTORY = 10
SEARCHED = 200
"""How many of a session's jobs an abbreviated id is looked for in."""
PLUGIN_SECONDS = 10.0

_EXAMPLES = (
    "solve x^2 - 5x + 6 = 0",
    "integrate x^2 from 0 to 2",
    "differentiate sin(x) * x",
)
_NO_VIDEOS = f"You have no videos yet. Try: {_EXAMPLES[0]}"
_DELIVERED = "Done: the video was sent to you."

log = get_logger(__name__)
E = TypeVar("E", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Conversation:
    """Who asks, and where the answer goes. ``key`` names the message: the same key makes the same job."""

    message: Message
    session: Session
    place: Place
    key: str


Answer = Callable[[Conversation, str], Awaitable[str | None]]
"""Text to send back, or None where the job that was made speaks for itself."""


class Commands:
    """The commands of the core and of the plugins by name."""

    def __init__(
        self,
        state: State,
        control: JobControl,
        submissions: Submissions,
        *,
        renderers: Mapping[str, RendererDescriptor],
        providers: Mapping[str, ProviderDescriptor],
        plugins: Mapping[str, Command],
    ) -> None:
        self._state = state
        self._control = control
        self._submissions = submissions
        self._renderers = renderers
        self._providers = providers
        self._plugins = plugins
        self._own: dict[str, tuple[str, str, Answer]] = {
            "start": ("", "what this bot does", self._start),
            "help": ("", "this list", self._help),
            "status": ("[job]", "how far your video is", self._status),
            "history": ("", "your last videos", self._history),
            "cancel": ("[job]", "stop a video that is on the way", self._cancel),
            "code": ("[code]", "the code of your last video; with code: draw that code", self._code),
            "quality": ("[low|medium|high]", "see or choose the quality", self._quality),
            "aspect": ("[16:9|9:16|1:1]", "see or choose the shape of the picture", self._aspect),
            "provider": ("[name|auto]", "see or choose who writes the videos", self._provider),
            "forget": ("[yes]", "delete everything that is kept about you", self._forget),
        }

    async def answer(self, call: CommandCall, talk: Conversation) -> str | None:
        """Run a command.

        :raises BotcoreError: with a sentence for the person.
        """
        if call.name in self._own:
            argument = call.argument if call.name == "code" else call.argument.strip()
            return await self._own[call.name][2](talk, argument)
        if call.name in self._plugins:
            return await self._ask_plugin(self._plugins[call.name], talk.message, call.argument.strip())
        raise UnknownCommand(command=f"/{call.name}"[:40])

    async def _start(self, _talk: Conversation, _argument: str) -> str:
        examples = "\n".join(f"  {example}" for example in _EXAMPLES)
        return (
            "Hello! Send me a maths problem and I answer with an animated video that shows each step.\n"
            f"Try one of these:\n{examples}\n"
            "You can also send animation code. /help shows what else I can do."
        )

    async def _help(self, _talk: Conversation, _argument: str) -> str:
        lines = [f"/{name} {usage}".rstrip() + f": {what}" for name, (usage, what, _) in self._own.items()]
        lines += [f"/{name}: {command.summary}" for name, command in self._plugins.items()]
        return "Send a maths problem in words or as a formula, or animation code.\n" + "\n".join(lines)

    async def _status(self, talk: Conversation, argument: str) -> str:
        jobs = await self._jobs(talk.session, argument)
        if not jobs:
            return _NO_VIDEOS
        job = next((job for job in jobs if job.unfinished), jobs[0])
        how_far = _DELIVERED if job.status is Status.DELIVERED else status_text(job)
        return f"{job.id}: {_title(job)}\n{how_far}"

    async def _history(self, talk: Conversation, _argument: str) -> str:
        jobs = await self._state.jobs.of_session(talk.session.id, limit=HISTORY)
        if not jobs:
            return _NO_VIDEOS
        return "\n".join(
            f"{_moment(job.created_at)}  {job.id}  {_words(job.status)}: {_title(job)}" for job in jobs
        )

    async def _cancel(self, talk: Conversation, argument: str) -> str:
        jobs = await self._jobs(talk.session, argument)
        if not argument:
            jobs = [job for job in jobs if job.unfinished]
        if not jobs:
            return "There is no video on the way."
        job = jobs[0]
        await self._control.cancel(job.id, session_id=talk.session.id)
        return f"Cancelled: {_title(job)}"

    async def _code(self, talk: Conversation, argument: str) -> str | None:
        if argument:
            submitted = as_code(argument, list(self._renderers.values()))
            await submit_message(self._submissions, self._state, talk, submitted)
            return None
        for job in await self._state.jobs.of_session(talk.session.id, limit=SEARCHED):
            if job.source is not None:
                return job.source.code
            if job.kind is JobKind.CODE:
                return job.text
        return "There is no code yet: send a problem first. To draw code of your own, send it after /code."

    async def _quality(self, talk: Conversation, argument: str) -> str:
        options = talk.session.options
        if argument:
            options = replace(options, quality=_one_of(Quality, "quality", argument))
            await self._state.sessions.set_options(talk.session.id, options)
        return _choice("quality", Quality, options.quality, chosen=bool(argument))

    async def _aspect(self, talk: Conversation, argument: str) -> str:
        options = talk.session.options
        if argument:
            options = replace(options, aspect=_one_of(Aspect, "aspect", argument))
            await self._state.sessions.set_options(talk.session.id, options)
        return _choice("aspect", Aspect, options.aspect, chosen=bool(argument))

    async def _provider(self, talk: Conversation, argument: str) -> str:
        names = ", ".join(sorted(self._providers)) or "none"
        if not argument:
            chosen = await self._state.sessions.provider(talk.session.id) or "auto"
            return f"Provider: {chosen}. Choose one with /provider NAME: auto, {names}."
        name = argument.lower()
        if name != "auto" and name not in self._providers:
            raise unknown("provider", argument[:40], self._providers)
        await self._state.sessions.set_provider(talk.session.id, None if name == "auto" else name)
        return f"From now on: {name}."

    async def _forget(self, talk: Conversation, argument: str) -> str:
        if argument.lower() != "yes":
            return (
                "This cancels what is on the way and deletes your videos, your history and your choices. "
                "Send /forget yes to do it."
            )
        await self._control.forget(talk.session.id)
        return "Done. Nothing about you is kept any more."

    async def _jobs(self, session: Session, start: str) -> list[Job]:
        """The session's jobs, newest first; of an id that begins with ``start``, if that is not empty.

        :raises NotFound: no id begins so.
        """
        jobs = await self._state.jobs.of_session(session.id, limit=SEARCHED)
        found = [job for job in jobs if job.id.startswith(start.lower())]
        if start and not found:
            raise NotFound(what="video")
        return found

    async def _ask_plugin(self, command: Command, message: Message, argument: str) -> str:
        async with asyncio.timeout(PLUGIN_SECONDS):
            answer = command.answer(message, argument)
            return str(await answer if inspect.isawaitable(answer) else answer)


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


def _one_of(values: type[E], what: str, word: str) -> E:
    try:
        return values(word.lower())
    except ValueError:
        raise InputError(problem=f"“{word[:40]}” is no {what}. Choose one of {', '.join(values)}.") from None


def _choice(what: str, values: type[E], value: E, *, chosen: bool) -> str:
    if chosen:
        return f"From now on your {what} is {value}."
    return f"Your {what}: {value}. Choose one with /{what}: {', '.join(values)}."


def _title(job: Job) -> str:
    """The first words of what was sent, on one line."""
    text = " ".join(job.text.split())
    return text if len(text) <= 48 else text[:47] + "…"


def _moment(time: datetime) -> str:
    return f"{time.astimezone(UTC):%Y-%m-%d %H:%M} UTC"


def _words(status: StrEnum) -> str:
    return status.value.replace("_", " ")
