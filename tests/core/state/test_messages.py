"""Inbox and outbox."""

from __future__ import annotations

import asyncio
import base64
import re
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.model import Attachment, AttachmentKind, RenderProgress, Status
from botcore.state import OutboxItem, OutboxStatus, State, dedupe_key, inbox_key, status_key
from botcore.state.models import KEY
from tests.core.state.ground import LEASE, NEW, Ground, message, outgoing


async def _claim(ground: Ground, owner: str = "w") -> OutboxItem | None:
    return await ground.state.sends.claim(owner, "serve", ["test"], lease=LEASE)


async def _must_claim(ground: Ground, owner: str = "w") -> OutboxItem:
    item = await _claim(ground, owner)
    assert item is not None
    return item


# ----------------------------------------------------------------------------------------------------- inbox


async def test_message_is_received_once(state: State) -> None:
    answers = await asyncio.gather(*(state.inbox.receive(message("1"), "serve") for _ in range(5)))

    assert sorted(answers) == [False] * 4 + [True]
    assert not await state.inbox.receive(message("1"), "serve")
    assert await state.inbox.receive(message("2"), "serve")


async def test_message_comes_back_as_it_was(state: State) -> None:
    picture = Attachment(AttachmentKind.PICTURE, "image/png", "p.png", 3, data=b"\xff\x00\xfb")
    sent = replace(
        message("1", "solve \x00 ∫ 𝕏 \u202e"), attachments=(picture,), reply_to="m0", language="de"
    )
    await state.inbox.receive(sent, "serve")

    item = await state.inbox.claim("serve")

    assert item is not None
    assert replace(item.message, received_at=None) == sent


async def test_half_surrogates_of_a_broken_client_do_no_harm(state: State) -> None:
    await state.inbox.receive(message("1\ud800", "x\ud800y"), "serve")
    item = await state.inbox.claim("serve")
    assert item is not None
    assert item.message.text == "x?y"


async def test_messages_of_a_chat_are_taken_in_order_and_one_at_a_time(state: State) -> None:
    for number in range(3):
        await state.inbox.receive(message(str(number)), "serve")
    await state.inbox.receive(message("other", chat_id="chat2"), "serve")

    first = await state.inbox.claim("serve")
    second = await state.inbox.claim("serve")

    assert first is not None
    assert second is not None
    assert (first.message.message_id, second.message.message_id) == ("0", "other")
    assert await state.inbox.claim("serve") is None
    await state.inbox.done(first)
    third = await state.inbox.claim("serve")
    assert third is not None
    assert third.message.message_id == "1"


async def test_message_whose_process_died_is_taken_again(ground: Ground) -> None:
    inbox = ground.state.inbox
    await inbox.receive(message("1"), "serve")
    assert await inbox.claim("serve", lease=30) is not None
    ground.clock.tick(31)

    again = await inbox.claim("serve")

    assert again is not None
    assert again.tries == 2


async def test_messages_that_were_never_tried_come_before_those_of_a_dead_process(ground: Ground) -> None:
    inbox = ground.state.inbox
    for number in range(3):
        await inbox.receive(message(str(number), chat_id=str(number)), "serve")
    assert await inbox.claim("serve", lease=30) is not None
    ground.clock.tick(31)

    again = [await inbox.claim("serve") for _ in range(3)]

    assert [item.message.message_id for item in again if item is not None] == ["1", "2", "0"]


async def test_failed_message_waits_and_is_given_up_at_last(ground: Ground) -> None:
    inbox = ground.state.inbox
    await inbox.receive(message("1"), "serve")
    item = await inbox.claim("serve")
    assert item is not None
    await inbox.failed(item, "internal", retry_in=5)
    assert await inbox.claim("serve") is None
    ground.clock.tick(6)
    item = await inbox.claim("serve")
    assert item is not None
    await inbox.failed(item, "internal", retry_in=None)
    ground.clock.tick(1000)
    assert await inbox.claim("serve") is None


@given(st.text(max_size=400))
def test_inbox_keys_fit_their_column_and_any_database(message_id: str) -> None:
    for key in (inbox_key("test", message_id), dedupe_key("test", message_id)):
        assert len(key) <= KEY
        assert key.isascii()
        assert "\x00" not in key


@given(st.lists(st.text(min_size=1, max_size=300), unique=True, min_size=2, max_size=2))
def test_different_messages_have_different_keys(ids: list[str]) -> None:
    assert inbox_key("test", ids[0]) != inbox_key("test", ids[1])
    assert dedupe_key("test", ids[0]) != dedupe_key("test", ids[1])


