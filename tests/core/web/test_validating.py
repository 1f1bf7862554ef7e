"""Checking code over HTTP: whatever is sent, findings come back, and nothing of it is run."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from botcore.hooks.descriptors import ValidatorDescriptor
from botcore.model import Finding, Source
from botcore.testing.doubles import made_by
from botcore.web import validating
from tests.core.surface import eventually
from tests.core.web.conftest import Site, served
from tests.core.web.test_jobs import is_problem, post

PATH = "/api/v1/code/validate"


async def test_findings_say_where_and_what(client: aiohttp.ClientSession) -> None:
    response, body = await post(client, PATH, {"code": "draw it\nforbidden here"})
    assert response.status == 200
    assert not response.cookies
    (finding,) = body["findings"]
    assert body["valid"] is False
    assert (finding["severity"], finding["line"], finding["code"]) == ("error", 2, "forbidden")
    assert finding["fix"] == []


async def test_code_in_the_address_is_checked_as_code_in_the_body(client: aiohttp.ClientSession) -> None:
    code = "draw it\nforbidden here"
    _, posted = await post(client, PATH, {"code": code})
    async with client.get(PATH, params={"code": code}) as response:
        assert response.status == 200
        assert await response.json() == posted


async def test_good_code_has_no_findings(client: aiohttp.ClientSession) -> None:
    _, body = await post(client, PATH, {"code": "draw it"})
    assert body == {"valid": True, "findings": []}


async def test_a_character_that_no_code_holds_is_a_finding(client: aiohttp.ClientSession) -> None:
    _, body = await post(client, PATH, {"code": "draw it\nand\0 more"})
    (finding,) = body["findings"]
    assert (body["valid"], finding["code"], finding["line"], finding["column"]) == (
        False,
        "text_character",
        2,
        4,
    )


@pytest.mark.parametrize(
    ("code", "refused"), [("", "text_empty"), (" \n", "text_empty"), ("x" * 50_001, "code_too_long")]
)
async def test_what_is_no_code_or_too_much_is_refused(
    client: aiohttp.ClientSession, code: str, refused: str
) -> None:
    response, body = await post(client, PATH, {"code": code})
    assert is_problem(response, body, 422, refused)


async def test_ten_megabytes_are_refused(client: aiohttp.ClientSession) -> None:
    body = io.BytesIO(b'{"code": "' + b"x" * 10_000_000 + b'"}')
    headers = {"Content-Type": "application/json"}
    async with client.post(PATH, data=body, headers=headers) as response:
        answer = await response.json(content_type=None)
        assert (response.status, answer["code"]) == (413, "request_entity_too_large")


class Slow:
    """A validator that says nothing until it may."""

    def __init__(self) -> None:
        self.inside = self.most = 0
        self.go_on = asyncio.Event()

    async def validate(self, _source: Source) -> list[Finding]:
        self.inside += 1
        self.most = max(self.most, self.inside)
        await self.go_on.wait()
        await asyncio.sleep(0.01)
        self.inside -= 1
        return []

    async def is_asked(self, times: int) -> bool:
        return self.inside == times


@asynccontextmanager
async def slow_site(folder: Path) -> AsyncIterator[tuple[Site, Slow]]:
    slow = Slow()
    validator = ValidatorDescriptor(name="slow", languages=("flat",), factory=made_by(lambda: slow))
    async with served(folder, validator, web={"port": 0, "trusted_proxies": ["127.0.0.1"]}) as site:
        yield site, slow
        slow.go_on.set()


async def check(client: aiohttp.ClientSession, address: str) -> tuple[aiohttp.ClientResponse, Any]:
    """As somebody behind the proxy would."""
    return await post(client, PATH, {"code": "draw it"}, **{"X-Forwarded-For": address})


async def test_when_too_many_wait_the_next_one_is_sent_away(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validating, "MOST_OF_ALL", 2)
    async with slow_site(tmp_path) as (site, slow), site.new_client() as client:
        waiting = [asyncio.create_task(check(client, f"192.0.2.{n}")) for n in range(2)]
        await eventually(lambda: slow.is_asked(2))
        response, body = await check(client, "192.0.2.9")
        assert is_problem(response, body, 503, "validators_busy")
        assert response.headers["Retry-After"] == "2"
        slow.go_on.set()
        assert [response.status for response, _ in await asyncio.gather(*waiting)] == [200, 200]
        assert (await check(client, "192.0.2.9"))[0].status == 200


async def test_one_address_leaves_places_for_others(tmp_path: Path) -> None:
    async with slow_site(tmp_path) as (site, slow), site.new_client() as client:
        waiting = [
            asyncio.create_task(check(client, "192.0.2.1")) for _ in range(validating.MOST_OF_ADDRESS + 1)
        ]
        done, still = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        (refused,) = done
        assert is_problem(*refused.result(), 429, "too_much_code")
        assert refused.result()[0].headers["Retry-After"] == "2"
        other = asyncio.create_task(check(client, "192.0.2.2"))
        slow.go_on.set()
        answers = await asyncio.gather(*still, other)
    assert [response.status for response, _ in answers] == [200] * (validating.MOST_OF_ADDRESS + 1)


async def test_no_more_are_read_side_by_side_than_there_are_turns(tmp_path: Path) -> None:
    async with slow_site(tmp_path) as (site, slow), site.new_client() as client:
        waiting = [asyncio.create_task(check(client, f"192.0.2.{n}")) for n in range(20)]
        await eventually(lambda: slow.is_asked(validating.AT_ONCE))
        slow.go_on.set()
        answers = await asyncio.gather(*waiting)
    assert [response.status for response, _ in answers] == [200] * 20
    assert slow.most == validating.AT_ONCE
