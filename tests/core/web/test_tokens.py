"""Programs with a bearer token: taken, refused, limited, revoked."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from multidict import CIMultiDict

from botcore.state import NewToken, Scope
from botcore.state.models import IdentityRow, SessionRow, TokenRow
from tests.core.web.conftest import Site, served
from tests.core.web.test_jobs import PROBLEM, is_problem, post

SESSION = "/api/v1/session"
ADMIN = "/api/v1/admin/health"


async def made(site: Site, *scopes: Scope, **more: Any) -> dict[str, str]:
    """The header of a new token."""
    scopes = scopes or (Scope.JOBS,)
    created = await site.app.state.tokens.create(NewToken("a program", frozenset(scopes), **more))
    assert created is not None
    return {"Authorization": f"Bearer {created[1]}"}


async def asked(
    client: aiohttp.ClientSession, path: str, headers: Mapping[str, str]
) -> tuple[aiohttp.ClientResponse, Any]:
    async with client.get(path, headers=headers) as response:
        return response, await response.json(content_type=None)


async def test_a_token_makes_jobs_that_are_its_own_and_gets_no_cookie(
    site: Site, client: aiohttp.ClientSession
) -> None:
    token = await made(site)
    response, job = await post(client, "/api/v1/problems", PROBLEM, **token)
    assert response.status == 202
    assert not response.cookies
    assert (await asked(client, f"/api/v1/jobs/{job['id']}", token))[0].status == 200
    other, body = await asked(client, f"/api/v1/jobs/{job['id']}", {})
    assert is_problem(other, body, 404, "not_found")
    assert [row.platform for row in await IdentityRow.all()] == ["token"]


async def test_a_token_counts_before_a_cookie(site: Site, client: aiohttp.ClientSession) -> None:
    _, theirs = await post(client, "/api/v1/problems", PROBLEM)  # with a cookie from now on
    token = await made(site)
    response, body = await asked(client, f"/api/v1/jobs/{theirs['id']}", token)
    assert is_problem(response, body, 404, "not_found")
    assert (await asked(client, SESSION, token))[1]["kind"] == "token"


async def test_the_scheme_may_be_written_small_and_no_origin_is_asked_for(
    site: Site, client: aiohttp.ClientSession
) -> None:
    secret = (await made(site))["Authorization"].partition(" ")[2]
    headers = {"Authorization": f"bearer   {secret}", "Origin": "https://elsewhere.example"}
    response, _ = await post(client, "/api/v1/problems", PROBLEM, **headers)
    assert response.status == 202


@pytest.mark.parametrize(
    "given",
    [
        "Bearer",
        "Bearer ",
        "Bearer nonsense",
        f"Bearer botcore_{'0' * 64}",
        f"Bearer botcore_{'0' * 64} and more",
        "Token abc",
        "botcore_",
        "Bearer \u00fc",
    ],
)
async def test_a_wrong_token_is_401_and_never_somebody_without_a_name(
    site: Site, client: aiohttp.ClientSession, given: str
) -> None:
    await post(client, "/api/v1/problems", PROBLEM)  # a cookie does not help
    for path in (SESSION, "/api/v1/jobs", ADMIN, "/api/v1/providers"):
        response, body = await asked(client, path, {"Authorization": given})
        assert is_problem(response, body, 401, "invalid_token")
        assert response.headers["WWW-Authenticate"].startswith(
            'Bearer realm="botcore", error="invalid_token"'
        )
    response, _ = await post(client, "/api/v1/problems", PROBLEM, Authorization=given)
    assert response.status == 401
    assert not response.cookies
    assert await SessionRow.all().count() == 1


async def test_expired_and_revoked_tokens_are_told_apart_by_their_holders(
    site: Site, client: aiohttp.ClientSession
) -> None:
    token = await made(site, lifetime=timedelta(days=1))
    assert (await asked(client, SESSION, token))[0].status == 200
    await TokenRow.all().update(expires_at=site.app.state.db.clock())
    response, body = await asked(client, SESSION, token)
    assert is_problem(response, body, 401, "invalid_token")
    assert "expired" in body["detail"]
    await site.app.state.tokens.revoke("a program")
    response, body = await asked(client, SESSION, token)
    assert is_problem(response, body, 401, "invalid_token")
    assert "revoked" in body["detail"]


async def test_several_authorizations_are_none_and_a_proxys_password_is_passed_over(
    site: Site, client: aiohttp.ClientSession
) -> None:
    token = (await made(site))["Authorization"]
    twice = CIMultiDict([("Authorization", token), ("Authorization", token)])
    async with client.get(SESSION, headers=twice) as response:
        assert is_problem(response, await response.json(content_type=None), 400, "invalid_request")
    response, _ = await post(client, "/api/v1/problems", PROBLEM, Authorization="Basic dXNlcjpwYXNz")
    assert response.status == 202
    assert response.cookies


async def test_scopes_are_held_apart(site: Site, client: aiohttp.ClientSession) -> None:
    admin = await made(site, Scope.ADMIN)
    assert (await asked(client, ADMIN, admin))[0].status == 200
    response, body = await post(client, "/api/v1/problems", PROBLEM, **admin)
    assert is_problem(response, body, 403, "insufficient_scope")
    assert response.headers["WWW-Authenticate"].endswith('error="insufficient_scope", scope="jobs"')
    await site.app.state.tokens.revoke("a program")
    response, body = await asked(client, ADMIN, await made(site))
    assert is_problem(response, body, 403, "insufficient_scope")


async def test_to_be_on_the_same_machine_is_not_enough_for_the_admin_routes(
    client: aiohttp.ClientSession,
) -> None:
    response, body = await asked(client, ADMIN, {})
    assert is_problem(response, body, 401, "token_needed")
    assert response.headers["WWW-Authenticate"] == 'Bearer realm="botcore", scope="admin"'


@pytest.mark.parametrize(
    "strange",
    [{"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"X-Forwarded-For": "203.0.113.9"}],
)
async def test_metrics_are_for_programs_of_this_machine_and_the_scope_admin(
    site: Site, client: aiohttp.ClientSession, strange: dict[str, str]
) -> None:
    admin = await made(site, Scope.ADMIN)
    for path in ("/metrics", "/health/relays"):
        for headers, status in (({}, 200), (strange, 404), ({**strange, **admin}, 200)):
            async with client.get(path, headers=headers) as response:
                assert response.status == status


async def test_guessing_ends_soon_but_good_tokens_are_taken_all_the_same(
    site: Site, client: aiohttp.ClientSession
) -> None:
    good = await made(site)
    statuses = [
        (await asked(client, SESSION, {"Authorization": f"Bearer botcore_{number:064x}"}))[0].status
        for number in range(22)
    ]
    assert statuses == [401] * 20 + [429] * 2
    response, body = await asked(client, SESSION, {"Authorization": "Bearer x"})
    assert is_problem(response, body, 429, "too_many_wrong_tokens")
    assert 1 <= int(response.headers["Retry-After"]) <= 600
    assert (await asked(client, SESSION, good))[0].status == 200


async def test_a_token_has_limits_of_its_own(site: Site, client: aiohttp.ClientSession) -> None:
    token = await made(site, per_minute=2, unfinished=0, day_usd=1.5)
    statuses = [(await post(client, "/api/v1/problems", PROBLEM, **token))[0].status for _ in range(3)]
    assert statuses == [202, 202, 429]
    _, body = await asked(client, SESSION, token)
    assert body["allowance"]["submissions_per_minute"] == {"limit": 2, "used": 2, "left": 0}
    assert body["allowance"]["unfinished_jobs"]["limit"] is None
    assert body["allowance"]["usd_today"] == {"limit": 1.5, "used": 0, "left": 1.5}


async def test_the_operators_lists_name_tokens(tmp_path: Path) -> None:
    async with served(tmp_path, access={"ban": ("token:*",)}) as site, site.new_client() as client:
        response, body = await post(client, "/api/v1/problems", PROBLEM, **await made(site))
        assert is_problem(response, body, 403, "access_refused")


async def test_tokens_are_not_linked_with_chats(site: Site, client: aiohttp.ClientSession) -> None:
    response, body = await post(client, "/api/v1/session/link", {}, **await made(site))
    assert is_problem(response, body, 403, "token_cannot_link")
