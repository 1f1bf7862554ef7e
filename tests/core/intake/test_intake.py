"""From a message of a platform to its answer, through real rows and a real pipeline."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import pytest
import pytest_asyncio

from botcore.app import App, Role, open_app
from botcore.intake.intake import TRIES
from botcore.model import Job, Message, Outgoing, OutgoingKind, Status
from botcore.state import InboxItem, dedupe_key
from botcore.state.models import InboxRow
from botcore.testing.doubles import ChatAdapter
from tests.core.runtime.world import failed_attempt, locked
from tests.core.state.ground import SettableClock
from tests.core.surface import chat_platform, ended, eventually, host_of, settings_for, working_app


class Chat:
    """A person in a chat with the running core."""

    def __init__(self, app: App, adapter: ChatAdapter) -> None:
        self.app = app
        self.adapter = adapter
        self._count = 0

    async def say(self, text: str, *, message_id: str | None = None, user: str = "u1") -> str:
        self._count += 1
        message_id = message_id or f"m{self._count}"
        await self.adapter.say(
            Message(self.adapter.platform, f"chat of {user}", user, message_id, text, language="en")
        )
        return message_id

    async def answer(self, text: str, *, user: str = "u1") -> str:
        """The text that comes back."""
        message_id = await self.say(text, user=user)

        async def look() -> Outgoing | None:
            shown = self.adapter.shown.values()
            return next((out for out in shown if out.reply_to == message_id), None)

        return (await eventually(look)).text

    async def jobs(self, user: str = "u1") -> list[Job]:
        session = await self.app.state.sessions.find(self.adapter.platform, user)
        return await self.app.state.jobs.of_session(session.id) if session else []

    async def job(self, *, count: int = 1, user: str = "u1") -> Job:
        """The newest job, once there are ``count``."""

        async def look() -> list[Job] | None:
            jobs = await self.jobs(user)
            return jobs if len(jobs) >= count else None

        return (await eventually(look))[0]


@pytest_asyncio.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    adapter = ChatAdapter()
    async with working_app(settings_for(tmp_path), chat_platform(adapter)) as app:
        yield Chat(app, adapter)


async def test_a_problem_becomes_one_video_in_the_chat(chat: Chat) -> None:
    await chat.say("solve x^2 - 5x + 6 = 0")
    job = await chat.job()
    assert (await ended(chat.app, job.id)).status is Status.DELIVERED
    videos = [out for out in chat.adapter.shown.values() if out.kind is OutgoingKind.VIDEO]
    assert [out.job_id for out in videos] == [job.id]


async def test_the_same_message_twice_is_one_job(chat: Chat) -> None:
    for _ in range(2):
        await chat.say("solve x = 2 for x", message_id="same")
    await chat.say("solve x = 3 for x", message_id="other")
    await chat.job(count=2)
    assert sorted(job.text for job in await chat.jobs()) == ["solve x = 2 for x", "solve x = 3 for x"]


async def test_a_row_that_was_handled_before_a_crash_makes_no_second_job(chat: Chat) -> None:
    message_id = await chat.say("solve x = 2 for x")
    first = await chat.job()
    message = Message(chat.adapter.platform, "chat of u1", "u1", message_id, "solve x = 2 for x")
    key = dedupe_key(chat.adapter.platform, message_id)
    await chat.app.intake.handle(InboxItem(key, message, 2, "the next worker"))
    assert [job.id for job in await chat.jobs()] == [first.id]


async def test_code_is_recognised_and_never_given_to_a_provider(chat: Chat) -> None:
    await chat.say("```flat\ndraw a line\n```")
    job = await ended(chat.app, (await chat.job()).id)
    assert (job.kind.value, job.text, job.generations) == ("code", "draw a line", 0)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("   ", "empty"),
        ("the moon", "too short"),
        ("x" * 5001, "5001 characters"),
        ("solve x\0 = 2 for x", "U+0000"),
        ("/nonsense", "/nonsense"),
        ("/quality best", "Choose one of low, medium, high"),
        ("/status abcdef", "There is no video with that id"),
        ("/status", "no videos yet"),
        ("/cancel abcdef", "There is no video with that id"),
        ("/cancel", "no video on the way"),
        ("/provider nobody", "echo"),
    ],
)
async def test_what_cannot_be_used_is_answered_with_one_sentence(chat: Chat, text: str, words: str) -> None:
    answer = await chat.answer(text)
    assert words in answer
    assert "Traceback" not in answer
    assert await chat.jobs() == []


async def test_a_short_problem_is_taken_when_an_exact_provider_knows_it(chat: Chat) -> None:
    await chat.say("2x=4")
    assert (await chat.job()).text == "2x=4"


@pytest.mark.parametrize("text", ["solve حل المعادلة x = 2", "solve 👩🏽‍🚀 x² = 4 🏳️‍🌈"])
async def test_other_scripts_arrive_unchanged(chat: Chat, text: str) -> None:
    await chat.say(text)
    assert (await chat.job()).text == text


async def test_a_provider_that_abstains_is_heard(chat: Chat) -> None:
    await chat.say("what is the weather like")
    job = await ended(chat.app, (await chat.job()).id)
    assert job.status is Status.FAILED

    async def look() -> bool:
        return any("Begin with the word solve." in out.text for out in chat.adapter.shown.values())

    await eventually(look)


async def test_choices_are_kept_for_the_next_jobs(chat: Chat) -> None:
    assert "low" in await chat.answer("/quality low")
    assert "9:16" in await chat.answer("/aspect 9:16")
    assert "echo" in await chat.answer("/provider echo")
    assert "Your quality is low" in await chat.answer("/quality")
    await chat.say("solve x = 2 for x")
    job = await chat.job()
    assert (job.options.quality.value, job.options.aspect.value) == ("low", "9:16")
    assert job.provider == "echo"


async def test_a_job_can_be_cancelled_by_the_start_of_its_id(chat: Chat) -> None:
    await chat.say("wait for ever and ever")
    job = await chat.job()
    assert "Cancelled" in await chat.answer(f"/cancel {job.id[:6]}")
    assert (await ended(chat.app, job.id)).status is Status.CANCELLED
    assert "no video on the way" in await chat.answer("/cancel")


async def test_nobody_cancels_the_job_of_another_person(chat: Chat) -> None:
    await chat.say("wait for ever and ever")
    job = await chat.job()
    assert "no video" in await chat.answer(f"/cancel {job.id}", user="u2")
    assert not (await chat.app.state.jobs.get(job.id)).status.final


async def test_status_and_history_name_the_job(chat: Chat) -> None:
    assert "no videos yet" in await chat.answer("/history")
    await chat.say("solve x = 2 for x")
    job = await ended(chat.app, (await chat.job()).id)
    assert job.id in await chat.answer("/history")
    assert "solve x = 2 for x" in await chat.answer("/status")


async def test_code_shows_what_drew_the_last_video_and_draws_code(chat: Chat) -> None:
    await chat.say("solve x = 2 for x")
    await ended(chat.app, (await chat.job()).id)
    assert await chat.answer("/code") == "draw 'solve x = 2 for x'"
    await chat.say("/code\nsomething that nothing detects")
    job = await chat.job(count=2)
    assert (job.kind.value, job.text) == ("code", "something that nothing detects")


async def test_forget_asks_first_and_then_leaves_nothing(chat: Chat) -> None:
    await chat.say("solve secretly x = 2")
    await ended(chat.app, (await chat.job()).id)
    assert "/forget yes" in await chat.answer("/forget")
    assert await chat.jobs()
    await chat.say("wait for ever and ever")
    await chat.job(count=2)
    await chat.say("/forget yes")

    async def look() -> bool | None:
        jobs = sum((await chat.app.state.jobs.by_status()).values())
        return jobs == 0 or None  # the rows go with the sweep that deletes their files

    assert await eventually(look)
    assert await chat.app.state.sessions.find(chat.adapter.platform, "u1") is None


async def test_too_many_unfinished_jobs_are_refused(tmp_path: Path) -> None:
    adapter = ChatAdapter()
    settings = settings_for(tmp_path, limits={"unfinished": 2, "per_minute": 100})
    async with working_app(settings, chat_platform(adapter)) as app:
        chat = Chat(app, adapter)
        for _ in range(2):
            await chat.say("wait for ever and ever")
        await chat.job(count=2)
        assert "2 videos on the way" in await chat.answer("solve x = 2 for x")
        assert len(await chat.jobs()) == 2
        # Another person is not held up.
        await chat.say("solve x = 2 for x", user="u2")
        await chat.job(user="u2")


async def test_too_many_jobs_a_minute_are_refused(tmp_path: Path) -> None:
    adapter = ChatAdapter()
    settings = settings_for(tmp_path, limits={"per_minute": 2, "unfinished": 100})
    async with working_app(settings, chat_platform(adapter)) as app:
        chat = Chat(app, adapter)
        for number in range(2):
            await chat.say(f"solve x = {number} for x")
        await chat.job(count=2)
        assert "2 problems a minute" in await chat.answer("solve x = 3 for x")


async def test_a_message_that_came_before_a_crash_is_answered_after_it(tmp_path: Path) -> None:
    adapter = ChatAdapter()
    settings = settings_for(tmp_path)
    message = Message(adapter.platform, "c", "u1", "m1", "solve x = 2 for x")
    host = host_of(settings, chat_platform(adapter))
    async with open_app(settings, Role("serve", terminal=False), host=host) as app:
        await app.intake.receive(message)  # committed, and the process ends
    async with working_app(settings, chat_platform(adapter)) as app:
        job = await Chat(app, adapter).job()
        assert (await ended(app, job.id)).status is Status.DELIVERED


async def test_messages_of_one_chat_are_answered_in_order(chat: Chat) -> None:
    for value in ("low", "high", "medium", "low", "high"):
        await chat.say(f"/quality {value}")
    await chat.say("/quality")

    async def look() -> Outgoing | None:
        shown = chat.adapter.shown.values()
        return next((out for out in shown if out.reply_to == "m6"), None)

    assert "Your quality is high" in (await eventually(look)).text


async def test_message_that_took_its_process_down_again_and_again_is_given_up(tmp_path: Path) -> None:
    adapter = ChatAdapter()
    settings = settings_for(tmp_path)
    message = Message(adapter.platform, "c", "u1", "m1", "solve x = 2 for x")
    host = host_of(settings, chat_platform(adapter))
    async with open_app(settings, Role("serve", terminal=False), host=host) as app:
        await app.intake.receive(message)
        for _ in range(TRIES):
            assert await app.state.inbox.claim("serve", lease=0.0)  # and the process is gone
    async with working_app(settings, chat_platform(adapter)) as app:

        async def look() -> Outgoing | None:
            return next((out for out in adapter.shown.values() if out.reply_to == "m1"), None)

        assert "went wrong on our side" in (await eventually(look)).text
        assert await Chat(app, adapter).jobs() == []


async def test_inbox_is_worked_off_once_the_database_is_free_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.state.sqlite._BUSY_MS", 10)
    monkeypatch.setattr("botcore.intake.intake.RETRY_SECONDS", 0.05)
    adapter = ChatAdapter()
    settings = settings_for(tmp_path)
    host = host_of(settings, chat_platform(adapter))
    async with open_app(settings, Role("serve", terminal=False), host=host) as app:
        await app.intake.receive(Message(adapter.platform, "c", "u1", "m1", "solve x = 2 for x"))
        with locked(settings.data_dir):
            running = asyncio.create_task(app.intake.run())
            await failed_attempt("inbox")
        assert (await Chat(app, adapter).job()).text == "solve x = 2 for x"
        running.cancel()
        await asyncio.wait({running})


async def test_an_answer_that_takes_longer_than_a_claim_is_given_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.intake.intake.LOOK_AGAIN", 0.02)
    adapter = ChatAdapter()
    settings = settings_for(tmp_path)
    host = host_of(settings, chat_platform(adapter))
    async with open_app(settings, Role("serve", terminal=False), host=host) as app:
        begun: list[str] = []
        over = asyncio.Event()

        async def slow(_message: Message, key: str) -> None:
            begun.append(key)
            for _ in range(5):  # the clock of claims stands still until this one was renewed
                clock.tick(0.4)
                await eventually(renewed)
                app.state.inbox.bell.ring()  # others look for something to do
            over.set()

        async def renewed() -> bool:
            row = await InboxRow.get()
            return row.lease_until is not None and row.lease_until > clock() + timedelta(seconds=0.5)

        clock = SettableClock()
        monkeypatch.setattr(app.state.db, "clock", clock)
        monkeypatch.setattr(app.intake, "_lease", 0.6)
        monkeypatch.setattr(app.intake._answering, "answer", slow)
        await app.intake.receive(Message(adapter.platform, "c", "u1", "m1", "solve x = 2 for x"))
        running = asyncio.create_task(app.intake.run())
        await asyncio.wait_for(over.wait(), 60)
        running.cancel()
        await asyncio.wait({running})
        assert len(begun) == 1


async def test_a_message_that_could_not_be_read_again_is_refused_at_once_and_the_others_go_on(
    chat: Chat,
) -> None:
    wrong = Message("test", "c1", 17, "m1", "solve 2x = 4")  # type: ignore[arg-type]  # an adapter's mistake
    with pytest.raises(TypeError, match="the user_id of a message is text, and not a int"):
        await chat.app.intake.receive(wrong)
    assert await chat.answer("/help")


async def test_a_message_of_a_platform_on_which_nobody_would_answer_is_refused_at_once(chat: Chat) -> None:
    wrong = Message("elsewhere", "c1", "u1", "m1", "solve 2x = 4")  # an adapter's mistake
    with pytest.raises(ValueError, match="names the platform 'elsewhere'; here there is test"):
        await chat.app.intake.receive(wrong)
    assert await chat.app.state.inbox.claim("serve") is None
    assert await chat.answer("/help")
