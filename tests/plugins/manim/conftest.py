"""For all tests of the renderer."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from botcore_manim.api import stored


@pytest.fixture(scope="package", autouse=True)
def _patience() -> Iterator[None]:
    """To describe the installed Manim takes seconds, on a busy machine a minute. Who runs the bot goes on
    without a description then; the tests of it cannot."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stored, "_SECONDS", 600.0)
        yield
