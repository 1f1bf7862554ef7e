"""The operator's lists: who is answered, and how much single accounts may submit."""

from __future__ import annotations

from pathlib import Path

import pytest

from botcore.config import AccessSettings, LimitSettings
from botcore.intake.access import Access, Allowances
from botcore.model import RenderOptions
from botcore.state import Identity, Limits, NewToken, open_state, sqlite_url
from botcore.state.merging import merge
from tests.core.intake.people import chatting
from tests.core.surface import eventually


@pytest.mark.parametrize(
    ("allow", "ban", "let_in"),
    [
        ((), (), True),
        (("test:ada",), (), True),
        (("test:ADA",), (), True),
        (("test:*",), (), True),
        (("other:*", "test:adam"), (), False),
        ((), ("test:ada",), False),
        ((), ("TEST:*",), False),
        ((), ("other:ada",), True),
        (("test:*",), ("test:ada",), False),
    ],
)
async def test_who_is_let_in(
    tmp_path: Path, allow: tuple[str, ...], ban: tuple[str, ...], let_in: bool
) -> None:
    async with open_state(sqlite_url(tmp_path / "botcore.db")) as state:
        access = Access(AccessSettings(allow=allow, ban=ban), state.sessions)
        assert await access.lets_in(Identity("test", "ada")) is let_in
        assert await Access(None, state.sessions).lets_in(Identity("test", "ada"))


async def test_a_ban_holds_in_every_linked_chat_and_the_highest_limit_too(tmp_path: Path) -> None:
    ada, there, bob = Identity("test", "Ada"), Identity("other", "lovelace"), Identity("test", "bob")
    limits = LimitSettings(
        per_minute=10,
        unfinished=3,
        users={
            "other": {"LOVELACE": {"per_minute": 30, "unfinished": 1}},
            "test": {"bob": {"unfinished": 0}},
        },
    )
    async with open_state(sqlite_url(tmp_path / "botcore.db")) as state:
        for each in (ada, there, bob):
            await state.sessions.of(each.platform, each.user_id)
        access = Access(AccessSettings(ban=("other:lovelace",)), state.sessions)
        allowances = Allowances(limits, state.sessions, state.tokens)

        async def of(identity: Identity) -> Limits:
            return await allowances.of(await state.sessions.id_of(identity) or "")

        assert (await of(ada), await of(there), await of(bob)) == (
            Limits(10, 3),
            Limits(30, 1),
            Limits(10, 0),
        )
        assert await access.lets_in(ada)
        await merge(state.db, ada, there, defaults=RenderOptions())
        assert (await of(ada), await of(there)) == (Limits(30, 3), Limits(30, 3))
        assert not await access.lets_in(ada)
        assert await access.lets_in(bob)


async def test_the_settings_of_a_token_hold_before_what_it_was_given(tmp_path: Path) -> None:
    async with open_state(sqlite_url(tmp_path / "botcore.db")) as state:
        tokens = []
        for name in ("set", "given", "plain"):
            given = None if name == "plain" else 7
            created = await state.tokens.create(NewToken(name, per_minute=given, unfinished=given))
            assert created is not None
            tokens.append(created[0])
        users = {"token": {tokens[0].id: {"per_minute": 99}}}
        limits = LimitSettings(per_minute=10, unfinished=3, users=users)
        allowances = Allowances(limits, state.sessions, state.tokens)

        found = []
        for token in tokens:
            session = await state.tokens.session(token, options=RenderOptions())
            assert session is not None
            found.append(await allowances.of(session.id))
        assert found == [Limits(99, 3), Limits(7, 7), Limits(10, 3)]


async def test_who_is_banned_is_told_once_a_day_and_leaves_no_session_and_no_job(tmp_path: Path) -> None:
    async with chatting(tmp_path, access={"ban": ("test:mallory",)}) as chats:
        told = await chats.ask("solve x = 2 for x", user="mallory", chat="c2", language="es")
        assert "este bot" in told.text.lower()
        last = [
            await chats.say(text, user="mallory", chat="c2") for text in ("/start", "solve x = 3", "/help")
        ][-1]
        await chats.ask("/help", user="ada")

        async def all_handled() -> bool:
            return await chats.app.state.inbox.claim("serve", lease=0.01) is None

        await eventually(all_handled)
        assert last
        assert [out.text for out in chats.adapter.shown.values() if out.chat_id == "c2"] == [told.text]
        assert await chats.app.state.sessions.id_of(Identity("test", "mallory")) is None
        assert sum((await chats.app.state.jobs.by_status()).values()) == 0


async def test_a_single_account_may_more_or_less_than_the_others(tmp_path: Path) -> None:
    limits = {"per_minute": 1, "unfinished": 100, "users": {"test": {"ada": {"per_minute": 3}}}}
    async with chatting(tmp_path, limits=limits) as chats:
        for number in range(3):
            await chats.say(f"solve x = {number} for x", user="ada")
        await chats.job(count=3, user="ada")
        assert "3 problems a minute" in (await chats.ask("solve x = 9 for x", user="ada")).text
        await chats.say("solve x = 1 for x", user="bob", chat="c2")
        await chats.job(user="bob")
        assert "1 problem" in (await chats.ask("solve x = 9 for x", user="bob", chat="c2")).text
