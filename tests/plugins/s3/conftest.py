from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aioboto3
import pytest
from botcore_s3.plugin import S3Config, open_s3
from botcore_s3.store import S3Store
from botocore.config import Config

from botcore.hooks.descriptors import PluginContext
from tests.plugins.s3 import weed as server
from tests.plugins.s3.weed import BUCKET, KEY, SECRET, Weed


@asynccontextmanager
async def operator(weed: Weed) -> AsyncIterator[Any]:
    """The bucket as its operator sees it."""
    session = aioboto3.Session(aws_access_key_id=KEY, aws_secret_access_key=SECRET, region_name="auto")
    settings = Config(s3={"addressing_style": "path"}, retries={"total_max_attempts": 5})
    async with session.client("s3", endpoint_url=weed.url, config=settings) as client:
        yield client


@pytest.fixture(scope="session")
def weed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Weed]:
    async def make_bucket(running: Weed) -> None:
        async with operator(running) as client:
            await client.create_bucket(Bucket=BUCKET)

    with server.running(tmp_path_factory.mktemp("weed") / "server") as running:
        asyncio.run(make_bucket(running))
        yield running


@pytest.fixture
async def bucket(weed: Weed) -> AsyncIterator[Any]:
    async with operator(weed) as client:
        yield client


@asynccontextmanager
async def opened(config: S3Config) -> AsyncIterator[S3Store]:
    context = PluginContext(plugin="s3", data_dir=Path(), workers=1)
    async with open_s3(config, context) as store:
        assert isinstance(store, S3Store)
        yield store
