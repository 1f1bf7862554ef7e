"""What happens around jobs: messages in pieces, languages, albums, crashes, orders and repeats."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from botcore.errors import TextTooShort, error_text
from botcore.model import Attachment, AttachmentKind, JobKind, Message, Status
from botcore.state import dedupe_key
from tests.core.intake.people import LIMIT, Chats, chatting
from tests.core.surface import ended, eventually

PICTURE = Attachment(AttachmentKind.PICTURE, "image/jpeg", reference="P")


@pytest_asyncio.fixture
async def chats(tmp_path: Path) -> AsyncIterator[Chats]:
    async with chatting(tmp_path) as chats:
        yield chats


async def settled(chats: Chats, *message_ids: str) -> None:
    """Wait until nothing of these messages is open."""
    keys = {dedupe_key(chats.adapter.platform, message_id) for message_id in message_ids}

    async def look() -> bool:
        rows = await chats.app.state.db.query("SELECT key FROM inbox WHERE status = ?", ["done"])
        return keys <= {row["key"] for row in rows}

    await eventually(look)


# -------------------------------------------------------------------------------------------------- pieces


async def test_a_problem_in_pieces_is_one_job_and_all_its_messages_are_settled(chats: Chats) -> None:
    whole = "solve " + "x + " * 250 + "x = 0"
    parts = [whole[start : start + LIMIT] for start in range(0, len(whole), LIMIT)]
    ids = [await chats.say(part) for part in parts]
    job = await chats.job()
    assert job.text == whole
    await settled(chats, *ids)
    assert len(await chats.jobs()) == 1


async def test_pieces_may_arrive_in_any_order_within_the_wait(chats: Chats) -> None:
    whole = "solve " + "y + " * 250 + "y = 0"
    parts = [whole[start : start + LIMIT] for start in range(0, len(whole), LIMIT)]
    assert len(parts) == 3
    for number in (2, 1, 3):
        await chats.say(parts[number - 1], number=number)
    assert (await chats.job()).text == whole


async def test_a_fence_over_pieces_is_code(chats: Chats) -> None:
    lines = [f"draw line {number}" for number in range(60)]
    whole = "```flat\n" + "\n".join(lines) + "\n```"
    cut = whole.rfind("\n", 0, LIMIT)
    second = whole.rfind("\n", cut + 1, cut + LIMIT)
    for part in (whole[:cut], whole[cut + 1 : second], whole[second + 1 :]):
        await chats.say(part)
    job = await chats.job()
    assert (job.kind, job.text.split("\n")) == (JobKind.CODE, lines)


async def test_one_long_message_waits_no_longer_than_for_a_piece(chats: Chats) -> None:
    text = "solve " + "z" * (LIMIT - 6)
    await chats.say(text)
    job = await chats.job()
    assert job.text == text


async def test_all_pieces_together_obey_the_limit_and_get_one_answer(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits={"text_max": 1000}) as chats:
        ids = [await chats.say("x" * LIMIT) for _ in range(4)]
        answer = await chats.answer_to(ids[0])
        assert "1600 characters" in answer.text
        await settled(chats, *ids)
        assert len(chats.adapter.shown) == 1


async def test_somebody_elses_message_is_no_piece(chats: Chats) -> None:
    await chats.say("solve " + "a" * (LIMIT - 6))
    await chats.say("solve x = 2 for x", user="u2")
    assert (await chats.job(user="u2")).text == "solve x = 2 for x"
    assert (await chats.job()).text.endswith("aaa")


async def test_cancel_after_a_long_message_cancels_its_job(chats: Chats) -> None:
    await chats.say("wait " + "x" * (LIMIT - 5))
    answer = await chats.ask("/cancel")
    assert "Cancelled" in answer.text
    assert (await ended(chats.app, (await chats.job()).id)).status is Status.CANCELLED


# ----------------------------------------------------------------------------------------------- languages


@pytest.mark.parametrize(
    ("language", "text", "spoken"),
    [
        ("es", "raíz", "es"),
        ("pt-BR", "raiz", "pt"),
        ("", "корень", "ru"),
        ("", "मूल", "hi"),
        ("", "جذر", "ar"),
        ("", "root", "en"),
        ("tlh", "root", "en"),
        ("x" * 500, "root", "en"),
    ],
)
async def test_even_the_first_refusal_is_in_the_persons_language(
    chats: Chats, language: str, text: str, spoken: str
) -> None:
    answer = await chats.ask(text, language=language)
    assert answer.text == error_text(TextTooShort(minimum=10, length=len(text)), spoken)


async def test_the_first_known_language_stays(chats: Chats) -> None:
    await chats.ask("/help", language="")
    await chats.ask("/help ещё раз, пожалуйста", language="")
    await chats.say("solve x = 2 for x", language="")
    assert (await chats.job()).user_language == "ru"
    await chats.say("solve x = 3 for x", language="es")
    assert (await chats.job(count=2)).user_language == "ru"


# --------------------------------------------------------------------------------------------- attachments


@pytest.mark.parametrize(
    ("kind", "words"),
    [
        (AttachmentKind.PICTURE, "cannot read pictures"),
        (AttachmentKind.AUDIO, "cannot listen"),
        (AttachmentKind.VIDEO, "cannot watch"),
        (AttachmentKind.DOCUMENT, "this kind of file"),
        (AttachmentKind.OTHER, "I can read text only"),
    ],
)
async def test_what_cannot_be_read_is_answered_with_what_can(
    chats: Chats, kind: AttachmentKind, words: str
) -> None:
    answer = await chats.ask("", files=(Attachment(kind, "application/octet-stream"),))
    assert words in answer.text
    assert await chats.jobs() == []


async def test_an_album_gets_one_answer(chats: Chats) -> None:
    ids = [await chats.say("", files=(PICTURE,), group="album") for _ in range(5)]
    await settled(chats, *ids)
    await chats.answer_to(ids[0])
    await chats.ask("/help")  # whatever was to be said before has been said
    assert sum("pictures" in out.text for out in chats.adapter.shown.values()) == 1


async def test_a_known_problem_below_a_picture_is_taken(chats: Chats) -> None:
    await chats.say("2x=4", files=(PICTURE,))
    assert (await chats.job()).text == "2x=4"


async def test_words_below_a_code_file_are_no_problem_but_may_be_a_wish(chats: Chats) -> None:
    code = Attachment(AttachmentKind.DOCUMENT, "text/x-python", "a.py", data=b"draw a line")
    await chats.say("please draw this", files=(code,))
    first = await chats.job()
    assert (first.kind, first.text, first.options.aspect.value) == (JobKind.CODE, "draw a line", "16:9")
    await chats.say("vertical, please", files=(code,))
    assert (await chats.job(count=2)).options.aspect.value == "9:16"


async def test_a_code_file_that_is_too_long_is_refused_with_the_limit(tmp_path: Path) -> None:
    async with chatting(tmp_path, limits={"code_max": 100}) as chats:
        for data in (b"x" * 101, "é".encode() * 300):
            code = Attachment(AttachmentKind.DOCUMENT, "text/x-python", "a.py", data=data)
            assert "100 characters is the limit" in (await chats.ask("", files=(code,))).text


# ----------------------------------------------------------------------------------------- repeats, orders


async def test_the_same_update_fifty_times_at_once_is_one_job_and_one_video(chats: Chats) -> None:
    message = Message(chats.adapter.platform, "c1", "u1", "77", "solve x = 2 for x")
    await asyncio.gather(*(chats.app.intake.receive(message) for _ in range(50)))
    job = await ended(chats.app, (await chats.job()).id)
    assert job.status is Status.DELIVERED
    await chats.ask("/help")
    assert len(await chats.jobs()) == 1
    assert sum(out.media is not None for out in chats.adapter.shown.values()) == 1


async def test_a_button_press_that_is_repeated_by_the_platform_is_one_job(chats: Chats) -> None:
    job, video = await chats.video()
    for _ in range(5):
        await chats.say(f"/again {job.id} high", reply_to=video, number=500)
    await ended(chats.app, (await chats.job(count=2)).id)
    await chats.ask("/help")
    assert len(await chats.jobs()) == 2


async def test_the_last_word_to_who_is_forgotten_is_not_kept_either(chats: Chats) -> None:
    who = {"user": "ada-4711", "chat": "chat-of-ada"}
    await chats.ask("/quality low", **who)
    told = await chats.ask("/forget yes", **who)
    assert told.text == "Done. Nothing about you is kept any more."

    async def look() -> bool:
        tables = ("inbox", "outbox", "sent_messages", "identities")
        kept = [await chats.app.state.db.query(f"SELECT * FROM {table}", []) for table in tables]  # noqa: S608  # no values
        return not any("ada" in str(list(dict(row).values())) for rows in kept for row in rows)

    await eventually(look)


async def test_forgetting_while_jobs_run_ends_them(chats: Chats) -> None:
    await chats.say("wait for ever and ever")
    first = await chats.job()
    await chats.say("wait for ever and ever, too")
    await chats.job(count=2)
    await chats.ask("/forget yes")
    assert (await chats.app.state.sessions.find(chats.adapter.platform, "u1")) is None

    async def look() -> bool:
        counts = await chats.app.state.jobs.by_status()
        return not any(counts.get(status) for status in (Status.QUEUED, Status.RENDERING))

    await eventually(look)
    assert first.id not in [job.id for job in await chats.jobs()]
