"""Opens things when they are first used and closes them in reverse order."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Any, TypeVar, cast

from botcore.errors import BotcoreError, PluginError
from botcore.telemetry import get_logger

OPEN_LIMIT = 60.0
CLOSE_LIMIT = 10.0
"""Seconds."""

_log = get_logger(__name__)

T = TypeVar("T")
Open = Callable[[], AbstractAsyncContextManager[T]]


@dataclass(slots=True, eq=False)
class _Held:
    thing: asyncio.Future[Any]
    closing: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] = field(init=False)


class Lifetimes:
    """Holds what is open.

    Each thing lives in a task of its own: that task enters its context manager and leaves it, so a factory
    may use task groups and timeouts, and the first user's log context does not stick to what runs inside.
    """

    def __init__(self, *, open_limit: float = OPEN_LIMIT, close_limit: float = CLOSE_LIMIT) -> None:
        self._open_limit = open_limit
        self._close_limit = close_limit
        self._held: dict[str, _Held] = {}
        self._context = contextvars.copy_context()
        self._closed = False

    async def get(self, name: str, open_it: Open[T]) -> T:
        """The thing of that name; opened now when it is not open, or has ended by itself.

        Raises what our own errors the opening raised, and :class:`PluginError` for anything else.
        """
        if self._closed:
            raise PluginError(f"{name} cannot be opened: botcore is stopping")
        held = self._held.get(name)
        if held is None or held.task.done():
            held = self._hold(name, open_it)
        # Shielded: others may wait for the same opening, and a half-done opening would help nobody.
        return cast("T", await asyncio.shield(held.thing))

    async def close(self) -> None:
        """Close everything, the last opened first. A thing that fails to close is logged and left."""
        self._closed = True
        while self._held:
            name, held = self._held.popitem()
            held.closing.set()
            if not held.thing.done():
                held.task.cancel()
            try:
                _, pending = await asyncio.wait({held.task}, timeout=self._close_limit + 1)
            except asyncio.CancelledError:
                for other in (held, *self._held.values()):
                    other.task.cancel()
                raise
            if pending:
                _log.error("plugin_not_closed", thing=name)

    def _hold(self, name: str, open_it: Open[Any]) -> _Held:
        loop = asyncio.get_running_loop()
        held = _Held(loop.create_future())
        held.task = loop.create_task(
            self._keep(name, open_it, held), name=f"keeper of {name}", context=self._context.copy()
        )
        self._held.pop(name, None)  # a thing that is opened again counts as opened last
        self._held[name] = held
        return held

    async def _keep(self, name: str, open_it: Open[Any], held: _Held) -> None:
        loop = asyncio.get_running_loop()
        try:
            async with asyncio.timeout(self._open_limit) as limit:
                async with open_it() as thing:
                    limit.reschedule(None)
                    held.thing.set_result(thing)
                    await held.closing.wait()
                    limit.reschedule(loop.time() + self._close_limit)
        except BaseException as error:  # a task hands SystemExit to the loop
            if held.thing.done():
                _log.error("plugin_ended", thing=name, closing=held.closing.is_set(), exc_info=error)
                return
            ours = _as_ours(name, error)
            if isinstance(ours, PluginError):  # whoever needed it may say no more than that a part is broken
                broke = error if ours is not error else None
                _log.error("plugin_not_opened", thing=name, reason=ours.detail, exc_info=broke)
            held.thing.set_exception(ours)
            held.thing.exception()  # read, so that nobody waiting is no warning
            if isinstance(error, KeyboardInterrupt):
                raise


def _as_ours(name: str, error: BaseException) -> BotcoreError:
    if isinstance(error, BotcoreError):
        return error
    wrapped = PluginError(f"{name} could not be opened: {type(error).__name__}: {error}".rstrip(": "))
    wrapped.__cause__ = error
    return wrapped
