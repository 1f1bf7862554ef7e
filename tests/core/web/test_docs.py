"""The page about the API: everything that is described, and nothing from elsewhere."""

from __future__ import annotations

import json
import re
import shlex
from html import unescape
from typing import Any

import aiohttp
import pytest_asyncio

from botcore.web import docs, openapi
from botcore.web.headers import NO_ICON
from botcore.web.server import ENDPOINTS

DOCUMENT = openapi.describe(ENDPOINTS, "")


@pytest_asyncio.fixture
async def page(client: aiohttp.ClientSession) -> str:
    async with client.get("/docs") as response:
        assert response.content_type == "text/html"
        assert "style-src 'sha256-" in response.headers["Content-Security-Policy"]
        assert "script-src 'none'" in response.headers["Content-Security-Policy"]
        page = await response.text()
    assert NO_ICON in page, "the browser would ask for /favicon.ico"
    return page.replace(NO_ICON, "")


async def test_whoever_opens_the_server_in_a_browser_is_told_what_it_is(
    client: aiohttp.ClientSession,
) -> None:
    async with client.get("/") as response:
        home = await response.text()
        assert (response.status, response.content_type) == (200, "text/html")
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        assert "img-src data:;" in response.headers["Content-Security-Policy"]
    assert NO_ICON in home, "the browser would ask for /favicon.ico"
    home = home.replace(NO_ICON, "")
    assert not re.search(r"<(script|link|img|iframe|object|form)\b|@import|url\(|style=", home)
    links = re.findall(r'(?:href|src)="([^"]*)"', home)
    assert links == ["docs", "openapi.json"]
    for link in links:
        async with client.get(f"/{link}") as response:
            assert response.status == 200


async def test_it_shows_every_operation_refusal_and_schema(page: str) -> None:
    for methods in DOCUMENT["paths"].values():
        for operation in methods.values():
            assert f'id="{operation["operationId"]}"' in page
            for response in operation["responses"].values():
                for content in response.get("content", {}).values():
                    for code in content.get("examples", ()):
                        assert f"<code>{code}</code>" in page
    for name in DOCUMENT["components"]["schemas"]:
        assert f'id="{name}"' in page


async def test_it_needs_nothing_from_elsewhere(page: str) -> None:
    assert not re.search(r"<(script|link|img|iframe|object|form)\b|@import|url\(|style=", page)
    assert re.findall(r'(?:href|src)="([^#"][^"]*)"', page) == ["openapi.json"]


async def test_each_of_its_links_leads_somewhere(page: str) -> None:
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(set(ids)) == len(ids)
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


async def test_its_lines_for_curl_are_lines_of_a_shell(page: str) -> None:
    lines = [unescape(line) for line in re.findall(r"<pre>(curl .*?)</pre>", page, re.DOTALL)]
    assert len(lines) == len(ENDPOINTS)
    for line in lines:
        words = shlex.split(line)
        assert words[0] == "curl"
        assert "{" not in next(word for word in words if word.startswith("$BOTCORE/"))
        if "-d" in words:
            json.loads(words[words.index("-d") + 1])


def test_a_sentence_of_a_plugin_is_text_and_no_markup() -> None:
    document: dict[str, Any] = json.loads(json.dumps(DOCUMENT))
    document["info"]["description"] = "<script>alert(1)</script> `<b>`"
    page = docs.page(document).decode()
    assert "<script>" not in page
    assert "<code>&lt;b&gt;</code>" in page
