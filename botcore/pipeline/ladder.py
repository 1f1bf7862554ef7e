"""What is done about a source that does not work, from the best to the last: a better source, the video that
was drawn before it, a plainer source, an honest failure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from botcore.errors import AttemptsFailed
from botcore.model import Artifact, Failure, JobKind, Source, Status
from botcore.pipeline.history import History
from botcore.pipeline.run import JobRun
from botcore.state import Attempt, Checkpoint
from botcore.telemetry import get_logger

_log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A video that was drawn and put aside while a better one is tried."""

    attempt: Attempt
    artifact: Artifact


async def give_up(run: JobRun, failure: Failure) -> None:
    """The current source does not work. Code that a person sent is never rewritten."""
    job, history = run.job, await History.of(run)

    async def also() -> None:
        await run.tools.state.attempts.failed(job.id, job.generations, failure)

    if job.kind is JobKind.CODE:
        await run.fail(failure, also=also)
        return
    current = history.current(run)
    on_last_rung = (
        current is not None and current.failure is not None and job.source is not None and job.source.plain
    )
    kept = await kept_video(run, history)
    if kept is not None:
        await _go_on_with(run, kept.attempt.source, also)
    elif on_last_rung:
        await end_of_attempts(run, failure)
    elif job.generations < run.tools.settings.max_attempts and run.time_to_make > 0:
        await run.move(Status.AI_GENERATING, also=also)
    elif (plainer := _plainer(run)) is not None:
        await _go_on_with(run, plainer, also)
    else:
        await end_of_attempts(run, failure, also=also)


async def end_of_attempts(
    run: JobRun,
    failure: Failure,
    *,
    silent: Sequence[str] = (),
    also: Callable[[], Awaitable[None]] | None = None,
) -> None:
    """End the job and say what was tried. ``silent``: providers that were asked and wrote nothing."""
    if also is not None:
        await also()  # so that it counts below; the same again in the last write does no harm
    written = Counter(attempt.provider for attempt in (await History.of(run)).generations)
    if not written:
        await run.fail(failure, also=also)
        return
    names = [*written, *(name for name in silent if name not in written)]
    told = AttemptsFailed.params_of(failure.code, failure.params, {name: written[name] for name in names})
    await run.fail(Failure(AttemptsFailed.code, told), also=also)


async def rescued(run: JobRun) -> bool:
    """After an error that ends a job: go on with the video that was put aside, where there is one."""
    if run.job.status not in {Status.AI_GENERATING, Status.CODE_VALIDATING, Status.RENDERING}:
        return False
    kept = await kept_video(run, await History.of(run))
    if kept is None or (run.job.status is Status.RENDERING and run.source == kept.attempt.source):
        return False
    await _go_on_with(run, kept.attempt.source, None)
    return True


async def kept_video(run: JobRun, history: History) -> Kept | None:
    """The video that was put aside; None when there is none, or its file was lost with its machine."""
    ugly = history.ugly
    if ugly is None:
        return None
    artifact = await run.tools.state.jobs.artifact(run.job.id)
    if artifact is None or not artifact.path.is_file():  # one look at a local disk
        return None
    return Kept(ugly, artifact)


def put_aside(artifact: Artifact, folder: Path) -> Artifact:
    """The artifact with its files moved to ``folder``. Blocking."""
    folder.mkdir(parents=True, exist_ok=True)

    def moved(path: Path) -> Path:
        return path.replace(folder / path.name)

    thumbnail = None if artifact.thumbnail is None else moved(artifact.thumbnail)
    return replace(artifact, path=moved(artifact.path), thumbnail=thumbnail)


def _plainer(run: JobRun) -> Source | None:
    """What the renderer makes of the job's source so that it can surely be drawn."""
    plainer, source = run.tools.plugins.renderers[run.job.renderer].plainer, run.job.source
    if plainer is None or source is None:
        return None
    try:
        made = plainer(source)
    except Exception:  # noqa: BLE001  # a plugin may raise anything; the job then ends as without one
        _log.exception("plainer_broke", renderer=run.job.renderer)
        return None
    return None if made is None else replace(made, plain=True)


async def _go_on_with(run: JobRun, source: Source, also: Callable[[], Awaitable[None]] | None) -> None:
    """Draw ``source`` next, from whatever status the job is in."""
    checkpoint = Checkpoint(source=source)
    match run.job.status:
        case Status.AI_GENERATING:
            await run.move(Status.CODE_VALIDATING, checkpoint, also=also)
        case Status.CODE_VALIDATING:
            await run.move(Status.RENDERING, checkpoint, also=also)
        case _:
            await run.note(checkpoint, also=also)
