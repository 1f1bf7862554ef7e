"""What every store keeps, against a real server."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botcore_s3.plugin import S3

from botcore.testing.contracts import StoreContract
from tests.plugins.s3.weed import Weed


class TestS3(StoreContract):
    descriptor = S3

    @pytest.fixture(autouse=True)
    def _on_a_server(self, weed: Weed, monkeypatch: pytest.MonkeyPatch) -> None:
        values: Mapping[str, Any] = weed.values(prefix="contract/")
        monkeypatch.setattr(type(self), "config", values)
