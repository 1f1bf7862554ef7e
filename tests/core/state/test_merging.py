"""One session of two: nothing is lost, nothing is doubled, and what was chosen and counted holds on."""

from __future__ import annotations

import asyncio
import tempfile
from collections import Counter
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botcore.errors import LinkOver, RateLimited, Superseded, TooManyJobs
from botcore.model import Aspect, Quality, RenderOptions, Status
from botcore.state import Identity, Limits, State, open_state, sqlite_url
from botcore.state.merging import MOVED, merge
from botcore.state.models import IdentityRow, JobRow, SessionRow, VideoRow
from tests.core.state.ground import NEW, PATHS, Ground, SettableClock, artifact

T = TypeVar("T")
DEFAULTS = RenderOptions()
NAMES = ("ada", "bob", "cyd", "dan")


def named(name: str) -> Identity:
    return Identity("test", name)


async def test_every_table_of_a_session_is_moved(state: State) -> None:
    """A new table with a session must not fall with the younger one."""
    related = {
        SessionRow._meta.fields_map[name].related_model for name in SessionRow._meta.backward_fk_fields
    }
    assert related == set(MOVED)


async def test_the_older_session_takes_over_and_its_choices_win_where_some_were_made(ground: Ground) -> None:
    state = ground.state
    old = await state.sessions.of("test", "ada", language="es", options=DEFAULTS)
    ground.clock.tick(3600)
    young = await state.sessions.of("test", "bob", language="ru", options=DEFAULTS)
    await state.sessions.set_picture(old.id, quality=Quality.LOW)
    await state.sessions.set_picture(young.id, quality=Quality.HIGH, aspect=Aspect.TALL)
    await state.sessions.set_provider(young.id, "solver")

    kept = await merge(state.db, named("bob"), named("ada"), defaults=DEFAULTS)

    session = await state.sessions.get(kept)
    assert session is not None
    assert (session.id, session.created_at, session.expires_at) == (old.id, old.created_at, young.expires_at)
    assert session.language == "es"
    assert (session.options.quality, session.options.aspect) == (Quality.LOW, Aspect.TALL)
    assert await state.sessions.provider(kept) == "solver"
    assert await SessionRow.all().count() == 1


async def test_jobs_on_the_way_go_on_with_the_writes_of_their_workers(ground: Ground) -> None:
    first = await ground.job("ada")
    second = await ground.job("bob")
    claimed = await ground.claim("w")
    assert claimed is not None
    await merge(ground.state.db, named("ada"), named("bob"), defaults=DEFAULTS)
    await ground.state.jobs.advance(claimed, Status.AI_GENERATING)
    session_id = await ground.session("bob")
    jobs = {job.id: job for job in await ground.state.jobs.of_session(session_id)}
    assert set(jobs) == {first.id, second.id}
    assert jobs[claimed.id].status is Status.AI_GENERATING


async def test_a_submission_that_meets_a_merge_is_told_to_come_again(ground: Ground) -> None:
    await ground.session("ada")
    new = replace(NEW, session_id=await ground.session("bob"))
    await merge(ground.state.db, named("ada"), named("bob"), defaults=DEFAULTS)
    with pytest.raises(Superseded) as refused:
        await ground.state.jobs.submit(new)
    assert refused.value.handling.value == "retry"


async def test_limits_count_the_jobs_of_both(ground: Ground) -> None:
    for user in ("ada", "bob"):
        await ground.job(user)
    await merge(ground.state.db, named("ada"), named("bob"), defaults=DEFAULTS)
    new = replace(NEW, session_id=await ground.session("ada"))
    with pytest.raises(TooManyJobs):
        await ground.state.jobs.submit(new, limits=Limits(unfinished=2))
    with pytest.raises(RateLimited):
        await ground.state.jobs.submit(new, limits=Limits(per_minute=2))
    await ground.state.jobs.submit(new, limits=Limits(per_minute=3, unfinished=3))


async def test_what_one_of_them_wants_forgotten_is_forgotten_of_both(ground: Ground) -> None:
    jobs = [await ground.at(Status.FAILED, user) for user in ("ada", "bob")]
    kept = await merge(ground.state.db, named("ada"), named("bob"), defaults=DEFAULTS)
    await ground.state.forget(kept)
    assert [(await ground.state.jobs.get(job.id)).text for job in jobs] == ["", ""]
    assert await IdentityRow.all().count() == 0


