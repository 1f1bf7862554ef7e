"""The stages. Each reads the job of a run, does one thing, and ends in one write. Each may be repeated."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from time import perf_counter

from botcore.errors import (
    BotcoreError,
    CannotChange,
    DeliveryRejected,
    Handling,
    JobTimeout,
    MediaTooLarge,
    PluginError,
    ProvidersExhausted,
    RenderError,
    SourceError,
)
from botcore.generation import Generated
from botcore.model import (
    Artifact,
    Change,
    Delivered,
    Finding,
    GenerationRequest,
    Job,
    JobKind,
    NotMine,
    Offered,
    Repair,
    Severity,
    Source,
    Status,
    StoredObject,
    new_id,
)
from botcore.pipeline.failures import failure_of, failure_of_findings
from botcore.pipeline.fixes import apply_fixes
from botcore.pipeline.retrying import persistently
from botcore.pipeline.run import JobRun
from botcore.ports import Renderer, RenderLimits, Shrinks
from botcore.state import Attempt, Checkpoint, Video
from botcore.telemetry import get_logger

_log = get_logger(__name__)

_FIX_ROUNDS = 8
"""A fix may make way for another one; no code needs more rounds than this."""
_VALIDATOR_S = 20.0
_GIVEN = 0
"""The number of the attempt that holds what the job began with; generations count from 1."""
_PATIENCE = 120.0
"""A delivery that wants a longer pause than this many seconds fails the job."""


async def begin(run: JobRun) -> None:
    """``queued``: a problem goes to the providers, and so does a wish; code is a source already."""
    job = run.job
    if job.source is not None:
        given = Attempt(number=_GIVEN, provider="", source=job.source)

        async def also() -> None:
            await run.tools.state.attempts.add(job.id, given)

        await run.move(Status.CODE_VALIDATING if job.wish is None else Status.AI_GENERATING, also=also)
        return
    if job.kind is JobKind.PROBLEM:
        await run.move(Status.AI_GENERATING)
        return
    language = run.tools.plugins.renderers[job.renderer].language
    source = Source(language, job.text, user_language=job.user_language, scene=job.options.scene)
    source = await run.tools.plugins.hooks.source_ready(source)
    await run.move(Status.CODE_VALIDATING, Checkpoint(source=source))


# ----------------------------------------------------------------------------------------------- generation


async def generate(run: JobRun) -> None:
    """``ai_generating``: ask the provider chain; a failed source is what the next one starts from."""
    tools, job = run.tools, run.job
    attempts = await tools.state.attempts.of_job(job.id)
    failed = next((attempt for attempt in reversed(attempts) if attempt.failure is not None), None)
    if run.time_to_make <= 0:
        raise JobTimeout(seconds=round(tools.settings.timeout))
    request = GenerationRequest(
        problem=job.text,
        language=tools.plugins.renderers[job.renderer].language,
        user_language=job.user_language,
        options=job.options,
        deadline=run.time_to_make,
        repair=_repair(failed),
        change=_change(job, attempts),
    )
    request = _prompted(run, await tools.plugins.hooks.before_generate(request))
    # What an exact provider computed once it would compute again.
    skip = {attempt.provider for attempt in attempts if tools.chain.exact(attempt.provider)}
    try:
        generated = await tools.chain.generate(request, choice=job.provider, skip=skip)
    except ProvidersExhausted as error:
        if error.errors:
            raise
        if failed is None or failed.failure is None:
            raise (CannotChange() if request.change is not None else error) from None
        # Nobody is left to try it better: the person learns what was wrong with the script.
        await run.fail(failed.failure)
        return
    source = await tools.plugins.hooks.source_ready(generated.result.source)
    number = job.generations + 1

    async def also() -> None:
        await tools.state.attempts.add(job.id, _attempt(number, generated, source))

    await run.move(Status.CODE_VALIDATING, Checkpoint(source=source, generations=number), also=also)


def _prompted(run: JobRun, request: GenerationRequest) -> GenerationRequest:
    """With the words for a language model, where the renderer has some and no hook wrote its own."""
    prompt = run.tools.plugins.renderers[run.job.renderer].prompt
    if prompt is None or request.prompt is not None:
        return request
    try:
        return replace(request, prompt=prompt(request))
    except Exception as error:
        _log.exception("prompt_broke", renderer=run.job.renderer)
        raise PluginError(
            f"the prompt of renderer {run.job.renderer} raised {type(error).__name__}"
        ) from error


def _change(job: Job, attempts: Sequence[Attempt]) -> Change | None:
    given = next((attempt.source for attempt in attempts if attempt.number == _GIVEN), None)
    return None if given is None or job.wish is None else Change(given, job.wish)


def _repair(failed: Attempt | None) -> Repair | None:
    if failed is None or failed.failure is None:
        return None
    return Repair(failed.source, failed.failure, failed.findings)


def _attempt(number: int, generated: Generated, source: Source) -> Attempt:
    result = generated.result
    return Attempt(
        number=number,
        provider=generated.provider,
        source=source,
        model=result.model,
        prompt_version=result.prompt_version,
        input_tokens=result.input_tokens,
        output_tokens=result.output_tokens,
        cost=result.cost,
        generate_s=generated.seconds,
    )


# ----------------------------------------------------------------------------------------------- validation


async def validate(run: JobRun) -> None:
    """``code_validating``: read the source, mend what can be mended for sure in code that a model wrote."""
    job, attempts = run.job, run.tools.state.attempts
    source, fixes = run.source, 0
    findings = await _findings(run, source)
    if job.kind is JobKind.PROBLEM:
        for _ in range(_FIX_ROUNDS):
            code, mended = apply_fixes(source.code, findings)
            if not mended:
                break
            source, fixes = replace(source, code=code), fixes + mended
            findings = await _findings(run, source)
    await attempts.validated(job.id, job.generations, source, tuple(findings), fixes)
    errors = [finding for finding in findings if finding.severity is Severity.ERROR]
    if errors:
        await run.give_up_source(failure_of_findings(errors))
    else:
        await run.move(Status.RENDERING, Checkpoint(source=source))


async def _findings(run: JobRun, source: Source) -> list[Finding]:
    fitting = [
        name for name, item in run.tools.plugins.validators.items() if source.language in item.languages
    ]
    answers = await asyncio.gather(*(_ask(run, name, source) for name in fitting))
    return [finding for answer in answers for finding in answer]


async def _ask(run: JobRun, name: str, source: Source) -> list[Finding]:
    """One validator's findings; one that breaks is passed over: the renderer judges the code anyway."""
    try:
        async with asyncio.timeout(_VALIDATOR_S):
            validator = await run.tools.plugins.validator(name)
            return await validator.validate(source)
    except Exception:  # noqa: BLE001  # a plugin may raise anything; it must not take the job down
        _log.exception("validator_broke", validator=name)
        return []


