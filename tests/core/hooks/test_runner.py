"""Event hooks: the three modes, the order, and that no implementation takes the caller down."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from prometheus_client import CollectorRegistry

from botcore.hooks.manager import new_manager
from botcore.hooks.results import Pass, Reject, Replace, Reply
from botcore.hooks.runner import HookRunner
from botcore.hooks.specs import EVENTS, Mode, hookimpl
from botcore.model import (
    Artifact,
    GenerationRequest,
    Job,
    JobKind,
    Message,
    Outgoing,
    RenderOptions,
    Source,
    Status,
)
from botcore.telemetry import metrics
from botcore.testing.samples import make_message, make_outgoing, make_request, make_source

TIMEOUT = 0.5
"""Only what hangs lasts so long. A machine that is busy may stop anybody for a tenth of a second."""

Hook = Callable[..., Awaitable[object]]


def runner(*plugins: dict[str, Any], timeout: float = TIMEOUT) -> HookRunner:
    """A runner with these plugins registered in this order, each a table of hook name and marked function."""
    manager = new_manager()
    for number, plugin in enumerate(plugins):
        manager.register(SimpleNamespace(**plugin), f"plugin{number}")
    return HookRunner(manager, timeout=timeout)


def appends(mark: str, **options: Any) -> dict[str, Any]:
    @hookimpl(**options)
    async def botcore_source_ready(source: Source) -> Source:
        return replace(source, code=source.code + mark)

    return {"botcore_source_ready": botcore_source_ready}


def source_hook(body: Hook) -> dict[str, Any]:
    @hookimpl
    async def botcore_source_ready(source: Source) -> object:
        return await body(source)

    return {"botcore_source_ready": botcore_source_ready}


def message_hook(answer: object) -> dict[str, Any]:
    @hookimpl
    async def botcore_message_received(message: Message) -> object:
        return answer

    return {"botcore_message_received": botcore_message_received}


def failures(hook: str, plugin: str, reason: str) -> float:
    labels = {"hook": hook, "plugin": plugin, "reason": reason}
    registry: CollectorRegistry = metrics.REGISTRY
    return registry.get_sample_value("botcore_hook_failures_total", labels) or 0.0


@pytest.fixture
def job() -> Job:
    now = make_message().received_at
    assert now is not None
    return Job(
        id="j1",
        session_id="s1",
        kind=JobKind.PROBLEM,
        platform="test",
        chat_id="c1",
        renderer="flat",
        options=RenderOptions(),
        status=Status.QUEUED,
        version=1,
        text="solve x = 1",
        user_language="en",
        created_at=now,
        updated_at=now,
    )


# ------------------------------------------------------------------------------------------ modes


def test_every_event_names_its_mode_and_its_answers() -> None:
    assert {name: (event.mode, event.answers) for name, event in EVENTS.items()} == {
        "botcore_message_received": (Mode.DECISIVE, (Pass, Reply, Reject, Replace)),
        "botcore_before_generate": (Mode.PIPE, (GenerationRequest,)),
        "botcore_source_ready": (Mode.PIPE, (Source,)),
        "botcore_job_changed": (Mode.NOTIFY, ()),
        "botcore_artifact_ready": (Mode.PIPE, (Artifact,)),
        "botcore_outgoing": (Mode.PIPE, (Outgoing,)),
    }


async def test_without_plugins_everything_goes_through(job: Job) -> None:
    hooks = HookRunner.empty()
    message, request, source, outgoing = make_message(), make_request(), make_source("x"), make_outgoing()
    assert await hooks.message_received(message) == Pass()
    assert await hooks.before_generate(request) is request
    assert await hooks.source_ready(source) is source
    assert await hooks.outgoing(outgoing) is outgoing
    await hooks.job_changed(job)


async def test_a_pipe_hands_each_what_the_one_before_made() -> None:
    made = await runner(appends("a"), appends("b"), appends("c")).source_ready(make_source("-"))
    assert made.code == "-cba"  # as in pluggy: the last registered is called first


async def test_tryfirst_and_trylast_order_as_in_pluggy() -> None:
    hooks = runner(appends("a", tryfirst=True), appends("b", trylast=True), appends("c"), appends("d"))
    assert (await hooks.source_ready(make_source("-"))).code == "-adcb"


async def test_the_first_that_decides_decides() -> None:
    asked: list[str] = []

    @hookimpl
    async def botcore_message_received(message: Message) -> object:
        asked.append(message.text)
        return Reject("never asked")

    hooks = runner(
        {"botcore_message_received": botcore_message_received},
        message_hook(Reply("mine")),
        message_hook(Pass()),
    )
    assert await hooks.message_received(make_message()) == Reply("mine")
    assert asked == []


@pytest.mark.parametrize("answer", [Reply("a"), Reject("b"), Replace(make_message("other"))])
async def test_every_decision_comes_back_as_it_is(answer: object) -> None:
    assert await runner(message_hook(answer)).message_received(make_message()) is answer


async def test_everybody_is_told_side_by_side(job: Job) -> None:
    meeting = asyncio.Barrier(3)
    told: list[str] = []

    def listener() -> dict[str, Any]:
        @hookimpl
        async def botcore_job_changed(job: Job) -> str:
            await meeting.wait()  # passes only when all three are here at the same time
            told.append(job.id)
            return "dropped"

        return {"botcore_job_changed": botcore_job_changed}

    await runner(listener(), listener(), listener(), timeout=30).job_changed(job)
    assert told == ["j1"] * 3


async def test_an_implementation_may_leave_the_argument_out() -> None:
    @hookimpl
    async def botcore_message_received() -> object:
        return Reply("to anything")

    hooks = runner({"botcore_message_received": botcore_message_received})
    assert await hooks.message_received(make_message()) == Reply("to anything")


# ------------------------------------------------------------------------------------------ isolation


async def _raise(error: BaseException) -> object:
    raise error


async def _hang(_source: Source) -> object:
    return await asyncio.Event().wait()


async def _cling(_source: Source) -> object:
    with contextlib.suppress(asyncio.CancelledError):
        await asyncio.Event().wait()
    return await asyncio.Event().wait()  # a second cancelling, by the loop's end, is heard


async def _block(_source: Source) -> object:
    time.sleep(30)  # noqa: ASYNC251  # the fault under test: asyncio could not stop this
    return None


async def _block_later(source: Source) -> object:
    await asyncio.sleep(0)
    return await _block(source)


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (lambda _: _raise(KeyError("k")), "raised"),
        (lambda _: _raise(SystemExit(3)), "raised"),
        (lambda _: _raise(GeneratorExit()), "raised"),
        (lambda _: _raise(asyncio.CancelledError()), "raised"),
        (lambda _: _raise(TimeoutError()), "raised"),
        (lambda _: _raise(BaseExceptionGroup("many", [SystemExit(), KeyError()])), "raised"),
        (_hang, "timeout"),
        (_cling, "timeout"),
        (_block, "timeout"),
        (_block_later, "timeout"),
        (lambda _: asyncio.sleep(0, None), "answered"),
        (lambda _: asyncio.sleep(0, "code"), "answered"),
        (lambda _: asyncio.sleep(0, make_message()), "answered"),
    ],
)
async def test_one_that_misbehaves_is_passed_over_and_counted(body: Hook, reason: str) -> None:
    before = failures("botcore_source_ready", "plugin1", reason)
    hooks = runner(appends("a"), source_hook(body), appends("c"))
    assert (await hooks.source_ready(make_source("-"))).code == "-ca"
    assert failures("botcore_source_ready", "plugin1", reason) == before + 1


async def test_one_that_is_not_async_is_passed_over() -> None:
    @hookimpl
    def botcore_source_ready(source: Source) -> Source:
        return source

    hooks = runner(appends("a"), {"botcore_source_ready": botcore_source_ready})
    assert (await hooks.source_ready(make_source("-"))).code == "-a"


@pytest.mark.parametrize("answer", [None, "Reply", Reply, True])
async def test_a_decision_of_the_wrong_type_decides_nothing(answer: object) -> None:
    hooks = runner(message_hook(Reply("next")), message_hook(answer))
    assert await hooks.message_received(make_message()) == Reply("next")


async def test_a_listener_that_misbehaves_does_not_keep_the_others_from_being_told(job: Job) -> None:
    told: list[str] = []

    @hookimpl
    async def botcore_job_changed(job: Job) -> None:
        told.append(job.id)

    @hookimpl
    async def hanging(job: Job) -> None:
        await asyncio.Event().wait()

    @hookimpl
    async def exiting(job: Job) -> None:
        raise SystemExit(1)

    await runner(
        {"botcore_job_changed": exiting},
        {"botcore_job_changed": botcore_job_changed},
        {"botcore_job_changed": hanging},
    ).job_changed(job)
    assert told == ["j1"]


async def test_one_that_hangs_is_cancelled() -> None:
    ended: list[str] = []

    async def hang(_source: Source) -> object:
        try:
            return await asyncio.Event().wait()
        finally:
            ended.append("cancelled")

    await runner(source_hook(hang)).source_ready(make_source("-"))
    await asyncio.sleep(0)
    assert ended == ["cancelled"]


async def test_the_callers_cancellation_comes_through_and_reaches_the_implementation() -> None:
    running, ended = asyncio.Event(), asyncio.Event()

    async def long(_source: Source) -> object:
        running.set()
        try:
            return await asyncio.Event().wait()
        finally:
            ended.set()

    call = asyncio.create_task(runner(source_hook(long), timeout=60).source_ready(make_source("-")))
    await running.wait()
    call.cancel()
    with pytest.raises(asyncio.CancelledError):
        await call
    await asyncio.wait_for(ended.wait(), 60)


async def test_no_task_is_left_behind() -> None:
    before = asyncio.all_tasks()
    hooks = runner(appends("a"), source_hook(_hang), source_hook(lambda _: _raise(KeyError())))
    await hooks.source_ready(make_source("-"))
    await asyncio.sleep(0)
    assert asyncio.all_tasks() == before
