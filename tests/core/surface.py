"""The core with small real plugins in place of the installed ones: for tests of its surfaces."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, TypeVar

from botcore.app import DATABASE, App, Role, open_app
from botcore.config import Settings
from botcore.config.models import PluginSection
from botcore.hooks.descriptors import (
    AdapterDescriptor,
    Descriptor,
    ProviderDescriptor,
    RendererDescriptor,
    ValidatorDescriptor,
)
from botcore.model import Capabilities, Job, MediaLimit
from botcore.plugins import PluginHost, load_plugins
from botcore.testing.doubles import ChatAdapter, EchoProvider, FlatRenderer, WordValidator, made_by
from tests.core.databases import lay_database

INSTALLED = (
    "cloudflare",
    "console",
    "deepseek",
    "gemini",
    "groq",
    "huggingface",
    "manim",
    "openai",
    "openai_compatible",
    "s3",
    "solver",
    "telegram",
    "whatsapp",
)
PATIENCE = 60.0
CHAT = Capabilities(
    caption_limit=1000, media=(MediaLimit("video/*", 10_000_000),), edit_text=True, text_to_media=True
)

T = TypeVar("T")


def detect_drawing(text: str) -> str | None:
    """Code of the language “flat” starts with a word of it; a fence may be around it."""
    code = text.strip().removeprefix("```flat\n").removesuffix("```").rstrip()
    return code if code.startswith(("draw ", "fail", "wait", "forbidden")) else None


def settings_for(folder: Path, **sections: Any) -> Settings:
    """Settings that use nothing that happens to be installed."""
    return Settings(
        data_dir=folder / "data",
        plugins={name: PluginSection(enabled=False) for name in INSTALLED},
        **sections,
    )


def small_parts() -> list[Descriptor[Any]]:
    """A provider, a renderer and a validator of the language “flat”."""
    return [
        ProviderDescriptor(
            name="echo",
            languages=("flat",),
            exact=True,
            recognises=lambda text: text == "2x=4",
            factory=made_by(EchoProvider),
        ),
        RendererDescriptor(
            name="flat", language="flat", title="Flat", detect=detect_drawing, factory=made_by(FlatRenderer)
        ),
        ValidatorDescriptor(name="words", languages=("flat",), factory=made_by(WordValidator)),
    ]


def chat_platform(adapter: ChatAdapter) -> AdapterDescriptor:
    """A platform in memory."""
    return AdapterDescriptor(name=adapter.platform, capabilities=CHAT, factory=made_by(lambda: adapter))


def host_of(
    settings: Settings, *more: Descriptor[Any], parts: Sequence[Descriptor[Any]] | None = None
) -> PluginHost:
    """A host with the small parts and ``more``."""
    host = load_plugins(settings)
    host.register_builtin(*(small_parts() if parts is None else parts), *more)
    return host


@asynccontextmanager
async def working_app(
    settings: Settings, *more: Descriptor[Any], role: Role | None = None
) -> AsyncIterator[App]:
    """An app that works."""
    chosen = role or Role("serve", terminal=False)
    lay_database(settings.data_dir / DATABASE)
    async with open_app(settings, chosen, host=host_of(settings, *more)) as app, app.working():
        yield app


async def eventually(look: Callable[[], Awaitable[T | None]]) -> T:
    """What ``look`` gives once it gives something."""
    async with asyncio.timeout(PATIENCE):
        while not (found := await look()):  # noqa: ASYNC110  # what is waited for may happen in the database
            await asyncio.sleep(0.02)
    return found


async def ended(app: App, job_id: str) -> Job:
    """The job once nothing more happens to it."""

    async def look() -> Job | None:
        job = await app.state.jobs.get(job_id)
        return None if job.unfinished else job

    return await eventually(look)
