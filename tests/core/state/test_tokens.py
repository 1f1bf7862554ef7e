"""Tokens: kept as hashes, found by them, revoked for good."""

from __future__ import annotations

from datetime import timedelta

from botcore.model import RenderOptions
from botcore.state import TOKEN, NewToken, Scope, Standing, Token
from botcore.state.models import SessionRow, TokenRow
from tests.core.state.ground import Ground

DAY = timedelta(days=1)


async def made(ground: Ground, name: str = "ci", **more: object) -> tuple[Token, str]:
    created = await ground.state.tokens.create(NewToken(name, **more))  # type: ignore[arg-type]  # fields of it
    assert created is not None
    return created


async def test_a_secret_is_found_but_not_kept(ground: Ground) -> None:
    token, secret = await made(ground, scopes=frozenset(Scope))
    assert secret.startswith("botcore_")
    assert len(secret) == 8 + 64
    assert secret not in repr(await TokenRow.all().values())
    assert await ground.state.tokens.find(secret) == token
    assert token.scopes == {Scope.JOBS, Scope.ADMIN}
    for wrong in (secret[:-1], secret.upper(), secret + "0", token.id, "", f"{secret}\n"):
        assert await ground.state.tokens.find(wrong) is None


async def test_a_name_is_free_again_once_its_token_is_over(ground: Ground) -> None:
    tokens = ground.state.tokens
    await made(ground, lifetime=DAY)
    assert await tokens.create(NewToken("ci")) is None
    ground.clock.tick(2 * 86_400)
    second, _ = await made(ground)
    assert (await tokens.revoke("ci") or second).id == second.id, "of several the newest"
    assert [token.standing for token in await tokens.all()] == [Standing.EXPIRED, Standing.REVOKED]
    await made(ground)


async def test_a_session_lives_as_long_as_its_token(ground: Ground) -> None:
    tokens, sessions = ground.state.tokens, ground.state.sessions
    token, _ = await made(ground, lifetime=30 * DAY)
    session = await tokens.session(token, options=RenderOptions())
    assert session is not None
    await sessions.extend(session.id)
    assert session.expires_at == token.expires_at
    ground.clock.tick(29 * 86_400)
    assert await tokens.session(token, options=RenderOptions()) == session
    ground.clock.tick(2 * 86_400)
    assert await sessions.find(TOKEN, token.id) is None


async def test_a_revoked_token_gets_no_session_again(ground: Ground) -> None:
    tokens = ground.state.tokens
    token, _ = await made(ground)
    session = await tokens.session(token, options=RenderOptions())
    assert session is not None
    await tokens.revoke(token.id)
    await ground.state.forget(session.id)
    assert await tokens.session(token, options=RenderOptions()) is None
    assert (await tokens.revoke(token.id) or token).standing is Standing.REVOKED
    assert await tokens.revoke("nobody") is None


async def test_a_use_is_written_down_now_and_then(ground: Ground) -> None:
    tokens = ground.state.tokens
    token, secret = await made(ground)
    await tokens.used(token)
    first = (await TokenRow.get(id=token.id)).used_at
    ground.clock.tick(60)
    await tokens.used(await tokens.find(secret) or token)
    assert (await TokenRow.get(id=token.id)).used_at == first
    ground.clock.tick(300)
    await tokens.used(await tokens.find(secret) or token)
    assert (await TokenRow.get(id=token.id)).used_at != first


async def test_tokens_that_ended_long_ago_are_not_listed(ground: Ground) -> None:
    await made(ground, "one", lifetime=DAY)
    await made(ground, "two")
    await ground.state.tokens.revoke("two")
    await made(ground, "three")
    ground.clock.tick(32 * 86_400)
    await ground.state.tokens.delete_old()
    assert [token.name for token in await ground.state.tokens.all()] == ["three"]


async def test_wrong_secrets_are_too_many_at_some_point(ground: Ground) -> None:
    waits = [await ground.state.tokens.wrong("address:x") for _ in range(21)]
    assert waits[:20] == [0.0] * 20
    assert 0 < waits[20] <= 600
    assert await ground.state.tokens.wrong("address:y") == 0.0
    ground.clock.tick(601)
    assert await ground.state.tokens.wrong("address:x") == 0.0
    assert await SessionRow.all().count() == 0