def test_the_key_of_a_message_keeps_nothing_of_an_id_that_is_more_than_a_count() -> None:
    """WhatsApp's ids are base64 of, among others, the phone number."""
    wamid = "wamid.HBgLMTU1NTAwMDEyMzQVAgASGBQzQTdCNkYwRDYyQzRFM0ExRjUA"
    assert base64.b64decode(wamid.removeprefix("wamid.") + "==").find(b"15550001234") > 0
    assert re.fullmatch("whatsapp:[0-9a-f]{32}", dedupe_key("whatsapp", wamid))
    assert dedupe_key("telegram", "700000001.4") == "telegram:700000001.4"


# ---------------------------------------------------------------------------------------------------- outbox


async def test_same_dedupe_key_is_one_row(ground: Ground) -> None:
    outbox = ground.state.outbox
    items = await asyncio.gather(*(outbox.enqueue(outgoing("a", f"text {n}")) for n in range(5)))

    assert len({item.id for item in items}) == 1
    item = await _must_claim(ground)
    await ground.state.sends.sent(item, 0, ["m1"], ["m1"], parts=1)
    await outbox.enqueue(outgoing("a"))
    assert await _claim(ground) is None


async def test_chat_is_served_in_order_and_others_beside_it(ground: Ground) -> None:
    outbox = ground.state.outbox
    for dedupe, chat in (("1", "a"), ("2", "a"), ("3", "b")):
        await outbox.enqueue(outgoing(dedupe, chat_id=chat))

    first, other = await _must_claim(ground, "w1"), await _must_claim(ground, "w2")

    assert (first.dedupe, other.dedupe) == ("1", "3")
    assert await _claim(ground, "w3") is None
    await ground.state.sends.retry(first, "flood", after=10)
    assert await _claim(ground, "w3") is None  # the second message of chat a does not overtake the first
    ground.clock.tick(11)
    assert (await _must_claim(ground)).dedupe == "1"


async def test_dead_letter_makes_way_and_keeps_its_reason(ground: Ground) -> None:
    outbox = ground.state.outbox
    await outbox.enqueue(outgoing("1"))
    await outbox.enqueue(outgoing("2"))
    await ground.state.sends.bury(await _must_claim(ground), "blocked")

    assert (await _must_claim(ground)).dedupe == "2"
    dead = await outbox.get("1")
    assert dead is not None
    assert (dead.status, dead.reason) == (OutboxStatus.DEAD, "blocked")


async def test_retried_letter_goes_out_before_what_waits_in_its_chat(ground: Ground) -> None:
    outbox = ground.state.outbox
    letter = await outbox.enqueue(outgoing("1"))
    await ground.state.sends.bury(await _must_claim(ground), "blocked")
    await outbox.enqueue(outgoing("2"))
    await outbox.enqueue(outgoing("3"))

    assert await ground.state.stuck.retry_letter(letter.id)

    first = await _must_claim(ground)
    assert first.dedupe == "1"
    assert await _claim(ground) is None
    await ground.state.sends.sent(first, 0, ["m1"], ["m1"], parts=1)
    assert (await _must_claim(ground)).dedupe == "2"


async def test_other_platforms_and_scopes_are_left_alone(ground: Ground) -> None:
    outbox = ground.state.outbox
    await outbox.enqueue(replace(outgoing("1"), platform="other"))
    await outbox.enqueue(replace(outgoing("2"), scope="render:1"))

    assert await _claim(ground) is None
    assert await ground.state.sends.claim("w", "render:1", ["test"], lease=LEASE) is not None


async def test_row_of_a_dead_process_is_carried_out_by_another(ground: Ground) -> None:
    await ground.state.outbox.enqueue(outgoing("1"))
    dead = await _must_claim(ground, "dead")
    ground.clock.tick(LEASE + 1)
    heir = await _must_claim(ground, "heir")

    await ground.state.sends.sent(dead, 0, ["late"], ["late"], parts=1)
    item = await ground.state.outbox.get("1")

    assert heir.tries == 2
    assert item is not None
    assert item.status is OutboxStatus.PENDING


async def test_status_changes_while_it_is_sent_are_sent_afterwards(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "first")
    outbox = ground.state.outbox
    sending = await _must_claim(ground)
    await outbox.update_status(job, "second", progress=RenderProgress(1, 2, 0.5))
    await outbox.update_status(job, "third")
    await ground.state.sends.sent(sending, 0, ["m1"], ["m1"], parts=1, rest=1.0)

    assert await _claim(ground) is None  # at most one edit in a second
    ground.clock.tick(1.1)
    again = await _must_claim(ground)

    assert (again.payload.text, again.message_ids) == ("third", ("m1",))
    await ground.state.sends.sent(again, 0, ["m1"], ["m1"], parts=1)
    ground.clock.tick(1.1)
    assert await _claim(ground) is None


