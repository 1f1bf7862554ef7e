"""The adapter as the core opens it, and the core around it."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import aiohttp
from botcore_whatsapp.plugin import (
    WEBHOOK_PATH,
    WhatsAppConfig,
    botcore_register_adapters,
    open_whatsapp,
)

from botcore.app import App
from botcore.hooks.descriptors import AdapterDescriptor, Descriptor, NoConfig, PluginContext
from botcore.model import Artifact, Job, Outgoing, OutgoingKind
from botcore.state.models import JobRow
from botcore.testing.samples import make_outgoing
from botcore.testing.whatsapp_server import (
    APP_SECRET,
    PERSON,
    SIGNATURE_HEADER,
    TOKEN,
    VERIFY_TOKEN,
    WhatsAppServer,
    signature,
)
from botcore.web.server import serving
from tests.core.surface import settings_for, working_app
from tests.ports import free_port

VIDEO = b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2" + bytes(range(256)) * 40


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


def values_for(server: WhatsAppServer) -> dict[str, str]:
    """The settings that a test needs."""
    return {
        "phone_number_id": server.number_id,
        "token": TOKEN,
        "app_secret": APP_SECRET,
        "verify_token": VERIFY_TOKEN,
        "api_url": server.url or "http://127.0.0.1:9",
    }


def config_for(server: WhatsAppServer, **more: Any) -> WhatsAppConfig:
    return WhatsAppConfig.model_validate({**values_for(server), **more})


@asynccontextmanager
async def adapter_of(server: WhatsAppServer, folder: Path, **more: Any) -> AsyncIterator[Any]:
    """The adapter as the core opens it."""
    context = PluginContext("whatsapp", folder, workers=1)
    async with open_whatsapp(config_for(server, **more), context) as adapter:
        yield adapter


@dataclass(frozen=True)
class Bot:
    """The core with WhatsApp and small parts, serving."""

    app: App
    address: str

    async def jobs(self) -> list[Job]:
        """Every job, newest first."""
        ids = await JobRow.all().order_by("-created_at").values_list("id", flat=True)
        return [await self.app.state.jobs.get(str(job_id)) for job_id in ids]

    async def post(self, data: bytes | dict[str, Any], sign: str | None = "right") -> int:
        """Send a webhook; its status. ``sign`` is the header when it is not the right one; None leaves it
        out."""
        content = data if isinstance(data, bytes) else json.dumps(data).encode()
        headers = {} if sign is None else {SIGNATURE_HEADER: sign}
        if sign == "right":
            headers = {SIGNATURE_HEADER: signature(APP_SECRET, content)}
        url = self.address + WEBHOOK_PATH
        async with (
            aiohttp.ClientSession() as client,
            client.post(url, data=io.BytesIO(content), headers=headers) as response,
        ):
            await response.read()
            return response.status


@asynccontextmanager
async def running_bot(
    server: WhatsAppServer, folder: Path, *parts: Descriptor[Any], subscribed: bool = True, **config: Any
) -> AsyncIterator[Bot]:
    """The real core around the adapter, with further ``parts``."""
    port = free_port()
    settings = settings_for(folder, web={"port": port, "public_url": f"http://127.0.0.1:{port}"})
    made = config_for(server, **config)

    @asynccontextmanager
    async def factory(_config: object, context: PluginContext) -> AsyncIterator[Any]:
        async with open_whatsapp(made, replace(context, plugin="whatsapp")) as adapter:
            yield adapter

    async with (
        working_app(settings, replace(descriptor(), factory=factory, config=NoConfig), *parts) as app,
        serving(app, asyncio.Event()) as served,
    ):
        if subscribed:
            assert await server.webhooks.subscribe(served + WEBHOOK_PATH, VERIFY_TOKEN) == 200
        yield Bot(app, served)


def video_file(folder: Path, *, size: int = len(VIDEO), media_type: str = "video/mp4") -> Artifact:
    """A rendered file of so many bytes."""
    path = folder / f"video.{media_type.rpartition('/')[2]}"
    path.write_bytes((VIDEO + bytes(size))[:size])
    return Artifact(path, media_type, size, 12.4, 1280, 720)


def outgoing(text: str = "Hello", **fields: Any) -> Outgoing:
    """A message to the person of the double."""
    return replace(make_outgoing(text, platform="whatsapp"), **{"chat_id": PERSON, **fields})


def video(folder: Path, text: str = "Here it is.", **fields: Any) -> Outgoing:
    """A video to the person of the double."""
    return outgoing(text, **{"kind": OutgoingKind.VIDEO, "media": video_file(folder), **fields})
