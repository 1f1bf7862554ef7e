"""The self-probe sees a wall that is missing: each test takes one away, inside a zygote of its own."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from botcore_manim.renderer import job_limits
from botcore_manim.sandbox.attacks import WALLS
from botcore_manim.sandbox.host import Zygote
from botcore_manim.sandbox.selfprobe import probe_walls, require_walls
from botcore_manim.settings import ManimConfig

from botcore.errors import SandboxUnavailable

LIMITS = job_limits(ManimConfig(), wall=20, file_bytes=50_000_000)

MISSING = {
    "seccomp": (
        "from botcore_manim.sandbox import seccomp; seccomp.restrict = lambda program: None",
        {"new processes", "kernel calls", "network", "privileges"},
    ),
    "landlock": (
        "from botcore_manim.sandbox import landlock; landlock.restrict = lambda **paths: None",
        {"landlock"},
    ),
    "resource limits": (
        "from botcore_manim.sandbox import walls; walls._resource_limits = lambda limits: None",
        {"memory", "threads", "disk"},
    ),
    "private files": (
        "from botcore_manim.sandbox import walls; walls._private_files = lambda limits: None",
        {"disk"},
    ),
    "private files and Landlock": (
        """
        from botcore_manim.sandbox import landlock, walls
        landlock.restrict = lambda **paths: None
        walls._private_files = lambda limits: None
        """,
        {"proc", "landlock", "disk"},
    ),
    "a process namespace": (
        """
        from botcore_manim.sandbox import kernel, supervisor
        supervisor._NAMESPACES &= ~kernel.CLONE_NEWPID
        """,
        {"other processes"},
    ),
    "a process group of its own": (
        "from botcore_manim.sandbox import job; job.os.setsid = lambda: None",
        {"other processes"},
    ),
    "a clean environment": ("import os; os.environ['TOKEN'] = 'x'", {"environment"}),
    "closed descriptors": (
        "from botcore_manim.sandbox import job; job.os.closerange = lambda low, high: None",
        {"descriptors"},
    ),
    "scratch without programs": (
        "from botcore_manim.sandbox import kernel; kernel.MS_NOEXEC = 0",
        {"programs from scratch"},
    ),
}


@pytest.mark.parametrize("what", MISSING)
async def test_a_missing_wall_is_seen(
    start_zygote: Callable[[str], Awaitable[Zygote]], tmp_path: Path, what: str
) -> None:
    breaking, expected = MISSING[what]
    zygote = await start_zygote(breaking)
    fallen = {wall.name for wall in await probe_walls(zygote, LIMITS, (tmp_path,)) if wall.got}
    assert expected <= fallen
    with pytest.raises(SandboxUnavailable) as refused:
        await require_walls(zygote, LIMITS, (tmp_path,))
    for name in expected:
        assert f"wall “{name}” does not hold" in refused.value.detail
    assert refused.value.params["remedy"]


async def test_all_walls_hold_here(start_zygote: Callable[[str], Awaitable[Zygote]], tmp_path: Path) -> None:
    walls = await probe_walls(await start_zygote("pass"), LIMITS, (tmp_path,))
    assert [wall.name for wall in walls] == list(WALLS)
    assert not [wall for wall in walls if wall.got]


async def test_a_wall_that_cannot_be_put_up_is_named_with_its_remedy(
    start_zygote: Callable[[str], Awaitable[Zygote]], tmp_path: Path
) -> None:
    zygote = await start_zygote("from botcore_manim.sandbox import landlock; landlock.abi = lambda: 0")
    with pytest.raises(SandboxUnavailable) as refused:
        await probe_walls(zygote, LIMITS, (tmp_path,))
    assert "Landlock is not available" in refused.value.detail
    assert "lsm=" in str(refused.value.params["remedy"])


async def test_a_warm_process_with_threads_is_refused(
    start_zygote: Callable[[str], Awaitable[Zygote]], monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SandboxUnavailable, match="2 threads"):
        await start_zygote(
            """
            import threading
            from botcore_manim.sandbox import zygote
            zygote._SETTLE_SECONDS = 0.1
            threading.Thread(target=threading.Event().wait, daemon=True).start()
            """
        )


async def test_a_warm_process_that_fails_says_why(start_zygote: Callable[[str], Awaitable[Zygote]]) -> None:
    with pytest.raises(SandboxUnavailable, match="cannot draw today"):
        await start_zygote("raise RuntimeError('cannot draw today')")