# ------------------------------------------------------------------------------------------------ rendering


async def render(run: JobRun) -> None:
    """``rendering``: draw into the job's scratch folder."""
    tools, job = run.tools, run.job
    started = perf_counter()
    try:
        async with run.counted():
            artifact = await persistently(lambda: _draw(run), lambda: run.time_to_make)
    except (RenderError, SourceError) as error:
        if error.handling is not Handling.FAIL_OVER:
            raise
        await run.give_up_source(failure_of(error))
        return
    finally:
        tools.progress.pop(job.id, None)
    seconds = perf_counter() - started
    artifact = await tools.plugins.hooks.artifact_ready(artifact)
    video_id = job.video_id or new_id()

    async def also() -> None:
        await tools.state.videos.plan(video_id, job.id, artifact)
        await tools.state.attempts.rendered(job.id, job.generations, seconds, artifact.findings)

    await run.move(Status.UPLOADING, Checkpoint(artifact=artifact, video_id=video_id), also=also)


async def _draw(run: JobRun) -> Artifact:
    tools, job = run.tools, run.job
    deadline = run.time_to_make
    if deadline <= 0:
        raise JobTimeout(seconds=round(tools.settings.timeout))
    await asyncio.to_thread(_fresh, run.folder)
    renderer = await tools.plugins.renderer(job.renderer)
    limits = RenderLimits(max_bytes=tools.settings.max_bytes, deadline=deadline)
    artifact = await renderer.render(run.source, job.options, limits, run.folder, run.report)
    return await _fitted(run, renderer, artifact)


