"""What no database takes is replaced, on both alike: it comes in by every door and stops nobody."""

from __future__ import annotations

from dataclasses import replace

from botcore.errors import DeliveryRejected
from botcore.model import Message, Receipt, ReceiptKind
from botcore.state import Identity
from tests.core.state.ground import NEW, Ground, message, outgoing

HALF = "a\ud800b\udfff"


async def test_a_person_with_half_surrogates_has_a_session_and_jobs_and_is_forgotten(ground: Ground) -> None:
    state = ground.state
    session = await state.sessions.of("test", HALF)
    assert await state.sessions.find("test", HALF) == session
    new = replace(NEW, session_id=session.id, text=HALF, chat_id=HALF, wish=HALF)
    job, created = await state.jobs.submit(new, key=HALF, status_text=lambda _: HALF)
    assert created
    again, created = await state.jobs.submit(new, key=HALF)
    assert not created
    assert (again.id, again.text, again.wish) == (job.id, "a?b?", "a?b?")
    await state.forget(session.id)
    assert (await state.jobs.get(job.id)).text == ""
    assert await state.sessions.id_of(Identity("test", HALF)) is None


async def test_a_message_with_half_surrogates_is_received_once_and_dealt_with(ground: Ground) -> None:
    odd = Message("test", HALF, HALF, HALF, HALF)
    assert await ground.state.inbox.receive(odd, "serve")
    assert not await ground.state.inbox.receive(odd, "serve")
    assert await ground.state.inbox.receive(message("2"), "serve")
    item = await ground.state.inbox.claim("serve")
    assert item is not None
    assert item.message.text == "a?b?"


async def test_what_a_platform_says_with_half_surrogates_is_kept(ground: Ground) -> None:
    state = ground.state
    await state.outbox.enqueue(outgoing("1", text=HALF, chat_id=HALF))
    item = await state.sends.claim("me", "serve", ["test"], lease=30.0)
    assert item is not None
    await state.sends.retry(item, HALF, after=0.0)
    item = await state.sends.claim("me", "serve", ["test"], lease=30.0)
    assert item is not None
    await state.sends.sent(item, 0, [HALF], [HALF], parts=1)
    failed = Receipt("test", HALF, ReceiptKind.FAILED, error=DeliveryRejected(HALF))
    assert await state.receipts.take(failed)
    (letter,) = await state.stuck.letters(limit=2)
    assert "a?b?" in letter.reason


async def test_many_rows_of_which_one_has_half_surrogates_are_written(ground: Ground) -> None:
    async def body() -> None:
        for name in ("one", HALF):
            await ground.state.outbox.enqueue(outgoing(name))

    await ground.state.db.transaction(body)
    assert await ground.state.outbox.get(HALF) is not None
    assert await ground.state.tokens.revoke(HALF) is None
