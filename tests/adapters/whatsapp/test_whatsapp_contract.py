"""WhatsApp keeps the contract of adapters, over HTTP."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
import pytest_asyncio
from aiohttp import web
from botcore_whatsapp.plugin import WEBHOOK_PATH

from botcore.config import Settings, load_settings
from botcore.plugins import Outcome, load_plugins
from botcore.ports import Adapter, Fetches, Receive
from botcore.testing.contracts import AdapterContract
from botcore.testing.whatsapp_server import PERSON, VERIFY_TOKEN, WhatsAppServer
from tests.adapters.whatsapp.ground import adapter_of, descriptor, values_for


class Mounted:
    """The adapter with its routes on a server, as the core mounts them while it runs."""

    def __init__(self, adapter: Any, server: WhatsAppServer) -> None:
        self._adapter = adapter
        self._server = server

    async def send(self, out: Any) -> Any:
        return await self._adapter.send(out)

    async def run(self, receive: Receive) -> None:
        site = web.Application()
        for route in descriptor().routes:

            async def handle(request: web.Request, route: Any = route) -> Any:
                return await route.handle(self._adapter, request, receive)

            site.router.add_route(route.method, route.path, handle)
        runner = web.AppRunner(site)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", 0).start()
            url = f"http://127.0.0.1:{runner.addresses[0][1]}{WEBHOOK_PATH}"
            assert await self._server.webhooks.subscribe(url, VERIFY_TOKEN) == 200
            await self._adapter.run(receive)
        finally:
            await asyncio.shield(runner.cleanup())


class TestWhatsApp(AdapterContract):
    descriptor = descriptor()
    config: ClassVar = values_for(WhatsAppServer())
    chat_id = PERSON

    @pytest_asyncio.fixture(autouse=True)
    async def serve(self, server: WhatsAppServer) -> None:
        self.server = server
        server.messages.statuses = ()  # the contract waits for messages alone

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[Any]:
        async with adapter_of(self.server, folder) as adapter:
            yield Mounted(adapter, self.server)

    async def say(self, adapter: Adapter, text: str) -> None:
        self.server.people.say(text)

    async def test_it_fetches_files(self, tmp_path: Path) -> None:
        async with adapter_of(self.server, tmp_path) as adapter:
            assert isinstance(adapter, Fetches)


SETTINGS = values_for(WhatsAppServer())
SECRETS = ("token", "app_secret", "verify_token")


def settings_with(folder: Path, **values: str) -> Settings:
    """Settings from the environment."""
    environ = {f"BOTCORE_PLUGINS__WHATSAPP__{key.upper()}": value for key, value in values.items()}
    return load_settings(environ={"BOTCORE_DATA_DIR": str(folder), **environ})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("phone_number_id", "+1 555 000 1234"),
        ("token", "with space"),
        ("app_secret", "naïve"),
        ("verify_token", "пароль"),
        ("template", "Come Back"),
        ("template_language", "english"),
        ("api_url", "graph.facebook.com"),
        ("api_version", "24"),
    ],
)
def test_settings_that_cannot_work_are_refused_without_showing_a_secret(
    tmp_path: Path, key: str, value: str
) -> None:
    host = load_plugins(settings_with(tmp_path, **{**SETTINGS, key: value}))
    (problem,) = host.problems
    assert f"BOTCORE_PLUGINS__WHATSAPP__{key.upper()}" in problem
    if key in SECRETS:
        assert value not in problem
    assert "whatsapp" not in host.adapters


@pytest.mark.parametrize("key", ["phone_number_id", *SECRETS])
def test_without_one_of_its_settings_the_plugin_stays_out_and_says_what_it_needs(
    tmp_path: Path, key: str
) -> None:
    host = load_plugins(settings_with(tmp_path, **{name: v for name, v in SETTINGS.items() if name != key}))
    (record,) = [record for record in host.records if record.name == "whatsapp"]
    assert record.outcome is Outcome.DISABLED
    assert f"BOTCORE_PLUGINS__WHATSAPP__{key.upper()}" in record.reason
    assert "whatsapp" not in host.adapters


def test_with_its_settings_it_is_loaded(tmp_path: Path) -> None:
    host = load_plugins(settings_with(tmp_path, **SETTINGS))
    assert "whatsapp" in host.adapters
    assert not host.problems
