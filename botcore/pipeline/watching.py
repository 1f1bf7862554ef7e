"""Watching jobs: one reader of the database for all that is watched in this process, however many watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from time import monotonic
from typing import NoReturn

from botcore.errors import NotFound
from botcore.model import Job, RenderProgress, Status
from botcore.state import Bell, Move, State
from botcore.telemetry import keep_on

_LOOK = 1.0
"""Seconds between two looks at jobs that another process runs."""
_REST = 0.05
"""Seconds between two looks however much happens: what changes meanwhile is seen together."""
_AT_ONCE = 500
"""Jobs that one statement asks for."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What is to be seen of a job at one time: its row, its moves so far, the progress of its rendering (None
    while it is not rendering, or in another process), and how many jobs wait before it while it waits."""

    job: Job
    moves: tuple[Move, ...]
    progress: RenderProgress | None = None
    ahead: int | None = None


class Watched:
    """A job that somebody watches. ``bell`` rings when there is something new to see."""

    def __init__(self, job_id: str) -> None:
        self.job_id = job_id
        self.bell = Bell()
        self.watchers = 0
        self._sight: Sight | None = None

    @property
    def sight(self) -> Sight:
        """The newest sight.

        :raises NotFound: the job is not there any more.
        """
        if self._sight is None:
            raise NotFound("job")
        return self._sight

    @property
    def seen(self) -> Sight | None:
        """The newest sight, if there is one."""
        return self._sight

    def show(self, sight: Sight) -> None:
        """Tell all watchers, if this is new."""
        known = self._sight
        if sight != known and (known is None or sight.job.version >= known.job.version):
            self._sight = sight
            self.bell.ring()

    def lose(self) -> None:
        """The job is gone."""
        self._sight = None
        self.bell.ring()


class Watching:
    """Who watches what in this process.

    :param scope: the processes whose queue is counted for jobs that wait.
    """

    def __init__(self, state: State, *, scope: str) -> None:
        self._state = state
        self._scope = scope
        self._watched: dict[str, Watched] = {}
        self._progress: dict[str, RenderProgress] = {}
        self._reader: asyncio.Task[NoReturn] | None = None
        self._counted = -_LOOK

    # ------------------------------------------------------------------------------- what is being rendered

    def report(self, job_id: str, progress: RenderProgress) -> None:
        """How far the rendering of a job is; kept until :meth:`rendered`."""
        self._progress[job_id] = progress
        watched = self._watched.get(job_id)
        if watched is not None and watched.seen is not None:
            watched.show(replace(watched.seen, progress=self.progress(watched.seen.job)))

    def rendered(self, job_id: str) -> None:
        """The rendering of a job ended, one way or another."""
        self._progress.pop(job_id, None)

    def progress(self, job: Job) -> RenderProgress | None:
        """How far the rendering of ``job`` is; None while it is not rendering, or not in this process."""
        return self._progress.get(job.id) if job.status is Status.RENDERING else None

    # -------------------------------------------------------------------------------------- who watches what

    @asynccontextmanager
    async def watching(self, job_id: str) -> AsyncIterator[Watched]:
        """Watch a job while the body runs.

        :raises NotFound: there is no such job.
        """
        watched = self._watched.setdefault(job_id, Watched(job_id))
        watched.watchers += 1
        try:
            await self._look((watched,))  # what others saw may be older than what the caller knows
            _ = watched.sight
            self._keep_reading()
            yield watched
        finally:
            watched.watchers -= 1
            if not watched.watchers:
                self._watched.pop(job_id, None)
            if not self._watched and self._reader is not None:
                self._reader.cancel()
                self._reader = None

    def wake(self) -> None:
        """Have all watchers look up, new sight or not."""
        for watched in self._watched.values():
            watched.bell.ring()

    # ------------------------------------------------------------------------------------------- the reader

    def _keep_reading(self) -> None:
        if self._reader is None or self._reader.done():
            reading = keep_on(self._round, pause=_LOOK, name="watching")
            self._reader = asyncio.create_task(reading, name="watching")

    async def _round(self) -> None:
        changed = self._state.jobs.changed
        heard = changed.rings
        await self._look(tuple(self._watched.values()))
        await self._count()
        await asyncio.sleep(_REST)
        await changed.wait(heard, timeout=_LOOK)

    async def _look(self, all_watched: tuple[Watched, ...]) -> None:
        """Read anew those that changed."""
        versions: dict[str, int] = {}
        ids = [watched.job_id for watched in all_watched]
        for start in range(0, len(ids), _AT_ONCE):
            versions |= await self._state.moves.versions(ids[start : start + _AT_ONCE])
        for watched in all_watched:
            version = versions.get(watched.job_id)
            if version is None:
                watched.lose()
            elif watched.seen is None or watched.seen.job.version != version:
                await self._read(watched)

    async def _read(self, watched: Watched) -> None:
        known = watched.seen.moves if watched.seen is not None else ()
        try:
            job = await self._state.jobs.get(watched.job_id)
        except NotFound:
            watched.lose()
            return
        after = known[-1].version if known else -1
        # The row is read first: a move that is in it is among the moves.
        moves = (*known, *await self._state.moves.of_job(job.id, after=after))
        ahead = watched.seen.ahead if watched.seen is not None and job.status is Status.QUEUED else None
        watched.show(Sight(job, moves, self.progress(job), ahead))

    async def _count(self) -> None:
        """Tell those that wait how many are before them, now and then: the whole queue is looked at."""
        waiting = [watched for watched in self._watched.values() if _waits(watched.seen)]
        if not waiting or monotonic() - self._counted < _LOOK:
            return
        queue = await self._state.queue.waiting(self._scope)
        places = {job_id: place for place, (job_id, _) in enumerate(queue)}
        for watched in waiting:
            if watched.seen is not None and _waits(watched.seen):
                watched.show(replace(watched.seen, ahead=places.get(watched.job_id)))
        self._counted = monotonic()


def _waits(sight: Sight | None) -> bool:
    return sight is not None and sight.job.status is Status.QUEUED
