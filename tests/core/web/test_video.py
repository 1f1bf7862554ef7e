"""Streaming: whole, in ranges, and gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.errors import StoreUnavailable
from botcore.web import video
from botcore.web.problems import RequestRefused
from botcore.web.video import parse_range
from tests.core.web.conftest import Site

CODE = "draw 0123456789"


@pytest.fixture
async def link(site: Site, client: aiohttp.ClientSession) -> str:
    async with client.post("/api/v1/code", json={"code": CODE}) as response:
        job = await site.finished(client, (await response.json())["id"])
    return await site.watched(client, job)


@pytest.mark.parametrize(
    ("wanted", "status", "content", "content_range"),
    [
        (None, 200, CODE, None),
        ("bytes=0-3", 206, "draw", "bytes 0-3/15"),
        ("bytes=5-", 206, "0123456789", "bytes 5-14/15"),
        ("bytes=-4", 206, "6789", "bytes 11-14/15"),
        ("bytes=-400", 206, CODE, "bytes 0-14/15"),
        ("bytes=10-999", 206, "56789", "bytes 10-14/15"),
        ("bytes=0-1,3-4", 200, CODE, None),
        ("lines=0-1", 200, CODE, None),
        ("bytes=9-3", 200, CODE, None),
        ("bytes=٠-٣", 200, CODE, None),  # digits, but none of HTTP's
    ],
)
async def test_ranges(
    client: aiohttp.ClientSession,
    link: str,
    wanted: str | None,
    status: int,
    content: str,
    content_range: str | None,
) -> None:
    async with client.get(link, headers={} if wanted is None else {"Range": wanted}) as response:
        assert response.status == status
        assert await response.text() == content
        assert response.headers.get("Content-Range") == content_range
        assert response.headers["Accept-Ranges"] == "bytes"
        assert "no-store" in response.headers["Cache-Control"]


@pytest.mark.parametrize("wanted", ["bytes=15-", "bytes=99-100", "bytes=-0"])
async def test_a_range_outside_the_file_is_416(client: aiohttp.ClientSession, link: str, wanted: str) -> None:
    async with client.get(link, headers={"Range": wanted}) as response:
        assert response.status == 416
        assert response.headers["Content-Range"] == "bytes */15"


async def test_a_range_of_another_version_is_the_whole_file(client: aiohttp.ClientSession, link: str) -> None:
    async with client.get(link, headers={"Range": "bytes=0-3", "If-Range": '"another"'}) as response:
        assert (response.status, await response.text()) == (200, CODE)


async def test_head_says_the_size_and_what_is_known_is_not_sent_again(
    client: aiohttp.ClientSession, link: str
) -> None:
    async with client.head(link) as head:
        assert (head.status, head.headers["Content-Length"]) == (200, "15")
        etag = head.headers["ETag"]
    async with client.get(link, headers={"If-None-Match": etag}) as response:
        assert response.status == 304


async def test_a_deleted_video_is_gone(site: Site, client: aiohttp.ClientSession, link: str) -> None:
    video = await site.app.state.videos.get(link.split("/")[-2])
    assert video is not None
    await site.app.reaper.delete(video)
    async with client.get(link) as response:
        assert response.status == 410
        assert (await response.json(content_type=None))["code"] == "video_seen"


@given(
    header=st.from_regex(r"bytes=\d{0,12}-\d{0,12}", fullmatch=True) | st.text(max_size=30),
    size=st.integers(0, 10**9),
)
def test_any_header_gives_bytes_of_the_file_or_a_refusal(header: str, size: int) -> None:
    try:
        span = parse_range(header, size)
    except RequestRefused:
        return
    assert span is None or 0 <= span.start < span.end <= size


async def test_a_store_that_breaks_midway_cuts_the_answer_off(
    site: Site, client: aiohttp.ClientSession, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b"draw "
        raise StoreUnavailable("gone")

    @asynccontextmanager
    async def broken(*_: object) -> AsyncIterator[AsyncIterator[bytes]]:
        yield half()

    monkeypatch.setattr(site.app.store, "open", broken)
    async with client.get(link) as response:
        with pytest.raises(aiohttp.ClientPayloadError):  # and no second answer inside this one
            await response.read()


async def test_head_has_no_ranges(client: aiohttp.ClientSession, link: str) -> None:
    async with client.head(link, headers={"Range": "bytes=0-3"}) as head:
        assert (head.status, head.headers["Content-Length"]) == (200, "15")


async def test_what_is_known_is_not_modified_whatever_range_is_asked(
    client: aiohttp.ClientSession, link: str
) -> None:
    async with client.get(link) as response:
        etag = response.headers["ETag"]
    async with client.get(link, headers={"If-None-Match": etag, "Range": "bytes=99-"}) as response:
        assert response.status == 304


async def test_one_video_is_not_streamed_more_often_at_once_than_its_viewer_can_look(
    site: Site, client: aiohttp.ClientSession, link: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    go_on = asyncio.Event()

    async def halting() -> AsyncIterator[bytes]:
        yield b"draw "
        await go_on.wait()
        yield b"0123456789"

    @asynccontextmanager
    async def opened(*_: object) -> AsyncIterator[AsyncIterator[bytes]]:
        yield halting()

    monkeypatch.setattr(video, "MOST_OF_VIDEO", 1)
    monkeypatch.setattr(site.app.store, "open", opened)
    async with client.get(link) as first:
        async with client.get(link) as second:
            assert second.status == 429
            assert (await second.json(content_type=None))["code"] == "too_many_streams"
        go_on.set()
        assert await first.text() == CODE
    async with client.get(link) as third:
        assert third.status == 200
