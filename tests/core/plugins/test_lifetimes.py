"""Things are opened once, when first used, and closed in reverse order, whatever the others do."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import pytest

from botcore.errors import PluginError, SandboxUnavailable
from botcore.plugins.lifetimes import Lifetimes
from botcore.telemetry import log_context

Open = Callable[[], AbstractAsyncContextManager[str]]


@pytest.fixture
def diary() -> list[str]:
    return []


def named(name: str, diary: list[str]) -> Open:
    @asynccontextmanager
    async def open_it() -> AsyncIterator[str]:
        diary.append(f"open {name}")
        await asyncio.sleep(0)
        try:
            yield name
        finally:
            diary.append(f"close {name}")

    return open_it


async def test_many_first_users_open_it_once(diary: list[str]) -> None:
    lifetimes = Lifetimes()
    got = await asyncio.gather(*(lifetimes.get("a", named("a", diary)) for _ in range(5)))
    await lifetimes.close()
    assert got == ["a"] * 5
    assert diary == ["open a", "close a"]


async def test_closing_goes_backwards(diary: list[str]) -> None:
    lifetimes = Lifetimes()
    for name in "abc":
        await lifetimes.get(name, named(name, diary))
    await lifetimes.close()
    assert diary == ["open a", "open b", "open c", "close c", "close b", "close a"]


async def test_nothing_is_opened_while_stopping(diary: list[str]) -> None:
    lifetimes = Lifetimes()
    await lifetimes.close()
    with pytest.raises(PluginError, match="stopping"):
        await lifetimes.get("a", named("a", diary))
    assert diary == []


async def test_our_own_errors_come_through_and_the_next_use_tries_again(diary: list[str]) -> None:
    lifetimes = Lifetimes()

    @asynccontextmanager
    async def no_sandbox() -> AsyncIterator[str]:
        raise SandboxUnavailable("no user namespaces")
        yield ""

    with pytest.raises(SandboxUnavailable):
        await lifetimes.get("a", no_sandbox)
    assert await lifetimes.get("a", named("a", diary)) == "a"
    await lifetimes.close()


@pytest.mark.parametrize("error", [KeyError("k"), SystemExit(2), asyncio.CancelledError(), TimeoutError()])
async def test_any_other_error_of_a_factory_is_a_plugin_error(error: BaseException) -> None:
    lifetimes = Lifetimes()

    @asynccontextmanager
    async def broken() -> AsyncIterator[str]:
        raise error
        yield ""

    with pytest.raises(PluginError, match=f"a could not be opened: {type(error).__name__}"):
        await lifetimes.get("a", broken)
    await lifetimes.close()


async def test_a_factory_that_is_no_factory_is_a_plugin_error() -> None:
    lifetimes = Lifetimes()
    with pytest.raises(PluginError, match="could not be opened: TypeError"):
        await lifetimes.get("a", lambda: None)  # type: ignore[arg-type, return-value]  # what a plugin may do
    await lifetimes.close()


async def test_a_factory_that_hangs_is_given_up(diary: list[str]) -> None:
    lifetimes = Lifetimes(open_limit=0.05)

    @asynccontextmanager
    async def hangs() -> AsyncIterator[str]:
        await asyncio.Event().wait()
        yield ""

    with pytest.raises(PluginError, match="TimeoutError"):
        await lifetimes.get("a", hangs)
    assert await lifetimes.get("b", named("b", diary)) == "b"
    await lifetimes.close()


async def test_the_opening_goes_on_when_the_first_user_is_cancelled(diary: list[str]) -> None:
    lifetimes = Lifetimes()
    first = asyncio.create_task(lifetimes.get("a", named("a", diary)))
    await asyncio.sleep(0)
    first.cancel()
    assert await lifetimes.get("a", named("a", diary)) == "a"
    await lifetimes.close()
    assert first.cancelled()
    assert diary == ["open a", "close a"]


async def test_a_factory_may_hold_a_task_group_over_the_yield(diary: list[str]) -> None:
    """It is entered by a job's task and left by the main one otherwise, which a task group forbids."""
    lifetimes = Lifetimes()

    @asynccontextmanager
    async def with_group() -> AsyncIterator[str]:
        async with asyncio.TaskGroup() as group:
            worker = group.create_task(asyncio.Event().wait())
            yield "grouped"
            worker.cancel()
            diary.append("closed")

    assert await asyncio.create_task(lifetimes.get("a", with_group)) == "grouped"
    await lifetimes.close()
    assert diary == ["closed"]


async def test_what_dies_by_itself_is_opened_again(diary: list[str]) -> None:
    lifetimes = Lifetimes()
    die = asyncio.Event()

    @asynccontextmanager
    async def mortal() -> AsyncIterator[str]:
        async with asyncio.TaskGroup() as group:

            async def worker() -> None:
                await die.wait()
                raise ConnectionError("lost")

            work = group.create_task(worker())
            yield "mortal"
            work.cancel()

    await lifetimes.get("a", mortal)
    (keeper,) = (task for task in asyncio.all_tasks() if task.get_name() == "keeper of a")
    die.set()
    await asyncio.wait({keeper})
    assert await lifetimes.get("a", named("again", diary)) == "again"
    await lifetimes.close()


async def test_one_that_fails_or_hangs_at_closing_does_not_keep_the_others_open(diary: list[str]) -> None:
    lifetimes = Lifetimes(close_limit=0.05)

    @asynccontextmanager
    async def fails() -> AsyncIterator[str]:
        yield "fails"
        raise SystemExit(1)

    @asynccontextmanager
    async def hangs() -> AsyncIterator[str]:
        yield "hangs"
        await asyncio.Event().wait()

    await lifetimes.get("first", named("first", diary))
    await lifetimes.get("fails", fails)
    await lifetimes.get("hangs", hangs)
    await lifetimes.close()
    assert diary == ["open first", "close first"]


async def test_closing_gives_up_an_opening_that_is_under_way(diary: list[str]) -> None:
    lifetimes = Lifetimes()

    @asynccontextmanager
    async def slow() -> AsyncIterator[str]:
        try:
            await asyncio.Event().wait()
            yield ""
        finally:
            diary.append("gave up")

    user = asyncio.create_task(lifetimes.get("a", slow))
    await asyncio.sleep(0.01)
    await lifetimes.close()
    with pytest.raises(PluginError):
        await user
    assert diary == ["gave up"]


async def test_the_first_users_log_context_does_not_stick(diary: list[str]) -> None:
    from structlog.contextvars import get_contextvars

    lifetimes = Lifetimes()
    seen: list[dict[str, object]] = []

    @asynccontextmanager
    async def looking() -> AsyncIterator[str]:
        seen.append(dict(get_contextvars()))
        yield ""

    with log_context(job="j1"):
        await lifetimes.get("a", looking)
    await lifetimes.close()
    assert seen == [{}]
