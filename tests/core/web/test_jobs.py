"""Submitting over HTTP: what comes back, whose it is, and what is refused."""

from __future__ import annotations

import asyncio
import io
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from botcore.state import NewJob
from tests.core.surface import eventually
from tests.core.web.conftest import Site, served

PROBLEM = {"text": "solve x^2 - 5x + 6 = 0"}


async def post(
    client: aiohttp.ClientSession, path: str, body: object, **headers: str
) -> tuple[aiohttp.ClientResponse, dict[str, Any]]:
    async with client.post(path, json=body, headers=headers) as response:
        return response, await response.json(content_type=None)


def is_problem(response: aiohttp.ClientResponse, body: dict[str, Any], status: int, code: str) -> bool:
    """Whether this is a whole problem document."""
    return (
        response.status == status == body["status"]
        and response.content_type == "application/problem+json"
        and body["code"] == code
        and body["type"] == f"urn:botcore:error:{code}"
        and bool(body["detail"])
        and body["request_id"] == response.headers["X-Request-Id"]
    )


async def test_a_program_gets_its_video(site: Site, client: aiohttp.ClientSession) -> None:
    response, body = await post(client, "/api/v1/problems", PROBLEM)
    assert response.status == 202
    assert response.headers["Location"] == body["links"]["self"] == f"/api/v1/jobs/{body['id']}"
    job = await site.finished(client, body["id"])
    assert (job["status"], job["kind"]) == ("ready", "problem")
    async with client.post(job["links"]["access"]) as video:  # leads to the stream
        assert await video.read() == b"draw 'solve x^2 - 5x + 6 = 0'"
        assert video.content_type == "video/mp4"


async def test_code_is_drawn_with_the_options_of_the_request(
    site: Site, client: aiohttp.ClientSession
) -> None:
    body = {"code": "draw it", "quality": "low", "aspect": "9:16", "scene": "Demo"}
    _, made = await post(client, "/api/v1/code", body)
    job = await site.finished(client, made["id"])
    assert (job["kind"], job["quality"], job["aspect"]) == ("code", "low", "9:16")
    assert (job["video"]["width"], job["video"]["height"]) == (480, 854)
    stored = await site.app.state.jobs.get(made["id"])
    assert stored.options.scene == "Demo"


async def test_a_job_that_is_drawn_shows_how_far_it_is(site: Site, client: aiohttp.ClientSession) -> None:
    _, body = await post(client, "/api/v1/code", {"code": "wait for ever"})

    async def look() -> dict[str, Any] | None:
        async with client.get(f"/api/v1/jobs/{body['id']}") as response:
            job: dict[str, Any] = await response.json()
            return job if "progress" in job else None

    job = await eventually(look)
    assert job["status"] == "rendering"
    assert job["progress"] == {"animation": 1, "animations": 2, "fraction": 0.5}
    assert "50%" in job["message"]


