"""``/api/v1/session``: seen, changed, forgotten; platforms."""

from __future__ import annotations

import asyncio
import json

import aiohttp

from botcore.state.models import IdentityRow, JobRow, LeftoverRow
from tests.core.web.conftest import Site
from tests.core.web.test_jobs import PROBLEM, is_problem, post
from tests.core.web.test_tokens import SESSION, asked, made


async def changed(
    client: aiohttp.ClientSession, **body: object
) -> tuple[aiohttp.ClientResponse, dict[str, object]]:
    async with client.patch(SESSION, json=body) as response:
        return response, await response.json(content_type=None)


async def test_a_session_says_who_somebody_is_and_what_is_left(client: aiohttp.ClientSession) -> None:
    response, body = await asked(client, SESSION, {})
    assert is_problem(response, body, 404, "not_found")
    await post(client, "/api/v1/problems", PROBLEM)
    _, body = await asked(client, SESSION, {})
    assert (body["kind"], body["accounts"], body["provider"]) == ("person", ["Web"], None)
    assert json.dumps(body["allowance"]["submissions_per_minute"]) == '{"limit": 10, "used": 1, "left": 9}'
    assert body["allowance"]["usd_today"] == {"limit": None, "used": 0, "left": None}


async def test_choices_are_kept_and_null_takes_them_back(client: aiohttp.ClientSession) -> None:
    _, body = await changed(client, language="es", quality="high", aspect="9:16", provider="echo")
    assert [body[name] for name in ("language", "quality", "aspect", "provider")] == [
        "es",
        "high",
        "9:16",
        "echo",
    ]
    _, body = await changed(client, quality=None, provider=None)
    assert [body[name] for name in ("language", "quality", "aspect", "provider")] == [
        "es",
        "medium",
        "9:16",
        None,
    ]
    _, job = await post(client, "/api/v1/problems", PROBLEM)
    _, shown = await asked(client, f"/api/v1/jobs/{job['id']}", {})
    assert shown["aspect"] == "9:16"


async def test_two_choices_at_the_same_moment_both_hold(client: aiohttp.ClientSession) -> None:
    await changed(client, language="es")
    await asyncio.gather(changed(client, quality="high"), changed(client, aspect="9:16"))
    _, body = await asked(client, SESSION, {})
    assert (body["language"], body["quality"], body["aspect"]) == ("es", "high", "9:16")


async def test_choices_that_there_are_not_are_refused(client: aiohttp.ClientSession) -> None:
    for body, code in (
        ({"language": "tlh"}, "language_unknown"),
        ({"provider": "gauss"}, "provider_unknown"),
        ({"quality": "best"}, "body_invalid"),
        ({"colour": "red"}, "body_invalid"),
    ):
        response, answer = await changed(client, **body)
        assert response.status == 422, answer
        assert answer["code"] in {code, "unknown_provider", "unknown_language"}
        assert not response.cookies


async def test_who_is_forgotten_leaves_nothing_but_a_count(site: Site, client: aiohttp.ClientSession) -> None:
    _, job = await post(client, "/api/v1/problems", PROBLEM)
    await site.finished(client, job["id"])
    for _ in range(2):  # it may be repeated
        async with client.delete(SESSION) as response:
            assert response.status == 204
    assert (await asked(client, f"/api/v1/jobs/{job['id']}", {}))[0].status == 404
    assert not await IdentityRow.all().exists()
    assert not await LeftoverRow.all().exists(), "whoever has no name is counted by the address"
    assert {row.text for row in await JobRow.all()} <= {""}


async def test_forgetting_does_not_renew_what_an_address_or_a_token_may_do(
    site: Site, client: aiohttp.ClientSession
) -> None:
    for headers in ({}, await made(site)):
        await post(client, "/api/v1/problems", PROBLEM, **headers)
        async with client.delete(SESSION, headers=headers) as response:
            assert response.status == 204
        await post(client, "/api/v1/problems", {"text": "solve x = 3 for x"}, **headers)
        _, body = await asked(client, SESSION, headers)
        assert body["allowance"]["submissions_per_minute"]["used"] == 2


async def test_platforms_are_listed_with_what_they_can_do(client: aiohttp.ClientSession) -> None:
    _, body = await asked(client, "/api/v1/platforms", {})
    assert [each["name"] for each in body["platforms"]] == ["web"]
    assert body["platforms"][0]["capabilities"]["edit_text"] is False
