"""Runs a job through its stages, from wherever it stands."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from time import perf_counter

from botcore.errors import BotcoreError, IllegalMove, JobTimeout, Superseded, WorkerLost
from botcore.model import Status
from botcore.pipeline.failures import INTERNAL
from botcore.pipeline.ladder import rescued
from botcore.pipeline.run import JobRun, Tools
from botcore.pipeline.stages import STAGES
from botcore.state import UNFINISHED, DatabaseFailed
from botcore.telemetry import get_logger, log_context, metrics

_log = get_logger(__name__)

LOST_WORKERS = 3
"""A job that took down so many workers is not given to another one."""


class Pipeline:
    """The stages over one job's row. Holds nothing between two runs."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def run(self, job_id: str) -> None:
        """Bring a job to ``ready`` or an end; one that is ``ready`` is handed over.

        Errors become the job's failure. Only the caller's cancellation and a failing database come through;
        the job then stands at its last written status.
        """
        job = await self._tools.state.jobs.get(job_id)
        if not job.unfinished:
            return
        with log_context(job=job.id, session=job.session_id, kind=job.kind.value):
            run = JobRun(self._tools, job)
            try:
                await self._guarded(run)
            except (Superseded, IllegalMove):
                # A person cancelled it, or another worker took over: what stands in the row holds.
                _log.info("job_superseded")
            finally:
                if run.job.status not in UNFINISHED:
                    await asyncio.to_thread(shutil.rmtree, run.folder, ignore_errors=True)

    async def _guarded(self, run: JobRun) -> None:
        try:
            await self._stages(run)
        except (Superseded, IllegalMove, DatabaseFailed):
            raise
        except BotcoreError as error:
            _log.info("stage_failed", code=error.code, detail=error.detail)
            await run.fail_with(error)
        except Exception:  # noqa: BLE001  # whatever a plugin raises ends this job and nothing else
            _log.exception("stage_broke")
            await run.fail(INTERNAL)

    async def _stages(self, run: JobRun) -> None:
        if run.job.lost_workers >= LOST_WORKERS:
            raise WorkerLost
        if run.job.status is Status.READY:
            await self._stage(run)
            return
        while run.job.status in UNFINISHED and run.job.waits_until is None:
            if run.job.status is Status.UPLOADING:  # has a limit of its own: the video is made
                await self._stage(run)
            else:
                await self._making(run)

    async def _making(self, run: JobRun) -> None:
        """The stages that the job's time is for."""
        try:
            async with _limited(run):
                while run.job.status in UNFINISHED and run.job.status is not Status.UPLOADING:
                    await self._stage(run)
                    if run.job.waits_until is not None:
                        return  # it waits in the queue, and nobody holds it
        except JobTimeout:
            # It may have struck while a stage's last write was on its way; what is drawn by now is not lost.
            run.job = await self._tools.state.jobs.get(run.job.id)
            if run.job.status in UNFINISHED and run.job.status is not Status.UPLOADING:
                raise

    async def _stage(self, run: JobRun) -> None:
        status = run.job.status
        started = perf_counter()
        outcome = "raised"
        try:
            with log_context(stage=status.value):
                await _rescuing(run, STAGES[status])
            outcome = run.job.status.value
        finally:
            metrics.stage_seconds.labels(status.value, outcome).observe(perf_counter() - started)


async def _rescuing(run: JobRun, stage: Callable[[JobRun], Awaitable[None]]) -> None:
    """Run a stage; an error that would end the job does not cost a video that is finished."""
    try:
        await stage(run)
    except (Superseded, IllegalMove, DatabaseFailed):
        raise
    except Exception as error:
        if not await rescued(run):
            raise
        _log.info("kept_the_first_video", error=type(error).__name__)


@asynccontextmanager
async def _limited(run: JobRun) -> AsyncIterator[None]:
    """Ends the processing when the job's time is over, time spent by earlier workers included."""
    limit = asyncio.timeout(run.clock.remaining)
    try:
        async with limit:
            yield
    except TimeoutError:
        if not limit.expired():
            raise
        raise JobTimeout(seconds=round(run.tools.settings.timeout)) from None
