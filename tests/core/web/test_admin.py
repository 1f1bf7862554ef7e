"""The operator's routes: what fares how, and what is stuck goes on."""

from __future__ import annotations

from typing import Any

import aiohttp

from botcore.model import OutgoingKind
from botcore.state import NewOutgoing, OutboxStatus, Payload, Scope
from botcore.state.models import InboxRow, OutboxRow
from tests.core.web.conftest import Site
from tests.core.web.test_jobs import PROBLEM, is_problem, post
from tests.core.web.test_tokens import asked, made

ADMIN = "/api/v1/admin"


async def test_jobs_are_counted_and_paged_without_what_anybody_wrote(
    site: Site, client: aiohttp.ClientSession
) -> None:
    admin = await made(site, Scope.ADMIN)
    for number in range(3):
        _, job = await post(client, "/api/v1/problems", {"text": f"solve privately x = {number}"})
        await site.finished(client, job["id"])
    seen: list[str] = []
    cursor = ""
    for _ in range(3):
        _, page = await asked(client, f"{ADMIN}/jobs?limit=1&cursor={cursor}", admin)
        assert page["counts"]["ready"] == 3
        assert "privately" not in repr(page)
        seen += [each["id"] for each in page["jobs"]]
        cursor = page["next"] or ""
    assert len(set(seen)) == 3
    assert cursor == ""
    _, none = await asked(client, f"{ADMIN}/jobs?status=failed", admin)
    assert none["jobs"] == []
    response, body = await asked(client, f"{ADMIN}/jobs?cursor=AAAA", admin)
    assert is_problem(response, body, 422, "query_invalid")


async def test_health_cost_and_plugins_are_shown(site: Site, client: aiohttp.ClientSession) -> None:
    admin = await made(site, Scope.ADMIN)
    _, health = await asked(client, f"{ADMIN}/health", admin)
    assert health["parts"] == {"server": True, "database": True, "disk": True, "renderer": True}
    assert health["providers"] == [{"name": "echo", "state": "ready", "error": None}]
    _, cost = await asked(client, f"{ADMIN}/cost", admin)
    assert cost["month"] == {"tokens": 0, "usd": 0}
    _, plugins = await asked(client, f"{ADMIN}/plugins", admin)
    assert {each["outcome"] for each in plugins["plugins"]} == {"disabled"}


async def retried(client: aiohttp.ClientSession, path: str, admin: dict[str, str]) -> tuple[int, Any]:
    async with client.post(f"{ADMIN}/{path}/retry", headers=admin) as response:
        return response.status, await response.json(content_type=None)


async def test_a_dead_letter_goes_out_again_once(site: Site, client: aiohttp.ClientSession) -> None:
    admin = await made(site, Scope.ADMIN)
    outbox = site.app.state.outbox
    # Of a platform that nobody speaks here: it stays where it is.
    item = await outbox.enqueue(
        NewOutgoing("a letter", "elsewhere", "chat", Payload(OutgoingKind.TEXT, "words"), "serve")
    )
    await OutboxRow.filter(id=item.id).update(
        status=OutboxStatus.DEAD.value,
        reason="delivery_rejected",
        tries=7,
        settled_at=site.app.state.db.clock(),
    )
    _, dead = await asked(client, f"{ADMIN}/dead-letters", admin)
    assert [each["id"] for each in dead["letters"]] == [item.id]
    assert await retried(client, f"dead-letters/{item.id}", admin) == (200, {"status": "waiting"})
    assert await retried(client, f"dead-letters/{item.id}", admin) == (200, {"status": "not_stuck"})
    row = await OutboxRow.get(id=item.id)
    assert (row.status, row.tries, row.settled_at) == (OutboxStatus.PENDING.value, 0, None)
    for unknown in ("0", "9" * 18, "9223372036854775808", "9" * 5000, "x", "-1"):
        assert (await retried(client, f"dead-letters/{unknown}", admin))[0] == 404


async def test_a_letter_whose_video_is_deleted_stays_dead_and_says_so(
    site: Site, client: aiohttp.ClientSession
) -> None:
    admin = await made(site, Scope.ADMIN)
    _, job = await post(client, "/api/v1/problems", PROBLEM)
    await site.finished(client, job["id"])
    state = site.app.state
    video = await state.videos.of_job(job["id"])
    assert video is not None
    letters = []
    for kind in (OutgoingKind.VIDEO, OutgoingKind.LINK):
        payload = Payload(kind, "words", video_id=video.id)
        letter = await state.outbox.enqueue(NewOutgoing(f"a {kind}", "elsewhere", "chat", payload, "serve"))
        letters.append(letter.id)
    dead = {"status": OutboxStatus.DEAD.value, "reason": "media_too_large"}
    await OutboxRow.filter(id__in=letters).update(**dead, settled_at=state.db.clock())
    assert await retried(client, f"dead-letters/{letters[0]}", admin) == (200, {"status": "waiting"})

    await OutboxRow.filter(id__in=letters).update(**dead, settled_at=state.db.clock())
    await state.videos.end(video.id)

    for letter_id in letters:
        status, problem = await retried(client, f"dead-letters/{letter_id}", admin)
        assert (status, problem["code"]) == (409, "video_gone")
        row = await OutboxRow.get(id=letter_id)
        assert (row.status, row.reason) == (OutboxStatus.DEAD.value, "media_too_large")


async def test_a_parked_message_is_dealt_with_again_with_its_pieces(
    site: Site, client: aiohttp.ClientSession
) -> None:
    admin = await made(site, Scope.ADMIN)
    now = site.app.state.db.clock()
    for number in (1, 2):
        await InboxRow.create(
            key=f"elsewhere:{number}/?",
            sender="elsewhere:ada",
            scope="another process",
            chat="elsewhere:chat",
            message="{}",
            status="failed",
            tries=5,
            code="internal",
            received_at=now,
            due=now,
        )
    _, parked = await asked(client, f"{ADMIN}/parked", admin)
    assert len(parked["messages"]) == 2
    path = f"parked/{parked['messages'][0]['id']}"
    assert await retried(client, path, admin) == (200, {"status": "waiting"})
    assert {(row.status, row.tries) for row in await InboxRow.all()} == {("new", 0)}
    assert await retried(client, path, admin) == (200, {"status": "not_stuck"})
    for unknown in ("AAAA", "x", "%F0%9F"):
        assert (await retried(client, f"parked/{unknown}", admin))[0] == 404


async def test_retries_need_the_scope(site: Site, client: aiohttp.ClientSession) -> None:
    await post(client, "/api/v1/problems", PROBLEM)
    for headers, status in (({}, 401), (await made(site), 403)):
        for path in ("dead-letters/1", "parked/x"):
            assert (await retried(client, path, headers))[0] == status
