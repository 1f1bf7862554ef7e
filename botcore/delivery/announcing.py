"""Moves a job and tells everybody: the row, the status message, plugins, metrics."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from botcore.delivery.buttons import status_buttons
from botcore.delivery.wording import status_text
from botcore.errors import NotFound, Superseded
from botcore.hooks.runner import HookRunner
from botcore.model import Job, Status
from botcore.state import Checkpoint, State, link_key, video_key
from botcore.telemetry import get_logger, metrics, spawn

_log = get_logger(__name__)

_NO_CHANGE = Checkpoint()


class Announcer:
    """The one way to a new status. ``fixes``: whether somebody is there who can mend a person's code."""

    def __init__(self, state: State, hooks: HookRunner, *, fixes: bool = False) -> None:
        self._fixes = fixes
        self._state = state
        self._hooks = hooks

    async def move(
        self,
        job: Job,
        after: Status,
        checkpoint: Checkpoint = _NO_CHANGE,
        *,
        spent: float = 0.0,
        also: Callable[[], Awaitable[None]] | None = None,
    ) -> Job:
        """Write the new status, what ``also`` writes, and the status message, in one transaction.

        Raises :class:`~botcore.errors.IllegalMove` or :class:`~botcore.errors.Superseded`; then nothing was
        written. Plugins are told afterwards, in the background.
        """

        async def write() -> Job:
            moved = await self._state.jobs.advance(job, after, checkpoint, spent=spent)
            if also is not None:
                await also()
            if after is not Status.DELIVERED:
                # "Ready" is the last word: by now the status message may have been turned into the video.
                await self._state.outbox.update_status(
                    moved, status_text(moved), buttons=status_buttons(moved, fixes=self._fixes)
                )
            if after.final:
                for key in (video_key(job.id), link_key(job.id)):
                    await self._state.outbox.drop(key)
            return moved

        moved = await self._state.db.transaction(write)
        self.tell(moved)
        return moved

    async def rest(self, job: Job, until: datetime) -> Job:
        """Give the job back until then, in its status, and say so in its status message.

        Raises :class:`~botcore.errors.Superseded`.
        """

        async def write() -> Job:
            rested = await self._state.jobs.rest(job, until)
            buttons = status_buttons(rested, fixes=self._fixes)
            await self._state.outbox.update_status(rested, status_text(rested), buttons=buttons)
            return rested

        return await self._state.db.transaction(write)

    async def cancel(self, job_id: str, *, session_id: str | None) -> Job:
        """Move a job to ``cancelled`` whoever works on it. ``session_id`` None is the operator's.

        Raises :class:`~botcore.errors.NotFound` or :class:`~botcore.errors.IllegalMove`.
        """
        while True:
            job = await self._state.jobs.get(job_id)
            if session_id is not None and job.session_id != session_id:
                raise NotFound("job")
            try:
                return await self.move(job, Status.CANCELLED)
            except Superseded:
                continue  # a stage ended at the same moment

    def tell(self, job: Job) -> None:
        """Log and count what became of a job, and call the plugins that want to know."""
        code = job.failure.code if job.failure is not None else None
        _log.info("job_moved", job=job.id, status=job.status.value, code=code)
        if job.status.final:
            metrics.jobs_finished.labels(job.kind.value, job.status.value).inc()
        if job.status is Status.FAILED and code is not None:
            metrics.jobs_failed.labels(code).inc()
        spawn(self._hooks.job_changed(job), name="job_changed")
