"""The page of a video and its single access, over HTTP: who gets what, and what consumes nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from botcore.errors import ObjectMissing, StoreUnavailable
from botcore.model import Status
from botcore.state import Video
from botcore.state.models import JobRow, VideoRow
from tests.core.surface import eventually
from tests.core.web.conftest import Site, served

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


@pytest_asyncio.fixture
async def viewer(site: Site) -> AsyncIterator[aiohttp.ClientSession]:
    """Somebody without a session."""
    async with site.new_client() as one:
        yield one


async def post(client: aiohttp.ClientSession, path: str, **headers: str) -> tuple[int, dict[str, Any] | str]:
    """The status of a POST, and where it leads or the problem's members."""
    async with client.post(path, headers=headers, allow_redirects=False) as response:
        if response.status == 303:
            return response.status, response.headers["Location"]
        return response.status, await response.json(content_type=None)


async def code_of(client: aiohttp.ClientSession, method: str, path: str, **headers: str) -> tuple[int, str]:
    async with client.request(method, path, headers=headers, allow_redirects=False) as response:
        assert response.content_type == "application/problem+json", await response.text()
        return response.status, (await response.json(content_type=None))["code"]


# ---------------------------------------------------------------------------------------------------- looking


async def test_looking_consumes_nothing_whoever_looks_and_however_often(
    offer: Offer, viewer: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    for method in ("GET", "HEAD", "GET", "HEAD"):
        for each in (viewer, client):
            for agent in ("TelegramBot (like TwitterBot)", "WhatsApp/2.23", "Mozilla/5.0"):
                async with each.request(method, offer.link, headers={"User-Agent": agent}) as response:
                    assert response.status == 200
                async with each.request(method, offer.stream, headers={"User-Agent": agent}) as response:
                    assert response.status in {403, 404}
    assert await offer.status() is Status.READY
    assert (await offer.video()).viewer is None


async def test_the_page_has_a_title_for_previews_and_shows_nothing_of_the_video(
    offer: Offer, viewer: aiohttp.ClientSession
) -> None:
    async with viewer.get(offer.link) as response:
        page = await response.text()
        headers = response.headers
    assert '<meta property="og:title" content="Your video is ready.">' in page
    assert '<meta property="og:description"' in page
    for hidden in ("og:video", "og:image", "thumbnail", "0123456789", offer.link.partition("=")[2]):
        assert hidden not in page
    assert "noindex" in page
    assert "noindex" in headers["X-Robots-Tag"]
    assert headers["Cache-Control"] == "no-store"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert "'unsafe-inline'" not in headers["Content-Security-Policy"]


async def test_the_viewers_cookie_is_for_this_video_only(offer: Offer, viewer: aiohttp.ClientSession) -> None:
    async with viewer.get(offer.link) as response:
        cookie = response.cookies["botcore_viewer"]
        again = viewer.get(offer.link)
    assert len(cookie.value) == 43
    assert cookie["path"] == f"/api/v1/video/{offer.video_id}"
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    assert 86_000 < int(cookie["max-age"]) < 88_000
    async with again as response:
        assert response.cookies["botcore_viewer"].value == cookie.value


async def test_behind_https_and_a_path_the_cookie_says_so(tmp_path: Path) -> None:
    async with (
        served(tmp_path, web={"port": 0, "public_url": "https://example.org/bot"}) as site,
        site.new_client() as owner,
        site.new_client() as viewer,
    ):
        owner.cookie_jar.update_cookies({})
        async with owner.post("/api/v1/code", json={"code": CODE}) as response:
            made = await response.json()
            session = response.cookies["botcore_session"].value
        secure = {"Cookie": f"botcore_session={session}"}  # no jar sends it over plain HTTP
        offer = None
        while offer is None:
            async with owner.get(made["links"]["self"], headers=secure) as response:
                offer = (await response.json())["links"].get("access")
        token = await site.app.state.access.mint(offer.split("/")[-2])
        async with viewer.get(f"{offer}?t={token}") as response:
            cookie = response.cookies["botcore_viewer"]
        assert cookie["secure"]
        assert cookie["path"].startswith("/bot/api/v1/video/")


@pytest.mark.parametrize("method", ["GET", "POST", "DELETE", "HEAD"])
@pytest.mark.parametrize("headers", [{}, HTML], ids=["program", "browser"])
async def test_nothing_tells_a_wrong_token_from_a_video_that_is_not_there(
    offer: Offer, viewer: aiohttp.ClientSession, method: str, headers: dict[str, str]
) -> None:
    answers = set()
    for path in (
        offer.page,
        f"{offer.page}?t=",
        f"{offer.link[:-1]}",
        f"{offer.page}?t={'a' * 43}",
        f"{offer.page}?t=%00{'a' * 42}",
        f"/api/v1/video/0000000000000000/access?{offer.link.partition('?')[2]}",
        "/api/v1/video/0000000000000000/access",
    ):
        async with viewer.request(method, path, headers=headers | {"X-Request-Id": "mine"}) as response:
            named = tuple(sorted((name, value) for name, value in response.headers.items() if name != "Date"))
            answers.add((response.status, await response.text(), named))
            assert "Set-Cookie" not in response.headers
    assert [status for status, _, _ in answers] == [404]


async def test_nor_does_a_wrong_bearer_token(offer: Offer, viewer: aiohttp.ClientSession) -> None:
    answers = set()
    for path in (offer.page, "/api/v1/video/0000000000000000/access"):
        async with viewer.get(path, headers={"Authorization": "Bearer botcore_lost"}) as response:
            answers.add((response.status, (await response.json(content_type=None))["code"]))
    assert answers == {(401, "invalid_token")}


async def test_the_page_speaks_the_jobs_language(
    site: Site, client: aiohttp.ClientSession, viewer: aiohttp.ClientSession
) -> None:
    offer = await offered(site, client, language="ar")
    async with viewer.get(offer.link, headers={"Accept-Language": "ru"}) as response:
        assert '<html lang="ar" dir="rtl">' in await response.text()
    async with viewer.get(offer.page + "?t=x", headers=HTML | {"Accept-Language": "ru"}) as response:
        assert response.status == 404
        assert '<html lang="ru" dir="ltr">' in await response.text()


# ---------------------------------------------------------------------------------------------------- taking


async def test_one_viewer_takes_it_and_reads_it_as_often_as_they_like(
    offer: Offer, viewer: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    async with viewer.get(offer.link):
        pass
    assert await post(viewer, offer.link) == (303, "stream")
    assert await post(viewer, offer.link) == (303, "stream")  # a double click
    assert await post(viewer, offer.page) == (303, "stream")  # the cookie is enough now
    for _ in range(3):
        async with viewer.get(offer.stream, headers={"Range": "bytes=5-7"}) as response:
            assert (response.status, await response.text()) == (206, "012")
    assert await offer.status() is Status.DELIVERED

    # Nobody else: not another browser with the link, and not the owner.
    async with offer.site.new_client() as other:
        assert await code_of(other, "POST", offer.link) == (410, "video_seen")
        assert await code_of(other, "GET", offer.link) == (410, "video_seen")
        assert await code_of(other, "GET", offer.stream) == (404, "not_found")
    assert await code_of(client, "POST", offer.page) == (410, "video_seen")
    assert await code_of(client, "GET", offer.stream) == (410, "video_seen")


async def test_a_program_takes_it_without_looking_first(offer: Offer, viewer: aiohttp.ClientSession) -> None:
    async with viewer.post(offer.link) as response:  # follows to the stream, with the cookie of the answer
        assert (response.status, await response.text()) == (200, CODE)


async def test_the_owner_needs_no_token(
    offer: Offer, client: aiohttp.ClientSession, viewer: aiohttp.ClientSession
) -> None:
    assert await code_of(client, "GET", offer.stream) == (403, "access_needed")
    async with client.get(offer.page) as response:
        assert response.status == 200
        assert "Set-Cookie" not in response.headers
    async with client.post(offer.page) as response:
        assert (response.status, await response.text()) == (200, CODE)
    assert await code_of(viewer, "POST", offer.link) == (410, "video_seen")


async def test_of_many_browsers_at_once_one_wins(offer: Offer) -> None:
    async def visit() -> list[int]:
        async with offer.site.new_client() as browser:
            async with browser.get(offer.link) as page:
                assert page.status == 200
            clicks = [post(browser, offer.link) for _ in range(3)]
            return [status for status, _ in await asyncio.gather(*clicks)]

    visits = await asyncio.gather(*(visit() for _ in range(6)))

    assert sorted(visits) == [[303] * 3, *([[410] * 3] * 5)]


async def test_a_grant_opens_no_other_video(
    site: Site, offer: Offer, client: aiohttp.ClientSession, viewer: aiohttp.ClientSession
) -> None:
    other = await offered(site, client)
    async with viewer.post(offer.link, allow_redirects=False) as response:
        grant = {"Cookie": f"botcore_viewer={response.cookies['botcore_viewer'].value}"}
    async with site.new_client() as thief:
        assert await code_of(thief, "GET", other.stream, **grant) == (404, "not_found")
        assert await code_of(thief, "POST", other.page, **grant) == (404, "not_found")
        for made_up in ("", "a" * 43, "x", "ü"):
            assert (await code_of(thief, "GET", offer.stream, Cookie=f"botcore_viewer={made_up}"))[0] == 404
    assert (await other.video()).viewer is None


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 303),
        (
            {"Origin": "null", "Sec-Fetch-Site": "same-origin"},
            303,
        ),  # the page's form, which hides its address
        ({"Origin": "null"}, 303),  # the same in an old browser
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Origin": "https://evil.example"}, 403),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"}, 403),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_another_website_cannot_spend_it(
    offer: Offer, client: aiohttp.ClientSession, headers: dict[str, str], status: int
) -> None:
    assert (await post(client, offer.page, **headers))[0] == status
    assert ((await offer.video()).viewer is not None) is (status == 303)


