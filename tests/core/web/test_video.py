"""Streaming: whole, in ranges, and gone."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.errors import StoreUnavailable
from botcore.state import DatabaseFailed, NewToken
from botcore.state.models import SessionRow, VideoRow
from botcore.web import video
from botcore.web.problems import RequestRefused
from botcore.web.video import parse_range
from tests.core.web.conftest import Site, served

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


class Film:
    """In place of the stored file: its first bytes, and the others once they may come."""

    def __init__(self) -> None:
        self.go_on = asyncio.Event()

    @asynccontextmanager
    async def open(self, *_: object) -> AsyncIterator[AsyncIterator[bytes]]:
        yield self._chunks()

    async def _chunks(self) -> AsyncIterator[bytes]:
        yield b"draw "
        await self.go_on.wait()
        yield b"0123456789"


@pytest.fixture
def film(site: Site, link: str, monkeypatch: pytest.MonkeyPatch) -> Film:
    """The video of ``link``."""
    shown = Film()
    monkeypatch.setattr(site.app.store, "open", shown.open)
    monkeypatch.setattr(video, "LOOK_SECONDS", 0.02)
    return shown


async def test_one_video_is_not_streamed_more_often_at_once_than_its_viewer_can_look(
    client: aiohttp.ClientSession, link: str, film: Film
) -> None:
    async with AsyncExitStack() as streams:
        opened = [await streams.enter_async_context(client.get(link)) for _ in range(video.MOST_OF_VIDEO)]
        async with client.get(link) as refused:
            assert refused.status == 429
            assert (await refused.json(content_type=None))["code"] == "too_many_streams"
        film.go_on.set()
        assert {await each.text() for each in opened} == {CODE}
    async with client.get(link) as after:
        assert after.status == 200


async def test_one_address_leaves_connections_for_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(video, "MOST_OF_ADDRESS", 1)
    film = Film()
    async with (
        served(tmp_path, web={"port": 0, "trusted_proxies": ["127.0.0.1"]}) as site,
        site.new_client() as client,
    ):
        async with client.post("/api/v1/code", json={"code": CODE}) as made:
            job = await site.finished(client, (await made.json())["id"])
        link = await site.watched(client, job)
        monkeypatch.setattr(site.app.store, "open", film.open)
        here, there = {"X-Forwarded-For": "192.0.2.1"}, {"X-Forwarded-For": "192.0.2.2"}
        async with client.get(link, headers=here):
            async with client.get(link, headers=here) as refused:
                assert refused.status == 429
            async with client.get(link, headers=there) as other:
                assert other.status == 200
            film.go_on.set()


async def test_an_open_stream_ends_once_its_person_is_forgotten(
    client: aiohttp.ClientSession, link: str, film: Film
) -> None:
    async with client.get(link) as response:
        assert await response.content.readany() == b"draw "
        async with client.delete("/api/v1/session") as forgotten:
            assert forgotten.status == 204
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    assert not film.go_on.is_set()


async def test_an_open_stream_ends_with_its_session(
    site: Site, client: aiohttp.ClientSession, link: str, film: Film
) -> None:
    async with client.get(link) as response:
        assert await response.content.readany() == b"draw "
        await SessionRow.all().update(expires_at=site.app.state.db.clock())
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    assert not film.go_on.is_set()


async def test_an_open_stream_ends_with_its_token(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(video, "LOOK_SECONDS", 0.02)
    created = await site.app.state.tokens.create(NewToken("viewer"))
    assert created is not None
    headers = {"Authorization": f"Bearer {created[1]}"}
    async with aiohttp.ClientSession(site.address, headers=headers) as client:
        async with client.post("/api/v1/code", json={"code": CODE}) as made:
            job = await site.finished(client, (await made.json())["id"])
        link, film = await site.watched(client, job), Film()
        monkeypatch.setattr(site.app.store, "open", film.open)
        async with client.get(link) as response:
            assert await response.content.readany() == b"draw "
            await site.app.state.tokens.revoke("viewer")
            with pytest.raises(aiohttp.ClientPayloadError):
                await response.read()
    assert not film.go_on.is_set()


async def test_an_open_stream_ends_when_its_viewer_has_seen_the_end(
    client: aiohttp.ClientSession, link: str, film: Film, site: Site
) -> None:
    async with client.get(link) as response:
        assert await response.content.readany() == b"draw "
        async with client.delete(link.replace("/stream", "/access")) as seen:
            assert seen.status == 204
        await VideoRow.all().update(taken_until=site.app.state.db.clock())  # the grace is over
        with pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    assert not film.go_on.is_set()


async def test_a_pause_of_the_database_ends_no_stream(
    site: Site, client: aiohttp.ClientSession, link: str, film: Film, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = asyncio.Event()

    async def down(*_: object) -> None:
        asked.set()
        raise DatabaseFailed("database is locked")

    async with client.get(link) as response:
        assert await response.content.readany() == b"draw "
        with monkeypatch.context() as outage:
            outage.setattr(site.app.state.videos, "get", down)
            await asked.wait()
        film.go_on.set()
        assert await response.text() == "0123456789"
