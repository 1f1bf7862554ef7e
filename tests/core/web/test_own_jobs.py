"""A caller's jobs over HTTP: pages, cancelling, editing, their code and picture; and keys of submissions."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from botcore.app import WEB
from botcore.model import Status
from botcore.web.callers import COOKIE
from tests.core.surface import eventually
from tests.core.web.conftest import Site, served
from tests.core.web.test_jobs import PROBLEM, is_problem, post

WAITS = {"code": "wait for ever"}


async def get(client: aiohttp.ClientSession, path: str, **params: Any) -> dict[str, Any]:
    async with client.get(path, params=params) as response:
        assert response.status == 200, await response.text()
        body: dict[str, Any] = await response.json()
        return body


async def rendering(site: Site, job_id: str) -> bool:
    return (await site.app.state.jobs.get(job_id)).status is Status.RENDERING


async def test_pages_follow_each_other_while_jobs_are_added(tmp_path: Path) -> None:
    async with served(tmp_path, limits={"per_minute": 100}) as site, site.new_client() as client:
        made = []
        for _ in range(5):
            made.append((await post(client, "/api/v1/problems", PROBLEM))[1]["id"])
            await site.finished(client, made[-1])
        seen: list[str] = []
        page = await get(client, "/api/v1/jobs", limit=2)
        while True:
            seen += [job["id"] for job in page["jobs"]]
            assert all("attempts" not in job for job in page["jobs"])
            if page["next"] is None:
                break
            _, added = await post(client, "/api/v1/problems", PROBLEM)
            await site.finished(client, added["id"])
            page = await get(client, "/api/v1/jobs", limit=2, cursor=page["next"])
        assert seen == made[::-1]


async def test_jobs_of_one_status(site: Site, client: aiohttp.ClientSession) -> None:
    _, bad = await post(client, "/api/v1/code", {"code": "fail"})
    _, good = await post(client, "/api/v1/problems", PROBLEM)
    await site.finished(client, bad["id"])
    await site.finished(client, good["id"])
    (failed,) = (await get(client, "/api/v1/jobs", status="failed"))["jobs"]
    assert failed["id"] == bad["id"]


async def test_somebody_without_a_session_has_no_jobs(site: Site, client: aiohttp.ClientSession) -> None:
    await post(client, "/api/v1/problems", PROBLEM)
    async with site.new_client() as other:
        assert await get(other, "/api/v1/jobs") == {"jobs": [], "next": None}


@pytest.mark.parametrize(
    "params",
    [
        {"limit": 0},
        {"limit": 101},
        {"limit": "x"},
        {"status": "lost"},
        {"cursor": "AAAA"},
        {"cursor": "é"},
        {"cursor": "OTk5OTk5OTk5OTk5OTk5OTk5OTk5OS5h"},
        {"cursor": "x" * 101},
        {"cursor": "MS5hYWFhYWFhYWFhYWFhYWFhYQ"},  # an id of a character too many
        {"page": 2},
    ],
)
async def test_a_wrong_query_is_told(client: aiohttp.ClientSession, params: dict[str, Any]) -> None:
    async with client.get("/api/v1/jobs", params=params) as response:
        assert is_problem(response, await response.json(content_type=None), 422, "query_invalid")


async def test_cancelling_ends_a_job_once(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", WAITS)
    await eventually(lambda: rendering(site, made["id"]))
    path = made["links"]["self"]
    async with client.delete(path) as response:
        assert response.status == 200
        assert (await response.json())["status"] == "cancelled"
    async with client.delete(path) as response:
        body = await response.json(content_type=None)
        assert is_problem(response, body, 409, "job_ended")
        assert body["job_status"] == "cancelled"


async def test_code_that_failed_shows_its_findings(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", {"code": "draw it\nforbidden"})
    job = await site.finished(client, made["id"])
    (finding,) = job["findings"]
    assert (job["status"], finding["line"], finding["column"]) == ("failed", 2, 1)
    assert job["attempts"] == []


async def test_scripts_that_were_written_are_listed(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    job = await site.finished(client, made["id"])
    assert job["attempts"] == [{"number": 1, "provider": "echo", "fixes": 0, "error": None}]


async def test_the_source_comes_as_text_or_as_json(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", {"code": "draw <b>it</b>"})
    job = await site.finished(client, made["id"])
    async with client.get(job["links"]["source"]) as response:
        assert response.content_type == "text/plain"
        assert response.headers["Content-Disposition"] == f'attachment; filename="{made["id"]}.txt"'
        assert await response.text() == "draw <b>it</b>"
    async with client.get(job["links"]["source"], headers={"Accept": "application/json"}) as response:
        body = await response.json()
        assert (body["language"], body["code"]) == ("flat", "draw <b>it</b>")


async def test_before_anything_is_written_there_is_no_source(
    site: Site, client: aiohttp.ClientSession
) -> None:
    _, made = await post(client, "/api/v1/problems", {"text": "what is the weather like"})
    await site.finished(client, made["id"])
    async with client.get(f"{made['links']['self']}/source") as response:
        assert is_problem(response, await response.json(content_type=None), 404, "source_missing")
    async with client.get(f"{made['links']['self']}/thumbnail") as response:
        assert is_problem(response, await response.json(content_type=None), 404, "thumbnail_missing")


async def test_looking_at_the_picture_takes_nothing(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    job = await site.finished(client, made["id"])
    path = job["links"].get("thumbnail")
    assert path, "the renderer of these tests makes a picture"
    async with client.get(path) as response:
        assert response.content_type == "image/jpeg"
        etag = response.headers["ETag"]
    async with client.get(path, headers={"If-None-Match": etag}) as response:
        assert response.status == 304
    assert (await get(client, job["links"]["self"]))["links"]["access"]
    async with client.delete(job["links"]["self"]) as response:
        assert response.status == 200
    async with client.get(path) as response:
        assert response.status == 410


async def test_words_change_a_video_as_in_a_chat(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    parent = await site.finished(client, made["id"])
    path = f"{made['links']['self']}/edits"
    response, edited = await post(client, path, {"text": "vertical, please"})
    assert response.status == 202
    job = await site.finished(client, edited["id"])
    assert (job["aspect"], job["parent"]) == ("9:16", parent["id"])
    response, body = await post(client, path, {"text": "make the circle red"})
    assert is_problem(response, body, 422, "cannot_change")


async def test_the_same_edit_is_not_made_twice_at_once(site: Site, client: aiohttp.ClientSession) -> None:
    _, made = await post(client, "/api/v1/code", WAITS)
    await eventually(lambda: rendering(site, made["id"]))
    path = f"{made['links']['self']}/edits"
    _, first = await post(client, path, {"text": "vertical"})
    _, second = await post(client, path, {"text": "make it vertical"})
    assert first["id"] == second["id"] != made["id"]


async def test_another_sessions_job_is_not_there_in_any_way(
    site: Site, client: aiohttp.ClientSession
) -> None:
    _, made = await post(client, "/api/v1/problems", PROBLEM)
    await site.finished(client, made["id"])
    async with site.new_client() as other:
        await post(other, "/api/v1/problems", PROBLEM)
        for job_id in (made["id"], "0" * 16, "..%2F..%2Fhealthz", "x'--", "a" * 5000):
            for method, part in (
                ("GET", ""),
                ("DELETE", ""),
                ("GET", "/events"),
                ("GET", "/source"),
                ("GET", "/thumbnail"),
                ("POST", "/edits"),
            ):
                body = {"text": "vertical"} if method == "POST" else None
                async with other.request(method, f"/api/v1/jobs/{job_id}{part}", json=body) as response:
                    assert is_problem(response, await response.json(content_type=None), 404, "not_found")
    assert (await get(client, made["links"]["self"]))["status"] == "ready"


@pytest.mark.parametrize(
    ("path", "other"),
    [
        ("problems", {"quality": "low"}),
        ("problems", {"provider": "echo"}),
        ("problems", {"language": "ru"}),
        ("code", {"scene": "Demo"}),
        ("code", {"format": "gif"}),
        ("code", {"aspect": "1:1"}),
    ],
)
async def test_a_key_stands_for_the_whole_request(
    client: aiohttp.ClientSession, path: str, other: dict[str, str]
) -> None:
    await post(client, "/api/v1/problems", PROBLEM)  # for the cookie
    body = PROBLEM if path == "problems" else {"code": "draw it"}
    key = {"Idempotency-Key": "order-1"}
    _, first = await post(client, f"/api/v1/{path}", body, **key)
    response, again = await post(client, f"/api/v1/{path}", body, **key)
    assert (response.status, again) == (202, first)
    response, refused = await post(client, f"/api/v1/{path}", body | other, **key)
    assert is_problem(response, refused, 422, "idempotency_key_reused")


async def test_a_key_of_an_edit_is_no_key_of_another_edit(site: Site, client: aiohttp.ClientSession) -> None:
    jobs = [(await post(client, "/api/v1/problems", PROBLEM))[1] for _ in range(2)]
    for job in jobs:
        await site.finished(client, job["id"])
    key = {"Idempotency-Key": "edit-1"}
    words = {"text": "vertical"}
    answers = await asyncio.gather(
        *(post(client, f"{jobs[0]['links']['self']}/edits", words, **key) for _ in range(4))
    )
    assert len({body["id"] for _, body in answers}) == 1
    response, body = await post(client, f"{jobs[1]['links']['self']}/edits", words, **key)
    assert is_problem(response, body, 422, "idempotency_key_reused")


async def test_of_two_edits_with_one_key_at_the_same_moment_the_other_one_is_told(
    site: Site, client: aiohttp.ClientSession
) -> None:
    _, job = await post(client, "/api/v1/problems", PROBLEM)
    await site.finished(client, job["id"])
    path, key = f"{job['links']['self']}/edits", {"Idempotency-Key": "edit-1"}
    answers = await asyncio.gather(
        *(post(client, path, {"text": words}, **key) for words in ("vertical", "square"))
    )
    assert sorted(response.status for response, _ in answers) == [202, 422]
    refused = next((response, body) for response, body in answers if response.status == 422)
    assert is_problem(*refused, 422, "idempotency_key_reused")


async def test_an_edit_with_a_key_is_the_same_job_after_that_has_ended(
    site: Site, client: aiohttp.ClientSession
) -> None:
    _, job = await post(client, "/api/v1/code", {"code": "wait for ever"})
    path, key = f"{job['links']['self']}/edits", {"Idempotency-Key": "edit-1"}
    _, under_way = await post(client, path, {"text": "vertical"})
    _, joined = await post(client, path, {"text": "vertical"})
    assert joined["id"] == under_way["id"]
    _, mine = await post(client, path, {"text": "vertical"}, **key)
    for each in (job, under_way, mine):
        await site.app.control.cancel(each["id"], session_id=None)
    _, again = await post(client, path, {"text": "vertical"}, **key)
    assert again["id"] == mine["id"]


async def test_whoever_is_shut_out_edits_nothing_and_still_has_what_was_made(tmp_path: Path) -> None:
    async with served(tmp_path) as site, site.new_client() as client:
        _, job = await post(client, "/api/v1/problems", PROBLEM)
        await site.finished(client, job["id"])
        cookie = client.cookie_jar.filter_cookies(client._base_url)[COOKIE].value  # type: ignore[arg-type]  # it has one
    headers = {"Cookie": f"{COOKIE}={cookie}"}
    async with (
        served(tmp_path, access={"ban": (f"{WEB}:*",)}) as site,
        aiohttp.ClientSession(site.address, headers=headers) as client,
    ):
        path = job["links"]["self"]
        assert is_problem(*await post(client, f"{path}/edits", {"text": "vertical"}), 403, "access_refused")
        async with client.get(path) as response:
            assert response.status == 200


async def test_the_answer_to_a_key_stays_the_same_when_the_job_went_on(
    site: Site, client: aiohttp.ClientSession
) -> None:
    await post(client, "/api/v1/problems", PROBLEM)
    _, first = await post(client, "/api/v1/problems", PROBLEM, **{"Idempotency-Key": "k"})
    await site.finished(client, first["id"])
    _, again = await post(client, "/api/v1/problems", PROBLEM, **{"Idempotency-Key": "k"})
    assert again == first
