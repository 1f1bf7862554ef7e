"""Checking code over HTTP: whatever is sent, findings come back, and nothing of it is run."""

from __future__ import annotations

import asyncio
import io

import aiohttp
import pytest

from botcore.web import validating
from tests.core.web.conftest import Site
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


async def test_when_too_many_wait_the_next_one_is_sent_away(
    site: Site, client: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(validating, "_MOST", 0)
    response, body = await post(client, PATH, {"code": "draw it"})
    assert is_problem(response, body, 503, "validators_busy")
    assert response.headers["Retry-After"] == "2"


async def test_many_at_once_are_all_answered(client: aiohttp.ClientSession) -> None:
    answers = await asyncio.gather(*(post(client, PATH, {"code": f"draw {n}"}) for n in range(20)))
    assert [response.status for response, _ in answers] == [200] * 20