async def _fitted(run: JobRun, renderer: Renderer, artifact: Artifact) -> Artifact:
    """The artifact, made smaller where the person's platform takes no file of that size.

    One that cannot be made smaller is kept: there may be another way than the chat.
    """
    limit = _largest(run, artifact.media_type)
    if not limit or artifact.size <= limit or not isinstance(renderer, Shrinks):
        return artifact
    out = run.folder / "smaller"
    await asyncio.to_thread(_fresh, out)
    try:
        smaller = await renderer.shrink(artifact, RenderLimits(limit, run.time_to_make), out)
    except RenderError as error:
        if error.handling is Handling.RETRY:
            raise
        _log.info("not_made_smaller", code=error.code, size=artifact.size, limit=limit)
        return artifact
    return replace(smaller, thumbnail=artifact.thumbnail, findings=artifact.findings)


def _largest(run: JobRun, media_type: str) -> int:
    """Bytes of the largest file that the job's platform takes into the chat; 0 where it takes none."""
    platform = run.tools.platforms.get(run.job.platform)
    return platform.limit(media_type) if platform is not None else 0


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


# ------------------------------------------------------------------------------------- storing and delivery


async def upload(run: JobRun) -> None:
    """``uploading``: put the file into the store; back to rendering when it was lost with its machine."""
    tools, job = run.tools, run.job
    artifact = await tools.state.jobs.artifact(job.id)
    if artifact is None or not await asyncio.to_thread(_there, artifact):
        await run.move(Status.RENDERING)
        return
    video = await _video(run)

    async def put() -> None:
        store = await tools.plugins.store(tools.settings.store)
        await store.put(video.key, artifact.path, video.media_type, video.expires_at)
        if artifact.thumbnail is not None and video.thumb_key is not None:
            await store.put(video.thumb_key, artifact.thumbnail, "image/*", video.expires_at)

    async with run.counted():
        await persistently(put, lambda: run.clock.remaining)
    await run.move(Status.READY)


def _there(artifact: Artifact) -> bool:
    """Whether the rendered file is still whole."""
    try:
        return artifact.path.stat().st_size == artifact.size
    except OSError:
        return False


async def deliver(run: JobRun) -> None:
    """``ready``: ask the deliverers, highest priority first."""
    tools = run.tools
    video = await _video(run)
    stored = StoredObject(video.key, video.size, video.media_type)
    ordered = sorted(tools.plugins.deliverers.items(), key=lambda item: (-item[1].priority, item[0]))
    for name, _ in ordered:

        async def hand_over(name: str = name) -> Delivered | Offered | NotMine:
            deliverer = await tools.plugins.deliverer(name)
            return await deliverer.deliver(run.job, stored)

        answer = await persistently(hand_over, lambda: _PATIENCE)
        if isinstance(answer, NotMine):
            continue
        if isinstance(answer, Offered):
            offered = Checkpoint(offered_at=tools.state.db.clock())
            run.job = await tools.state.jobs.note(run.job, offered)
            tools.announcer.tell(run.job)
        else:
            await run.move(Status.DELIVERED)
            await tools.reaper.delete(video)
        return
    limit = _largest(run, video.media_type)
    if 0 < limit < video.size:
        raise MediaTooLarge(size_mb=round(video.size / 1e6, 1), limit_mb=round(limit / 1e6))
    raise DeliveryRejected(f"no deliverer takes {video.media_type} of {video.size} bytes")


async def _video(run: JobRun) -> Video:
    video = await run.tools.state.videos.get(run.job.video_id or "")
    if video is None:
        raise BotcoreError(f"job {run.job.id} is {run.job.status} without a video row")
    return video


STAGES: Mapping[Status, Callable[[JobRun], Awaitable[None]]] = {
    Status.QUEUED: begin,
    Status.AI_GENERATING: generate,
    Status.CODE_VALIDATING: validate,
    Status.RENDERING: render,
    Status.UPLOADING: upload,
    Status.READY: deliver,
}
"""What is done in each status that is not final."""
