"""Telegram keeps the contract of adapters, over HTTP."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, ClassVar

import pytest
import pytest_asyncio

from botcore.config import Settings, load_settings
from botcore.errors import ConfigError
from botcore.plugins import Outcome, load_plugins
from botcore.ports import Adapter, Fetches
from botcore.testing.contracts import AdapterContract
from botcore.testing.telegram_server import PERSON, TOKEN, TelegramServer
from tests.adapters.telegram.ground import adapter_of, descriptor


class TestTelegram(AdapterContract):
    descriptor = descriptor()
    config: ClassVar = {"token": TOKEN}
    chat_id = str(PERSON)

    @pytest_asyncio.fixture(autouse=True)
    async def serve(self, server: TelegramServer) -> None:
        self.server = server

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[Any]:
        async with adapter_of(self.server, folder) as adapter:
            yield adapter

    async def say(self, adapter: Adapter, text: str) -> None:
        self.server.people.say(text)

    async def test_it_fetches_files(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as adapter:
            assert isinstance(adapter, Fetches)


def settings_with(folder: Path, **values: str) -> Settings:
    """Settings from the environment."""
    environ = {f"BOTCORE_PLUGINS__TELEGRAM__{key.upper()}": value for key, value in values.items()}
    return load_settings(environ={"BOTCORE_DATA_DIR": str(folder), **environ})


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("token", "no-token"),
        ("token", "123:with space"),
        ("webhook_secret", "naïve"),
        ("webhook_secret", "x" * 257),
        ("api_url", "api.telegram.org"),
        ("api_url", "https://host/path?query"),
        ("mode", "push"),
    ],
)
def test_settings_that_cannot_work_are_refused_without_showing_a_secret(
    tmp_path: Path, key: str, value: str
) -> None:
    host = load_plugins(settings_with(tmp_path, **{"token": TOKEN, key: value}))
    (problem,) = host.problems
    assert f"BOTCORE_PLUGINS__TELEGRAM__{key.upper()}" in problem
    if key in {"token", "webhook_secret"}:
        assert value not in problem
    assert "telegram" not in host.adapters


@pytest.mark.parametrize("public_url", ["", "http://bot.example.org"])
async def test_a_webhook_that_telegram_cannot_reach_is_a_mistake_that_says_what_to_set(
    tmp_path: Path, public_url: str
) -> None:
    settings = {"mode": "webhook", "api_url": "https://api.telegram.org"}
    with pytest.raises(ConfigError, match=r"set web\.public_url"):
        async with adapter_of(TelegramServer(), tmp_path, public_url=public_url, **settings):
            pass


def test_without_a_token_the_plugin_stays_out_and_says_what_it_needs(tmp_path: Path) -> None:
    host = load_plugins(settings_with(tmp_path))
    (record,) = [record for record in host.records if record.name == "telegram"]
    assert record.outcome is Outcome.DISABLED
    assert "BOTCORE_PLUGINS__TELEGRAM__TOKEN" in record.reason
    assert "telegram" not in host.adapters
    assert not record.traceback


def test_with_a_token_it_is_loaded(tmp_path: Path) -> None:
    host = load_plugins(settings_with(tmp_path, token=TOKEN))
    assert "telegram" in host.adapters
    assert not host.problems
