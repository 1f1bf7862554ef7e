"""A Graph API server, and the adapter beside it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest_asyncio

from botcore.testing.whatsapp_server import WhatsAppServer
from tests.adapters.whatsapp.ground import adapter_of


@pytest_asyncio.fixture
async def server() -> AsyncIterator[WhatsAppServer]:
    async with WhatsAppServer() as running:
        yield running


@pytest_asyncio.fixture
async def whatsapp(server: WhatsAppServer, tmp_path: Path) -> AsyncIterator[Any]:
    async with adapter_of(server, tmp_path) as adapter:
        yield adapter
