"""What machines ask: alive, ready, metrics; and what the log keeps of a request."""

from __future__ import annotations

import asyncio
import io
import json
import re

import aiohttp
import pytest

from botcore.telemetry import configure_logging
from botcore.web import health
from tests.core.web.conftest import Site


async def test_a_running_server_is_alive_and_ready(client: aiohttp.ClientSession) -> None:
    for path in ("/healthz", "/readyz"):
        async with client.get(path) as response:
            assert response.status == 200


async def test_a_server_that_stops_is_alive_but_not_ready(site: Site, client: aiohttp.ClientSession) -> None:
    site.stopping.set()
    async with client.get("/healthz") as response:
        assert response.status == 200
    async with client.get("/readyz") as response:
        assert response.status == 503
        assert (await response.json())["parts"]["server"] is False


async def test_a_server_with_a_full_disk_is_not_ready(
    client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(health, "FREE_BYTES", 2**80)
    async with client.get("/readyz") as response:
        assert response.status == 503
        assert (await response.json())["parts"] == {
            "server": True,
            "database": True,
            "disk": False,
            "renderer": True,
        }


async def test_metrics_count_jobs_and_routes_but_name_no_job(
    site: Site, client: aiohttp.ClientSession
) -> None:
    async with client.post("/api/v1/problems", json={"text": "solve x = 2 for x"}) as response:
        job_id = (await response.json())["id"]
    await site.finished(client, job_id)
    async with client.get("/metrics") as response:
        text = await response.text()
    assert 'botcore_jobs{status="ready"} 1.0' in text
    assert 'route="/api/v1/jobs/{id}"' in text
    assert job_id not in text


@pytest.mark.parametrize(
    "headers",
    [
        {"X-Forwarded-For": "203.0.113.9"},
        {"Forwarded": "for=203.0.113.9"},
        {"X-Forwarded-Proto": "https"},
        {"X-Forwarded-Host": "localhost"},
        {"X-Real-IP": "203.0.113.9"},
        {"Via": "1.1 proxy"},
        {"Host": "rebound.example.org"},
        {"Sec-Fetch-Site": "cross-site"},
    ],
    ids=lambda headers: next(iter(headers)),
)
async def test_metrics_are_for_this_machine_only(
    client: aiohttp.ClientSession, headers: dict[str, str]
) -> None:
    answers = set()
    for path in ("/metrics", "/health/relays", "/nowhere"):
        async with client.get(path, headers={"X-Request-Id": "same", **headers}) as response:
            answers.add((response.status, await response.text()))
    assert [status for status, _ in answers] == [404]  # nothing tells them apart


async def test_the_log_has_the_path_and_never_the_query(site: Site, client: aiohttp.ClientSession) -> None:
    stream = io.StringIO()
    configure_logging("json", "info", stream)
    try:
        async with client.get("/healthz?t=secret-token", headers={"X-Request-Id": "from-me"}) as response:
            assert response.headers["X-Request-Id"] == "from-me"
        async with client.post("/api/v1/problems", json={"text": "solve privately x = 2"}):
            pass
    finally:
        configure_logging()
    lines = [json.loads(line) for line in stream.getvalue().splitlines()]
    request = next(line for line in lines if line.get("path") == "/healthz")
    assert (request["request"], request["status"], request["method"]) == ("from-me", 200, "GET")
    assert "secret-token" not in stream.getvalue()
    assert "privately" not in stream.getvalue()


@pytest.mark.parametrize("given", ["", "a b", "x" * 65, "<script>"])
async def test_a_request_id_that_could_harm_a_log_is_replaced(
    client: aiohttp.ClientSession, given: str
) -> None:
    async with client.get("/healthz", headers={"X-Request-Id": given}) as response:
        assert response.headers["X-Request-Id"] != given
        assert re.fullmatch(r"[0-9a-z]{16}-[0-9a-f]+", response.headers["X-Request-Id"])


async def test_the_server_ends_while_a_job_is_drawn(site: Site, client: aiohttp.ClientSession) -> None:
    async with client.post("/api/v1/code", json={"code": "wait for ever and ever"}) as response:
        assert response.status == 202
    site.stopping.set()
    await asyncio.sleep(0)  # the fixtures close everything; a hang here is the failure


@pytest.mark.parametrize(
    "path", ["/healthz", "/api/v1/jobs/none", "/nothing", "/api/v1/video/{video}/stream"]
)
async def test_every_answer_has_the_same_careful_headers(
    site: Site, client: aiohttp.ClientSession, path: str
) -> None:
    if "{video}" in path:
        async with client.post("/api/v1/code", json={"code": "draw it"}) as response:
            job = await site.finished(client, (await response.json())["id"])
        path = await site.watched(client, job)
    async with client.get(path, headers={"X-Request-Id": "from-me"}) as response:
        assert response.headers["X-Request-Id"] == "from-me"
        assert response.headers["X-Content-Type-Options"] == "nosniff"
        assert response.headers["Server"] == "botcore"
        # A 404 may be kept by a cache, which would give it to the job's owner.
        assert "no-store" in response.headers["Cache-Control"]
