"""The adapter as the core opens it, and what stands in for the core."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from botcore_telegram.plugin import TelegramConfig, botcore_register_adapters, open_telegram

from botcore.app import App
from botcore.hooks.descriptors import AdapterDescriptor, Descriptor, NoConfig, PluginContext
from botcore.model import Artifact, Job, Message
from botcore.state.models import JobRow
from botcore.testing.telegram_server import TelegramServer
from botcore.web.server import serving
from tests.core.surface import settings_for, working_app
from tests.ports import free_port

VIDEO = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 40
JPEG = b"\xff\xd8\xff\xe0\x00\x10JFIF\x00\xff\xd9"


class Registered:
    """A registry that keeps what is added."""

    def __init__(self) -> None:
        self.items: list[AdapterDescriptor] = []

    def add(self, item: AdapterDescriptor, /) -> None:
        self.items.append(item)


def descriptor() -> AdapterDescriptor:
    registry = Registered()
    botcore_register_adapters(registry)
    return registry.items[0]


def config_for(server: TelegramServer, **more: Any) -> TelegramConfig:
    return TelegramConfig.model_validate({"token": server.token, "api_url": server.url, **more})


@asynccontextmanager
async def adapter_of(
    server: TelegramServer, folder: Path, *, public_url: str = "", **more: Any
) -> AsyncIterator[Any]:
    """The adapter as the core opens it."""
    context = PluginContext("telegram", folder, workers=1, public_url=public_url)
    async with open_telegram(config_for(server, **more), context) as adapter:
        yield adapter


@dataclass
class Inbox:
    """Keeps what is received; ``fail`` makes the next ones fail."""

    messages: list[Message] = field(default_factory=list)
    fail: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    async def receive(self, message: Message) -> None:
        if self.fail:
            self.fail -= 1
            raise OSError("the disk is full")
        self.messages.append(message)
        self.came.set()

    async def until(self, count: int) -> list[Message]:
        async with asyncio.timeout(60):
            while len(self.messages) < count:
                self.came.clear()
                await self.came.wait()
        return self.messages


@contextmanager
def running(adapter: Any, inbox: Inbox) -> Iterator[None]:
    """The adapter receives while the body runs."""
    task = asyncio.ensure_future(adapter.run(inbox.receive))
    try:
        yield
    finally:
        task.cancel()


@dataclass(frozen=True)
class Bot:
    """The core with Telegram and small parts, serving."""

    app: App
    address: str

    async def jobs(self) -> list[Job]:
        """Every job, newest first."""
        ids = await JobRow.all().order_by("-created_at").values_list("id", flat=True)
        return [await self.app.state.jobs.get(str(job_id)) for job_id in ids]


@asynccontextmanager
async def running_bot(
    server: TelegramServer, folder: Path, *parts: Descriptor[Any], **config: Any
) -> AsyncIterator[Bot]:
    """The real core around the adapter, with further ``parts``; by webhook unless ``config`` says
    otherwise."""
    port = free_port()
    address = f"http://127.0.0.1:{port}"
    settings = settings_for(folder, web={"port": port, "public_url": address})
    values = {"mode": "webhook", **config}
    made = config_for(server, **values)
    one = descriptor()

    @asynccontextmanager
    async def factory(_config: object, context: PluginContext) -> AsyncIterator[Any]:
        async with open_telegram(made, replace(context, plugin="telegram")) as adapter:
            yield adapter

    async with (
        working_app(settings, replace(one, factory=factory, config=NoConfig), *parts) as app,
        serving(app, asyncio.Event()) as served,
    ):
        yield Bot(app, served)


def video_file(folder: Path, *, thumbnail: bytes | None = JPEG, media_type: str = "video/mp4") -> Artifact:
    """A rendered file."""
    path, picture = folder / "video.mp4", folder / "thumbnail"
    path.write_bytes(VIDEO)
    if thumbnail is not None:
        picture.write_bytes(thumbnail)
    return Artifact(path, media_type, len(VIDEO), 12.4, 1280, 720, picture if thumbnail is not None else None)
