"""A Bot API server, and the adapter beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from botcore.testing.telegram_server import TelegramServer
from tests.adapters.telegram.ground import adapter_of


@pytest_asyncio.fixture
async def server() -> AsyncIterator[TelegramServer]:
    async with TelegramServer() as running:
        yield running


@pytest_asyncio.fixture
async def adapter(server: TelegramServer, tmp_path: Path) -> AsyncIterator[Any]:
    async with adapter_of(server, tmp_path) as opened:
        yield opened
