"""Videos drawn once more or changed, by buttons, by /again, and by replies."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from botcore.delivery.buttons import LONGEST_LABEL, status_buttons, video_buttons
from botcore.languages import LANGUAGES
from botcore.model import Aspect, JobKind, Outgoing, OutgoingKind, Quality, Status
from tests.core.intake.people import PHONE, ChangingProvider, Chats, changing, chatting
from tests.core.surface import CHAT, ended, eventually


@pytest_asyncio.fixture
async def chats(tmp_path: Path) -> AsyncIterator[Chats]:
    async with chatting(tmp_path) as chats:
        yield chats


@pytest_asyncio.fixture
async def provider() -> ChangingProvider:
    return ChangingProvider()


@pytest_asyncio.fixture
async def changeable(tmp_path: Path, provider: ChangingProvider) -> AsyncIterator[Chats]:
    async with chatting(tmp_path, changing(provider)) as chats:
        yield chats


# -------------------------------------------------------------------------------------------------- buttons


async def test_a_job_can_be_cancelled_by_its_button_for_as_long_as_it_is_made(chats: Chats) -> None:
    await chats.say("wait for ever and ever")
    job = await chats.job()
    status, out = await chats.seen(job, OutgoingKind.STATUS)
    assert [(button.label, button.data) for button in out.buttons] == [("Cancel", f"/cancel {job.id}")]
    await chats.say(out.buttons[0].data, reply_to=status)
    assert (await ended(chats.app, job.id)).status is Status.CANCELLED

    async def look() -> bool:
        shown = chats.adapter.shown[status]
        return shown.status is Status.CANCELLED and shown.buttons == ()

    await eventually(look)
    # Pressed twice: the status message says it already.
    again = await chats.say(out.buttons[0].data, reply_to=status)
    await chats.ask("/quality")
    assert not [out for out in chats.adapter.shown.values() if out.reply_to == again]
    # Typed, it is answered.
    assert "not on the way any more" in (await chats.ask(f"/cancel {job.id}")).text


async def test_a_video_of_its_own_answers_the_message_that_asked_for_it(tmp_path: Path) -> None:
    """Who asked for two at once could not tell them apart otherwise."""
    async with chatting(tmp_path, capabilities=replace(PHONE, edit_text=False, text_to_media=False)) as chats:
        asked = [await chats.say(f"solve x = {number} for x") for number in (2, 3)]
        await chats.job(count=2)
        jobs = sorted(await chats.jobs(), key=lambda job: job.text)
        videos = [await chats.seen(job, OutgoingKind.VIDEO) for job in jobs]
        assert [video.reply_to for _, video in videos] == asked


async def test_three_ways_on_are_below_the_video(chats: Chats) -> None:
    job, video = await chats.video()
    shown = [(button.label, button.data) for button in chats.adapter.shown[video].buttons]
    assert shown == [
        ("In high quality", f"/again {job.id} high"),
        ("Vertical", f"/again {job.id} 9:16"),
        ("Show code", f"/code {job.id}"),
    ]


async def test_no_button_offers_what_is_there(chats: Chats) -> None:
    await chats.ask("/quality high")
    await chats.ask("/aspect 9:16")
    _, video = await chats.video()
    assert [button.label for button in chats.adapter.shown[video].buttons] == ["Horizontal", "Show code"]


async def test_platforms_without_buttons_are_told_no_commands_with_every_step(tmp_path: Path) -> None:
    async with chatting(tmp_path, capabilities=CHAT) as chats:
        await chats.video()
        assert not any("/cancel" in out.text or "/again" in out.text for out in chats.adapter.shown.values())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_labels_are_short_enough_in_every_language(chats: Chats, language: str) -> None:
    await chats.say("wait for ever and ever", language=language)
    job = await chats.job()
    buttons = (*status_buttons(job), *video_buttons(job))
    assert job.user_language == language
    assert all(0 < len(button.label) <= LONGEST_LABEL for button in buttons)


# --------------------------------------------------------------------------------------------------- again


async def test_again_draws_the_same_source_with_other_options_and_asks_nobody(
    changeable: Chats, provider: ChangingProvider
) -> None:
    job, video = await changeable.video("draw me a cat")
    provider.asked.clear()
    await changeable.say(f"/again {job.id} high", reply_to=video)
    again = await ended(changeable.app, (await changeable.job(count=2)).id)
    assert (again.status, again.parent_id, again.generations) == (Status.DELIVERED, job.id, 0)
    assert again.options.quality is Quality.HIGH
    assert again.source == job.source
    assert provider.asked == []


async def test_again_takes_the_newest_video_and_words(chats: Chats) -> None:
    await chats.video("solve x = 1 for x")
    job, _ = await chats.video("solve x = 2 for x")
    await chats.say("/again vertical, low quality")
    again = await chats.job(count=3)
    assert (again.text, again.options.aspect, again.options.quality) == (job.text, Aspect.TALL, Quality.LOW)


async def test_again_of_a_job_that_never_had_a_source_begins_with_its_text(chats: Chats) -> None:
    await chats.say("what is the weather like")
    failed = await ended(chats.app, (await chats.job()).id)
    assert failed.status is Status.FAILED
    await chats.say(f"/again {failed.id[:8]}")
    again = await ended(chats.app, (await chats.job(count=2)).id)
    assert (again.text, again.source, again.kind) == (failed.text, None, JobKind.PROBLEM)


async def test_again_works_for_code(chats: Chats) -> None:
    job, _ = await chats.video("draw a line")
    await chats.say(f"/again {job.id} 1:1")
    again = await ended(chats.app, (await chats.job(count=2)).id)
    assert (again.kind, again.status, again.options.aspect) == (JobKind.CODE, Status.DELIVERED, Aspect.SQUARE)


async def test_a_button_that_is_pressed_twice_makes_one_job(chats: Chats) -> None:
    await chats.say("wait for ever and ever")
    job = await chats.job()
    await chats.say(f"/again {job.id} high")
    await chats.job(count=2)
    assert "on the way already" in (await chats.ask(f"/again {job.id} high")).text
    assert len(await chats.jobs()) == 2
    await chats.say(f"/again {job.id} low")  # something else
    await chats.job(count=3)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("/again", "no videos yet"),
        ("/again 0000000000000000 high", "no video with that id"),
        ("/again make it nicer", "/again high 9:16"),
        ("/again high low", "/again high 9:16"),
        ("/code 0000000000000000", "no video with that id"),
    ],
)
async def test_what_cannot_be_drawn_again_is_said(chats: Chats, text: str, words: str) -> None:
    assert words in (await chats.ask(text)).text
    assert await chats.jobs() == []


async def test_nobody_draws_or_cancels_or_reads_what_others_sent_in_another_chat(chats: Chats) -> None:
    job, video = await chats.video()
    for text in (f"/again {job.id} high", f"/code {job.id}", f"/cancel {job.id}"):
        # The id of the message is right, the chat is not.
        answer = await chats.ask(text, user="u2", chat="c2", reply_to=video)
        assert "no video with that id" in answer.text
    assert await chats.jobs("u2") == []


async def test_in_a_group_others_may_draw_again_but_not_cancel(chats: Chats) -> None:
    job, video = await chats.video()
    assert "draw 'solve x = 2 for x'" in (await chats.ask(f"/code {job.id}", user="u2", reply_to=video)).text
    await chats.say(f"/again {job.id} high", user="u2", reply_to=video)
    again = await ended(chats.app, (await chats.job(user="u2")).id)
    assert (again.status, again.source) == (Status.DELIVERED, job.source)
    assert len(await chats.jobs("u1")) == 1
    await chats.say("wait for ever and ever")
    waiting = await chats.job(count=2)
    status, _ = await chats.seen(waiting, OutgoingKind.STATUS)
    answer = await chats.ask(f"/cancel {waiting.id}", user="u2", reply_to=status)
    assert "somebody else" in answer.text
    assert not (await chats.app.state.jobs.get(waiting.id)).status.final


async def test_code_is_shown_in_a_block_where_the_platform_has_some(chats: Chats) -> None:
    job, video = await chats.video("solve x = 2")
    answer = await chats.ask(f"/code {job.id}", reply_to=video)
    assert answer.text == "```\ndraw 'solve x = 2'\n```"


# ------------------------------------------------------------------------------------------------- replies


async def test_a_pure_wish_in_reply_to_a_video_needs_no_provider(chats: Chats) -> None:
    job, video = await chats.video()
    await chats.say("vertical please", reply_to=video)
    again = await ended(chats.app, (await chats.job(count=2)).id)
    assert (again.status, again.options.aspect, again.wish) == (Status.DELIVERED, Aspect.TALL, None)
    assert again.source == job.source


async def test_a_pure_wish_that_answers_nothing_is_about_the_newest_video(chats: Chats) -> None:
    assert "too short" in (await chats.ask("vertical")).text
    await chats.video("solve x = 1 for x")
    await chats.video("solve x = 2 for x")
    await chats.say("vertical")
    again = await chats.job(count=3)
    assert (again.text, again.options.aspect) == ("solve x = 2 for x", Aspect.TALL)


async def test_words_in_reply_to_a_video_are_a_wish_for_a_provider(
    changeable: Chats, provider: ChangingProvider
) -> None:
    job, video = await changeable.video("solve x = 2 for x")
    await changeable.say("make the circle red", reply_to=video)
    edit = await ended(changeable.app, (await changeable.job(count=2)).id)
    assert (edit.status, edit.wish, edit.parent_id) == (Status.DELIVERED, "make the circle red", job.id)
    assert edit.text == job.text
    request = provider.asked[-1]
    assert request.change is not None
    assert (request.change.source, request.change.wish) == (job.source, "make the circle red")
    assert edit.source is not None
    assert edit.source.code == "draw 'solve x = 2 for x' and make the circle red"
    # An edit of the edit begins where that one ended.
    newest = (await changeable.seen(edit, OutgoingKind.VIDEO))[0]
    await changeable.say("and larger", reply_to=newest)
    third = await ended(changeable.app, (await changeable.job(count=3)).id)
    assert third.source is not None
    assert third.source.code.endswith("and make the circle red and and larger")


async def test_code_can_be_changed_by_words_too(changeable: Chats, provider: ChangingProvider) -> None:
    _, video = await changeable.video("draw a line")
    await changeable.say("a longer one", reply_to=video)
    edit = await ended(changeable.app, (await changeable.job(count=2)).id)
    assert (edit.kind, edit.text, edit.status) == (JobKind.PROBLEM, "a longer one", Status.DELIVERED)


async def test_a_wish_that_nobody_can_fulfil_is_answered_at_once(chats: Chats) -> None:
    _, video = await chats.video()
    answer = await chats.ask("make the circle red", reply_to=video)
    assert "but not this yet" in answer.text
    assert len(await chats.jobs()) == 1


async def test_a_wish_for_a_video_that_is_not_drawn_yet_has_to_wait(tmp_path: Path) -> None:
    provider = ChangingProvider()
    async with chatting(tmp_path, changing(provider)) as chats:
        await chats.say("wait for ever and ever")
        await chats.say("solve x = 2 for x")
        second = await chats.job(count=2)
        status, _ = await chats.seen(second, OutgoingKind.STATUS)
        assert "not drawn yet" in (await chats.ask("in blue", reply_to=status)).text


@pytest.mark.parametrize("text", ["2x=4", "draw a circle"])
async def test_a_new_problem_or_code_in_a_reply_is_new(chats: Chats, text: str) -> None:
    _, video = await chats.video()
    await chats.say(text, reply_to=video)
    new = await chats.job(count=2)
    assert (new.text, new.parent_id) == (text, None)


async def test_a_second_try_in_reply_to_a_failure_is_new(chats: Chats) -> None:
    await chats.say("what is the weather like")
    failed = await ended(chats.app, (await chats.job()).id)
    status, _ = await chats.seen(failed, OutgoingKind.STATUS)
    await chats.say("please solve x = 2 then", reply_to=status)
    assert (await chats.job(count=2)).parent_id is None


async def test_replies_to_anything_else_are_plain_messages(chats: Chats) -> None:
    await chats.video()
    about = await chats.ask("/help")
    said = next(key for key, out in chats.adapter.shown.items() if out is about)
    for number, reply_to in enumerate([said, "7", "unknown"], start=2):
        await chats.say("solve it in a big way", reply_to=reply_to)
        job = await chats.job(count=number)
        assert (job.text, job.wish, job.parent_id) == ("solve it in a big way", None, None)


async def test_a_member_of_a_group_gets_a_job_of_their_own_by_replying(changeable: Chats) -> None:
    job, video = await changeable.video()
    await changeable.say("in green", user="u2", reply_to=video)
    edit = await ended(changeable.app, (await changeable.job(user="u2")).id)
    assert edit.source is not None
    assert job.source is not None
    assert edit.source.code == f"{job.source.code} and in green"
    assert edit.session_id != job.session_id


async def test_the_video_of_somebody_who_was_forgotten_is_nobodys(changeable: Chats) -> None:
    _, video = await changeable.video()
    await changeable.ask("/forget yes")
    await changeable.say("solve this in green", user="u2", reply_to=video)
    new = await changeable.job(user="u2")
    assert (new.text, new.wish, new.parent_id) == ("solve this in green", None, None)


def test_the_phone_of_these_tests_has_room_for_all_buttons() -> None:
    assert PHONE.buttons >= 3


# ------------------------------------------------------------------------------------------------- fixing


async def failed_code(chats: Chats) -> tuple[str, Outgoing, str]:
    """A job of broken code: its id, its status message, and that message's id."""
    await chats.say("fail draw")
    job = await ended(chats.app, (await chats.job()).id)
    assert (job.status, job.kind) == (Status.FAILED, JobKind.CODE)

    async def look() -> tuple[str, Outgoing] | None:
        status, out = await chats.seen(job, OutgoingKind.STATUS)
        return (status, out) if out.status is Status.FAILED else None

    status, out = await eventually(look)
    return job.id, out, status


