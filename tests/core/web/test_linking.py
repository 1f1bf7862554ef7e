"""A browser and a chat as one person, over HTTP; a browser's language, and the operator's lists."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from botcore.app import WEB
from botcore.model import OutgoingKind
from botcore.state import Identity, Party, read_code
from botcore.state.models import SessionRow
from tests.core.web.conftest import Site, served
from tests.core.web.test_jobs import PROBLEM, is_problem, post

LINK = "/api/v1/session/link"
ADA = Party(Identity("test", "ada123"), "chat of ada")


async def step(client: aiohttp.ClientSession, **body: str) -> dict[str, Any]:
    response, answer = await post(client, LINK, body)
    assert response.status == 200, answer
    return answer


async def test_a_code_of_the_browser_is_typed_in_a_chat(site: Site, client: aiohttp.ClientSession) -> None:
    state = site.app.state
    session = await state.sessions.of(ADA.identity.platform, ADA.identity.user_id)
    _, job = await post(client, "/api/v1/problems", PROBLEM)
    made = await step(client)
    assert made["state"] == "open"
    code = read_code(made["code"])
    assert code is not None

    await site.app.linking.take(code, ADA)
    await site.app.linking.agree(ADA.identity, None)
    async with client.get(LINK) as response:
        asked = await response.json()
    assert (asked["state"], asked["with"]) == ("agreed", "Test (account …123)")
    assert "Say yes only if that was you" in asked["message"]

    done = await step(client, answer="yes", id=made["id"])
    assert done["state"] == "linked"
    assert [each.id for each in await state.jobs.of_session(session.id)] == [job["id"]]
    told = await state.outbox.get(f"link:{made['id']}:linked")
    assert told is not None
    assert (told.platform, told.chat_id, told.payload.kind) == ("test", "chat of ada", OutgoingKind.TEXT)
    assert "Web are linked" in told.payload.text
    async with client.get(f"/api/v1/jobs/{job['id']}") as response:
        assert response.status == 200, "the cookie is good in the session of both"


async def test_a_code_of_a_chat_is_typed_in_the_browser(site: Site, client: aiohttp.ClientSession) -> None:
    await site.app.state.sessions.of(ADA.identity.platform, ADA.identity.user_id)
    made, code = await site.app.linking.make(ADA)
    asked = await step(client, code=code)
    assert (asked["state"], asked["with"]) == ("taken", "Test (account …123)")
    assert "message" in asked
    assert "message" not in await step(client, answer="yes")
    question = await site.app.state.outbox.get(f"link:{made.id}:asked")
    assert question is not None
    assert [button.data for button in question.payload.buttons] == [
        f"/link yes {made.id}",
        f"/link no {made.id}",
    ]
    await site.app.linking.agree(ADA.identity, made.id)
    async with client.get(LINK) as response:
        assert (await response.json())["state"] == "linked"


async def test_a_no_ends_it(client: aiohttp.ClientSession) -> None:
    await step(client)
    assert await step(client, answer="no") == {"state": "refused"}
    async with client.get(LINK) as response:
        assert is_problem(response, await response.json(content_type=None), 404, "not_found")


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"code": "ABCD-2345"}, "link_code_wrong"),
        ({"code": "nonsense"}, "link_code_wrong"),
        ({"answer": "yes"}, "link_over"),
        ({"answer": "perhaps"}, "body_invalid"),
        ({"answer": "yes", "id": "a" * 32}, "body_invalid"),
        ({"answer": "yes", "id": "\0" * 16}, "body_invalid"),
        ({"code": "ABCD-2345", "answer": "yes"}, "body_invalid"),
    ],
)
async def test_what_leads_nowhere_is_refused(
    client: aiohttp.ClientSession, body: dict[str, str], code: str
) -> None:
    response, answer = await post(client, LINK, body)
    assert is_problem(response, answer, 422, code)
    assert not response.cookies


async def test_fresh_cookies_get_no_fresh_tries(site: Site) -> None:
    codes = []
    for _ in range(6):
        async with site.new_client() as client:
            _, answer = await post(client, LINK, {"code": "ABCD-2345"})
            codes.append(answer["code"])
    assert codes == ["link_code_wrong"] * 5 + ["link_tries_used_up"]


async def test_another_website_may_not_link(client: aiohttp.ClientSession) -> None:
    response, answer = await post(client, LINK, {}, Origin="https://evil.example")
    assert is_problem(response, answer, 403, "origin_refused")


async def test_the_same_idempotency_key_is_one_job_after_linking_too(
    site: Site, client: aiohttp.ClientSession
) -> None:
    await site.app.state.sessions.of(ADA.identity.platform, ADA.identity.user_id)
    key = {"Idempotency-Key": "order-1"}
    _, first = await post(client, "/api/v1/problems", PROBLEM, **key)
    made, code = await site.app.linking.make(ADA)
    await step(client, code=code)
    await step(client, answer="yes")
    await site.app.linking.agree(ADA.identity, made.id)
    _, again = await post(client, "/api/v1/problems", PROBLEM, **key)
    assert again["id"] == first["id"]


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", ""),
        ("es", "es"),
        ("de-DE,de;q=0.9,pt-BR;q=0.8,en;q=0.1", "pt"),
        ("en;q=0.1, ru;q=0.9", "ru"),
        ("hi;q=0, ar;q=x, *", ""),
    ],
)
async def test_the_first_post_sets_the_language_of_the_session(
    site: Site, client: aiohttp.ClientSession, accepted: str, language: str
) -> None:
    await post(client, "/api/v1/problems", PROBLEM, **{"Accept-Language": accepted})
    await post(client, "/api/v1/problems", PROBLEM, **{"Accept-Language": "es"})
    assert [row.language for row in await SessionRow.all()] == [language]


@pytest.mark.parametrize(
    ("access", "status"),
    [
        ({"allow": ("test:ada",)}, 403),
        ({"ban": (f"{WEB}:*",)}, 403),
        ({"allow": ("test:ada", f"{WEB}:*")}, 202),
    ],
)
async def test_lists_of_access_hold_for_browsers_too(
    tmp_path: Path, access: dict[str, tuple[str, ...]], status: int
) -> None:
    async with served(tmp_path, access=access) as site, site.new_client() as client:
        response, answer = await post(client, "/api/v1/problems", PROBLEM)
        assert response.status == status
        if status == 403:
            assert is_problem(response, answer, 403, "access_refused")
            assert await SessionRow.all().count() == 0
