"""The API does what ``/openapi.json`` says: schemathesis asks a real server whatever comes to its mind."""

from __future__ import annotations

import asyncio
import os
import sys
from pathlib import Path

import pytest

from botcore.state import NewToken, Scope
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


async def check(folder: Path, *options: str, scopes: frozenset[Scope] = frozenset()) -> None:
    """Ask a server; as a program whose token has these scopes, or as somebody without a name."""
    limits = {"per_minute": MANY, "unfinished": MANY}
    async with served(folder, limits=limits) as site:
        if scopes:
            made = await site.app.state.tokens.create(NewToken("schemathesis", scopes))
            assert made is not None
            options = (*options, "--header", f"Authorization: Bearer {made[1]}")
        code, report = await asked(site, folder, *options)
    assert code == 0, report
    assert "No issues found" in report, report


async def test_every_route_does_what_is_described(tmp_path: Path) -> None:
    await check(tmp_path, "--phases", "examples,coverage", "--seed", "1")


@pytest.mark.slow
@pytest.mark.timeout(900)
@pytest.mark.parametrize("scopes", [frozenset(), frozenset(Scope)], ids=["nobody", "operator"])
async def test_every_route_does_what_is_described_whatever_is_asked(
    tmp_path: Path, scopes: frozenset[Scope]
) -> None:
    await check(tmp_path, "--max-examples", "50", "--max-time", "240", scopes=scopes)
