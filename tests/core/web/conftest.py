"""A served site with small parts, and clients that behave like programs or browsers."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
import pytest_asyncio

from botcore.app import App
from botcore.web.server import serving
from tests.core.surface import ended, settings_for, working_app


class Site:
    """A running server. ``new_client`` is a caller without a cookie."""

    def __init__(self, app: App, address: str, stopping: asyncio.Event) -> None:
        self.app = app
        self.address = address
        self.stopping = stopping

    @asynccontextmanager
    async def new_client(self) -> AsyncIterator[aiohttp.ClientSession]:
        jar = aiohttp.CookieJar(unsafe=True)  # keeps cookies of an address too
        async with aiohttp.ClientSession(self.address, cookie_jar=jar) as client:
            yield client

    async def finished(self, client: aiohttp.ClientSession, job_id: str) -> dict[str, Any]:
        """The job as the API shows it once nothing more happens to it."""
        await ended(self.app, job_id)
        async with client.get(f"/api/v1/jobs/{job_id}") as response:
            assert response.status == 200
            job: dict[str, Any] = await response.json()
            return job

    async def watched(self, client: aiohttp.ClientSession, job: dict[str, Any]) -> str:
        """Take the single access to a job's video; the path of its stream."""
        access = str(job["links"]["access"])
        async with client.post(access, allow_redirects=False) as response:
            assert response.status == 303, await response.text()
            return urljoin(access, response.headers["Location"])


@asynccontextmanager
async def served(folder: Path, **sections: Any) -> AsyncIterator[Site]:
    """A site on a free port."""
    settings = settings_for(folder, **{"web": {"port": 0}, **sections})
    stopping = asyncio.Event()
    async with working_app(settings) as app, serving(app, stopping) as address:
        yield Site(app, address, stopping)


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with served(tmp_path) as running:
        yield running


@pytest_asyncio.fixture
async def client(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    async with site.new_client() as one:
        yield one
