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
from botcore.hooks.descriptors import AdapterDescriptor, NoConfig, PluginContext
from botcore.testing.whatsapp_server import APP_SECRET, PHONE_NUMBER_ID, TOKEN, VERIFY_TOKEN
from botcore.web.server import serving
from tests.core.surface import host_of, settings_for


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
    async with (
        open_app(settings, Role("serve", terminal=False), host=host) as app,
        app.working(),
        serving(app, asyncio.Event()),
    ):
        print("begun", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])))
