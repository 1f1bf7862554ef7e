"""Fixtures for all tests of the core."""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator

import pytest

from botcore.telemetry import configure_logging
from tests.core.databases import BACKENDS


@pytest.fixture(params=BACKENDS)
def each_backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """Run a test of the runtime on every database."""
    monkeypatch.setattr("tests.core.runtime.world.backend", BACKENDS[request.param])
    return str(request.param)


@pytest.fixture
def warnings() -> Iterator[io.StringIO]:
    """What is logged of warnings and errors meanwhile, a JSON object a line."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("json", "warning", stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)
