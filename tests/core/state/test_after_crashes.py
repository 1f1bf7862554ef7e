"""Processes that die: nobody is blamed for a neighbour, and a receipt gets its time."""

from __future__ import annotations

import pytest

from botcore.model import OutgoingKind
from botcore.state import NewOutgoing, OutboxItem, Payload
from botcore.state.sends import RECEIPT_WAIT
from tests.core.state.ground import LEASE, Ground


async def claim(ground: Ground) -> OutboxItem | None:
    return await ground.state.sends.claim("worker", "serve", ["whatsapp"], lease=LEASE)


@pytest.fixture
async def begun(ground: Ground) -> OutboxItem:
    """A message that its process was just sending when it died."""
    payload = Payload(kind=OutgoingKind.TEXT, text="hello")
    new = NewOutgoing(dedupe="1", platform="whatsapp", chat_id="ada", payload=payload, scope="serve")
    await ground.state.outbox.enqueue(new)
    item = await claim(ground)
    assert item is not None
    assert await ground.state.sends.begin(item, 0)
    return item


async def test_the_wait_for_a_receipt_begins_when_somebody_can_take_it_in(
    ground: Ground, begun: OutboxItem
) -> None:
    ground.clock.tick(86_400)  # nobody was there for a day
    await ground.state.sends.await_receipts("serve", ["whatsapp"])
    ground.clock.tick(RECEIPT_WAIT - 1)
    assert await claim(ground) is None
    ground.clock.tick(2)
    again = await claim(ground)
    assert again is not None
    assert again.id == begun.id


async def test_what_another_process_is_sending_is_left_to_it(ground: Ground, begun: OutboxItem) -> None:
    await ground.state.sends.await_receipts("serve", ["whatsapp"])
    assert await ground.state.sends.part_sent(begun, 0, ["m1"], ["m1"]), "the claim is still good"


async def test_a_job_that_was_held_by_a_dying_process_lets_others_go_first(ground: Ground) -> None:
    first, second = await ground.job("ada"), await ground.job("bob")
    for owner in ("one", "two"):
        held = await ground.claim(owner)
        assert held is not None
        assert held.id == first.id
        ground.clock.tick(LEASE + 1)
    found = await ground.claim("three")
    assert found is not None
    assert found.id == second.id
