"""A database for each test, whose clock only the test moves."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from botcore.state import State, open_state, sqlite_url
from tests.core.state.ground import SettableClock


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
async def state(tmp_path: Path, clock: SettableClock) -> AsyncIterator[State]:
    async with open_state(sqlite_url(tmp_path / "botcore.db"), clock=clock) as state:
        yield state
