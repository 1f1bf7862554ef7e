"""The stages. Each reads the job of a run, does one thing, and ends in one write. Each may be repeated."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace

from botcore.errors import (
    DeliveryRejected,
    MediaTooLarge,
)
from botcore.model import (
    VERIFIED,
    Delivered,
    Finding,
    JobKind,
    NotMine,
    Offered,
    Severity,
    Source,
    Status,
    StoredObject,
)
from botcore.pipeline.failures import failure_of_findings
from botcore.pipeline.findings import findings_of
from botcore.pipeline.fixes import mend
from botcore.pipeline.generating import generate
from botcore.pipeline.history import GIVEN, History
from botcore.pipeline.ladder import give_up
from botcore.pipeline.rendering import render
from botcore.pipeline.retrying import persistently
from botcore.pipeline.run import JobRun
from botcore.pipeline.uploading import upload
from botcore.state import Attempt, Checkpoint
from botcore.telemetry import get_logger

_log = get_logger(__name__)

_FIX_ROUNDS = 8
"""A fix may make way for another one; no code needs more rounds than this."""
_PATIENCE = 120.0
"""A delivery that wants a longer pause than this many seconds fails the job."""


async def begin(run: JobRun) -> None:
    """``queued``: a problem goes to the providers, and so does a wish; code is a source already."""
    job, attempts = run.job, run.tools.state.attempts
    source = job.source
    if source is None and job.kind is JobKind.PROBLEM:
        await run.move(Status.AI_GENERATING)
        return
    if source is None:
        language = run.tools.plugins.renderers[job.renderer].language
        source = Source(language, job.text, user_language=job.user_language, scene=job.options.scene)
        source = await run.tools.plugins.hooks.source_ready(source)
    begun = await attempts.of_job(job.id)  # it was here before, and had to wait
    given = Attempt(number=GIVEN, provider="", source=source)

    async def also() -> None:
        if not begun:
            await attempts.add(job.id, given)

    after = Status.CODE_VALIDATING if job.wish is None else Status.AI_GENERATING
    await run.move(after, Checkpoint(source=source), also=also)


# ----------------------------------------------------------------------------------------------- validation


async def validate(run: JobRun) -> None:
    """``code_validating``: read the source, mend what can be mended for sure in code that a model wrote."""
    job, attempts = run.job, run.tools.state.attempts
    attempt = (await History.of(run)).current(run)
    if attempt is not None and attempt.failure is not None:  # there was no source in the model's answer
        await give_up(run, attempt.failure)
        return
    source, mended = run.source, list[Finding]()
    broken = set[str]()
    findings = await findings_of(run.tools.plugins, source, broken=broken)
    if job.kind is JobKind.PROBLEM:
        for _ in range(_FIX_ROUNDS):
            code, now = mend(source.code, findings)
            if not now:
                break
            source = replace(source, code=code)
            mended += [replace(finding, severity=Severity.NOTE, fix=()) for finding in now]
            findings = await findings_of(run.tools.plugins, source, broken=broken)
    if any(finding.code == VERIFIED for finding in findings):
        source = replace(source, checked=True)
    await attempts.validated(job.id, job.generations, source, (*findings, *mended), len(mended))
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        await give_up(run, failure_of_findings(errors))
    else:
        await run.move(Status.RENDERING, Checkpoint(source=source))


# ------------------------------------------------------------------------------------------------ delivery


async def deliver(run: JobRun) -> None:
    """``ready``: ask the deliverers, highest priority first."""
    tools = run.tools
    video = await run.video()
    stored = StoredObject(video.key, video.size, video.media_type, video.etag)
    ordered = sorted(tools.plugins.deliverers.items(), key=lambda item: (-item[1].priority, item[0]))
    for name, _ in ordered:

        async def hand_over(name: str = name) -> Delivered | Offered | NotMine:
            deliverer = await tools.plugins.deliverer(name)
            return await deliverer.deliver(run.job, stored)

        answer = await persistently(hand_over, lambda: _PATIENCE)
        if isinstance(answer, NotMine):
            continue
        if isinstance(answer, Offered):
            run.job = await tools.state.jobs.get(run.job.id)
            if run.job.unfinished:  # else the deliverer wrote it together with its message
                offered = Checkpoint(offered_at=tools.state.db.clock())
                run.job = await tools.state.jobs.note(run.job, offered)
            tools.announcer.tell(run.job)
        else:
            await run.move(Status.DELIVERED)
            await tools.reaper.delete(video)
        return
    limit = run.largest(video.media_type)
    if 0 < limit < video.size:
        raise MediaTooLarge(size_mb=round(video.size / 1e6, 1), limit_mb=round(limit / 1e6))
    raise DeliveryRejected(f"no deliverer takes {video.media_type} of {video.size} bytes")


STAGES: Mapping[Status, Callable[[JobRun], Awaitable[None]]] = {
    Status.QUEUED: begin,
    Status.AI_GENERATING: generate,
    Status.CODE_VALIDATING: validate,
    Status.RENDERING: render,
    Status.UPLOADING: upload,
    Status.READY: deliver,
}
"""What is done in each status that is not final."""
