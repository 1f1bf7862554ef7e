"""Sessions, videos, attempts, and forgetting."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from botcore.model import Aspect, Failure, Finding, Quality, RenderOptions, Severity, Status
from botcore.state import Attempt, State, status_key
from botcore.state.models import AttemptRow, IdentityRow, InboxRow, JobRow, OutboxRow, SessionRow
from tests.core.state.ground import NEW, SOURCE, Ground, artifact, message, outgoing

WEEK = 7 * 24 * 3600
DAY = 24 * 3600


async def test_one_person_has_one_session_however_many_messages_arrive_at_once(state: State) -> None:
    sessions = await asyncio.gather(*(state.sessions.of("test", "ada") for _ in range(10)))

    assert len({session.id for session in sessions}) == 1
    assert await SessionRow.all().count() == 1


async def test_platforms_do_not_share_user_names(state: State) -> None:
    assert (await state.sessions.of("test", "ada")).id != (await state.sessions.of("web", "ada")).id


async def test_wishes_are_remembered(state: State) -> None:
    session = await state.sessions.of("test", "ada", language="de")
    options = RenderOptions(quality=Quality.LOW, aspect=Aspect.TALL)
    await state.sessions.set_picture(session.id, quality=options.quality, aspect=options.aspect)
    await state.sessions.set_language(session.id, "eo")
    await state.sessions.set_provider(session.id, "solver")

    again = await state.sessions.of("test", "ada")

    assert (again.language, again.options) == ("eo", options)
    assert await state.sessions.provider(session.id) == "solver"


async def test_two_wishes_at_the_same_moment_are_both_remembered(state: State) -> None:
    session = await state.sessions.of("test", "ada")
    await asyncio.gather(
        state.sessions.set_picture(session.id, quality=Quality.LOW),
        state.sessions.set_picture(session.id, aspect=Aspect.TALL),
    )
    again = await state.sessions.of("test", "ada")
    assert (again.options.quality, again.options.aspect) == (Quality.LOW, Aspect.TALL)


async def test_lapsed_session_is_replaced_by_a_fresh_one(ground: Ground) -> None:
    old = await ground.state.sessions.of("test", "ada")
    ground.clock.tick(WEEK + 1)

    new = await ground.state.sessions.of("test", "ada")

    assert new.id != old.id
    assert await ground.state.sessions.get(old.id) is None
    assert await ground.state.sessions.of("test", "ada") == new


async def test_lapsed_session_goes_with_its_rows_but_only_after_its_files(
    ground: Ground, tmp_path: Path
) -> None:
    job = await ground.at(Status.UPLOADING)
    video = await ground.state.videos.plan("v1", job.id, artifact(tmp_path))
    ground.clock.tick(WEEK + 1)
    assert await ground.state.sessions.delete_expired() == 0, "the job may still be done"
    await ground.state.jobs.advance(job, Status.FAILED)

    assert await ground.state.sessions.delete_expired() == 0
    await ground.state.videos.deleted(video.id)
    assert await ground.state.sessions.delete_expired() == 1
    assert await JobRow.all().count() == 0
    assert await IdentityRow.all().count() == 0


async def test_videos_become_unwanted_by_age_or_by_the_end_of_their_job(
    ground: Ground, tmp_path: Path
) -> None:
    videos = ground.state.videos
    kept = await ground.at(Status.READY, "ada")
    ended = await ground.at(Status.UPLOADING, "bob")
    await videos.plan("kept", kept.id, artifact(tmp_path))
    await videos.plan("ended", ended.id, artifact(tmp_path))
    assert await videos.unwanted() == []

    await ground.state.jobs.advance(ended, Status.CANCELLED)
    assert [video.id for video in await videos.unwanted()] == ["ended"]
    ground.clock.tick(DAY + 1)
    assert {video.id for video in await videos.unwanted()} == {"kept", "ended"}
    await videos.deleted("kept")
    assert [video.id for video in await videos.unwanted()] == ["ended"]


async def test_planning_a_video_again_replaces_what_was_recorded(ground: Ground, tmp_path: Path) -> None:
    job = await ground.at(Status.UPLOADING)
    await ground.state.videos.plan("v", job.id, artifact(tmp_path, b"short"))
    await ground.state.videos.plan("v", job.id, artifact(tmp_path, b"longer one"))

    video = await ground.state.videos.of_job(job.id)

    assert video is not None
    assert video.size == len(b"longer one")


async def test_attempts_tell_the_story_of_a_job(ground: Ground) -> None:
    attempts = ground.state.attempts
    job = await ground.job()
    finding = Finding(Severity.WARNING, "tiny", "Too small.", 3, 1)
    await attempts.add(job.id, Attempt(1, "solver", SOURCE, model="exact", generate_s=0.1))
    await attempts.add(job.id, Attempt(2, "llm", SOURCE, model="m", input_tokens=10, cost=0.01))
    await attempts.validated(job.id, 2, replace(SOURCE, code="mended"), (finding,), 1)
    await attempts.rendered(job.id, 2, 4.5, (finding,))
    await attempts.failed(job.id, 1, Failure("scene_failed", {"line": 2}))

    first, second = await attempts.of_job(job.id)

    assert (first.provider, first.failure) == ("solver", Failure("scene_failed", {"line": 2}))
    assert (second.source.code, second.fixes, second.render_s) == ("mended", 1, 4.5)
    assert (second.findings, second.failure) == ((finding, finding), None)


async def test_forgotten_person_leaves_no_word_behind(ground: Ground, tmp_path: Path) -> None:
    state, secret = ground.state, "my secret homework"
    session = await state.sessions.of("test", "ada")
    new = replace(NEW, session_id=session.id, text=secret)
    job, _ = await state.jobs.submit(new, key="k", status_text=lambda _: secret)
    await state.attempts.add(job.id, Attempt(1, "p", replace(SOURCE, code=secret)))
    await state.videos.plan("v", job.id, artifact(tmp_path))
    await state.outbox.enqueue(outgoing("reply", secret))
    while item := await state.sends.claim("w", "serve", ["test"], lease=30):
        await ground.state.sends.sent(item, 0, ["m"], ["m"], parts=1)
    await state.inbox.receive(message("1", secret), "serve")
    received = await state.inbox.claim("serve")
    assert received is not None
    await state.inbox.done(received)
    await state.jobs.advance(job, Status.CANCELLED)

    await state.forget(session.id)

    rows = [
        *(await SessionRow.all().values()),
        *(await JobRow.all().values()),
        *(await AttemptRow.all().values()),
        *(await OutboxRow.all().values()),
        *(await InboxRow.all().values()),
    ]
    assert secret not in repr(rows)
    assert await state.sessions.find("test", "ada") is None
    assert await state.outbox.get(status_key(job.id)) is None
    assert not await state.inbox.receive(message("1", secret), "serve")
    assert [video.id for video in await state.videos.unwanted()] == ["v"]
    await state.videos.deleted("v")
    assert await state.sessions.delete_expired() == 1


async def test_forgetting_one_person_leaves_the_others_in_the_chat(ground: Ground) -> None:
    state = ground.state
    ada, bob = await ground.session("ada"), await ground.session("bob")
    for user, session in (("ada", ada), ("bob", bob)):
        await state.jobs.submit(replace(NEW, session_id=session, text=f"text of {user}"))
        await state.inbox.receive(replace(message(user, f"text of {user}"), user_id=user), "serve")
        item = await state.inbox.claim("serve")
        assert item is not None
        await state.inbox.done(item)

    await state.forget(ada)

    rows = repr([*(await JobRow.all().values()), *(await InboxRow.all().values())])
    assert "text of ada" not in rows
    assert rows.count("text of bob") == 2


@pytest.mark.parametrize("user", ["ada", 'a"d\\a%_é'])
async def test_forgotten_person_who_never_made_a_job_leaves_no_word_behind(ground: Ground, user: str) -> None:
    state, secret = ground.state, "my secret question"
    session = await ground.session(user)
    await state.inbox.receive(replace(message("1", secret), user_id=user), "serve")
    received = await state.inbox.claim("serve")
    assert received is not None
    await state.outbox.enqueue(outgoing("reply", f"I do not understand {secret}"))
    answer = await state.sends.claim("w", "serve", ["test"], lease=30)
    assert answer is not None
    await ground.state.sends.sent(answer, 0, ["m"], ["m"], parts=1)
    await state.outbox.enqueue(outgoing("undelivered", f"I do not understand {secret}"))
    letter = await state.sends.claim("w", "serve", ["test"], lease=30)
    assert letter is not None
    await state.sends.bury(letter, "blocked")
    await state.inbox.done(received)

    await state.forget(session)

    assert secret not in repr([*(await OutboxRow.all().values()), *(await InboxRow.all().values())])
