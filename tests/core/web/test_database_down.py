"""A database that does not answer is said to be away for a while, and nothing is lost by it."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.core.runtime.world import locked
from tests.core.web.conftest import served


async def test_a_submission_is_told_to_come_back_and_is_taken_then(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("botcore.state.sqlite._BUSY_MS", 10)
    asked = {"json": {"text": "solve x = 2 for x"}, "headers": {"Idempotency-Key": "once"}}
    async with served(tmp_path) as site, site.new_client() as client:
        with locked(site.app.settings.data_dir):
            async with client.post("/api/v1/problems", **asked) as response:
                problem = await response.json()
                assert (response.status, problem["code"]) == (503, "database_unavailable")
                assert int(response.headers["Retry-After"]) > 0
                assert "locked" not in problem["detail"]
        async with client.post("/api/v1/problems", **asked) as response:
            assert response.status == 202
            job = await response.json()
        assert (await site.finished(client, job["id"]))["status"] == "ready"
