"""The page of a video: who sees it, what it says, and that looking consumes nothing."""

from __future__ import annotations

from pathlib import Path

import aiohttp
import pytest

from botcore.model import Status
from botcore.web.headers import NO_ICON
from tests.core.web.conftest import CODE, HTML, Offer, Site, offered, served


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
    assert NO_ICON in page, "the browser would ask for /favicon.ico"
    assert "img-src 'self' data:;" in headers["Content-Security-Policy"]


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