async def test_a_failed_job_says_why_and_where(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", {"code": "fail"})
    job = await site.finished(client, made["id"])
    assert job["error"]["code"] == "scene_failed"
    assert job["error"]["line"] == 1
    assert "it was told to fail" in job["error"]["message"]
    assert "video" not in job["links"]


async def test_the_cookie_is_the_session_and_only_its_hash_is_stored(
    site: Site, client: aiohttp.ClientSession
) -> None:
    response, made = await post(client, "/api/v1/problems", PROBLEM)
    cookie = response.cookies["botcore_session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert not cookie["secure"]
    assert len(cookie.value) == 43
    database = b"".join(path.read_bytes() for path in site.app.settings.data_dir.glob("botcore.db*"))
    assert made["id"].encode() in database
    assert cookie.value.encode() not in database
    again, _ = await post(client, "/api/v1/problems", PROBLEM)
    assert again.cookies["botcore_session"].value == cookie.value


async def test_the_cookie_is_secure_where_people_come_by_https(tmp_path: Path) -> None:
    web = {"port": 0, "public_url": "https://bot.example.org"}
    async with served(tmp_path, web=web) as site, site.new_client() as client:
        response, _ = await post(client, "/api/v1/problems", PROBLEM)
        assert response.cookies["botcore_session"]["secure"]


async def test_a_cookie_that_nobody_gave_out_is_not_adopted(site: Site) -> None:
    async with aiohttp.ClientSession(
        site.address, headers={"Cookie": f"botcore_session={'A' * 43}"}
    ) as client:
        response, _ = await post(client, "/api/v1/problems", PROBLEM)
        assert response.cookies["botcore_session"].value != "A" * 43


async def test_the_job_and_video_of_another_session_are_not_there(
    site: Site, client: aiohttp.ClientSession
) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    job = await site.finished(client, made["id"])
    async with site.new_client() as other:
        await post(other, "/api/v1/problems", PROBLEM)
        for path in (job["links"]["self"], job["links"]["access"], "/api/v1/jobs/0000000000000000"):
            async with other.get(path) as response:
                assert is_problem(response, await response.json(content_type=None), 404, "not_found")


@pytest.mark.parametrize(
    ("path", "body", "status", "code"),
    [
        ("problems", {"text": ""}, 422, "text_empty"),
        ("problems", {"text": "hi"}, 422, "text_too_short"),
        ("problems", {"text": "x" * 5001}, 422, "text_too_long"),
        ("problems", {"text": "solve\0 x = 2 please"}, 422, "text_character"),
        ("problems", {"text": "solve x = 2 for x", "provider": "nobody"}, 422, "provider_unknown"),
        ("problems", {"text": 7}, 422, "body_invalid"),
        ("problems", {}, 422, "body_invalid"),
        ("problems", {"text": "solve x = 2 for x", "quality": "best"}, 422, "body_invalid"),
        ("problems", {"text": "solve x = 2 for x", "extra": 1}, 422, "body_invalid"),
        ("problems", [], 422, "body_invalid"),
        ("code", {"code": ""}, 422, "text_empty"),
        ("code", {"code": "x" * 50_001}, 422, "code_too_long"),
        ("code", {"code": "draw", "scene": "not a name"}, 422, "body_invalid"),
    ],
)
async def test_what_cannot_be_used_is_a_problem_document_and_makes_no_session(
    client: aiohttp.ClientSession, path: str, body: object, status: int, code: str
) -> None:
    response, answer = await post(client, f"/api/v1/{path}", body)
    assert is_problem(response, answer, status, code)
    assert not response.cookies


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        (b"{", 400, "json_invalid"),
        (b"\xff\xfe", 400, "json_invalid"),
        (b'{"text": ' + b"[" * 100_000, 400, "json_invalid"),
        (b'{"text": "half a pair: \\ud800 of two"}', 400, "json_invalid"),
        (json.dumps({"text": "x" * 1_100_000}).encode(), 413, "request_entity_too_large"),
    ],
)
async def test_hostile_bodies_are_refused(
    client: aiohttp.ClientSession, body: bytes, status: int, code: str
) -> None:
    headers = {"Content-Type": "application/json"}
    async with client.post("/api/v1/problems", data=io.BytesIO(body), headers=headers) as response:
        answer = await response.json(content_type=None)
        assert response.status == status
        assert answer["code"] == code


async def test_another_media_type_is_refused(client: aiohttp.ClientSession) -> None:
    async with client.post("/api/v1/problems", data={"text": "solve x = 2 for x"}) as response:
        assert is_problem(response, await response.json(content_type=None), 415, "media_type")


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [("GET", "/nothing/here", 404, "not_found"), ("DELETE", "/api/v1/problems", 405, "method_not_allowed")],
)
async def test_errors_of_the_router_are_problem_documents_too(
    client: aiohttp.ClientSession, method: str, path: str, status: int, code: str
) -> None:
    async with client.request(method, path) as response:
        assert is_problem(response, await response.json(content_type=None), status, code)
        assert (status != 405) or response.headers["Allow"] == "OPTIONS, POST"


