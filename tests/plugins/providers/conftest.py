from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from botcore.testing.model_server import ModelServer
from tests.plugins.providers.models import CASES, Case


@pytest_asyncio.fixture
async def server() -> AsyncIterator[ModelServer]:
    async with ModelServer() as running:
        yield running


@pytest.fixture(params=CASES, ids=lambda case: case.name)
def case(request: pytest.FixtureRequest) -> Case:
    """Each provider in turn."""
    found: Case = request.param
    return found
