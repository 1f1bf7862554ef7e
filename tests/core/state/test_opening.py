"""A database that cannot be opened is told, not waited for."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from botcore.errors import EnvironmentFault
from botcore.state.database import open_database

PATIENCE = 60.0


@pytest.mark.parametrize("content", [b"no database at all " * 100, b"SQLite format 3\0" + b"\xff" * 4096])
async def test_a_file_that_is_no_database_is_one_sentence(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "botcore.db"
    path.write_bytes(content)
    with pytest.raises(EnvironmentFault) as caught:
        async with asyncio.timeout(PATIENCE), open_database(f"sqlite://{path}"):
            pass
    assert f"{path} cannot be opened" in caught.value.message
    assert path.read_bytes() == content


async def test_a_database_can_be_opened_after_one_that_failed(tmp_path: Path) -> None:
    (tmp_path / "bad.db").write_bytes(b"no database at all " * 100)
    for name, works in (("bad.db", False), ("good.db", True)):
        try:
            async with asyncio.timeout(PATIENCE), open_database(f"sqlite://{tmp_path / name}"):
                assert works
        except EnvironmentFault:
            assert not works
