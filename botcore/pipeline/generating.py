"""``ai_generating``: from a problem, a wish or a failed source to the next source."""

from __future__ import annotations

from dataclasses import replace

from botcore.errors import CannotChange, JobTimeout, PluginError, ProvidersExhausted
from botcore.generation import Generated
from botcore.model import Change, Failure, GenerationRequest, GenerationResult, Job, Source, Status
from botcore.pipeline.history import History
from botcore.pipeline.ladder import end_of_attempts, rescued
from botcore.pipeline.run import JobRun
from botcore.state import Attempt, Checkpoint
from botcore.telemetry import get_logger

_log = get_logger(__name__)


async def generate(run: JobRun) -> None:
    """Ask the provider chain; a failed source is what the next one starts from."""
    tools = run.tools
    history = await History.of(run)
    if run.time_to_make <= 0:
        raise JobTimeout(seconds=round(tools.settings.timeout))
    request = await _request(run, history)
    if history.failure is None and (changed := _changed_at_once(run, request)) is not None:
        await _keep(run, changed, request)
        return
    try:
        generated = await _ask(run, request, history)
    except ProvidersExhausted as error:
        failure = history.failure
        if failure is None:
            if error.waits is not None and await run.wait(error.waits):
                _log.info("job_waits", seconds=round(error.waits), detail=error.detail)
                return
            raise (CannotChange() if request.change is not None and not error.errors else error) from None
        if await rescued(run):
            return
        # Nobody is left to write it better: the person learns what was wrong with what there is.
        await end_of_attempts(run, failure, silent=[name for name, _ in error.errors])
        return
    await _keep(run, generated, request)


async def _request(run: JobRun, history: History) -> GenerationRequest:
    tools, job = run.tools, run.job
    given = history.given
    request = GenerationRequest(
        problem=job.text,
        language=tools.plugins.renderers[job.renderer].language,
        user_language=job.user_language,
        options=job.options,
        deadline=run.time_to_make,
        repair=history.repair,
        change=None if given is None or job.wish is None else Change(given, job.wish),
        last=_is_last(run),
    )
    return _prompted(run, await tools.plugins.hooks.before_generate(request))


def _is_last(run: JobRun) -> bool:
    return run.job.generations + 1 >= run.tools.settings.max_attempts


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


def _changed_at_once(run: JobRun, request: GenerationRequest) -> Generated | None:
    """What the renderer makes of a wish that needs no model."""
    change, job = run.tools.plugins.renderers[run.job.renderer].change, run.job
    if change is None or request.change is None:
        return None
    try:
        source = change(request.change.source, request.change.wish)
    except Exception:  # noqa: BLE001  # a plugin may raise anything; a model can still be asked
        _log.exception("change_broke", renderer=job.renderer)
        return None
    return None if source is None else Generated(job.renderer, GenerationResult(source, ""), 0.0)


async def _ask(run: JobRun, request: GenerationRequest, history: History) -> Generated:
    """The next script; of another provider where there is one and the one before failed too often."""
    chain, choice, session_id = run.tools.chain, run.job.provider, run.job.session_id
    # What an exact provider computed once it would compute again.
    exact = {attempt.provider for attempt in history.attempts if chain.exact(attempt.provider)}
    worn = exact | history.worn_out(last=request.last)
    if worn == exact or not chain.candidates(request, choice=choice, skip=worn):
        return await chain.generate(request, choice=choice, skip=exact, session_id=session_id)
    try:
        return await chain.generate(request, choice=choice, skip=worn, session_id=session_id)
    except ProvidersExhausted as error:
        others = {name for name, _ in error.errors}
        left = replace(request, deadline=run.time_to_make)
        if left.deadline <= 0 or not chain.candidates(left, choice=choice, skip=exact | others):
            raise
        _log.info("ask_the_same_again", silent=sorted(others))
        return await chain.generate(left, choice=choice, skip=exact | others, session_id=session_id)


async def _keep(run: JobRun, generated: Generated, request: GenerationRequest) -> None:
    """Write the attempt down; one without a source is a failed one, which the next status finds so."""
    tools, job = run.tools, run.job
    result, number = generated.result, run.job.generations + 1
    if result.unread is None:
        source = await tools.plugins.hooks.source_ready(result.source)
        checkpoint = Checkpoint(source=source, generations=number)
    else:
        source = _unread(request, result, job)
        checkpoint = Checkpoint(generations=number)

    async def also() -> None:
        await tools.state.attempts.add(job.id, _attempt(number, generated, source, result.unread))

    await run.move(Status.CODE_VALIDATING, checkpoint, also=also)


def _unread(request: GenerationRequest, result: GenerationResult, job: Job) -> Source:
    """What the next script starts from: what this answer was to mend or to change, else its words."""
    if request.repair is not None:
        return request.repair.source
    if request.change is not None:
        return request.change.source
    return Source(request.language, result.source.code, problem=job.text, user_language=request.user_language)


def _attempt(number: int, generated: Generated, source: Source, failure: Failure | None) -> Attempt:
    result = generated.result
    return Attempt(
        number=number,
        provider=generated.provider,
        source=source,
        failure=failure,
        model=result.model,
        prompt_version=result.prompt_version,
        input_tokens=result.input_tokens,
        output_tokens=result.output_tokens,
        cost=result.cost,
        generate_s=generated.seconds,
    )
