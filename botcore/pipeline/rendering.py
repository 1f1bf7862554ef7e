"""``rendering``: from a source to a file in the job's scratch folder."""

from __future__ import annotations

import asyncio
import shutil
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from botcore.errors import Handling, JobTimeout, LayoutPoor, RenderError, SourceError
from botcore.model import Artifact, Failure, JobKind, Severity, Status, new_id
from botcore.pipeline.failures import failure_of
from botcore.pipeline.history import History
from botcore.pipeline.ladder import give_up, kept_video, put_aside
from botcore.pipeline.retrying import persistently
from botcore.pipeline.run import JobRun
from botcore.ports import Renderer, RenderLimits, Shrinks
from botcore.state import Attempt, Checkpoint
from botcore.telemetry import get_logger

_log = get_logger(__name__)

_POOR = 2
"""Findings on screen from which on a better video is tried. One may be a touch that nobody minds, or a false
alarm; words that really lie over each other are found again and again as the video goes on."""
_AGAIN = 1.5
"""A better video is tried where the time is left that this one took, so many times."""
_AGAIN_BESIDES = 10.0
"""And so many seconds for all else."""
_TO_UPLOAD = 10.0
"""Seconds that the last rung leaves of the reserve."""


async def render(run: JobRun) -> None:
    """Draw; where the drawing is finished already, go on with it."""
    history = await History.of(run)
    kept = await kept_video(run, history)
    if kept is not None and kept.attempt.source == run.source:
        await _finish(run, kept.artifact, kept.attempt.render_s)
        return
    started = perf_counter()
    attempt = history.current(run)
    # What was given up and is drawn all the same is the plainer version of it: the reserve is there for that.
    last_rung = attempt is not None and attempt.failure is not None
    try:
        async with run.counted():
            artifact = await persistently(lambda: _draw(run, last_rung=last_rung), lambda: run.time_to_make)
    except (RenderError, SourceError, JobTimeout) as error:
        if isinstance(error, JobTimeout) and (run.job.kind is JobKind.CODE or last_rung):
            raise
        if not isinstance(error, JobTimeout) and error.handling is not Handling.FAIL_OVER:
            raise
        await give_up(run, failure_of(error))
        return
    finally:
        run.tools.watching.rendered(run.job.id)
    seconds = perf_counter() - started
    artifact = await run.tools.plugins.hooks.artifact_ready(artifact)
    if kept is not None:
        if _faults(artifact) >= _faults(kept.artifact):
            await run.note(Checkpoint(source=kept.attempt.source))
            return
    elif attempt is not None and _could_be_better(run, attempt, artifact, seconds):
        await _try_better(run, artifact, seconds)
        return
    await _finish(run, artifact, seconds)


async def _finish(run: JobRun, artifact: Artifact, seconds: float) -> None:
    tools, job = run.tools, run.job
    video_id = job.video_id or new_id()

    async def also() -> None:
        await tools.state.videos.plan(video_id, job.id, artifact)
        await tools.state.attempts.rendered(job.id, job.generations, seconds, artifact.findings)

    await run.move(Status.UPLOADING, Checkpoint(artifact=artifact, video_id=video_id), also=also)


# -------------------------------------------------------------------------------------------- a better video


def _could_be_better(run: JobRun, attempt: Attempt, artifact: Artifact, seconds: float) -> bool:
    """Whether a model's video is so untidy that another one is worth its time. A video is never lost by it:
    the better of the two is delivered, and this one whatever becomes of the other."""
    job, tools = run.job, run.tools
    again = (attempt.generate_s + seconds) * _AGAIN + _AGAIN_BESIDES
    return (
        job.kind is JobKind.PROBLEM
        and 0 < job.generations < tools.settings.max_attempts
        and attempt.failure is None
        and bool(attempt.provider)
        and not tools.chain.exact(attempt.provider)
        and not run.source.plain
        and _faults(artifact) >= _POOR
        and run.time_to_make > again
    )


async def _try_better(run: JobRun, artifact: Artifact, seconds: float) -> None:
    job, attempts = run.job, run.tools.state.attempts
    kept = await asyncio.to_thread(put_aside, artifact, run.aside)

    async def also() -> None:
        await attempts.rendered(job.id, job.generations, seconds, artifact.findings)
        await attempts.failed(job.id, job.generations, Failure(LayoutPoor.code))

    _log.info("try_a_tidier_video", findings=len(artifact.findings))
    await run.move(Status.AI_GENERATING, Checkpoint(artifact=kept), also=also)


def _faults(artifact: Artifact) -> int:
    return sum(finding.severity is not Severity.NOTE for finding in artifact.findings)


# ---------------------------------------------------------------------------------------------------- drawing


async def _draw(run: JobRun, *, last_rung: bool) -> Artifact:
    tools, job = run.tools, run.job
    deadline = run.clock.remaining - _TO_UPLOAD if last_rung else run.time_to_make
    if deadline <= 0:
        raise JobTimeout(seconds=round(tools.settings.timeout))
    await asyncio.to_thread(_fresh, run.drawing)
    renderer = await tools.plugins.renderer(job.renderer)
    limits = RenderLimits(max_bytes=tools.settings.max_bytes, deadline=deadline)
    artifact = await renderer.render(run.source, job.options, limits, run.drawing, run.report)
    return await _fitted(run, renderer, artifact)


async def _fitted(run: JobRun, renderer: Renderer, artifact: Artifact) -> Artifact:
    """The artifact, made smaller where the person's platform takes no file of that size.

    One that cannot be made smaller is kept: there may be another way than the chat.
    """
    limit = run.largest(artifact.media_type)
    if not limit or artifact.size <= limit or not isinstance(renderer, Shrinks):
        return artifact
    out = run.drawing / "smaller"
    await asyncio.to_thread(_fresh, out)
    try:
        smaller = await renderer.shrink(artifact, RenderLimits(limit, run.time_to_make), out)
    except RenderError as error:
        if error.handling is Handling.RETRY:
            raise
        _log.info("not_made_smaller", code=error.code, size=artifact.size, limit=limit)
        return artifact
    return replace(smaller, thumbnail=artifact.thumbnail, findings=artifact.findings)


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
