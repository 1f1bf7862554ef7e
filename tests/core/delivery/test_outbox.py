from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from botcore.errors import DeliveryRejected, DeliveryUnavailable
from botcore.model import Button, Capabilities, MediaLimit, Outgoing, OutgoingKind, RenderProgress, Status
from botcore.state import NewOutgoing, OutboxStatus, Payload, status_key
from tests.core.runtime.world import (
    CAPABILITIES,
    Script,
    ScriptedAdapter,
    World,
    failed_attempt,
    locked,
    open_world,
    until,
)

POOR = Capabilities()


def text(dedupe: str, words: str = "hello", *, chat: str = "ada", **payload: object) -> NewOutgoing:
    return NewOutgoing(dedupe, "test", chat, Payload(OutgoingKind.TEXT, words, **payload))  # type: ignore[arg-type]  # fields


def failing(*errors: BaseException) -> Callable[[Outgoing], Awaitable[None]]:
    left = list(errors)

    async def before(_: Outgoing) -> None:
        if left:
            raise left.pop(0)

    return before


@asynccontextmanager
async def carrying(world: World) -> AsyncIterator[None]:
    """Only the outbox at work."""
    task = asyncio.create_task(world.outbox.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def settled(world: World, dedupe: str) -> OutboxStatus:
    async def met() -> bool:
        item = await world.state.outbox.get(dedupe)
        return item is not None and item.status is not OutboxStatus.PENDING

    await until(met)
    item = await world.state.outbox.get(dedupe)
    assert item is not None
    return item.status


def said(world: World) -> list[str]:
    return [out.text for out, _ in world.adapter.sent]


async def test_messages_of_a_chat_arrive_in_order(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        for number in range(12):
            await world.state.outbox.enqueue(text(f"r{number}", str(number), chat=f"chat{number % 2}"))
        async with carrying(world):
            assert await settled(world, "r10") is await settled(world, "r11") is OutboxStatus.SENT
    order = said(world)
    assert [word for word in order if int(word) % 2 == 0] == ["0", "2", "4", "6", "8", "10"]
    assert [word for word in order if int(word) % 2] == ["1", "3", "5", "7", "9", "11"]


@pytest.mark.parametrize("error", [DeliveryUnavailable("429", retry_after=0.05), ConnectionError("bug")])
async def test_send_that_fails_for_a_while_is_repeated(
    tmp_path: Path, error: Exception, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.state.schedule._LONGEST_PAUSE", 0.05)
    adapter = ScriptedAdapter(before=failing(error))
    async with open_world(tmp_path, adapter=adapter) as world, carrying(world):
        await world.state.outbox.enqueue(text("r"))
        assert await settled(world, "r") is OutboxStatus.SENT
    assert said(world) == ["hello"]


async def test_send_that_the_platform_refuses_becomes_a_dead_letter_with_its_reason(tmp_path: Path) -> None:
    adapter = ScriptedAdapter(before=failing(DeliveryRejected("blocked by the person")))
    async with open_world(tmp_path, adapter=adapter) as world, carrying(world):
        await world.state.outbox.enqueue(text("first", "first"))
        await world.state.outbox.enqueue(text("second", "second"))
        assert await settled(world, "first") is OutboxStatus.DEAD
        assert await settled(world, "second") is OutboxStatus.SENT
        item = await world.state.outbox.get("first")
    assert item is not None
    assert item.reason == "delivery_rejected blocked by the person"


async def test_send_that_never_works_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("botcore.state.schedule.TRIES", 3)
    monkeypatch.setattr("botcore.state.schedule._LONGEST_PAUSE", 0.01)
    errors = [DeliveryUnavailable("down", retry_after=0.001) for _ in range(9)]
    adapter = ScriptedAdapter(before=failing(*errors))
    async with open_world(tmp_path, adapter=adapter) as world, carrying(world):
        await world.state.outbox.enqueue(text("r"))
        assert await settled(world, "r") is OutboxStatus.DEAD
        item = await world.state.outbox.get("r")
    assert item is not None
    assert item.tries == 3


async def test_long_text_is_sent_in_parts_and_a_retry_repeats_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    capabilities = Capabilities(text_limit=10)
    words = "aaaa bbbb cccc dddd eeee"
    calls = 0
    monkeypatch.setattr("botcore.state.schedule._LONGEST_PAUSE", 0.01)

    async def third_fails(_: Outgoing) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise DeliveryUnavailable("flood", retry_after=0.01)

    adapter = ScriptedAdapter(before=third_fails)
    async with open_world(tmp_path, Script(capabilities=capabilities), adapter=adapter) as world:
        await world.state.outbox.enqueue(text("r", words, buttons=(Button("More", "/more"),)))
        async with carrying(world):
            await settled(world, "r")
        item = await world.state.outbox.get("r")
    assert "".join(said(world)) == words + "\nMore: /more"
    assert item is not None
    assert len(item.message_ids) == len(set(item.message_ids)) == len(said(world))


async def test_buttons_are_shown_where_there_are_some(tmp_path: Path) -> None:
    capabilities = Capabilities(buttons=1, button_label_limit=5)
    buttons = (Button("Far too long", "/a"), Button("Short", "/b"), Button("Third", url="https://x.test"))
    async with open_world(tmp_path, Script(capabilities=capabilities)) as world, carrying(world):
        await world.state.outbox.enqueue(text("r", buttons=buttons))
        await settled(world, "r")
    ((out, _),) = world.adapter.sent
    assert [button.label for button in out.buttons] == ["Short"]
    assert out.text == "hello\nFar too long: /a\nThird: https://x.test"


async def test_status_message_is_edited_where_it_can_be(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit()
        async with carrying(world):
            await settled(world, status_key(job.id))
            await world.control.cancel(job.id, session_id=job.session_id)

            async def met() -> bool:
                return len(world.adapter.sent) == 2

            await until(met)
    (first, _), (second, _) = world.adapter.sent
    assert (first.edits, second.edits) == (None, "m1")
    assert second.status is Status.CANCELLED


async def test_platform_that_cannot_edit_hears_the_beginning_and_bad_news_only(tmp_path: Path) -> None:
    script = Script(capabilities=Capabilities(media=(MediaLimit("video/*", 10**6),)))
    async with open_world(tmp_path, script) as world:
        job = await world.submit()
        async with carrying(world):
            await settled(world, status_key(job.id))
            await world.state.outbox.update_status(job, "half", progress=RenderProgress(1, 2, 0.5))
            await settled(world, status_key(job.id))
            await world.control.cancel(job.id, session_id=job.session_id)

            async def met() -> bool:
                return len(world.adapter.sent) == 2

            await until(met)
    assert [out.status for out, _ in world.adapter.sent] == [Status.QUEUED, Status.CANCELLED]
    assert [out.edits for out, _ in world.adapter.sent] == [None, None]


async def test_video_goes_out_with_its_thumbnail_and_is_deleted_afterwards(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world, world.running():
        job = await world.control.wait((await world.submit()).id, timeout=60)

        async def met() -> bool:
            return world.stored_files() == []

        await until(met)
    assert job.status is Status.DELIVERED
    (out, content) = next((out, content) for out, content in world.adapter.sent if out.media)
    assert content == b"draw solve x = 1"
    assert out.media is not None
    assert (out.media.width, out.media.height, out.media.duration) == (854, 480, 1.0)
    assert out.media.thumbnail is not None
    assert not out.media.path.exists()


async def test_status_message_becomes_the_video_where_the_platform_can(tmp_path: Path) -> None:
    script = Script(capabilities=Capabilities(media=CAPABILITIES.media, edit_text=True, text_to_media=True))
    async with open_world(tmp_path, script) as world, world.running():
        await world.control.wait((await world.submit()).id, timeout=60)

        async def both_are_sent() -> bool:
            return world.adapter.sent[-1][0].reply_to == "m1"

        await until(both_are_sent)
    (video, content), (told, _) = world.adapter.sent[-2:]
    assert (video.kind, video.edits, video.text) == (OutgoingKind.VIDEO, "m1", "")
    assert content
    # Nobody is notified of an edit.
    assert (told.kind, told.edits, told.reply_to) == (OutgoingKind.TEXT, None, "m1")
    assert told.text


async def test_video_that_the_platform_refuses_fails_the_job(tmp_path: Path) -> None:
    async def refuse_videos(out: Outgoing) -> None:
        if out.media is not None:
            raise DeliveryRejected("too odd")

    adapter = ScriptedAdapter(before=refuse_videos)
    async with open_world(tmp_path, adapter=adapter) as world, world.running():
        job = await world.control.wait((await world.submit()).id, timeout=60)
    assert job.failure is not None
    assert job.failure.code == "delivery_rejected"


async def test_platform_without_videos_ends_the_job_with_a_reason(tmp_path: Path) -> None:
    async with open_world(tmp_path, Script(capabilities=POOR)) as world, world.running():
        job = await world.control.wait((await world.submit()).id, timeout=60)
    assert (job.status, job.failure and job.failure.code) == (Status.FAILED, "delivery_rejected")


async def test_stop_lets_a_send_end_that_has_begun(tmp_path: Path) -> None:
    begun = asyncio.Event()

    async def slow(_: Outgoing) -> None:
        begun.set()
        await asyncio.sleep(0.2)

    async with open_world(tmp_path, adapter=ScriptedAdapter(before=slow)) as world:
        await world.state.outbox.enqueue(text("r"))
        async with carrying(world):
            await begun.wait()
        item = await world.state.outbox.get("r")
    assert item is not None
    assert item.status is OutboxStatus.SENT


async def test_database_that_is_locked_during_a_send_makes_no_second_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.state.sqlite._BUSY_MS", 10)

    async def before(_: Outgoing) -> None:
        with locked(tmp_path):
            await failed_attempt("outbox_renewal")

    adapter = ScriptedAdapter(before=before)
    async with open_world(tmp_path, adapter=adapter, lease=9.0) as world, carrying(world):
        await world.state.outbox.enqueue(text("r"))
        assert await settled(world, "r") is OutboxStatus.SENT
    assert said(world) == ["hello"]


async def test_outbox_goes_on_once_the_database_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.state.sqlite._BUSY_MS", 10)
    monkeypatch.setattr("botcore.delivery.outbox._LOOK", 0.05)
    async with open_world(tmp_path) as world:
        await world.state.outbox.enqueue(text("r"))
        with locked(tmp_path):
            running = asyncio.create_task(world.outbox.run())
            await failed_attempt("outbox")
        assert await settled(world, "r") is OutboxStatus.SENT
        running.cancel()
        await asyncio.wait({running})
    assert said(world) == ["hello"]
