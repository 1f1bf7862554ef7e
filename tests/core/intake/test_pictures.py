"""A photo of a problem is read back, and drawn only after its sender's yes: in chats, over crashes."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from botcore.errors import (
    BotcoreError,
    DeliveryUnavailable,
    NoProblemInPicture,
    PictureNotYours,
    PictureOver,
    PicturesNotRead,
    PictureTooLarge,
    PictureUnreadable,
    ProviderError,
    ProviderRefused,
    UnsupportedPicture,
    error_text,
)
from botcore.hooks.descriptors import AdapterDescriptor, ProviderDescriptor
from botcore.intake.pictures.reader import LEASE, TRIES
from botcore.languages import LANGUAGES, text
from botcore.model import (
    Attachment,
    AttachmentKind,
    GenerationRequest,
    GenerationResult,
    JobKind,
    Message,
    Outgoing,
    Sent,
)
from botcore.model.answers import OutgoingKind
from botcore.state import NewOutgoing, Payload, PictureStatus
from botcore.state.models import PictureRow
from botcore.testing.doubles import ChatAdapter, made_by
from botcore.testing.samples import make_message
from tests.core.intake.people import PHONE, Chats
from tests.core.intake.test_picture_formats import picture
from tests.core.surface import settings_for, working_app

PNG = picture("PNG")
PHOTO = Attachment(AttachmentKind.PICTURE, "image/jpeg", size=len(PNG), reference="P")
PROBLEM = "solve x^2 - 5x + 6 = 0"
YES, NO = "Yes, make the video", "No"


class Album(ChatAdapter):
    """A platform that has files; ``away`` fetches fail first."""

    def __init__(self, away: int = 0) -> None:
        super().__init__()
        self.files = {"P": PNG}
        self.away = away

    async def fetch(self, attachment: Attachment, max_bytes: int) -> bytes:
        if self.away:
            self.away -= 1
            raise DeliveryUnavailable(retry_after=0.0)
        return self.files[attachment.reference][:max_bytes]

    async def send(self, out: Outgoing) -> Sent:
        if out.kind is OutgoingKind.TYPING:
            raise RuntimeError("no such sign here")
        return await super().send(out)


class Seeing:
    """A model that reads pictures; ``answer`` is what it says, or the error with which it ends."""

    def __init__(self, answer: str | BotcoreError = PROBLEM) -> None:
        self.answer = answer
        self.asked: list[GenerationRequest] = []

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        self.asked.append(request)
        if isinstance(self.answer, BotcoreError):
            raise self.answer
        assert request.prompt is not None
        return GenerationResult(request.prompt.read(self.answer), model="seeing")


@asynccontextmanager
async def seeing(
    folder: Path, model: Seeing | None, *, adapter: Album | None = None, **sections: Any
) -> AsyncIterator[Chats]:
    """The core at work with a platform that has files, and perhaps a model that sees."""
    platform = adapter or Album()
    descriptor = AdapterDescriptor(name="test", capabilities=PHONE, factory=made_by(lambda: platform))
    more = [ProviderDescriptor(name="seeing", pictures=True, factory=made_by(lambda: model))] if model else []
    limits = {"per_minute": 1000, "unfinished": 1000}
    async with working_app(settings_for(folder, **{"limits": limits, **sections}), descriptor, *more) as app:
        yield Chats(app, platform)


async def press(chats: Chats, question: Outgoing, label: str, **more: Any) -> str:
    """Press a button of a question; the id of the message that it sends."""
    (data,) = [button.data for button in question.buttons if button.label == label]
    return await chats.say(data, **more)


def says(error: type[BotcoreError], **params: Any) -> str:
    return error_text(error(**params), "en")


# ------------------------------------------------------------------------------------------- the usual way


async def test_a_photo_is_read_back_and_a_yes_makes_it_a_problem_like_any_other(tmp_path: Path) -> None:
    model = Seeing()
    async with seeing(tmp_path, model) as chats:
        message_id = await chats.say("number 3, please", files=(PHOTO,))
        question = await chats.answer_to(message_id)
        assert f"\n\n{PROBLEM}\n\n" in question.text
        assert [button.label for button in question.buttons] == [YES, NO]
        assert await chats.jobs() == [], "nothing is drawn before the yes"
        await press(chats, question, YES)
        job = await chats.job()
        assert (job.kind, job.text) == (JobKind.PROBLEM, PROBLEM)
        _, shown = await chats.seen(job, OutgoingKind.VIDEO)
        assert shown.media is not None
        attempts = await chats.app.state.attempts.of_job(job.id)
        assert [attempt.provider for attempt in attempts] == ["echo"], "the exact provider took it"
    (asked,) = model.asked
    assert asked.picture is not None
    assert (asked.picture.data, asked.picture.media_type) == (PNG, "image/png"), "the type is the bytes' own"
    assert asked.prompt is not None
    assert "number 3, please" in asked.prompt.turns[0]


async def test_a_no_asks_for_words_and_typed_words_are_a_problem(tmp_path: Path) -> None:
    async with seeing(tmp_path, Seeing()) as chats:
        question = await chats.ask("", files=(PHOTO,))
        answer = await chats.answer_to(await press(chats, question, NO))
        assert answer.text == "Then please type the problem, or send a sharper picture."
        answer = await chats.answer_to(await press(chats, question, YES))
        assert answer.text == says(PictureOver)
        await chats.say("solve x = 4 for x", reply_to=next(iter(chats.adapter.shown)))
        assert (await chats.job()).text == "solve x = 4 for x"


async def test_two_presses_are_one_job(tmp_path: Path) -> None:
    async with seeing(tmp_path, Seeing()) as chats:
        question = await chats.ask("", files=(PHOTO,))
        await press(chats, question, YES)
        answer = await chats.answer_to(await press(chats, question, YES))
        assert answer.text == "That one is on the way already."
        assert len(await chats.jobs()) == 1


async def test_two_photos_are_two_questions_with_their_own_buttons(tmp_path: Path) -> None:
    model = Seeing("solve x = 1 for x")
    async with seeing(tmp_path, model) as chats:
        first = await chats.ask("", files=(PHOTO,))
        model.answer = "solve x = 2 for x"
        await chats.ask("", files=(PHOTO,))
        await press(chats, first, YES)
        assert (await chats.job()).text == "solve x = 1 for x"


async def test_of_an_album_the_first_picture_is_read_and_one_sentence_tells_so(tmp_path: Path) -> None:
    model = Seeing()
    async with seeing(tmp_path, model) as chats:
        ids = [await chats.say("", files=(PHOTO,), group="g") for _ in range(4)]
        await chats.ask("/help")
        question = await chats.answer_to(ids[0])
        assert question.buttons
        told = [out for out in chats.adapter.shown.values() if "one picture at a time" in out.text]
        assert len(told) == 1
    assert len(model.asked) == 1


async def test_only_who_sent_the_picture_can_say_yes(tmp_path: Path) -> None:
    async with seeing(tmp_path, Seeing()) as chats:
        question = await chats.ask("", files=(PHOTO,), user="u1")
        answer = await chats.answer_to(await press(chats, question, YES, user="u2"))
        assert answer.text == says(PictureNotYours)
        answer = await chats.answer_to(await press(chats, question, NO, user="u2"))
        assert answer.text == says(PictureNotYours)
        await press(chats, question, YES, user="u1")
        assert (await chats.job(user="u1")).text == PROBLEM
        assert await chats.jobs(user="u2") == []


async def test_words_that_will_do_by_themselves_need_no_reading(tmp_path: Path) -> None:
    model = Seeing()
    async with seeing(tmp_path, model) as chats:
        await chats.say("2x=4", files=(PHOTO,))
        assert (await chats.job()).text == "2x=4"
    assert model.asked == []


@pytest.mark.parametrize("language", LANGUAGES)
async def test_everybody_is_asked_in_their_language(tmp_path: Path, language: str) -> None:
    async with seeing(tmp_path, Seeing()) as chats:
        question = await chats.ask("", files=(PHOTO,), language=language)
        assert [button.label for button in question.buttons] == [text(language, YES), text(language, NO)]
        assert all(len(button.label) <= 20 for button in question.buttons)
        assert PROBLEM in question.text


# ------------------------------------------------------------------------------------------ what goes wrong


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        ("NONE", NoProblemInPicture),
        (ProviderRefused(), NoProblemInPicture),
        (ProviderError("the key is wrong"), PicturesNotRead),
    ],
)
async def test_a_picture_that_was_not_read_gets_one_clear_sentence(
    tmp_path: Path, answer: str | BotcoreError, error: type[BotcoreError]
) -> None:
    async with seeing(tmp_path, Seeing(answer)) as chats:
        shown = await chats.ask("", files=(PHOTO,))
        assert (shown.text, shown.buttons) == (says(error), ())


async def test_where_nobody_sees_the_answer_is_to_type(tmp_path: Path) -> None:
    async with seeing(tmp_path, None) as chats:
        shown = await chats.ask("", files=(PHOTO,))
        assert shown.text == says(UnsupportedPicture)
        assert await PictureRow.all().count() == 0


@pytest.mark.parametrize(
    ("data", "size", "error", "params"),
    [
        (b"GIF89a" + bytes(99), None, PictureUnreadable, {}),
        (PNG + bytes(9_000_000), None, PictureTooLarge, {"limit_mb": 8}),
        (PNG, 20_000_000, PictureTooLarge, {"limit_mb": 8}),
    ],
)
async def test_other_files_and_huge_ones_reach_no_provider(
    tmp_path: Path, data: bytes, size: int | None, error: type[BotcoreError], params: dict[str, int]
) -> None:
    model = Seeing()
    async with seeing(tmp_path, model) as chats:
        assert isinstance(chats.adapter, Album)
        chats.adapter.files["P"] = data
        shown = await chats.ask("", files=(replace(PHOTO, size=size),))
        assert shown.text == says(error, **params)
    assert model.asked == []


async def test_a_platform_that_is_away_for_a_moment_is_asked_again(tmp_path: Path) -> None:
    async with seeing(tmp_path, Seeing(), adapter=Album(away=2)) as chats:
        assert (await chats.ask("", files=(PHOTO,))).buttons


async def test_a_platform_that_stays_away_ends_in_a_sentence(tmp_path: Path) -> None:
    async with seeing(tmp_path, Seeing(), adapter=Album(away=TRIES)) as chats:
        assert (await chats.ask("", files=(PHOTO,))).text == says(PicturesNotRead)


async def test_a_flood_of_pictures_is_slowed_down_like_one_of_problems(tmp_path: Path) -> None:
    model = Seeing()
    async with seeing(tmp_path, model, limits={"per_minute": 2, "unfinished": 9}) as chats:
        for _ in range(2):
            assert (await chats.ask("", files=(PHOTO,))).buttons
        assert "That was quick" in (await chats.ask("", files=(PHOTO,))).text
    assert len(model.asked) == 2


@pytest.mark.parametrize("typed", ["/picture", "/picture yes", "/picture yes nosuchid", "/picture maybe x"])
async def test_an_answer_to_no_question_is_told_so(tmp_path: Path, typed: str) -> None:
    async with seeing(tmp_path, Seeing()) as chats:
        assert (await chats.ask(typed)).text == says(PictureOver)


async def test_help_does_not_list_what_only_buttons_send(tmp_path: Path) -> None:
    async with seeing(tmp_path, Seeing()) as chats:
        assert "/picture" not in (await chats.ask("/help")).text


# --------------------------------------------------------------------------------------- rows and restarts


async def test_a_picture_whose_reader_died_is_read_by_the_next_process(tmp_path: Path) -> None:
    async with seeing(tmp_path, None) as chats:  # takes it in, and dies while it reads
        message = message_with(PHOTO)
        session = await chats.app.state.sessions.of(message.platform, message.user_id, language="en")
        assert session.language == "en"
        added = await add(chats, message)
        assert added is not None
        assert await chats.app.state.pictures.claim("dead", lease=LEASE) is not None
        await PictureRow.all().update(lease_until=chats.app.state.db.clock(), scope="serve")
    async with seeing(tmp_path, Seeing()) as chats:
        assert (await chats.answer_to(message.message_id)).buttons


async def test_a_picture_that_takes_its_process_down_is_given_up(tmp_path: Path) -> None:
    model = Seeing()
    async with seeing(tmp_path, None) as chats:
        message = message_with(PHOTO)
        await add(chats, message)
        await PictureRow.all().update(tries=TRIES, scope="serve")
    async with seeing(tmp_path, model) as chats:
        assert (await chats.answer_to(message.message_id)).text == says(PicturesNotRead)
    assert model.asked == []


async def test_a_question_waits_an_hour_and_is_then_gone_with_its_words(tmp_path: Path) -> None:
    async with seeing(tmp_path, Seeing()) as chats:
        question = await chats.ask("", files=(PHOTO,))
        past = chats.app.state.db.clock() - timedelta(seconds=1)
        await PictureRow.all().update(expires_at=past)
        answer = await chats.answer_to(await press(chats, question, YES))
        assert answer.text == says(PictureOver)
        await chats.app.state.pictures.delete_lapsed()
        assert await PictureRow.all().count() == 0


async def test_forgetting_somebody_forgets_their_pictures(tmp_path: Path) -> None:
    async with seeing(tmp_path, Seeing()) as chats:
        await chats.ask("", files=(PHOTO,))
        session = await chats.app.state.sessions.find("test", "u1")
        assert session is not None
        await chats.app.control.forget(session.id)
        assert await PictureRow.all().count() == 0


async def test_what_another_reader_finished_is_not_said_twice(tmp_path: Path) -> None:
    async with seeing(tmp_path, None) as chats:
        pictures = chats.app.state.pictures
        await add(chats, message_with(PHOTO))
        slow = await pictures.claim("dead", lease=0.0)
        fast = await pictures.claim("dead", lease=LEASE)
        assert slow is not None
        assert fast is not None
        answer = NewOutgoing("x", "test", "c1", Payload(OutgoingKind.TEXT, "?"))
        assert await pictures.asked(fast, PROBLEM, answer)
        assert not await pictures.asked(slow, "something else", answer)
        assert not await pictures.unread(slow, answer)
        kept = await pictures.get(fast.id)
        assert kept is not None
        assert (kept.text, kept.status) == (PROBLEM, PictureStatus.ASKED)


def message_with(*files: Attachment) -> Message:
    return replace(make_message(""), attachments=files)


async def add(chats: Chats, message: Message) -> object:
    """Take a picture in for a process that is not there."""
    pictures = chats.app.state.pictures
    return await pictures.add(message, key=message.message_id, language="en", scope="dead", per_minute=0)
