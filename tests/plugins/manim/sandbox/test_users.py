"""The sandbox starts for root and for an ordinary user, also from folders that nobody else may enter."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import botcore_manim
import pytest

import botcore

_PROBE = """
import asyncio, os
from pathlib import Path
from botcore_manim.renderer import job_limits
from botcore_manim.sandbox.host import Launch, Zygote
from botcore_manim.sandbox.selfprobe import require_walls
from botcore_manim.settings import ManimConfig

async def main():
    zygote = await Zygote.start(Launch(uid=ManimConfig().uid, workload=None))
    try:
        await require_walls(zygote, job_limits(ManimConfig(), wall=20, file_bytes=1_000_000), ())
    finally:
        await zygote.close()
    print("all walls hold for", os.getuid())

asyncio.run(main())
"""


def _packages() -> list[Path]:
    return [Path(str(package.__file__)).parent for package in (botcore, botcore_manim)]


def _probe(python: str, import_path: list[Path], user: int) -> str:
    done = subprocess.run(
        [python, "-c", _PROBE],
        env={
            "PYTHONPATH": os.pathsep.join(map(str, import_path)),
            "PATH": os.environ["PATH"],
            "HOME": "/nowhere",
        },
        cwd="/",
        user=user,
        group=user,
        extra_groups=[] if os.getuid() == 0 else None,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    return done.stdout + done.stderr


def test_from_a_checkout_that_only_its_owner_may_enter(tmp_path: Path) -> None:
    checkout = tmp_path / "checkout"
    for package in _packages():
        shutil.copytree(package, checkout / package.name, ignore=shutil.ignore_patterns("__pycache__"))
    checkout.chmod(0o700)
    assert f"all walls hold for {os.getuid()}" in _probe(sys.executable, [checkout], os.getuid())


def test_as_an_ordinary_user(tmp_path_factory: pytest.TempPathFactory) -> None:
    if os.getuid() != 0:
        pytest.skip("the other tests run as an ordinary user already")
    python = Path(f"/usr/bin/python3.{sys.version_info.minor}")
    site_packages = Path(str(pytest.__file__)).parent.parent
    reachable = [*(package.parent for package in _packages()), site_packages]
    closed = [p for path in reachable for p in (path, *path.parents) if not p.stat().st_mode & 0o001]
    if closed or not python.exists():
        pytest.skip(f"no interpreter and packages that every user can reach: {closed or python}")
    assert "all walls hold for 65534" in _probe(str(python), reachable, 65534)
