"""What the surfaces do with jobs: submit, cancel, wait, watch."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress

from botcore.delivery import status_buttons, status_text
from botcore.errors import IllegalMove, JobTimeout, UnknownPerson, UnknownPlugin
from botcore.model import Job, RenderProgress
from botcore.pipeline.run import Tools
from botcore.ports import Engine
from botcore.state import Identity, Limits, NewJob
from botcore.telemetry import get_logger

_log = get_logger(__name__)

_UNLIMITED = Limits()


class JobControl:
    """The one door to jobs for chats, the web and the command line. ``watching`` is for whom :meth:`watch` is
    not enough."""

    def __init__(self, tools: Tools, engine: Engine) -> None:
        self._tools = tools
        self._engine = engine
        self.watching = tools.watching

    async def submit(
        self, new: NewJob, *, key: str | None = None, limits: Limits = _UNLIMITED, announce: bool = True
    ) -> tuple[Job, bool]:
        """Make a job and have it run; the job, and whether it is new.

        The same ``key`` gives the same job again. ``announce`` makes its status message: not for platforms
        where people come to look. Raises :class:`~botcore.errors.RateLimited`,
        :class:`~botcore.errors.TooManyJobs` or :class:`UnknownPlugin`.
        """
        if new.renderer not in self._tools.plugins.renderers:
            available = ", ".join(sorted(self._tools.plugins.renderers)) or "none"
            raise UnknownPlugin(kind="renderer", name=new.renderer, available=available)
        self._tools.chain.check_choice(new.provider)
        job, created = await self._tools.state.jobs.submit(
            new,
            key=key,
            limits=limits,
            status_text=status_text if announce else None,
            status_buttons=status_buttons,
        )
        if created:
            self._tools.announcer.tell(job)
        await self._engine.submit(job)
        return job, created

    async def cancel(self, job_id: str, *, session_id: str | None) -> Job:
        """Cancel a job of this session (None: of any); a drawing ends within a second, a stored file goes.

        Raises :class:`~botcore.errors.NotFound` or :class:`~botcore.errors.IllegalMove`.
        """
        job = await self._tools.announcer.cancel(job_id, session_id=session_id)
        await self._engine.cancel(job_id)
        video = await self._tools.state.videos.of_job(job_id)
        if video is not None and video.deleted_at is None:
            await self._tools.state.videos.end(video.id)
            self._tools.reaper.bell.ring()  # a store that is slow or down does not hold up who cancels
        return job

    async def forget(self, session_id: str) -> None:
        """Cancel what a person has under way, then erase what is known of them."""
        jobs = self._tools.state.jobs
        for job_id in await jobs.open_of(session_id):
            with suppress(IllegalMove):  # it ended just now
                await self.cancel(job_id, session_id=session_id)
        await self._tools.state.forget(session_id)
        self._tools.reaper.bell.ring()

    async def forget_person(self, identity: Identity) -> list[Identity]:
        """Forget whoever has this name on a platform; all names of that person.

        :raises UnknownPerson: nothing is kept of anybody with this name.
        """
        sessions = self._tools.state.sessions
        session_id = await sessions.id_of(identity)
        if session_id is not None:
            everyone = await sessions.identities(session_id)
            await self.forget(session_id)
            return everyone
        if not await self._tools.state.forget_messages(identity):
            raise UnknownPerson(user=str(identity))
        return [identity]

    async def wait(self, job_id: str, *, timeout: float | None = None) -> Job:  # noqa: ASYNC109  # with its own error
        """The job once it is offered or ended. Raises :class:`JobTimeout` after ``timeout`` seconds."""
        try:
            async with asyncio.timeout(timeout):
                async for job, _ in self.watch(job_id):
                    if not job.unfinished:
                        return job
        except TimeoutError as error:
            raise JobTimeout(seconds=round(timeout or 0)) from error
        raise AssertionError("watching ends with a finished job")

    def progress(self, job: Job) -> RenderProgress | None:
        """How far the rendering of ``job`` is; None while it is not rendering, or not in this process."""
        return self._tools.watching.progress(job)

    async def watch(self, job_id: str) -> AsyncIterator[tuple[Job, RenderProgress | None]]:
        """The job now and after every change, with the progress of its rendering; ends when it is finished.

        Raises :class:`~botcore.errors.NotFound`.
        """
        seen: tuple[object, ...] = ()
        async with self._tools.watching.watching(job_id) as watched:
            while True:
                heard = watched.bell.rings
                job, progress = watched.sight.job, watched.sight.progress
                shown = (job.status, job.offered_at, progress)
                if shown != seen:
                    seen = shown
                    yield job, progress
                if not job.unfinished:
                    return
                await watched.bell.wait(heard)