async def test_code_that_failed_is_mended_by_its_button(
    changeable: Chats, provider: ChangingProvider
) -> None:
    job_id, failure, status = await failed_code(changeable)
    assert [(button.label, button.data) for button in failure.buttons] == [("Fix it", f"/fix {job_id}")]
    await changeable.say(failure.buttons[0].data, reply_to=status)
    mended = await ended(changeable.app, (await changeable.job(count=2)).id)
    assert (mended.status, mended.kind, mended.parent_id) == (Status.DELIVERED, JobKind.PROBLEM, job_id)
    (request,) = provider.asked
    assert request.repair is not None
    assert (request.repair.source.code, request.repair.source.problem) == ("fail draw", None)


async def test_nobody_is_offered_what_nobody_can_do(chats: Chats) -> None:
    job_id, failure, _ = await failed_code(chats)
    assert failure.buttons == ()
    assert "not this yet" in (await chats.ask(f"/fix {job_id}")).text


async def test_what_did_not_fail_by_its_code_is_not_mended(changeable: Chats) -> None:
    job, _ = await changeable.video("draw a line")
    assert "no video with that id" in (await changeable.ask(f"/fix {job.id}")).text
    assert "no video with that id" in (await changeable.ask("/fix the code")).text
    assert "/fix" not in (await changeable.ask("/help")).text
