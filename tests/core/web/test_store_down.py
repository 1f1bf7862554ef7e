"""A store that is down, slow or empty while somebody comes for a video: the access is not lost."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta

import aiohttp
import pytest

from botcore.errors import ObjectMissing, StoreUnavailable
from botcore.model import Status
from botcore.state.models import VideoRow
from tests.core.web.conftest import CODE, HTML, Offer, Site, code_of, take


def broken_store(monkeypatch: pytest.MonkeyPatch, site: Site, error: Exception) -> None:
    @asynccontextmanager
    async def fails(*_: object) -> AsyncIterator[AsyncIterator[bytes]]:
        raise error
        yield  # type: ignore[unreachable]  # makes a generator of it

    monkeypatch.setattr(site.app.store, "open", fails)


@pytest.mark.parametrize("error", [StoreUnavailable("down"), TimeoutError()])
async def test_a_store_that_is_down_costs_nobody_the_access(
    site: Site,
    offer: Offer,
    viewer: aiohttp.ClientSession,
    error: Exception,
) -> None:
    with pytest.MonkeyPatch.context() as patch:
        broken_store(patch, site, error)
        async with viewer.post(offer.link) as response:
            assert response.status == 503
            assert int(response.headers["Retry-After"]) > 0
            assert (await response.json(content_type=None))["code"] == "store_unavailable"
        async with viewer.post(offer.link, headers=HTML) as response:
            assert (response.status, response.content_type) == (503, "text/html")
            assert int(response.headers["Retry-After"]) > 0
            assert "<button>Try again</button>" in await response.text()
    assert await offer.status() is Status.READY
    assert (await take(viewer, offer.link))[0] == 303


async def test_a_store_that_goes_down_while_somebody_watches_is_asked_again(
    site: Site, offer: Offer, viewer: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await take(viewer, offer.link))[0] == 303
    with pytest.MonkeyPatch.context() as patch:
        broken_store(patch, site, StoreUnavailable("down"))
        assert await code_of(viewer, "GET", offer.stream) == (503, "store_unavailable")
    async with viewer.get(offer.stream) as response:
        assert await response.text() == CODE


async def test_a_file_that_is_not_in_the_store_is_gone(
    site: Site, offer: Offer, viewer: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken_store(monkeypatch, site, ObjectMissing("key"))
    assert await code_of(viewer, "POST", offer.link) == (410, "video_deleted")


async def test_a_file_that_is_deleted_while_it_is_watched_is_gone(
    site: Site, offer: Offer, viewer: aiohttp.ClientSession
) -> None:
    assert (await take(viewer, offer.link))[0] == 303
    await site.app.store.delete((await offer.video()).key)
    assert await code_of(viewer, "GET", offer.stream) == (410, "video_deleted")


async def test_whoever_reads_slowly_is_cut_off_when_their_time_is_over(
    site: Site, offer: Offer, viewer: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await take(viewer, offer.link))[0] == 303
    soon = site.app.state.db.clock() + timedelta(seconds=3)
    await VideoRow.filter(id=offer.video_id).update(taken_until=soon)
    closed = asyncio.Event()

    async def a_byte() -> AsyncIterator[bytes]:
        yield b"d"
        await asyncio.Event().wait()

    @asynccontextmanager
    async def slow(*_: object) -> AsyncIterator[AsyncIterator[bytes]]:
        try:
            yield a_byte()
        finally:
            closed.set()

    monkeypatch.setattr(site.app.store, "open", slow)
    async with viewer.get(offer.stream) as response:
        assert response.status == 200
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    async with asyncio.timeout(60):
        await closed.wait()
