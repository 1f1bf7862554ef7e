"""A bot on WhatsApp with small parts, for tests that kill it: `whatsapp_process FOLDER URL PORT`."""

from __future__ import annotations

import asyncio
import sys
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from botcore_whatsapp.plugin import WhatsAppConfig, botcore_register_adapters, open_whatsapp

from botcore.app import Role, open_app
from botcore.delivery import OutboxRunner
from botcore.hooks.descriptors import AdapterDescriptor, NoConfig, PluginContext
from botcore.state import SendRepository
from botcore.testing.whatsapp_server import APP_SECRET, PHONE_NUMBER_ID, TOKEN, VERIFY_TOKEN
from botcore.web.server import serving
from tests.core.surface import host_of, settings_for

LEASE = 1.0
"""Seconds after which a message of a dead process is taken up by the next: a test need not wait for 30."""
RECEIPT_WAIT = 4.0
"""Seconds for which the receipt of a message is waited for whose process died in the middle of sending it."""


def whatsapp(url: str) -> AdapterDescriptor:
    """The platform, set up for the server at ``url``."""
    found: list[AdapterDescriptor] = []

    class Registry:
        def add(self, item: AdapterDescriptor, /) -> None:
            found.append(item)

    botcore_register_adapters(Registry())
    values = {
        "phone_number_id": PHONE_NUMBER_ID,
        "token": TOKEN,
        "app_secret": APP_SECRET,
        "verify_token": VERIFY_TOKEN,
        "template": "your_video",
        "api_url": url,
    }
    config = WhatsAppConfig.model_validate(values)

    @asynccontextmanager
    async def factory(_config: object, context: PluginContext) -> Any:
        async with open_whatsapp(config, replace(context, plugin="whatsapp")) as adapter:
            yield adapter

    return replace(found[0], factory=factory, config=NoConfig)


async def main(folder: Path, url: str, port: int) -> None:
    settings = settings_for(folder, web={"port": port})
    descriptor = whatsapp(url)
    host = host_of(settings, descriptor)
    async with open_app(settings, Role("serve", terminal=False), host=host) as app:
        state = app.state
        sends = SendRepository(state.db, state.outbox, state.receipts, receipt_wait=RECEIPT_WAIT)
        outbox = OutboxRunner(
            replace(state, sends=sends),
            host,
            {descriptor.name: descriptor.capabilities},
            scope="serve",
            store=settings.store,
            scratch=folder / "outgoing",
            lease=LEASE,
        )
        async with replace(app, outbox=outbox).working(), serving(app, asyncio.Event()):
            print("begun", flush=True)
            await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
