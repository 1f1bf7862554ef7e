"""What a person reads while the job waits, and sees while it is being worked on."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from botcore.delivery.queueing import QueueNumbers, told
from botcore.errors import DeliveryUnavailable
from botcore.model import Artifact, Capabilities, OutgoingKind, Source, Status
from botcore.ports import Progress, RenderLimits
from botcore.state import OutboxItem, status_key
from tests.core.runtime.world import (
    CAPABILITIES,
    Script,
    ScriptedAdapter,
    World,
    draw_text,
    open_world,
    status_message,
    until,
)


def numbers(world: World) -> QueueNumbers:
    return QueueNumbers(world.state, {"test": CAPABILITIES}, scope="serve")


async def test_waiting_people_read_how_many_are_before_them(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        jobs = [await world.submit(user=f"user{place}") for place in range(3)]
        queue = numbers(world)
        assert await queue.tell() == 0
        said = [await status_message(world, job.id) for job in jobs]
        begin = "Got it. Your video is in the queue."
        assert said == [
            f"{begin} It is next.",
            f"{begin} 1 other is before it.",
            f"{begin} 2 others are before it.",
        ]
        await world.control.cancel(jobs[0].id, session_id=None)
        await queue.tell()
        assert (await status_message(world, jobs[2].id)).startswith(f"{begin} 1 other is before it.")
        assert await status_message(world, jobs[0].id) == "Cancelled, as you asked."


async def test_a_number_that_did_not_change_is_not_told_again(tmp_path: Path) -> None:
    async def revision(world: World, job_id: str) -> int:
        item: OutboxItem | None = await world.state.outbox.get(status_key(job_id))
        assert item is not None
        return item.revision

    async with open_world(tmp_path) as world:
        job = await world.submit()
        queue = numbers(world)
        await queue.tell()
        before = await revision(world, job.id)
        await queue.tell()
        await numbers(world).tell()  # a process that was started anew knows nothing of it
        assert await revision(world, job.id) == before


async def test_one_job_that_leaves_a_long_queue_changes_few_messages(tmp_path: Path) -> None:
    changed = sum(told(place) != told(place - 1) for place in range(1, 5000))
    assert changed < 70
    assert all(told(place) <= place for place in range(5000))


async def test_the_numbers_of_a_long_queue_come_a_few_at_a_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.delivery.queueing._AT_ONCE", 2)
    async with open_world(tmp_path) as world:
        jobs = [await world.submit(user=f"user{place}") for place in range(5)]
        queue = numbers(world)
        assert [await queue.tell() for _ in range(3)] == [3, 1, 0]
        assert (await status_message(world, jobs[4].id)).endswith("4 others are before it.")


@pytest.mark.parametrize("broken", [False, True])
async def test_a_platform_that_cannot_edit_shows_that_an_answer_is_being_made(
    tmp_path: Path, broken: bool
) -> None:
    typed = asyncio.Event()

    async def draw(source: Source, limits: RenderLimits, out: Path, progress: Progress) -> Artifact:
        await progress_seen(typed)
        return await draw_text(source, limits, out, progress)

    async def progress_seen(event: asyncio.Event) -> None:
        async with asyncio.timeout(60):
            await event.wait()

    adapter = ScriptedAdapter()

    async def before(out: object) -> None:
        if getattr(out, "kind", None) is OutgoingKind.TYPING:
            typed.set()
            if broken:
                raise DeliveryUnavailable("no matter")

    adapter.before = before
    can = Capabilities(media=CAPABILITIES.media, typing=True, caption_limit=100)
    script = Script(draw=draw, capabilities=can)
    async with open_world(tmp_path, script, adapter=adapter) as world, world.running():
        job = await world.submit(reply_to="in1")
        job = await world.control.wait(job.id, timeout=60)
        assert job.status is Status.DELIVERED

        async def all_sent() -> bool:
            return any(out.media is not None for out, _ in adapter.sent)

        await until(all_sent)
    kinds = [out.kind for out, _ in adapter.sent if out.kind is not OutgoingKind.TYPING]
    assert kinds == [OutgoingKind.STATUS, OutgoingKind.VIDEO], "one started message, one video"
    signs = [out for out, _ in adapter.sent if out.kind is OutgoingKind.TYPING]
    assert len(signs) == (0 if broken else 1)
    assert all((out.reply_to, out.text, out.tracker) == ("in1", "", "") for out in signs)
