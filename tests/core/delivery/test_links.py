"""A video that the chat does not take comes as a link; where no link can be, as a clear sentence."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from botcore.delivery.links import Links
from botcore.errors import DeliveryRejected, DeliveryUnavailable, MediaRejected, ObjectMissing
from botcore.languages import LANGUAGES
from botcore.model import Capabilities, Job, MediaLimit, Outgoing, OutgoingKind, Status
from botcore.state import OutboxStatus, link_key
from botcore.state.models import AccessLinkRow, OutboxRow
from tests.core.runtime.world import Script, World, open_world, until

SMALL = Capabilities(media=(MediaLimit("video/mp4", 5),), edit_text=True, caption_limit=100, buttons=3)
NONE = Capabilities(edit_text=True)
PUBLIC = "https://bot.example.org"
ADDRESS = re.compile(rf"{re.escape(PUBLIC)}/api/v1/video/([0-9a-z]{{16}})/access\?t=([A-Za-z0-9_-]{{43}})")


@asynccontextmanager
async def offering(
    folder: Path, capabilities: Capabilities = SMALL, public_url: str = PUBLIC
) -> AsyncIterator[World]:
    async with open_world(folder, Script(capabilities=capabilities), public_url=public_url) as world:
        yield world


async def offered(world: World, **changes: str) -> Job:
    """A job whose link is out."""
    job = await world.submit(**changes)
    async with world.running():
        await until(lambda: _sent(world, job))
    return await world.state.jobs.get(job.id)


async def _sent(world: World, job: Job) -> bool:
    item = await world.state.outbox.get(link_key(job.id))
    return item is not None and item.status is OutboxStatus.SENT


def links(world: World) -> list[Outgoing]:
    return [out for out, _ in world.adapter.sent if out.kind is OutgoingKind.LINK]


@pytest.mark.parametrize("capabilities", [SMALL, NONE], ids=["too big", "no videos"])
async def test_a_video_that_the_chat_does_not_take_comes_as_a_link(
    tmp_path: Path, capabilities: Capabilities
) -> None:
    async with offering(tmp_path, capabilities) as world:
        job = await offered(world)
        (out,) = links(world)
        found = ADDRESS.search(out.text)
        assert found is not None
        assert found[1] == job.video_id
        assert await world.state.access.leads_to(found[2], found[1])
        assert "once" in out.text
        assert job.status is Status.READY
        assert job.offered_at is not None
        assert world.stored_files()


async def test_the_message_quotes_the_one_that_asked(tmp_path: Path) -> None:
    async with offering(tmp_path) as world:
        await offered(world, reply_to="in1")
        (out,) = links(world)
        assert out.reply_to == "in1"


async def test_the_message_says_until_when_and_has_the_buttons_of_a_video(tmp_path: Path) -> None:
    async with offering(tmp_path) as world:
        job = await offered(world)
        video = await world.state.videos.get(job.video_id or "")
        assert video is not None
        (out,) = links(world)
        assert f"{video.expires_at:%H:%M} UTC" in out.text
        assert [button.data.split()[0] for button in out.buttons] == ["/again", "/again", "/code"]


@pytest.mark.parametrize("language", LANGUAGES)
async def test_the_message_is_in_the_persons_language_and_the_address_stands_alone_on_its_line(
    tmp_path: Path, language: str
) -> None:
    async with offering(tmp_path) as world:
        await offered(world, user_language=language)
        words, address = links(world)[0].text.rsplit("\n", 1)
        assert ADDRESS.fullmatch(address)
        assert ("Watch it here" in words) is (language == "en")


async def test_without_a_public_url_the_old_sentence_is_said(tmp_path: Path) -> None:
    async with offering(tmp_path, public_url="") as world:
        job = await world.make()
        await world.pipeline.run(job.id)
        job = await world.state.jobs.get(job.id)
        assert job.failure is not None
        assert job.failure.code == "media_too_large"
        assert await world.state.outbox.get(link_key(job.id)) is None


async def test_a_file_that_the_platform_refuses_after_all_comes_as_a_link(tmp_path: Path) -> None:
    async def refuse(out: Outgoing) -> None:
        if out.media is not None:
            raise MediaRejected("no such codec here")

    big = Capabilities(media=(MediaLimit("video/mp4", 10**6),), edit_text=True, caption_limit=100)
    async with offering(tmp_path, big) as world:
        world.adapter.before = refuse
        await offered(world)
        assert len(links(world)) == 1
        assert world.videos() == []


async def test_no_row_holds_a_token_and_each_send_mints_its_own(tmp_path: Path) -> None:
    seen: list[str] = []

    async def fail_once(out: Outgoing) -> None:
        if out.kind is OutgoingKind.LINK:
            seen.append(out.text)
            if len(seen) == 1:
                raise DeliveryUnavailable(retry_after=0.01)

    async with offering(tmp_path) as world:
        world.adapter.before = fail_once
        job = await offered(world)
        tokens = [found[2] for text in seen if (found := ADDRESS.search(text))]
        assert len(set(tokens)) == 2
        for token in tokens:  # the first may have arrived: it must work, too
            assert await world.state.access.leads_to(token, job.video_id or "")
        rows = [str(row) for row in [*await OutboxRow.all().values(), *await AccessLinkRow.all().values()]]
        assert not [token for token in tokens for row in rows if token in row]


async def test_a_delivery_that_is_repeated_after_a_crash_says_it_once(tmp_path: Path) -> None:
    async with offering(tmp_path) as world:
        job = await world.make()
        deliverer = await world.host.deliverer("link")
        video = await world.state.videos.get(job.video_id or "")
        assert video is not None
        await world.pipeline.run(job.id)
        await world.pipeline.run(job.id)
        async with world.running():
            await until(lambda: _sent(world, job))
        assert deliverer is not None
        assert len(links(world)) == 1


async def test_the_offer_and_its_message_are_written_together(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with offering(tmp_path) as world:
        job = await world.make()

        async def dies(*_: object) -> None:
            raise SystemError("killed in the middle")

        with monkeypatch.context() as dying:
            dying.setattr(world.state.jobs, "note", dies)
            await world.pipeline.run(job.id)
        assert await world.state.outbox.get(link_key(job.id)) is None


async def test_a_cancelled_job_takes_the_link_that_was_not_sent_with_it(tmp_path: Path) -> None:
    async with offering(tmp_path) as world:
        job = await world.make()
        await world.pipeline.run(job.id)
        assert await world.state.outbox.get(link_key(job.id)) is not None

        await world.control.cancel(job.id, session_id=None)

        assert await world.state.outbox.get(link_key(job.id)) is None
        await world.tools.reaper.sweep()
        assert world.stored_files() == []


async def test_no_address_is_made_for_what_nobody_can_take(tmp_path: Path) -> None:
    async with offering(tmp_path) as world:
        job = await world.make()
        video_id = job.video_id or ""
        with pytest.raises(DeliveryRejected):
            await Links(world.state, public_url="").address(video_id)
        await world.state.videos.end(video_id)
        with pytest.raises(ObjectMissing):
            await Links(world.state, public_url=PUBLIC).address(video_id)
        with pytest.raises(ObjectMissing):
            await Links(world.state, public_url=PUBLIC).address("unknown")
        assert await AccessLinkRow.all().count() == 0
