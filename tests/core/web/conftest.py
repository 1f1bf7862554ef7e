"""A served site with small parts, clients like programs or browsers, and videos that wait for them."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import aiohttp
import pytest_asyncio

from botcore.app import App
from botcore.hooks.descriptors import Descriptor
from botcore.model import Status
from botcore.state import Video
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
async def served(folder: Path, *more: Descriptor[Any], **sections: Any) -> AsyncIterator[Site]:
    """A site on a free port, with ``more`` parts than the small ones."""
    settings = settings_for(folder, **{"web": {"port": 0}, **sections})
    stopping = asyncio.Event()
    async with working_app(settings, *more) as app, serving(app, stopping) as address:
        yield Site(app, address, stopping)


@pytest_asyncio.fixture
async def site(tmp_path: Path) -> AsyncIterator[Site]:
    async with served(tmp_path) as running:
        yield running


@pytest_asyncio.fixture
async def client(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    async with site.new_client() as one:
        yield one


@pytest_asyncio.fixture
async def viewer(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody without a session."""
    async with site.new_client() as one:
        yield one


# ---------------------------------------------------------------------------------------- videos that wait


CODE = "draw 0123456789"
HTML = {"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"}


@dataclass
class Offer:
    """A video that waits, and a link to it."""

    site: Site
    job_id: str
    video_id: str
    link: str

    @property
    def page(self) -> str:
        """Its address without the token."""
        return self.link.partition("?")[0]

    @property
    def stream(self) -> str:
        return self.page.replace("/access", "/stream")

    async def video(self) -> Video:
        video = await self.site.app.state.videos.get(self.video_id)
        assert video is not None
        return video

    async def status(self) -> Status:
        return (await self.site.app.state.jobs.get(self.job_id)).status


async def offered(site: Site, owner: aiohttp.ClientSession, **body: str) -> Offer:
    async with owner.post("/api/v1/code", json={"code": CODE, **body}) as response:
        job = await site.finished(owner, (await response.json())["id"])
    page = job["links"]["access"]
    video_id = page.split("/")[-2]
    token = await site.app.state.access.mint(video_id)
    return Offer(site, job["id"], video_id, f"{page}?t={token}")


@pytest_asyncio.fixture
async def offer(site: Site, client: aiohttp.ClientSession) -> Offer:
    """Of the session of ``client``."""
    return await offered(site, client)


async def take(client: aiohttp.ClientSession, path: str, **headers: str) -> tuple[int, dict[str, Any] | str]:
    """The status of taking an access, and where that leads or the problem's members."""
    async with client.post(path, headers=headers, allow_redirects=False) as response:
        if response.status == 303:
            return response.status, response.headers["Location"]
        return response.status, await response.json(content_type=None)


async def code_of(client: aiohttp.ClientSession, method: str, path: str, **headers: str) -> tuple[int, str]:
    async with client.request(method, path, headers=headers, allow_redirects=False) as response:
        assert response.content_type == "application/problem+json", await response.text()
        return response.status, (await response.json(content_type=None))["code"]


# -------------------------------------------------------------------------------------------------- bytes


async def say(site: Site, *parts: bytes) -> tuple[bytes, dict[str, Any]]:
    """What the server answers to raw bytes: the head, and the problem document after it."""
    host, port = site.address.removeprefix("http://").split(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    for part in parts:
        writer.write(part)
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
    body = await reader.readexactly(int(length.split(b":")[1]))
    writer.close()
    return head, json.loads(body)
