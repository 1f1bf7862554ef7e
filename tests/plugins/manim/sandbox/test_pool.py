"""A pool goes on trying, and whoever needs a zygote waits for as long as there is time."""

from __future__ import annotations

import asyncio
import os
import select
import signal
from pathlib import Path

import pytest
from botcore_manim.renderer import ManimRenderer, job_limits
from botcore_manim.sandbox.host import NAMESPACE_REMEDY, Launch, Zygote, start_remedy
from botcore_manim.sandbox.pool import ZygotePool
from botcore_manim.settings import ManimConfig

from botcore.errors import RendererUnavailable, SceneFailed
from botcore.model import RenderOptions, RenderProgress, Source
from botcore.ports import RenderLimits
from tests.plugins.manim.sandbox.conftest import StartZygote

_WORKLOAD = "def warm(latex):\n    {}\n"


def _pool(folder: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[ZygotePool, Path]:
    """A pool whose zygotes cannot warm up until the returned file says something else."""
    packages = folder / "site-packages"
    packages.mkdir()
    workload = packages / "stubborn_workload.py"
    workload.write_text(_WORKLOAD.format("raise RuntimeError('not today')"))
    for path, mode in ((packages, 0o755), (workload, 0o644)):
        path.chmod(mode)  # whoever runs inside is another user, whatever our umask is
    monkeypatch.syspath_prepend(packages)
    config = ManimConfig()
    launch = Launch(uid=config.uid, workload="stubborn_workload")
    return ZygotePool(launch, job_limits(config, wall=30, file_bytes=10**6), 1, ()), workload


async def _until_a_start_failed(pool: ZygotePool) -> None:
    async with asyncio.timeout(60):
        while pool.trouble is None:  # noqa: ASYNC110  # whoever waits hears of nothing but success
            await asyncio.sleep(0.01)


async def test_taking_waits_over_a_start_that_failed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    opened, workload = _pool(tmp_path, monkeypatch)
    async with opened as pool:
        taking = asyncio.ensure_future(pool.take())
        await _until_a_start_failed(pool)
        await asyncio.sleep(0)
        assert not taking.done()
        workload.write_text(_WORKLOAD.format("pass"))
        async with asyncio.timeout(60):
            assert (await taking).alive
        assert pool.trouble is None


async def test_at_the_deadline_a_drawing_says_why_no_zygote_came(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def progress(_: RenderProgress) -> None:
        pytest.fail("nothing is drawn")

    opened, _ = _pool(tmp_path, monkeypatch)
    async with opened as pool:
        await _until_a_start_failed(pool)
        with pytest.raises(RendererUnavailable, match="not today"):
            await ManimRenderer(pool, ManimConfig(), tmp_path).render(
                Source("manim", ""), RenderOptions(), RenderLimits(10**6, 0.2), tmp_path, progress
            )


class _Queue:
    """A pool that gives these zygotes, whatever has become of them."""

    trouble = None

    def __init__(self, *zygotes: Zygote) -> None:
        self.zygotes = list(zygotes)

    async def take(self) -> Zygote:
        return self.zygotes.pop(0)


async def test_zygotes_whose_death_nobody_has_noticed_cost_a_job_no_attempt(
    start_zygote: StartZygote, tmp_path: Path
) -> None:
    async def progress(_: RenderProgress) -> None:
        pytest.fail("nothing is drawn")

    *dead, alive = [await start_zygote() for _ in range(4)]
    for zygote in dead:
        os.kill(zygote.pid, signal.SIGKILL)
        select.select([zygote._channel], [], [], 60)  # gone; and this loop has had no turn to hear of it
    assert all(zygote.alive for zygote in dead)
    renderer = ManimRenderer(_Queue(*dead, alive), ManimConfig(), tmp_path)  # type: ignore[arg-type]  # its take
    with pytest.raises(SceneFailed):
        await renderer.render(
            Source("manim", "1/0"), RenderOptions(), RenderLimits(10**6, 60), tmp_path, progress
        )


def test_a_masked_proc_has_its_own_remedy() -> None:
    assert "systempaths" in start_remedy("bwrap: Can't mount proc on /newroot/proc: Operation not permitted")
    assert start_remedy("bwrap: No permissions to create new namespace") == NAMESPACE_REMEDY
