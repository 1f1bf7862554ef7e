"""Puts every question to every provider, through the same app that serves people."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from pathlib import Path

from botcore.app import App, Role, open_app
from botcore.config import Settings
from botcore.errors import BotcoreError, InputError
from botcore.evaluation.prompts import Question, Questions
from botcore.evaluation.recording import Replayed, recording, replaying
from botcore.evaluation.report import Report
from botcore.evaluation.results import Result, Verdict, Way, result_of_job
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.intake.routing import Submitted
from botcore.intake.submission import Place
from botcore.model import Delivered, Job, JobKind, NotMine, Quality, Status, StoredObject
from botcore.plugins import PluginHost

PLATFORM = "eval"


@dataclass(frozen=True, slots=True)
class Plan:
    """What to ask whom. ``record`` and ``replay`` are folders of recordings; at most one of them is given."""

    questions: tuple[Question, ...]
    providers: tuple[str, ...]
    quality: Quality = Quality.LOW
    record: Path | None = None
    replay: Path | None = None
    noticed: Replayed = field(default_factory=Replayed)


Heard = Callable[[Result], None]
"""Called with each result as it comes."""


async def evaluate(
    settings: Settings, host: PluginHost, plan: Plan, stop: asyncio.Event, heard: Heard
) -> Report:
    """Ask until all is asked or ``stop`` is set; what is done by then is in the report.

    :param settings: those of the host, with a ``data_dir`` of its own: a server may run meanwhile.
    :raises UnknownPlugin: a provider is not installed.
    :raises EnvironmentFault: this machine cannot draw.
    """
    prepare_providers(host, plan)
    results: list[Result] = []

    def take(result: Result) -> None:
        results.append(result)
        heard(result)

    role = Role(scope="eval", limited=False, deliverer=lambda _store: _Nobody())
    async with open_app(settings, role, host=host) as app, app.working():
        await app.host.renderer(app.renderer)  # it warms up; a wall that does not hold is seen here
        await _ask_all(app, plan, stop, take)
    order = [(name, question.id) for name in plan.providers for question in plan.questions]
    results.sort(key=lambda result: order.index((result.provider, result.question)))
    return Report(tuple(results), complete=len(results) == len(order), replayed=plan.noticed)


def prepare_providers(host: PluginHost, plan: Plan) -> None:
    """Put recorders around the providers, or recordings in their place."""
    questions = Questions.of(plan.questions)
    for name in plan.providers:
        if plan.replay is not None:
            made = ProviderDescriptor(
                name=name, factory=replaying(plan.replay / name, questions, plan.noticed)
            )
            if name in host.providers:
                host.providers.include(name, made, host.providers.plugin_of(name))
            else:
                host.register_builtin(made)
        elif plan.record is not None:
            real = host.providers[name]
            wrapped = replace(real, factory=recording(real.factory, plan.record / name, questions))
            host.providers.include(name, wrapped, host.providers.plugin_of(name))
        else:
            host.providers[name]  # raises when there is none


class _Nobody:
    """Takes every video, and throws it away."""

    async def deliver(
        self,
        job: Job,
        artifact: StoredObject,  # noqa: ARG002  # the port names it
    ) -> Delivered | NotMine:
        return Delivered() if job.platform == PLATFORM else NotMine()


async def _ask_all(app: App, plan: Plan, stop: asyncio.Event, take: Heard) -> None:
    waiting = [(name, question) for name in plan.providers for question in plan.questions]
    waiting.reverse()

    async def work() -> None:
        while waiting and not stop.is_set():
            name, question = waiting.pop()
            result = await _ask(app, name, question, plan.quality, stop)
            if result is not None:
                take(result)

    async with asyncio.TaskGroup() as group:
        for _ in range(app.settings.workers):
            group.create_task(work())


async def _ask(
    app: App, provider: str, question: Question, quality: Quality, stop: asyncio.Event
) -> Result | None:
    """One question from its submission to its end; None when it was stopped before."""
    session = await app.state.sessions.of(PLATFORM, f"{provider}:{question.id}", options=app.options)
    try:
        job, _ = await app.submissions.submit(
            session,
            Place(PLATFORM, app.role.scope, announce=False),
            Submitted(JobKind.PROBLEM, question.text),
            options=replace(app.options, quality=quality, aspect=question.aspect),
            language=question.language,
            provider=provider,
        )
    except InputError as error:
        return _refused(provider, question, error)
    job = await _ended(app, job, stop)
    if job.status is Status.CANCELLED:
        return None
    return result_of_job(provider, question, job, await app.state.attempts.of_job(job.id))


async def _ended(app: App, job: Job, stop: asyncio.Event) -> Job:
    waits: Sequence[asyncio.Task[object]] = (
        asyncio.create_task(app.control.wait(job.id)),
        asyncio.create_task(stop.wait()),
    )
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        if not waits[0].done():
            with suppress(BotcoreError):  # it ended in the same moment
                await app.control.cancel(job.id, session_id=None)
    finally:
        for task in waits:
            task.cancel()
    return await app.state.jobs.get(job.id)


def _refused(provider: str, question: Question, error: InputError) -> Result:
    return Result(
        provider=provider,
        question=question.id,
        way=Way.FAILED,
        verdict=Verdict.UNKNOWN,
        attempts=0,
        fixes=0,
        seconds=0.0,
        generate_seconds=0.0,
        render_seconds=0.0,
        input_tokens=0,
        output_tokens=0,
        cost=0.0,
        error=error.code,
        detail=error.message,
    )