async def test_an_answer_does_not_wait_for_a_status_message_that_rests(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "first")
    outbox = ground.state.outbox
    await ground.state.sends.sent(await _must_claim(ground), 0, ["m1"], ["m1"], parts=1, rest=2.0)
    await outbox.update_status(job, "Drawing")
    await outbox.enqueue(replace(outgoing("answer"), chat_id=job.chat_id))

    assert (await _must_claim(ground)).dedupe == "answer"
    assert await _claim(ground) is None
    ground.clock.tick(2.1)
    assert (await _must_claim(ground)).payload.text == "Drawing"


async def test_a_video_waits_for_the_last_word_of_the_status_message_that_it_replaces(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "first")
    outbox = ground.state.outbox
    await ground.state.sends.sent(await _must_claim(ground), 0, ["m1"], ["m1"], parts=1, rest=2.0)
    await outbox.update_status(job, "Drawing")
    await outbox.update_status(replace(job, status=Status.READY), "Ready")
    await outbox.enqueue(replace(outgoing("video"), chat_id=job.chat_id))

    edit = await _must_claim(ground)
    assert edit.payload.text == "Ready"
    assert await _claim(ground) is None
    await ground.state.sends.retry(edit, "the platform is away", after=5.0)
    assert await _claim(ground) is None, "an edit that failed holds its place"
    ground.clock.tick(5.1)
    await ground.state.sends.sent(await _must_claim(ground), 0, ["m1"], ["m1"], parts=1, rest=2.0)
    assert (await _must_claim(ground)).dedupe == "video"


async def test_the_last_word_that_comes_while_an_edit_is_sent_does_not_rest_behind_it(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "first")
    outbox = ground.state.outbox
    sending = await _must_claim(ground)
    await outbox.update_status(replace(job, status=Status.READY), "Ready")
    await outbox.enqueue(replace(outgoing("video"), chat_id=job.chat_id))
    await ground.state.sends.sent(sending, 0, ["m1"], ["m1"], parts=1, rest=2.0)

    edit = await _must_claim(ground)
    assert edit.payload.text == "Ready"
    await ground.state.sends.sent(edit, 0, ["m1"], ["m1"], parts=1, rest=2.0)
    assert (await _must_claim(ground)).dedupe == "video"


async def test_end_of_a_job_is_told_without_a_rest(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "first")
    outbox = ground.state.outbox
    await ground.state.sends.sent(await _must_claim(ground), 0, ["m1"], ["m1"], parts=1, rest=60.0)

    await outbox.update_status(replace(job, status=Status.FAILED), "sorry")

    assert (await _must_claim(ground)).payload.text == "sorry"


async def test_who_cannot_be_reached_is_not_tried_with_every_step(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "first")
    await ground.state.sends.bury(await _must_claim(ground), "delivery_rejected blocked")

    await ground.state.outbox.update_status(job, "half", progress=RenderProgress(1, 2, 0.5))
    assert await _claim(ground) is None
    await ground.state.outbox.update_status(replace(job, status=Status.FAILED), "sorry")
    assert (await _must_claim(ground)).payload.text == "sorry"


async def test_progress_of_an_old_payload_does_not_skip_parts_of_the_new_one(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    job, _ = await ground.state.jobs.submit(new, status_text=lambda _: "first")
    outbox = ground.state.outbox
    sending = await _must_claim(ground)
    await outbox.update_status(job, "second")
    await ground.state.sends.part_sent(sending, 0, ["m1"], ["m1"])

    item = await outbox.get(status_key(job.id))
    assert item is not None
    assert item.parts_sent == 0


async def test_job_without_a_status_message_has_none_to_update(ground: Ground) -> None:
    job = await ground.job()
    assert not await ground.state.outbox.update_status(job, "x")
    assert await ground.state.outbox.get(status_key(job.id)) is None


@pytest.mark.parametrize("older", [False, True])
async def test_settled_messages_are_kept_for_a_while(ground: Ground, older: bool) -> None:
    from datetime import timedelta

    await ground.state.outbox.enqueue(outgoing("1"))
    await ground.state.sends.sent(await _must_claim(ground), 0, ["m"], ["m"], parts=1)
    await ground.state.inbox.receive(message("1"), "serve")
    item = await ground.state.inbox.claim("serve")
    assert item is not None
    await ground.state.inbox.done(item)
    ground.clock.tick(90 if older else 30)

    kept = timedelta(minutes=1)
    await ground.state.outbox.delete_settled(older_than=kept)
    assert (await ground.state.outbox.get("1") is None) is older
    assert await ground.state.inbox.delete_settled(older_than=kept) == int(older)