@pytest.mark.parametrize(
    ("headers", "allowed"),
    [
        ({"Origin": "https://evil.example"}, False),
        ({"Origin": "https://evil.example", "Sec-Fetch-Site": "same-origin"}, False),
        ({"Origin": "null"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, False),
        ({"Origin": "null", "Sec-Fetch-Site": "same-origin"}, True),  # of a page that hides its address
        ({"Sec-Fetch-Site": "cross-site"}, False),
        ({"Sec-Fetch-Site": "same-site"}, False),
        ({"Sec-Fetch-Site": "same-origin"}, True),
        ({"Origin": "self"}, True),
        ({}, True),
    ],
)
async def test_another_website_may_not_write(
    site: Site, client: aiohttp.ClientSession, headers: dict[str, str], allowed: bool
) -> None:
    sent = {name: site.address if value == "self" else value for name, value in headers.items()}
    response, body = await post(client, "/api/v1/problems", PROBLEM, **sent)
    assert response.status == (202 if allowed else 403)
    assert allowed or is_problem(response, body, 403, "origin_refused")


async def test_the_same_idempotency_key_is_one_job(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)  # for the cookie
    key = {"Idempotency-Key": "order-1"}
    answers = await asyncio.gather(*(post(client, "/api/v1/problems", PROBLEM, **key) for _ in range(5)))
    assert len({body["id"] for _, body in answers}) == 1
    assert {response.status for response, _ in answers} == {202}
    other, body = await post(client, "/api/v1/problems", {"text": "solve another one"}, **key)
    assert is_problem(other, body, 422, "idempotency_key_reused")
    await site.finished(client, made["id"])  # of the strangers behind one address few may wait at once
    async with site.new_client() as stranger:
        _, theirs = await post(stranger, "/api/v1/problems", PROBLEM, **key)
        assert theirs["id"] not in {body["id"] for _, body in answers}


async def test_too_many_jobs_are_refused_with_the_time_to_wait(tmp_path: Path) -> None:
    async with served(tmp_path, limits={"per_minute": 1}) as site, site.new_client() as client:
        await post(client, "/api/v1/problems", PROBLEM)
        response, body = await post(client, "/api/v1/problems", PROBLEM)
        assert is_problem(response, body, 429, "rate_limited")
        assert 1 <= int(response.headers["Retry-After"]) <= 60


async def test_twenty_sessions_submit_at_once(tmp_path: Path) -> None:
    async def one(site: Site, number: int) -> str:
        async with site.new_client() as client:
            _, made = await post(client, "/api/v1/problems", {"text": f"solve x = {number} for x"})
            return str((await site.finished(client, made["id"]))["status"])

    async with served(tmp_path, limits={"per_minute": 20, "unfinished": 20}) as site:
        assert await asyncio.gather(*(one(site, number) for number in range(20))) == ["ready"] * 20


async def test_a_job_is_told_in_the_language_of_its_request(
    site: Site, client: aiohttp.ClientSession
) -> None:
    _, made = await post(
        client, "/api/v1/problems", {"text": "what is the weather like", "language": "pt-BR"}
    )
    job = await site.finished(client, made["id"])
    assert job["status"] == "failed"
    assert job["message"] == job["error"]["message"]
    assert job["message"].startswith("Não consegui resolver este.")
    assert job["error"]["code"] == "providers_exhausted"


async def test_a_job_made_of_a_job_names_it_and_says_what_is_known_of_the_answer(
    site: Site, client: aiohttp.ClientSession
) -> None:
    async with client.post("/api/v1/problems", json={"text": "solve x = 2 for x"}) as response:
        first = await site.finished(client, (await response.json())["id"])
    assert first["answer"] == {"stated": None, "checked": False}
    assert first["plain"] is False
    assert "parent" not in first
    parent = await site.app.state.jobs.get(first["id"])
    new = NewJob(
        session_id=parent.session_id,
        kind=parent.kind,
        platform=parent.platform,
        chat_id=parent.chat_id,
        renderer=parent.renderer,
        options=parent.options,
        text=parent.text,
        user_language="en",
        parent_id=parent.id,
        source=parent.source,
        scope=await site.app.state.jobs.scope(parent.id),
    )
    child, _ = await site.app.control.submit(new)
    second = await site.finished(client, child.id)
    assert (second["parent"], second["wish"]) == (parent.id, None)
    assert second["links"]["parent"] == f"/api/v1/jobs/{parent.id}"
