"""The single access: who gets it, for how long, and that the file goes with it.

Random viewers click, look, finish, and let time pass, while the reaper sweeps and the store is down now and
then; a model kept in plain Python says what each of them must see.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from botcore.delivery import SingleAccess
from botcore.errors import NotFound, ObjectMissing, StoreUnavailable, VideoDeleted, VideoExpired, VideoSeen
from botcore.model import Status
from botcore.state import Video
from botcore.telemetry.metrics import REGISTRY
from tests.core.runtime.world import World, open_world, until
from tests.core.state.ground import START, SettableClock

T = TypeVar("T")
WINDOW, GRACE, DAY = 900.0, 60.0, 86_400.0


def access_of(world: World, window: float = WINDOW) -> SingleAccess:
    return SingleAccess(world.state, world.tools.announcer, window=window, grace=GRACE)


async def offered(world: World) -> Video:
    """A video that waits for its person."""
    job = await world.make(platform="web")
    await world.pipeline.run(job.id)
    video = await world.state.videos.of_job(job.id)
    assert video is not None
    return video


@pytest.mark.usefixtures("each_backend")
async def test_taking_it_delivers_the_job_in_the_same_transaction(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(tmp_path) as world:
        video = await offered(world)

        async def dies(*_: object, **__: object) -> bool:
            raise SystemError("killed in the middle")

        with monkeypatch.context() as dying:
            dying.setattr(world.state.access, "take", dies)
            with pytest.raises(SystemError):
                await access_of(world).take(video.id, "ada", {"ada"})
        assert (await world.state.jobs.get(video.job_id)).status is Status.READY

        taken = await access_of(world).take(video.id, "ada", {"ada"})
        assert taken.viewer == "ada"
        assert (await world.state.jobs.get(video.job_id)).status is Status.DELIVERED


async def test_what_is_ready_can_be_had_at_once_where_people_come_to_look(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make(platform="web")
        assert (job.status, job.offered_at) == (Status.READY, None)
        with pytest.raises(NotFound):
            await access_of(world).look(job.video_id or "", {"ada"})
        here = SingleAccess(world.state, world.tools.announcer, window=WINDOW, grace=GRACE, visited={"web"})

        assert (await here.take(job.video_id or "", "ada", {"ada"})).viewer == "ada"

        await world.pipeline.run(job.id)  # its delivery, which comes too late
        assert (await world.state.jobs.get(job.id)).status is Status.DELIVERED
        assert world.stored_files()


@pytest.mark.usefixtures("each_backend")
async def test_of_many_clicks_at_once_one_viewer_wins_and_gets_the_same_grant_for_each(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path) as world:
        video, access = await offered(world), access_of(world)
        clicks = [
            access.take(video.id, viewer, {viewer}) for viewer in ("ada", "bob", "ada", "eve", "ada", "bob")
        ]
        ends = await asyncio.gather(*clicks, return_exceptions=True)

        got = [end for end in ends if isinstance(end, Video)]
        assert len({(each.viewer, each.taken_until) for each in got}) == 1
        assert all(isinstance(end, VideoSeen) for end in ends if not isinstance(end, Video))
        assert len(got) == ("ada", "bob", "ada", "eve", "ada", "bob").count(got[0].viewer or "")


@pytest.mark.usefixtures("each_backend")
async def test_a_long_video_may_be_watched_three_times(tmp_path: Path) -> None:
    async with open_world(tmp_path, clock=SettableClock()) as world:
        video = await offered(world)  # of one second
        taken = await access_of(world, window=1.5).take(video.id, "ada", {"ada"})
        assert taken.taken_at is not None
        assert taken.taken_until is not None
        assert timedelta(seconds=2.9) < taken.taken_until - taken.taken_at < timedelta(seconds=3.1)


@pytest.mark.usefixtures("each_backend")
async def test_a_video_on_its_way_into_a_chat_has_no_access(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make()
        with pytest.raises(NotFound):
            await access_of(world).take(job.video_id or "", "ada", {"ada"})


@pytest.mark.usefixtures("each_backend")
async def test_a_video_that_was_taken_while_the_reaper_came_for_it_is_left_to_its_viewer(
    tmp_path: Path,
) -> None:
    async with open_world(tmp_path) as world:
        nobodys, access = await offered(world), access_of(world)
        await access.take(nobodys.id, "ada", {"ada"})

        await world.tools.reaper.delete(nobodys)  # as it was a moment ago

        assert (await access.look(nobodys.id, {"ada"})).viewer == "ada"
        assert world.stored_files()


@pytest.mark.usefixtures("each_backend")
async def test_a_file_whose_store_is_down_is_shut_at_once_and_deleted_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(tmp_path) as world:
        access = access_of(world)
        video = await access.take((await offered(world)).id, "ada", {"ada"})

        async def down(_: str) -> None:
            raise StoreUnavailable

        with monkeypatch.context() as broken:
            broken.setattr(world.store, "delete", down)
            await world.tools.reaper.delete(video)
        with pytest.raises(VideoSeen):
            await access.look(video.id, {"ada"})
        assert world.stored_files()

        await world.tools.reaper.sweep()
        assert world.stored_files() == []


def deletions(reason: str) -> float:
    return REGISTRY.get_sample_value("botcore_videos_deleted_total", {"reason": reason}) or 0.0


async def counted(reason: str, before: dict[str, float]) -> bool:
    """Whether one more deletion was counted."""
    return deletions(reason) > before[reason]


@pytest.mark.usefixtures("each_backend")
async def test_each_deletion_is_counted_once_by_its_reason(tmp_path: Path) -> None:
    before = {reason: deletions(reason) for reason in ("seen", "delivered", "expired", "cancelled")}
    clock = SettableClock()
    async with open_world(tmp_path, clock=clock) as world:
        seen, cancelled, expired = [await offered(world) for _ in range(3)]
        sent = await world.submit(user="bob")
        async with world.running():
            await world.control.wait(sent.id)
            await until(lambda: counted("delivered", before))  # it is deleted after the job has ended
        await access_of(world).take(seen.id, "ada", {"ada"})
        await world.control.cancel(cancelled.job_id, session_id=None)
        clock.tick(DAY)
        for _ in range(2):
            await world.tools.reaper.sweep()
        assert (await world.state.jobs.get(expired.job_id)).status is Status.EXPIRED
        assert world.stored_files() == []
    assert {reason: deletions(reason) - count for reason, count in before.items()} == dict.fromkeys(before, 1)


class Viewers(RuleBasedStateMachine):
    """One video, three viewers, and a clock that only moves when told."""

    names = st.sampled_from(["ada", "bob", "eve"])

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = SettableClock()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = AsyncExitStack()
        self.viewer: str | None = None
        self.until: datetime | None = None
        self.cancelled = self.swept_expired = self.down = False
        self.faults = pytest.MonkeyPatch()

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def open(self) -> None:
        self.world = self.run(
            self.stack.enter_async_context(open_world(self.folder / "world", clock=self.clock))
        )
        self.access = access_of(self.world)
        self.video = self.run(offered(self.world))

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()
        shutil.rmtree(self.folder)

    # ------------------------------------------------------------------------------------------------ steps

    @rule(who=names)
    def click(self, who: str) -> None:
        expected = self.expected(who)
        now = self.clock()
        error = self.attempt(self.access.take(self.video.id, who, {who}))
        assert error is expected
        if error is None and self.viewer is None:
            self.viewer, self.until = who, now + timedelta(seconds=WINDOW)

    @rule(who=names)
    def look(self, who: str) -> None:
        assert self.attempt(self.access.look(self.video.id, {who})) is self.expected(who)

    @rule(who=names)
    def finish(self, who: str) -> None:
        now = self.clock()
        self.run(self.access.end(self.video.id, who))
        if who == self.viewer and self.until is not None:
            self.until = min(self.until, now + timedelta(seconds=GRACE))

    @precondition(lambda self: self.clock() < START + timedelta(days=5))  # the session lives seven days
    @rule(seconds=st.sampled_from([1.0, GRACE, WINDOW, DAY - 1, DAY]))
    def wait(self, seconds: float) -> None:
        self.clock.tick(seconds)

    @rule()
    def sweep(self) -> None:
        self.run(self.world.tools.reaper.sweep())
        self.swept_expired = self.swept_expired or (self.viewer is None and self.over_day())

    @rule(down=st.booleans())
    def store(self, down: bool) -> None:
        async def fails(_: str) -> None:
            raise StoreUnavailable

        self.down = down
        self.faults.undo()
        if down:
            self.faults.setattr(self.world.store, "delete", fails)

    @precondition(lambda self: self.viewer is None and not self.swept_expired and not self.cancelled)
    @rule()
    def cancel(self) -> None:
        self.run(self.world.control.cancel(self.video.job_id, session_id=None))
        self.cancelled = True

    # --------------------------------------------------------------------------------------- what must hold

    @invariant()
    def the_file_is_there_for_whoever_may_look(self) -> None:
        if self.viewer is not None and self.expected(self.viewer) is None:
            assert self.world.stored_files()

    @invariant()
    def a_sweep_leaves_nothing_that_nobody_may_see(self) -> None:
        if not self.down and self.expected(self.viewer or "nobody") is not None:
            self.sweep()
            assert self.world.stored_files() == []

    @invariant()
    def the_job_says_what_became_of_it(self) -> None:
        status = self.run(self.world.state.jobs.get(self.video.job_id)).status
        if self.viewer is not None:
            assert status is Status.DELIVERED
        elif self.cancelled:
            assert status is Status.CANCELLED
        elif self.swept_expired:
            assert status is Status.EXPIRED
        else:
            assert status is Status.READY

    def over_day(self) -> bool:
        return self.clock() >= self.video.expires_at

    def expected(self, who: str) -> type[Exception] | None:
        """What ``who`` is told now; None: it can be had."""
        if self.viewer is not None:
            assert self.until is not None
            return None if who == self.viewer and self.clock() < self.until else VideoSeen
        if self.cancelled:
            return VideoDeleted
        return VideoExpired if self.over_day() else None

    def attempt(self, work: Coroutine[Any, Any, object]) -> type[Exception] | None:
        try:
            self.run(work)
        except ObjectMissing as error:
            return type(error)
        return None


TestViewers = Viewers.TestCase
TestViewers.settings = settings(
    max_examples=15,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
