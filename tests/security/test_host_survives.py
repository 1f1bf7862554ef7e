"""The bot's own side: cancelled jobs, killed zygotes, and a crowd."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import psutil
import pytest
from botcore_manim.renderer import manim_renderer
from botcore_manim.settings import ManimConfig

from botcore.errors import RenderTimeout, SandboxUnavailable
from botcore.hooks.descriptors import PluginContext

if TYPE_CHECKING:
    from tests.security.conftest import Arena

pytestmark = pytest.mark.asyncio(loop_scope="session")

_PATIENCE = 60.0
"""Far below the 60 s that the jobs here may take, and enough for a busy machine."""
_ENDLESS = "import time\nwhile True: time.sleep(0.01)"
_SHORT = "self.add(Dot())\nself.wait(0.1)"


def _below(pid: int) -> set[int]:
    return {child.pid for child in psutil.Process(pid).children(recursive=True)}


def _open_descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def _runs(process: psutil.Process) -> bool:
    # whoever has become the parent may take its time to bury it
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


async def _until(holds: Callable[[], bool]) -> None:
    """Processes ring no bell when they come and go."""
    while not holds():  # noqa: ASYNC110  # nothing sets an event
        await asyncio.sleep(0.01)


async def _until_a_job_runs(pid: int, idle: set[int]) -> None:
    """A job is there once the supervisor has a process below it."""
    async with asyncio.timeout(60):
        await _until(lambda: len(_below(pid) - idle) >= 2)


async def test_cancelling_ends_the_job_and_leaves_no_process(arena: Arena) -> None:
    zygote = await arena.zygote()
    idle = _below(zygote.pid)
    drawing = asyncio.ensure_future(arena.attack(_ENDLESS))
    await _until_a_job_runs(zygote.pid, idle)
    drawing.cancel()
    async with asyncio.timeout(_PATIENCE):
        with pytest.raises(asyncio.CancelledError):
            await drawing
    async with asyncio.timeout(_PATIENCE):
        # a supervisor of an earlier job may still have been on its way out
        await _until(lambda: _below(zygote.pid) <= idle)
    await arena.assert_untouched(zygote)


async def test_a_job_that_is_stopped_is_cancelled_all_the_same(arena: Arena) -> None:
    zygote = await arena.zygote()
    idle = _below(zygote.pid)
    drawing = asyncio.ensure_future(arena.attack(_ENDLESS))
    await _until_a_job_runs(zygote.pid, idle)
    job = max(_below(zygote.pid) - idle)
    os.kill(job, signal.SIGSTOP)
    drawing.cancel()
    async with asyncio.timeout(_PATIENCE):
        with pytest.raises(asyncio.CancelledError):
            await drawing
    await arena.assert_untouched(zygote)


async def test_descriptors_of_the_bot_are_given_back(arena: Arena) -> None:
    await arena.attack(_SHORT)
    before = _open_descriptors()
    for body in (_SHORT, "1/0", "import os; os._exit(3)", "while True: print('x' * 10 ** 6)"):
        await arena.outcome(body)
    with pytest.raises(RenderTimeout):
        await arena.attack(_ENDLESS, seconds=1)
    assert _open_descriptors() == before


async def test_jobs_side_by_side_do_not_meet(arena: Arena) -> None:
    zygote = await arena.zygote()
    meet = """
import os, time
open('/tmp/mine', 'x').write(str(os.getpid()))
time.sleep(0.3)
assert sorted(n for n in os.listdir('/tmp') if not n.startswith('scene-')) == ['mine']
self.add(Dot())
self.wait(0.1)
"""
    ends = await asyncio.gather(*(arena.outcome(meet.strip()) for _ in range(4)), arena.outcome("1/0"))
    assert ends == ["ok"] * 4 + ["scene_failed"]
    await arena.assert_untouched(zygote)


async def test_a_killed_zygote_is_replaced_and_its_job_runs_again(arena: Arena) -> None:
    zygote = await arena.zygote()
    idle = _below(zygote.pid)
    slow = "import time; time.sleep(1)\n" + _SHORT
    drawing = asyncio.ensure_future(arena.attack(slow))
    await _until_a_job_runs(zygote.pid, idle)
    os.kill(zygote.pid, signal.SIGKILL)
    assert (await drawing).size > 0
    after = await arena.zygote()
    assert after is not zygote
    await arena.assert_untouched(after)


async def test_a_supervisor_that_is_killed_costs_one_more_try(arena: Arena) -> None:
    zygote = await arena.zygote()
    idle = _below(zygote.pid)
    drawing = asyncio.ensure_future(arena.attack("import time; time.sleep(1)\n" + _SHORT))
    await _until_a_job_runs(zygote.pid, idle)
    supervisor = next(p for p in _below(zygote.pid) - idle if psutil.Process(p).children())
    os.kill(supervisor, signal.SIGKILL)
    assert (await drawing).size > 0
    await arena.assert_untouched(await arena.zygote())


async def test_closing_the_renderer_leaves_nothing_running(tmp_path: Path) -> None:
    before = set(psutil.Process().children(recursive=True))
    async with manim_renderer(
        ManimConfig(zygotes=2), PluginContext("manim", tmp_path, workers=2)
    ) as renderer:
        await renderer._pool.take()
        started = set(psutil.Process().children(recursive=True)) - before
        assert len(started) >= 3
    async with asyncio.timeout(_PATIENCE):
        await _until(lambda: not any(_runs(process) for process in started))


async def test_without_bubblewrap_it_refuses_and_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(SandboxUnavailable) as refused:
        async with manim_renderer(ManimConfig(), PluginContext("manim", tmp_path, workers=1)):
            pytest.fail("it has to refuse")
    assert "apt install bubblewrap" in str(refused.value.params["remedy"])
