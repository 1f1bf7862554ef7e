"""A file that is too big for the person's platform is made smaller, where the renderer can."""

from __future__ import annotations

from pathlib import Path

from botcore.errors import BotcoreError, RendererUnavailable, VideoTooLarge
from botcore.model import Artifact, Capabilities, Job, MediaLimit, Status
from botcore.ports import RenderLimits
from tests.core.runtime.world import Script, World, open_world, status_message

SMALL = Capabilities(media=(MediaLimit("video/mp4", 10),), edit_text=True)


async def halve(artifact: Artifact, limits: RenderLimits, out: Path) -> Artifact:
    assert list(out.iterdir()) == []  # noqa: ASYNC240  # an empty folder takes no time
    path = out / "video.mp4"
    path.write_bytes(b"s" * limits.max_bytes)
    return Artifact(path, artifact.media_type, limits.max_bytes, artifact.duration, 427, 240)


def failing(*errors: BotcoreError) -> Script:
    left = list(errors)

    async def shrink(artifact: Artifact, limits: RenderLimits, out: Path) -> Artifact:
        if left:
            raise left.pop(0)
        return await halve(artifact, limits, out)

    return Script(capabilities=SMALL, shrink=shrink)


async def delivered(world: World, **changes: str) -> Job:
    async with world.running():
        return await world.control.wait((await world.submit(**changes)).id, timeout=60)


async def test_a_file_too_big_for_the_platform_is_sent_smaller(tmp_path: Path) -> None:
    async with open_world(tmp_path, Script(capabilities=SMALL, shrink=halve)) as world:
        assert (await delivered(world)).status is Status.DELIVERED
        assert world.videos() == [b"ssssssssss"]
        (sent,) = (out for out, _ in world.adapter.sent if out.media is not None)
        assert sent.media is not None
        assert (sent.media.width, sent.media.size) == (427, 10)
        assert sent.media.thumbnail is not None


async def test_a_file_that_fits_and_one_for_another_platform_stay_as_they_are(tmp_path: Path) -> None:
    async with open_world(tmp_path, failing(VideoTooLarge())) as world:
        await delivered(world, text="1")
        web = await world.make(platform="web")
    assert world.videos() == [b"draw 1"]
    assert web.status is Status.READY


async def test_a_file_that_cannot_be_made_smaller_ends_with_a_sentence_that_helps(tmp_path: Path) -> None:
    async with open_world(tmp_path, failing(VideoTooLarge(), VideoTooLarge())) as world:
        job = await delivered(world, text="x" * 2_000_000)
        words = await status_message(world, job.id)
    assert job.failure is not None
    assert job.failure.code == "media_too_large"
    assert words.startswith("The video is 2.0 MB, and no more than 0 MB can be sent here.")


async def test_a_renderer_that_restarts_meanwhile_draws_once_more(tmp_path: Path) -> None:
    async with open_world(tmp_path, failing(RendererUnavailable())) as world:
        assert (await delivered(world)).status is Status.DELIVERED
    assert len(world.renderer.drawn) == 2