async def test_who_is_forgotten_under_the_name_of_a_session_that_went_to_another_one_hears_of_it(
    ground: Ground,
) -> None:
    """Else they would be told that nothing is kept any more."""
    sessions = [await ground.session(user) for user in ("ada", "bob")]
    kept = await merge(ground.state.db, named("ada"), named("bob"), defaults=DEFAULTS)
    (gone,) = {*sessions} - {kept}
    with pytest.raises(Superseded) as refused:
        await ground.state.forget(gone)
    assert refused.value.handling.value == "retry"
    await ground.state.forget(kept)
    assert await IdentityRow.all().count() == 0


@pytest.mark.parametrize("turn", range(8))
async def test_of_two_who_join_while_one_of_them_is_forgotten_nothing_stays_half_done(
    ground: Ground, turn: int
) -> None:
    """At once on PostgreSQL: whoever comes second sees what the first one did."""
    jobs = [await ground.at(Status.FAILED, user) for user in ("ada", "bob")]
    ada = await ground.session("ada")

    async def join() -> object:
        return await merge(ground.state.db, named("ada"), named("bob"), defaults=DEFAULTS)

    async def leave() -> object:
        for _ in range(turn):
            await asyncio.sleep(0.001)
        return await ground.state.forget(ada)

    joined, left = await asyncio.gather(join(), leave(), return_exceptions=True)
    texts = [(await ground.state.jobs.get(job.id)).text for job in jobs]
    if isinstance(joined, LinkOver | Superseded):  # forgotten first
        assert (left, texts) == (None, ["", NEW.text])
    else:  # joined first: both are forgotten
        assert isinstance(joined, str)
        assert (left, texts) == (None, ["", ""])


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("job"), st.sampled_from(NAMES), st.sampled_from(sorted(PATHS))),
        st.tuples(st.just("merge"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
        st.tuples(st.just("both"), st.sampled_from(NAMES), st.sampled_from(NAMES)),
    ),
    max_size=8,
)


def run(work: Coroutine[Any, Any, T]) -> T:
    with asyncio.Runner() as runner:
        return runner.run(work)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(steps=STEPS)
def test_whoever_is_merged_in_whatever_order_no_job_video_or_identity_is_lost_or_doubled(
    steps: list[tuple[str, str, str]],
) -> None:
    with tempfile.TemporaryDirectory() as folder:
        run(_merges(steps, Path(folder)))


async def _merges(steps: list[tuple[str, str, str]], folder: Path) -> None:
    async with open_state(sqlite_url(folder / "botcore.db"), clock=SettableClock()) as state:
        ground = Ground(state, state.db.clock)  # type: ignore[arg-type]  # the clock from above
        together = {name: {name} for name in NAMES}
        jobs: dict[str, str] = {}
        for name in NAMES:
            await ground.session(name)
        for step, first, second in steps:
            if step == "job":
                job = await ground.at(Status(second), first)
                await state.videos.plan(f"v{len(jobs)}", job.id, artifact(folder))
                jobs[job.id] = first
                continue
            pairs = [(first, second), (second, first)] if step == "both" else [(first, second)]
            ends = await asyncio.gather(
                *(merge(state.db, named(one), named(two), defaults=DEFAULTS) for one, two in pairs),
                return_exceptions=True,
            )
            assert all(isinstance(end, str | Superseded) for end in ends)
            assert any(isinstance(end, str) for end in ends)
            everyone = together[first] | together[second]
            together |= dict.fromkeys(everyone, everyone)
        await _check(state, together, jobs)


async def _check(state: State, together: dict[str, set[str]], jobs: dict[str, str]) -> None:
    homes = {name: await state.sessions.id_of(named(name)) for name in NAMES}
    for name in NAMES:
        assert {other for other in NAMES if homes[other] == homes[name]} == together[name]
    assert await IdentityRow.all().count() == len(NAMES)
    assert await SessionRow.all().count() == len(set(homes.values()))
    owned = {row.id: row.session_id for row in await JobRow.all()}
    assert owned == {job_id: homes[name] for job_id, name in jobs.items()}
    assert Counter(row.job_id for row in await VideoRow.all()) == Counter(list(jobs))
