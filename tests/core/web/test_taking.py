"""Taking the single access: one viewer has it, and nobody else."""

from __future__ import annotations

import asyncio

import aiohttp
import pytest

from botcore.model import Status
from tests.core.web.conftest import CODE, Offer, Site, code_of, offered, take


async def test_one_viewer_takes_it_and_reads_it_as_often_as_they_like(
    offer: Offer, viewer: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    async with viewer.get(offer.link):
        pass
    assert await take(viewer, offer.link) == (303, "stream")
    assert await take(viewer, offer.link) == (303, "stream")  # a double click
    assert await take(viewer, offer.page) == (303, "stream")  # the cookie is enough now
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
            clicks = [take(browser, offer.link) for _ in range(3)]
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
    assert (await take(client, offer.page, **headers))[0] == status
    assert ((await offer.video()).viewer is not None) is (status == 303)
