"""A platform that is down, and one that asks for patience."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from botcore.errors import DeliveryUnavailable
from botcore.model import Capabilities, Outgoing, OutgoingKind
from botcore.state import NewOutgoing, OutboxStatus, Payload, pause
from botcore.state.schedule import TRIES
from tests.core.runtime.world import Script, ScriptedAdapter, World, open_world
from tests.core.state.ground import SettableClock

HOUR = 3600.0


@given(st.one_of(st.none(), st.floats(0, 10**6)))
def test_the_tries_last_for_more_than_an_hour_whatever_the_platform_asks_for(asked: float | None) -> None:
    pauses = [pause(tries, asked) for tries in range(1, TRIES + 1)]
    assert pauses[-1] is None
    waits = [wait for wait in pauses if wait is not None]
    assert sum(waits) > HOUR
    assert all(wait >= (asked or 0) for wait in waits)


async def say(world: World, dedupe: str, chat: str) -> None:
    new = NewOutgoing(dedupe, "test", chat, Payload(OutgoingKind.TEXT, dedupe))
    await world.state.outbox.enqueue(new)


async def carry(world: World) -> None:
    await world.outbox.start_due()
    await world.outbox.finish()


async def test_a_platform_that_is_down_for_an_hour_loses_nothing(tmp_path: Path) -> None:
    clock, passed = SettableClock(), 0.0

    async def before(_: Outgoing) -> None:
        if passed < HOUR:
            raise DeliveryUnavailable("502")

    adapter = ScriptedAdapter(before=before)
    script = Script(capabilities=Capabilities())
    async with open_world(tmp_path, script, adapter=adapter, clock=clock) as world:
        for number in range(6):
            await say(world, f"{number}", f"chat{number % 2}")
        while passed < 1.2 * HOUR:
            await carry(world)
            clock.tick(30)
            passed += 30
        rows = [await world.state.outbox.get(f"{number}") for number in range(6)]
    assert {row.status for row in rows if row is not None} == {OutboxStatus.SENT}
    for chat in ("chat0", "chat1"):
        order = [out.text for out, _ in adapter.sent if out.chat_id == chat]
        assert order == sorted(order)
        assert len(order) == 3


async def test_chats_that_have_to_wait_take_no_places_of_the_others(tmp_path: Path) -> None:
    clock = SettableClock()

    async def before(out: Outgoing) -> None:
        if out.chat_id.startswith("flood"):
            raise DeliveryUnavailable("429", retry_after=60)

    adapter = ScriptedAdapter(before=before)
    async with open_world(tmp_path, adapter=adapter, clock=clock) as world:
        for number in range(12):
            await say(world, f"f{number}", f"flood{number}")
        await say(world, "calm", "calm")
        for _ in range(3):
            await carry(world)
            clock.tick(1)
        assert [out.text for out, _ in adapter.sent] == ["calm"]
        adapter.before = None
        clock.tick(50)
        await carry(world)
        assert len(adapter.sent) == 1  # the platform asked for a minute
        for _ in range(3):
            clock.tick(10)
            await carry(world)
    assert len(adapter.sent) == 13


async def test_a_status_message_is_edited_at_most_once_in_two_seconds(tmp_path: Path) -> None:
    clock = SettableClock()
    adapter = ScriptedAdapter()
    async with open_world(tmp_path, adapter=adapter, clock=clock) as world:
        job = await world.submit()
        for step in range(20):
            await world.state.outbox.update_status(job, f"step {step}")
            await carry(world)
            clock.tick(0.5)
        clock.tick(2)
        await carry(world)
    assert len(adapter.sent) <= 1 + 20 * 0.5 / 2 + 1
    assert adapter.sent[-1][0].text == f"step 19 · {job.id}"
