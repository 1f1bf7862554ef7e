"""A bot on Telegram with small parts, for tests that kill it: `telegram_process FOLDER URL [PORT]`.

With a port it takes webhooks there, else it polls.
"""

from __future__ import annotations

import asyncio
import sys
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from botcore_telegram.plugin import TelegramConfig, botcore_register_adapters, open_telegram

from botcore.app import Role, open_app
from botcore.hooks.descriptors import AdapterDescriptor, NoConfig, PluginContext
from botcore.testing.telegram_server import TOKEN
from botcore.web.server import serving
from tests.core.surface import host_of, settings_for


def telegram(url: str, mode: str) -> AdapterDescriptor:
    """The platform, set up for the server at ``url``."""
    found: list[AdapterDescriptor] = []

    class Registry:
        def add(self, item: AdapterDescriptor, /) -> None:
            found.append(item)

    botcore_register_adapters(Registry())
    config = TelegramConfig.model_validate({"token": TOKEN, "api_url": url, "mode": mode})

    @asynccontextmanager
    async def factory(_config: object, context: PluginContext) -> Any:
        async with open_telegram(config, context) as adapter:
            yield adapter

    return replace(found[0], factory=factory, config=NoConfig)


async def main(folder: Path, url: str, port: int = 0) -> None:
    web = {"port": port, "public_url": f"http://127.0.0.1:{port}"} if port else {}
    settings = settings_for(folder, web=web, limits={"per_minute": 1_000_000, "unfinished": 1_000_000})
    descriptor = telegram(url, "webhook" if port else "polling")
    host = host_of(settings, descriptor)
    async with AsyncExitStack() as running:
        app = await running.enter_async_context(open_app(settings, Role("serve", terminal=False), host=host))
        await running.enter_async_context(app.working())
        if port:
            await running.enter_async_context(serving(app, asyncio.Event()))
        print("begun", flush=True)
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), sys.argv[2], *map(int, sys.argv[3:])))
