"""After a video was seen, or was not in time: it is gone, and that is said kindly."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from botcore.state import Video
from botcore.state.models import JobRow, VideoRow
from tests.core.surface import eventually
from tests.core.web.conftest import CODE, HTML, Offer, Site, code_of, offered, served, take


async def test_having_seen_it_shortens_the_time_to_a_minute(
    offer: Offer, viewer: aiohttp.ClientSession, client: aiohttp.ClientSession
) -> None:
    assert await code_of(client, "DELETE", offer.page) == (403, "access_needed")
    assert (await take(viewer, offer.link))[0] == 303
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
        assert (await take(owner, offer.page))[0] == 303
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
        assert (await take(client, offer.page))[0] == 303
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
    assert (await take(client, offer.page))[0] == 303
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
