"""Fixtures for all tests of the core."""

from __future__ import annotations

import pytest

from tests.core.databases import BACKENDS


@pytest.fixture(params=BACKENDS)
def each_backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test of the runtime on every database."""
    monkeypatch.setattr("tests.core.runtime.world.backend", BACKENDS[request.param])
    return str(request.param)