# ------------------------------------------------------------------------------------------- what goes wrong


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
    assert (await post(viewer, offer.link))[0] == 303


async def test_a_store_that_goes_down_while_somebody_watches_is_asked_again(
    site: Site, offer: Offer, viewer: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await post(viewer, offer.link))[0] == 303
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
    assert (await post(viewer, offer.link))[0] == 303
    await site.app.store.delete((await offer.video()).key)
    assert await code_of(viewer, "GET", offer.stream) == (410, "video_deleted")


async def test_whoever_reads_slowly_is_cut_off_when_their_time_is_over(
    site: Site, offer: Offer, viewer: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert (await post(viewer, offer.link))[0] == 303
    soon = site.app.state.db.clock() + timedelta(seconds=0.5)
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
    async with asyncio.timeout(10):
        await closed.wait()


# ------------------------------------------------------------------------------------------------ afterwards


async def test_having_seen_it_shortens_the_time_to_a_minute(
    offer: Offer, viewer: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    assert await code_of(client, "DELETE", offer.page) == (403, "access_needed")
    assert (await post(viewer, offer.link))[0] == 303
    assert await code_of(client, "DELETE", offer.page) == (410, "video_seen")
    before = (await offer.video()).taken_until
    for _ in range(2):
        async with viewer.delete(offer.page) as response:
            assert response.status == 204
    after = (await offer.video()).taken_until
    assert before is not None
    assert after is not None
    assert timedelta(seconds=820) < before - after < timedelta(seconds=841)

    await VideoRow.filter(id=offer.video_id).update(taken_until=offer.site.app.state.db.clock())
    async with viewer.delete(offer.page) as response:  # said again when it is over
        assert response.status == 204
    assert await code_of(viewer, "GET", offer.stream) == (410, "video_seen")
    assert await code_of(viewer, "POST", offer.link) == (410, "video_seen")


async def test_what_was_seen_is_deleted_as_soon_as_the_grace_is_over(tmp_path: Path) -> None:
    async with served(tmp_path, video={"grace": 0.0}) as site, site.new_client() as owner:
        offer = await offered(site, owner)
        assert (await post(owner, offer.page))[0] == 303
        async with owner.delete(offer.page) as response:
            assert response.status == 204

        async def deleted() -> Video | None:
            video = await offer.video()
            return video if video.deleted_at is not None else None

        await eventually(deleted)
        assert not [path for path in (tmp_path / "data" / "videos").rglob("*") if path.is_file()]


@pytest.mark.parametrize(
    ("column", "code", "words"),
    [
        ("taken_until", "video_seen", "This video was watched already."),
        ("expires_at", "video_expired", "Nobody watched this video in time"),
        ("cancelled", "video_deleted", "This video has been deleted."),
    ],
)
async def test_what_is_gone_is_said_kindly_and_why(
    offer: Offer,
    viewer: aiohttp.ClientSession,
    client: aiohttp.ClientSession,
    column: str,
    code: str,
    words: str,
) -> None:
    app = offer.site.app
    if column == "taken_until":
        assert (await post(client, offer.page))[0] == 303
    elif column == "expires_at":
        await VideoRow.filter(id=offer.video_id).update(expires_at=app.state.db.clock())
    else:
        await app.control.cancel(offer.job_id, session_id=None)

    async with viewer.get(offer.link, headers=HTML) as response:
        assert (response.status, response.content_type) == (410, "text/html")
        page = await response.text()
    assert "This video is gone." in page
    assert words in page
    assert "<video" not in page
    assert await code_of(viewer, "GET", offer.link) == (410, code)
    assert await code_of(viewer, "POST", offer.link) == (410, code)


async def test_the_video_is_known_after_it_was_seen_and_leads_nowhere(
    site: Site, offer: Offer, client: aiohttp.ClientSession
) -> None:
    async def shown() -> dict[str, Any]:
        async with client.get(f"/api/v1/jobs/{offer.job_id}") as response:
            job: dict[str, Any] = await response.json()
            return job

    assert "stream" not in (await shown())["links"]
    assert (await post(client, offer.page))[0] == 303
    assert (await shown())["links"]["stream"] == offer.stream
    await site.app.reaper.delete(await offer.video())
    job = await shown()
    assert job["status"] == "delivered"
    assert job["video"]["size"] == len(CODE)
    assert not {"access", "stream", "thumbnail"} & set(job["links"])


async def test_a_video_of_a_chat_is_not_there_before_it_is_offered(
    offer: Offer, client: aiohttp.ClientSession
) -> None:
    await JobRow.filter(id=offer.job_id).update(offered_at=None, platform="telegram", scope="nobody")
    assert await code_of(client, "GET", offer.page) == (404, "not_found")
    assert await code_of(client, "POST", offer.page) == (404, "not_found")
