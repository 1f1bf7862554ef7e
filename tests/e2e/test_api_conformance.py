"""The API does what ``/openapi.json`` says: schemathesis asks a real server whatever comes to its mind."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from tests.core.web.conftest import Site, served

CONFIG = Path(__file__).with_name("schemathesis.toml")
MANY = 1_000_000
"""So that no limit on submissions ends the questions."""


async def asked(site: Site, folder: Path, *options: str) -> tuple[int, str]:
    """What schemathesis finds: its exit code and its report."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "--no-color"),
        *("run", f"{site.address}/openapi.json", "--continue-on-failure", *options),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        cwd=folder,
        env={**os.environ, "COLUMNS": "200"},
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, output.decode()


async def check(folder: Path, *options: str) -> None:
    limits = {"per_minute": MANY, "unfinished": MANY}
    async with served(folder, limits=limits) as site:
        code, report = await asked(site, folder, *options)
    assert code == 0, report
    assert "No issues found" in report, report


async def test_every_route_does_what_is_described(tmp_path: Path) -> None:
    await check(tmp_path, "--phases", "examples,coverage", "--max-examples", "5", "--seed", "1")


@pytest.mark.slow
async def test_every_route_does_what_is_described_whatever_is_asked(tmp_path: Path) -> None:
    await check(tmp_path, "--max-examples", "50", "--max-time", "240")
