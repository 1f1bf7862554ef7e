"""Runs event hooks.

pluggy finds and orders the implementations (``tryfirst``, ``trylast``, else the last registered first); it
does not await, so the calls are made here. Every implementation runs in a task of its own with a time limit,
which holds (in the main thread) for code that blocks without awaiting, too. One that raises, hangs or answers
something of the wrong type is logged, counted and passed over: a plugin never takes a job down. Only the
cancellation of the caller comes through.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from time import perf_counter
from typing import Any, Final, TypeVar, cast

import pluggy

from botcore.hooks.deadline import Overdue, Stepwise
from botcore.hooks.manager import new_manager
from botcore.hooks.results import Decision, Pass
from botcore.hooks.specs import EVENTS, Mode
from botcore.model import Artifact, GenerationRequest, Job, Message, Outgoing, Source
from botcore.telemetry import get_logger, metrics

_log = get_logger(__name__)

T = TypeVar("T")


class _Nothing:
    """What an implementation that was passed over has answered."""


_NOTHING: Final = _Nothing()


class HookRunner:
    """The event hooks as typed methods.

    :param timeout: seconds that one implementation may take.
    """

    def __init__(self, manager: pluggy.PluginManager, *, timeout: float) -> None:
        self._manager = manager
        self._timeout = timeout
        self._abandoned: set[asyncio.Task[Any]] = set()

    @classmethod
    def empty(cls) -> HookRunner:
        """A runner without plugins."""
        return cls(new_manager(), timeout=1.0)

    async def message_received(self, message: Message) -> Decision:
        """The first answer that is not :class:`Pass`; ``Pass`` when nobody decides."""
        return await self._decide("botcore_message_received", message)

    async def before_generate(self, request: GenerationRequest) -> GenerationRequest:
        return await self._pipe("botcore_before_generate", request)

    async def source_ready(self, source: Source) -> Source:
        return await self._pipe("botcore_source_ready", source)

    async def artifact_ready(self, artifact: Artifact) -> Artifact:
        return await self._pipe("botcore_artifact_ready", artifact)

    async def outgoing(self, outgoing: Outgoing) -> Outgoing:
        return await self._pipe("botcore_outgoing", outgoing)

    async def job_changed(self, job: Job) -> None:
        """Tell everybody, side by side."""
        await self._notify("botcore_job_changed", job)

    # ---------------------------------------------------------------------------------------------- modes

    async def _decide(self, hook: str, value: object) -> Decision:
        for impl in self._implementations(hook, Mode.DECISIVE):
            answer = await self._call(hook, impl, value)
            if not isinstance(answer, _Nothing | Pass):
                return cast("Decision", answer)
        return Pass()

    async def _pipe(self, hook: str, value: T) -> T:
        for impl in self._implementations(hook, Mode.PIPE):
            answer = await self._call(hook, impl, value)
            if answer is not _NOTHING:
                value = cast("T", answer)
        return value

    async def _notify(self, hook: str, value: object) -> None:
        calls = [self._call(hook, impl, value) for impl in self._implementations(hook, Mode.NOTIFY)]
        if calls:
            await asyncio.gather(*calls)

    def _implementations(self, hook: str, mode: Mode) -> Iterator[pluggy.HookImpl]:
        if EVENTS[hook].mode is not mode:
            raise TypeError(f"{hook} is specified as {EVENTS[hook].mode}, not {mode}")
        # pluggy keeps them in reverse of the order of calling
        caller: pluggy.HookCaller = getattr(self._manager.hook, hook)
        return reversed(caller.get_hookimpls())

    # ------------------------------------------------------------------------------------- one implementation

    async def _call(self, hook: str, impl: pluggy.HookImpl, value: object) -> object:
        started = perf_counter()
        work = _guarded(impl, value, self._timeout)
        task = asyncio.create_task(work, name=f"{hook} of {impl.plugin_name}")
        try:
            done, _ = await asyncio.wait({task}, timeout=self._timeout)
        except asyncio.CancelledError:
            self._abandon(task)
            raise
        metrics.hook_seconds.labels(hook, impl.plugin_name).observe(perf_counter() - started)
        if not done:
            self._abandon(task)
            return self._passed_over(hook, impl, "timeout")
        answer = task.result()
        if isinstance(answer, _Raised):
            if isinstance(answer.error, Overdue):
                return self._passed_over(hook, impl, "timeout", answer.error)
            return self._passed_over(hook, impl, "raised", answer.error)
        spec = EVENTS[hook]
        if spec.mode is not Mode.NOTIFY and not isinstance(answer, spec.answers):
            return self._passed_over(hook, impl, f"answered {type(answer).__name__}")
        return answer

    def _abandon(self, task: asyncio.Task[Any]) -> None:
        """Cancel without waiting: an implementation that swallows the cancellation must not hold us up."""
        self._abandoned.add(task)
        task.add_done_callback(self._abandoned.discard)
        task.cancel()

    def _passed_over(
        self, hook: str, impl: pluggy.HookImpl, reason: str, error: BaseException | None = None
    ) -> _Nothing:
        metrics.hook_failures.labels(hook, impl.plugin_name, reason.split(" ", 1)[0]).inc()
        _log.error("hook_passed_over", hook=hook, plugin=impl.plugin_name, reason=reason, exc_info=error)
        return _NOTHING


class _Raised:
    def __init__(self, error: BaseException) -> None:
        self.error = error


async def _guarded(impl: pluggy.HookImpl, value: object, seconds: float) -> object:
    """Call and await; whatever is raised becomes a value, because a task hands SystemExit to the loop.

    KeyboardInterrupt is the operator's and goes through.
    """
    try:
        answer = impl.function(*(value for _ in impl.argnames))
        return await Stepwise(cast("Awaitable[object]", answer), seconds)
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # noqa: BLE001  # isolation: SystemExit, cancellation of its own, groups of these
        return _Raised(error)
