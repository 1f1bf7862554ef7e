"""A database for each test, on every backend."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from botcore.state import State, open_state
from tests.core.databases import BACKENDS
from tests.core.state.ground import Ground, SettableClock


@pytest.fixture(params=BACKENDS)
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    with BACKENDS[request.param](tmp_path) as url:
        yield url


@pytest.fixture
def clock() -> SettableClock:
    return SettableClock()


@pytest.fixture
async def state(database_url: str, clock: SettableClock) -> AsyncIterator[State]:
    async with open_state(database_url, clock=clock) as state:
        yield state


@pytest.fixture
def ground(state: State, clock: SettableClock) -> Ground:
    return Ground(state, clock)
