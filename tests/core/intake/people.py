"""People who talk to the running core on a platform in memory."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import count
from pathlib import Path
from typing import Any

from botcore.app import App
from botcore.hooks.descriptors import AdapterDescriptor, Descriptor, ProviderDescriptor
from botcore.model import (
    Attachment,
    Capabilities,
    GenerationRequest,
    GenerationResult,
    Job,
    MediaLimit,
    Message,
    Outgoing,
    OutgoingKind,
    Source,
)
from botcore.testing.doubles import ChatAdapter, made_by
from tests.core.surface import ended, eventually, settings_for, working_app

LIMIT = 400
PHONE = Capabilities(
    text_limit=LIMIT,
    caption_limit=1000,
    media=(MediaLimit("video/*", 10_000_000),),
    edit_text=True,
    text_to_media=True,
    buttons=3,
    button_label_limit=20,
    formatting=True,
)


class ChangingProvider:
    """A language model's place: writes what it was asked for into the source."""

    def __init__(self) -> None:
        self.asked: list[GenerationRequest] = []

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        self.asked.append(request)
        before = request.change.source.code if request.change is not None else "draw"
        wish = request.change.wish if request.change is not None else request.problem
        return GenerationResult(made_of(request, f"{before} and {wish}"), model="changing")


def made_of(request: GenerationRequest, code: str) -> Source:
    """A source for a request."""
    return Source(request.language, code, problem=request.problem, user_language=request.user_language)


class Chats:
    """Chats with the core; ``shown`` of the adapter is what people see."""

    def __init__(self, app: App, adapter: ChatAdapter) -> None:
        self.app = app
        self.adapter = adapter
        self._numbers = count(1)

    async def say(
        self,
        text: str,
        *,
        user: str = "u1",
        chat: str = "c1",
        reply_to: str | None = None,
        files: tuple[Attachment, ...] = (),
        language: str = "en",
        group: str = "",
        number: int | None = None,
    ) -> str:
        """Write as a person; the message's id."""
        message_id = str(number or next(self._numbers) + 1000)
        await self.adapter.say(
            Message(
                self.adapter.platform,
                chat,
                user,
                message_id,
                text,
                files,
                reply_to=reply_to,
                language=language,
                group=group,
            )
        )
        return message_id

    async def ask(self, text: str, **more: Any) -> Outgoing:
        """Write, and wait for what answers this message."""
        message_id = await self.say(text, **more)
        return await self.answer_to(message_id)

    async def answer_to(self, message_id: str) -> Outgoing:
        async def look() -> Outgoing | None:
            return next((out for out in self.adapter.shown.values() if out.reply_to == message_id), None)

        return await eventually(look)

    async def jobs(self, user: str = "u1") -> list[Job]:
        session = await self.app.state.sessions.find(self.adapter.platform, user)
        return await self.app.state.jobs.of_session(session.id) if session else []

    async def job(self, *, count: int = 1, user: str = "u1") -> Job:
        """The newest job, once there are ``count``."""

        async def look() -> list[Job] | None:
            jobs = await self.jobs(user)
            return jobs if len(jobs) >= count else None

        return (await eventually(look))[0]

    async def seen(self, job: Job, kind: OutgoingKind) -> tuple[str, Outgoing]:
        """The message of a job that people see now, with its id."""

        async def look() -> tuple[str, Outgoing] | None:
            shown = self.adapter.shown.items()
            return next(((key, out) for key, out in shown if (out.job_id, out.kind) == (job.id, kind)), None)

        return await eventually(look)

    async def video(self, problem: str = "solve x = 2 for x", **more: Any) -> tuple[Job, str]:
        """Have a problem drawn; its job, and the id of the message with the video."""
        before = len(await self.jobs(more.get("user", "u1")))
        await self.say(problem, **more)
        job = await self.job(count=before + 1, user=more.get("user", "u1"))
        job = await ended(self.app, job.id)
        return job, (await self.seen(job, OutgoingKind.VIDEO))[0]


@asynccontextmanager
async def chatting(
    folder: Path, *more: Descriptor[Any], capabilities: Capabilities = PHONE, **sections: Any
) -> AsyncIterator[Chats]:
    """The core at work, with one platform."""
    adapter = ChatAdapter()
    platform = AdapterDescriptor(
        name=adapter.platform, capabilities=capabilities, factory=made_by(lambda: adapter)
    )
    limits = {"per_minute": 1000, "unfinished": 1000}
    async with working_app(settings_for(folder, **{"limits": limits, **sections}), platform, *more) as app:
        yield Chats(app, adapter)


def changing(provider: ChangingProvider) -> ProviderDescriptor:
    """A provider that is not exact."""
    return ProviderDescriptor(name="changing", languages=("flat",), factory=made_by(lambda: provider))
