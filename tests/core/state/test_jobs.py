from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from botcore.errors import IllegalMove, RateLimited, Superseded, TooManyJobs
from botcore.model import TRANSITIONS, Failure, Status
from botcore.state import HANDING_OVER, MAKING, Checkpoint, Limits, status_key
from tests.core.state.ground import LEASE, NEW, PATHS, SOURCE, Ground, artifact

NOBODY = "0000000000000000"


# ----------------------------------------------------------------------------------------------- submission


async def test_submission_makes_job_and_status_message_together(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session(), reply_to="m7")

    job, created = await ground.state.jobs.submit(new, status_text=lambda job: f"job {job.id}")

    assert created
    assert (job.status, job.version, job.text) == (Status.QUEUED, 0, "solve x = 1")
    item = await ground.state.outbox.get(status_key(job.id))
    assert item is not None
    assert (item.payload.text, item.payload.reply_to, item.chat_id) == (f"job {job.id}", "m7", "chat")


async def test_submission_that_fails_halfway_leaves_nothing(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())

    def wording(_: object) -> str:
        raise RuntimeError("no words")

    with pytest.raises(RuntimeError):
        await ground.state.jobs.submit(new, status_text=wording)

    assert await ground.state.jobs.of_session(new.session_id) == []


async def test_same_key_gives_the_same_job(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())

    answers = await asyncio.gather(*(ground.state.jobs.submit(new, key="k") for _ in range(8)))

    assert len({job.id for job, _ in answers}) == 1
    assert sorted(created for _, created in answers) == [False] * 7 + [True]


async def test_job_of_an_unknown_session_is_refused(ground: Ground) -> None:
    with pytest.raises(Superseded):
        await ground.state.jobs.submit(replace(NEW, session_id=NOBODY))


async def test_job_of_a_session_that_is_over_is_refused_and_revives_nothing(ground: Ground) -> None:
    over, forgotten = await ground.session("ada"), await ground.session("bob")
    await ground.state.forget(forgotten)
    ground.clock.tick(8 * 86_400)

    for session_id in (over, forgotten):
        with pytest.raises(Superseded):
            await ground.state.jobs.submit(replace(NEW, session_id=session_id))
        assert await ground.state.sessions.get(session_id) is None
        assert await ground.state.jobs.of_session(session_id) == []


