from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from botcore_s3.plugin import S3Config, open_s3
from botcore_s3.store import S3Store

from botcore.hooks.descriptors import PluginContext
from tests.plugins.s3 import weed as server
from tests.plugins.s3.weed import Weed


@pytest.fixture(scope="session")
def weed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weed]:
    with server.running(tmp_path_factory.mktemp("weed") / "server") as running:
        asyncio.run(server.make_bucket(running))
        yield running


@pytest.fixture
async def bucket(weed: Weed) -> AsyncIterator[Any]:
    async with server.operator(weed) as client:
        yield client


@asynccontextmanager
async def opened(config: S3Config) -> AsyncIterator[S3Store]:
    context = PluginContext(plugin="s3", data_dir=Path(), workers=1)
    async with open_s3(config, context) as store:
        assert isinstance(store, S3Store)
        yield store
