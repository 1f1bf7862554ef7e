"""What becomes of messages on a platform that says later whether it has them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from botcore.errors import ConversationClosed, DeliveryError, DeliveryRejected, DeliveryUnavailable
from botcore.model import (
    Capabilities,
    MediaLimit,
    Message,
    Outgoing,
    OutgoingKind,
    Receipt,
    ReceiptKind,
    Status,
)
from botcore.state import NewOutgoing, OutboxItem, OutboxStatus, Payload, status_key, video_key
from tests.core.delivery.test_outbox_model import Fate, Platform
from tests.core.runtime.world import Script, World, open_world, status_message, until
from tests.core.state.ground import SettableClock

pytestmark = pytest.mark.usefixtures("each_backend")

CAN = Capabilities(receipts=True, media=(MediaLimit("video/*", 10**6),), caption_limit=100)


class Chat:
    """A world whose clock and platform the test moves."""

    def __init__(self, world: World, platform: Platform, clock: SettableClock) -> None:
        self.world, self.platform, self.clock = world, platform, clock

    async def say(self, dedupe: str = "r", words: str = "hello") -> None:
        new = NewOutgoing(dedupe, "test", "ada", Payload(OutgoingKind.TEXT, words))
        await self.world.state.outbox.enqueue(new)

    async def carry(self, *fates: Fate, after: float = 0.0) -> None:
        self.clock.tick(after)
        self.platform.fates = list(fates)
        await self.world.outbox.start_due()
        await self.world.outbox.finish()

    async def report(
        self, kind: ReceiptKind, place: int = -1, *, error: DeliveryError | None = None, named: bool = False
    ) -> bool:
        message = self.platform.taken[place]
        tracker = "" if named else message.out.tracker
        receipt = Receipt("test", message.message_id, kind, tracker, error)
        return await self.world.state.receipts.take(receipt)

    async def hear(self) -> None:
        await self.world.state.inbox.receive(Message("test", "ada", "ada", "in", "hi"), "serve")
        await self.world.state.outbox.release_held("test", "ada", "serve")

    async def row(self, dedupe: str = "r") -> OutboxItem:
        item = await self.world.state.outbox.get(dedupe)
        assert item is not None
        return item

    def texts(self) -> list[str]:
        return [message.out.text for message in self.platform.taken]


@pytest_asyncio.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    clock, platform = SettableClock(), Platform()
    async with open_world(tmp_path, Script(capabilities=CAN), adapter=platform, clock=clock) as world:
        yield Chat(world, platform, clock)


@pytest.mark.parametrize("fate", [Fate.TAKEN_THEN_UNCERTAIN, Fate.TAKEN_THEN_KILLED, Fate.TAKEN_THEN_BROKEN])
async def test_a_send_whose_answer_was_lost_is_settled_by_its_receipt(chat: Chat, fate: Fate) -> None:
    await chat.say()
    await chat.carry(fate)
    await chat.carry(after=31)
    assert len(chat.platform.taken) == 1
    await chat.report(ReceiptKind.SENT)
    await chat.carry()
    item = await chat.row()
    assert (item.status, item.message_ids) == (OutboxStatus.SENT, ("m0",))
    await chat.carry(after=400)
    assert len(chat.platform.taken) == 1


@pytest.mark.parametrize("fate", [Fate.UNCERTAIN, Fate.KILLED_BEFORE])
async def test_a_send_without_a_receipt_is_repeated_after_a_minute(chat: Chat, fate: Fate) -> None:
    await chat.say()
    await chat.carry(fate)
    await chat.carry(after=59)
    assert chat.texts() == []
    await chat.carry(after=32)
    assert chat.texts() == ["hello"]


@pytest.mark.parametrize("lost", [False, True])
async def test_a_receipt_may_be_faster_than_the_answer(chat: Chat, lost: bool) -> None:
    async def report(_: Outgoing) -> None:
        assert await chat.report(ReceiptKind.DELIVERED)

    chat.platform.before = report
    await chat.say()
    await chat.carry(Fate.TAKEN_THEN_UNCERTAIN if lost else Fate.ANSWERED)
    await chat.carry(after=2)
    item = await chat.row()
    assert (item.status, item.message_ids) == (OutboxStatus.SENT, ("m0",))
    assert len(chat.platform.taken) == 1


async def test_a_failure_that_is_faster_than_the_answer_is_not_forgotten(chat: Chat) -> None:
    async def report(_: Outgoing) -> None:
        assert await chat.report(ReceiptKind.FAILED, error=DeliveryRejected("no"))

    chat.platform.before = report
    await chat.say()
    await chat.carry()
    assert (await chat.row()).status is OutboxStatus.DEAD


@pytest.mark.parametrize(
    ("error", "status", "pause"),
    [
        (DeliveryUnavailable("busy"), OutboxStatus.PENDING, 2.0),
        (ConversationClosed("late"), OutboxStatus.HELD, 0.0),
        (DeliveryRejected("no such number"), OutboxStatus.DEAD, 0.0),
        (None, OutboxStatus.DEAD, 0.0),
    ],
)
async def test_a_message_that_fails_later_is_dealt_with_by_its_reason(
    chat: Chat, error: DeliveryError | None, status: OutboxStatus, pause: float
) -> None:
    await chat.say()
    await chat.carry()
    assert await chat.report(ReceiptKind.FAILED, error=error, named=True)
    assert not await chat.report(ReceiptKind.FAILED, error=error)
    item = await chat.row()
    assert item.status is status
    assert item.message_ids == ()
    await chat.carry(after=pause)
    assert len(chat.platform.taken) == (2 if status is OutboxStatus.PENDING else 1)


async def test_a_message_that_fails_for_ever_is_given_up(chat: Chat) -> None:
    await chat.say()
    for _ in range(40):
        await chat.carry(after=301)
        await chat.report(ReceiptKind.FAILED, error=DeliveryUnavailable("busy"))
    assert len(chat.platform.taken) == 24
    assert (await chat.row()).status is OutboxStatus.DEAD


async def test_nothing_fails_that_the_person_has(chat: Chat) -> None:
    await chat.say()
    await chat.carry()
    await chat.report(ReceiptKind.READ)
    assert not await chat.report(ReceiptKind.FAILED, error=DeliveryUnavailable())
    assert not await chat.report(ReceiptKind.SENT)
    assert (await chat.row()).status is OutboxStatus.SENT


async def test_only_the_part_that_failed_is_sent_again(tmp_path: Path) -> None:
    clock, platform = SettableClock(), Platform()
    script = Script(capabilities=replace(CAN, text_limit=5))
    async with open_world(tmp_path, script, adapter=platform, clock=clock) as world:
        chat = Chat(world, platform, clock)
        await chat.say(words="aaaa bbbb cccc")
        await chat.carry()
        await chat.report(ReceiptKind.FAILED, 1, error=DeliveryUnavailable())
        await chat.carry(after=2)
        assert chat.texts() == ["aaaa ", "bbbb ", "cccc", "bbbb "]
        assert (await chat.row()).status is OutboxStatus.SENT


async def test_held_messages_go_out_in_order_once_the_person_writes(chat: Chat) -> None:
    chat.platform.open.clear()
    for number in range(3):
        await chat.say(f"r{number}", str(number))
        await chat.carry(after=1)
    assert (await chat.row("r2")).status is OutboxStatus.HELD
    await chat.say("other")
    chat.platform.open.add("ada")
    await chat.hear()
    for _ in range(4):
        await chat.carry()
    assert chat.texts() == ["0", "1", "2", "hello"]


async def test_a_message_that_comes_while_the_platform_refuses_is_not_missed(chat: Chat) -> None:
    await chat.say()
    item = await chat.world.state.sends.claim("w", "serve", ["test"], lease=30)
    assert item is not None
    began = chat.clock()
    await chat.hear()
    await chat.world.state.sends.hold(item, "conversation_closed", since=began)
    await chat.carry()
    assert chat.texts() == ["hello"]


async def test_the_row_of_a_message_is_found(chat: Chat) -> None:
    outbox = chat.world.state.outbox
    await chat.say()
    await chat.carry()
    found = await outbox.of_message("test", "ada", "m0")
    assert found is not None
    assert found.dedupe == "r"
    assert await outbox.of_message("test", "bob", "m0") is None
    assert await outbox.of_message("other", "ada", "m0") is None


async def test_a_video_is_delivered_once_the_platform_says_so(chat: Chat) -> None:
    async with chat.world.running():
        job = await chat.world.submit()

        async def sent() -> bool:
            item = await chat.world.state.outbox.get(video_key(job.id))
            return item is not None and item.status is OutboxStatus.SENT

        await until(sent)
        assert (await chat.world.state.jobs.get(job.id)).status is Status.READY
        await chat.report(ReceiptKind.SENT)
        job = await chat.world.control.wait(job.id, timeout=60)
    assert job.status is Status.DELIVERED


async def test_a_video_that_the_platform_drops_later_fails_the_job(chat: Chat) -> None:
    async with chat.world.running():
        job = await chat.world.submit()

        async def sent() -> bool:
            item = await chat.world.state.outbox.get(video_key(job.id))
            return item is not None and item.status is OutboxStatus.SENT

        await until(sent)
        await chat.report(ReceiptKind.FAILED, error=DeliveryRejected("blocked"))
        job = await chat.world.control.wait(job.id, timeout=60)
    assert (job.status, job.failure and job.failure.code) == (Status.FAILED, "delivery_rejected")


async def held_video(chat: Chat) -> str:
    """A job whose video waits for the person."""
    job = await chat.world.submit()
    await chat.carry()  # "started" is said while the conversation is open
    chat.platform.open.clear()
    async with chat.world.running():
        await chat.world.control.wait(job.id, timeout=60)
    assert (await chat.row(video_key(job.id))).status is OutboxStatus.HELD
    return job.id


async def test_a_held_video_is_delivered_when_the_person_writes(chat: Chat) -> None:
    job_id = await held_video(chat)
    chat.platform.open.add("ada")
    await chat.hear()
    async with chat.world.running():

        async def sent() -> bool:
            return (await chat.row(video_key(job_id))).status is OutboxStatus.SENT

        await until(sent)
        await chat.report(ReceiptKind.DELIVERED)

        async def delivered() -> bool:
            return (await chat.world.state.jobs.get(job_id)).status is Status.DELIVERED

        await until(delivered)
    assert [out.media is not None for out in (m.out for m in chat.platform.taken)].count(True) == 1


async def test_a_video_that_expired_while_it_was_held_is_offered_again(chat: Chat) -> None:
    job_id = await held_video(chat)
    chat.clock.tick(25 * 3600)
    await chat.world.tools.reaper.sweep()
    await chat.carry()
    chat.platform.open.add("ada")
    await chat.hear()
    await chat.carry()
    last = chat.platform.taken[-1].out
    assert last.status is Status.EXPIRED
    assert last.text == await status_message(chat.world, job_id)
    item = await chat.row(status_key(job_id))
    assert [button.data for button in item.payload.buttons] == [f"/again {job_id}"]
    assert await chat.world.state.outbox.get(video_key(job_id)) is None


async def test_a_cancelled_job_sends_no_held_video(chat: Chat) -> None:
    job_id = await held_video(chat)
    await chat.world.control.cancel(job_id, session_id=None)
    assert await chat.world.state.outbox.get(video_key(job_id)) is None
    await chat.world.tools.reaper.sweep()
    assert chat.world.stored_files() == []