async def test_unfinished_jobs_are_limited_however_many_arrive_at_once(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    limits = Limits(unfinished=3)

    answers = await asyncio.gather(
        *(ground.state.jobs.submit(new, limits=limits) for _ in range(10)), return_exceptions=True
    )

    refused = [answer for answer in answers if isinstance(answer, TooManyJobs)]
    assert len(refused) == 7
    assert len(await ground.state.jobs.of_session(new.session_id)) == 3


async def test_ended_jobs_make_room_again(ground: Ground) -> None:
    job = await ground.job()
    new = replace(NEW, session_id=job.session_id)
    await ground.state.jobs.advance(job, Status.FAILED)

    _, created = await ground.state.jobs.submit(new, limits=Limits(unfinished=1))

    assert created


async def test_submissions_a_minute_are_limited_and_the_wait_is_told(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    limits = Limits(per_minute=2)
    await ground.state.jobs.submit(new, limits=limits)
    ground.clock.tick(40)
    await ground.state.jobs.submit(new, limits=limits)

    with pytest.raises(RateLimited) as caught:
        await ground.state.jobs.submit(new, limits=limits)
    assert caught.value.params["seconds"] == 20

    ground.clock.tick((caught.value.retry_after or 0) - 0.01)
    with pytest.raises(RateLimited) as again:
        await ground.state.jobs.submit(new, limits=limits)
    assert again.value.params["seconds"] == 1, "never too short"
    ground.clock.tick(again.value.retry_after or 0)
    _, created = await ground.state.jobs.submit(new, limits=limits)
    assert created


async def test_a_repeated_submission_counts_once_and_is_never_refused(ground: Ground) -> None:
    new = replace(NEW, session_id=await ground.session())
    limits = Limits(per_minute=2, unfinished=2)
    first, _ = await ground.state.jobs.submit(new, key="first", limits=limits)
    for _ in range(3):
        assert await ground.state.jobs.submit(new, key="first", limits=limits) == (first, False)
    await ground.state.jobs.submit(new, key="second", limits=limits)
    assert await ground.state.jobs.submit(new, key="first", limits=limits) == (first, False)


async def test_submission_extends_the_session(ground: Ground) -> None:
    session = await ground.state.sessions.of("test", "ada")
    ground.clock.tick(3600)
    await ground.job()

    extended = await ground.state.sessions.get(session.id)

    assert extended is not None
    assert (extended.expires_at - session.expires_at).total_seconds() == pytest.approx(3600, abs=1)


# ----------------------------------------------------------------------------------------------------- moves


@pytest.mark.parametrize("before", list(Status))
async def test_only_the_moves_of_the_table_are_written(ground: Ground, before: Status) -> None:
    for after in Status:
        job = await ground.at(before)
        if after in TRANSITIONS[before]:
            assert (await ground.state.jobs.advance(job, after)).status is after
            continue
        with pytest.raises(IllegalMove):
            await ground.state.jobs.advance(job, after)
        assert await ground.state.jobs.get(job.id) == job


async def test_every_status_can_be_reached() -> None:
    assert set(PATHS) == set(Status)


async def test_of_two_writers_with_one_version_the_second_loses(ground: Ground) -> None:
    job = await ground.job()
    await ground.state.jobs.advance(job, Status.AI_GENERATING)

    with pytest.raises(Superseded):
        await ground.state.jobs.advance(job, Status.CANCELLED)

    assert (await ground.state.jobs.get(job.id)).status is Status.AI_GENERATING


async def test_checkpoint_comes_back_whole(ground: Ground, tmp_path: Path) -> None:
    job = await ground.job()
    rendered = artifact(tmp_path)
    failure = Failure("scene_failed", {"line": 3, "problem": "bad \x00 \ud800 text"})

    job = await ground.state.jobs.note(
        job, Checkpoint(source=SOURCE, artifact=rendered, generations=2, failure=failure, video_id="v" * 16)
    )

    assert (job.source, job.generations, job.video_id) == (SOURCE, 2, "v" * 16)
    assert job.failure == Failure("scene_failed", {"line": 3, "problem": "bad \x00 ? text"})
    assert await ground.state.jobs.artifact(job.id) == rendered


async def test_processing_time_adds_up_over_writers(ground: Ground) -> None:
    job = await ground.job()
    await ground.state.jobs.spend(job.id, 2.5)
    job = await ground.state.jobs.advance(job, Status.AI_GENERATING, spent=1.5)

    assert job.processing_s == pytest.approx(4.0)


async def test_job_of_another_session_does_not_exist(ground: Ground) -> None:
    job = await ground.job("ada")

    assert await ground.state.jobs.find(job.id, await ground.session("bob")) is None
    assert await ground.state.jobs.find(job.id, job.session_id) == job


async def test_history_is_newest_first(ground: Ground) -> None:
    jobs = [await ground.job() for _ in range(5)]
    newest = await ground.state.jobs.of_session(jobs[0].session_id, limit=3)
    assert [job.id for job in newest] == [job.id for job in reversed(jobs[2:])]


# ---------------------------------------------------------------------------------------------------- claims


async def test_one_job_is_claimed_once_however_many_workers_ask(ground: Ground) -> None:
    await ground.job()

    claims = await asyncio.gather(*(ground.claim(f"w{n}") for n in range(10)))

    assert len([claim for claim in claims if claim is not None]) == 1


async def test_one_session_has_one_job_at_a_time(ground: Ground) -> None:
    await ground.job("ada")
    await ground.job("ada")
    other = await ground.job("bob")

    claims = await asyncio.gather(*(ground.claim(f"w{n}") for n in range(6)))
    taken = [claim for claim in claims if claim is not None]

    assert len({claim.session_id for claim in taken}) == len(taken)
    again = await ground.claim("w9")
    assert again is None or again.id == other.id


async def test_priority_goes_first_then_the_order_of_submission(ground: Ground) -> None:
    low = await ground.job("a")
    later = await ground.job("b")
    urgent = await ground.job("c", priority=5)

    order = [await ground.claim(f"w{n}") for n in range(3)]

    assert [job.id for job in order if job is not None] == [urgent.id, low.id, later.id]


async def test_jobs_of_another_scope_are_left_alone(ground: Ground) -> None:
    await ground.job(scope="render:1")

    assert await ground.claim("w", scope="serve") is None
    assert await ground.claim("w", scope="render:1") is not None


async def test_live_lease_is_respected_and_a_lapsed_one_taken_over(ground: Ground) -> None:
    await ground.job()
    first = await ground.claim("dead")
    assert first is not None

    ground.clock.tick(LEASE - 1)
    assert await ground.claim("heir") is None
    ground.clock.tick(2)
    second = await ground.claim("heir")

    assert second is not None
    assert (second.id, second.lost_workers) == (first.id, 1)
    assert not await ground.state.claims.renew(first.id, "dead", lease=LEASE)
    with pytest.raises(Superseded):
        await ground.state.jobs.advance(first, Status.AI_GENERATING)


async def test_renewed_lease_is_not_taken_over(ground: Ground) -> None:
    await ground.job()
    job = await ground.claim("w")
    assert job is not None

    for _ in range(5):
        ground.clock.tick(LEASE / 2)
        assert await ground.state.claims.renew(job.id, "w", lease=LEASE)
        assert await ground.claim("thief") is None

    # renewing is no decision: the holder's version still counts
    await ground.state.jobs.advance(job, Status.AI_GENERATING)


async def test_released_job_is_claimed_again_without_counting_a_lost_worker(ground: Ground) -> None:
    await ground.job()
    job = await ground.claim("w")
    assert job is not None

    await ground.state.claims.release(job.id, "w")
    again = await ground.claim("x")

    assert again is not None
    assert again.lost_workers == 0


async def test_release_after_the_claim_was_lost_does_nothing(ground: Ground) -> None:
    await ground.job()
    job = await ground.claim("dead")
    assert job is not None
    ground.clock.tick(LEASE + 1)
    assert await ground.claim("heir") is not None

    await ground.state.claims.release(job.id, "dead")

    assert await ground.claim("third") is None


async def test_paused_job_rests_before_it_is_claimed_again(ground: Ground) -> None:
    await ground.job()
    job = await ground.claim("w")
    assert job is not None
    await ground.state.claims.release(job.id, "w", pause=5, lost=True)

    assert await ground.claim("x") is None
    due = await ground.state.claims.next_due(MAKING, "serve")
    assert due is not None
    ground.clock.tick((due - ground.clock()).total_seconds() + 0.1)
    again = await ground.claim("x")
    assert again is not None
    assert again.lost_workers == 1


async def test_worker_that_dies_right_after_the_last_write_leaves_no_claim_behind(ground: Ground) -> None:
    await ground.at(Status.UPLOADING)
    held = await ground.claim("w", MAKING)
    assert held is not None
    await ground.state.jobs.advance(held, Status.READY)

    handed = await ground.claim("x", HANDING_OVER)
    assert handed is not None
    assert handed.lost_workers == 0


async def test_ready_job_goes_to_the_lane_that_hands_over(ground: Ground) -> None:
    job = await ground.at(Status.READY)

    assert await ground.claim("w", MAKING) is None
    handed = await ground.claim("w", HANDING_OVER)
    assert handed is not None
    await ground.state.jobs.note(handed, Checkpoint(offered_at=ground.clock()))
    await ground.state.claims.release(job.id, "w")
    assert await ground.claim("x", HANDING_OVER) is None


async def test_end_gives_the_claim_back(ground: Ground) -> None:
    await ground.job("ada")
    await ground.job("ada")
    job = await ground.claim("w")
    assert job is not None

    await ground.state.jobs.advance(job, Status.FAILED)

    following = await ground.claim("w2")
    assert following is not None
    assert following.id != job.id


async def test_submission_rings_the_bell(ground: Ground) -> None:
    bell = ground.state.jobs.bell
    before = bell.rings
    await ground.job()
    assert bell.rings > before
