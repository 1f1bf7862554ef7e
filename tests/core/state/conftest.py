"""A database for each test. A second backend is one more entry of ``BACKENDS``."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import pytest

from botcore.state import State, open_state, sqlite_url
from tests.core.databases import lay_database
from tests.core.state.ground import Ground, SettableClock

BACKENDS: dict[str, Callable[[Path], str]] = {"sqlite": lambda folder: sqlite_url(folder / "botcore.db")}


@pytest.fixture(params=sorted(BACKENDS))
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    return BACKENDS[request.param](tmp_path)


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
async def state(database_url: str, clock: SettableClock, tmp_path: Path) -> AsyncIterator[State]:
    lay_database(tmp_path / "botcore.db")
    async with open_state(database_url, clock=clock) as state:
        yield state


@pytest.fixture
def ground(state: State, clock: SettableClock) -> Ground:
    return Ground(state, clock)
