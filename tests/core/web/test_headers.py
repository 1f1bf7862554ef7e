"""What answers say to browsers: policies on all of them, and which other origins may use the API."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from botcore.config import WebSettings
from botcore.web.headers import page_policy
from tests.core.web.conftest import Site, served

LISTED = "https://app.example.org"
PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "content-type"}
PROBLEM = {"text": "solve x^2 - 5x + 6 = 0"}


@pytest_asyncio.fixture
async def open_site(tmp_path: Path) -> AsyncIterator[Site]:
    """A site whose API pages of :data:`LISTED` may use."""
    web = {"port": 0, "public_url": "https://bot.example.org", "cors_origins": (LISTED,)}
    async with served(tmp_path, web=web) as site:
        yield site


def cors(response: aiohttp.ClientResponse) -> dict[str, str]:
    return {name: value for name, value in response.headers.items() if name.startswith("Access-Control-")}


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("GET", "/healthz", 200), ("GET", "/nothing", 404), ("GET", "/api/v1/problems", 405)],
)
async def test_every_answer_forbids_what_it_does_not_need(
    client: aiohttp.ClientSession, method: str, path: str, status: int
) -> None:
    async with client.request(method, path) as response:
        assert response.status == status
        headers = response.headers
        assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["Cross-Origin-Opener-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert "camera=()" in headers["Permissions-Policy"]
        assert headers["Cache-Control"] == "no-store"
        assert headers["Server"] == "botcore"
        assert "Strict-Transport-Security" not in headers
        assert "Vary" not in headers


async def test_browsers_are_bound_to_https_where_people_come_by_it(open_site: Site) -> None:
    async with open_site.new_client() as client, client.get("/healthz") as response:
        assert response.headers["Strict-Transport-Security"] == "max-age=31536000"


def test_a_page_runs_only_the_styles_and_scripts_that_it_was_given() -> None:
    policy = page_policy(styles=("p { color: red }",))
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    assert "script-src 'none'; connect-src 'none'; media-src 'none'" in policy
    assert "unsafe" not in policy
    assert page_policy(styles=("p { color: red }",)) != page_policy(styles=("p { color: blue }",))


async def test_a_listed_origin_may_ask_and_write(open_site: Site) -> None:
    async with open_site.new_client() as client:
        sent: dict[str, Any] = {"json": PROBLEM, "headers": {"Origin": LISTED}}
        async with client.post("/api/v1/problems", **sent) as response:
            assert response.status == 202
            assert response.headers["Access-Control-Allow-Origin"] == LISTED
            assert response.headers["Access-Control-Allow-Credentials"] == "true"
            assert "Location" in response.headers["Access-Control-Expose-Headers"]
            assert response.headers["Vary"] == "Origin"


async def test_an_error_can_be_read_by_a_listed_origin_too(open_site: Site) -> None:
    async with (
        open_site.new_client() as client,
        client.get("/api/v1/jobs/nothing", headers={"Origin": LISTED}) as response,
    ):
        assert response.status == 404
        assert response.headers["Access-Control-Allow-Origin"] == LISTED


@pytest.mark.parametrize("origin", ["https://evil.example", "null", f"{LISTED}.evil.example", LISTED.upper()])
async def test_no_other_origin_may(open_site: Site, origin: str) -> None:
    async with open_site.new_client() as client:
        async with client.post("/api/v1/problems", json=PROBLEM, headers={"Origin": origin}) as response:
            assert response.status == 403
            assert cors(response) == {}
            assert response.headers["Vary"] == "Origin"
        headers = {"Origin": origin, **PREFLIGHT}
        async with client.options("/api/v1/problems", headers=headers) as response:
            assert response.status == 204
            assert cors(response) == {}


async def test_a_preflight_tells_what_may_be_sent_and_is_remembered(open_site: Site) -> None:
    headers = {"Origin": LISTED, **PREFLIGHT}
    async with (
        open_site.new_client() as client,
        client.options("/api/v1/problems", headers=headers) as response,
    ):
        assert response.status == 204
        assert await response.read() == b""
        allowed = cors(response)
        assert allowed["Access-Control-Allow-Origin"] == LISTED
        assert allowed["Access-Control-Allow-Methods"] == "OPTIONS, POST"
        assert "Authorization, Content-Type, Idempotency-Key" in allowed["Access-Control-Allow-Headers"]
        assert allowed["Access-Control-Max-Age"] == "7200"


async def test_options_tells_the_methods_of_an_address(client: aiohttp.ClientSession) -> None:
    async with client.options("/healthz") as response:
        assert (response.status, response.headers["Allow"]) == (204, "GET, HEAD, OPTIONS")
    async with client.options("/nothing") as response:
        assert response.status == 404


@pytest.mark.parametrize(
    "origin",
    [
        "*",
        "null",
        "",
        "app.example.org",
        "https://",
        "https://App.example.org",
        "https://app.example.org/",
        "https://app.example.org/path",
        "https://user@app.example.org",
        "ftp://app.example.org",
    ],
)
def test_what_is_no_origin_is_refused_by_the_settings(origin: str) -> None:
    with pytest.raises(ValueError, match=r"must be an origin such as https://app\.example\.org"):
        WebSettings(cors_origins=(origin,))


def test_a_port_is_part_of_an_origin() -> None:
    assert WebSettings(cors_origins=("http://localhost:3000",)).cors_origins == ("http://localhost:3000",)
