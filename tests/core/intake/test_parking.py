"""Messages that break their handling are tried again, parked and shown; nobody is left without a word."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from aiohttp.test_utils import TestClient, TestServer

from botcore.app import Role, open_app
from botcore.errors import BotcoreError
from botcore.hooks.descriptors import AdapterDescriptor, Command
from botcore.hooks.results import Decision
from botcore.hooks.specs import Registry, hookimpl
from botcore.intake.intake import TRIES
from botcore.model import Message, OutgoingKind
from botcore.plugins import load_plugins
from botcore.state import InboxItem, NewOutgoing, Payload, State, dedupe_key
from botcore.telemetry.metrics import REGISTRY
from botcore.testing.doubles import ChatAdapter, made_by
from botcore.web.server import build
from tests.core.intake.people import PHONE, Chats
from tests.core.runtime.world import InMemory
from tests.core.surface import eventually, settings_for, small_parts

SECRET = "only between us"


class Crashing:
    """A plugin whose hook and whose command raise."""

    def __init__(self) -> None:
        self.calls = 0

    @hookimpl
    def botcore_register_commands(self, registry: Registry[Command]) -> None:
        registry.add(Command(name="crash", summary="raises", answer=self.answer))

    @hookimpl
    async def botcore_message_received(self, message: Message) -> Decision:
        raise RuntimeError("a hook that crashes")

    def answer(self, _message: Message, _argument: str) -> Any:
        self.calls += 1
        raise RuntimeError("a command that crashes")


@pytest.fixture
def plugin() -> Crashing:
    return Crashing()


@pytest_asyncio.fixture
async def chats(tmp_path: Path, plugin: Crashing, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chats]:
    monkeypatch.setattr("botcore.intake.intake.RETRY_SECONDS", 0.02)
    settings = settings_for(tmp_path)
    adapter = ChatAdapter()
    host = load_plugins(settings, [InMemory.holding(plugin)])
    platform = AdapterDescriptor(name=adapter.platform, capabilities=PHONE, factory=made_by(lambda: adapter))
    host.register_builtin(*small_parts(), platform)
    async with open_app(settings, Role("serve", terminal=False), host=host) as app, app.working():
        yield Chats(app, adapter)


async def parked(state: State) -> bool:
    return bool(await state.stuck.messages(limit=10))


async def test_a_hook_that_crashes_costs_nobody_an_answer(chats: Chats) -> None:
    await chats.say("solve x = 2 for x")
    assert (await chats.job()).text == "solve x = 2 for x"


async def test_a_message_whose_handling_crashes_is_tried_three_times_then_parked(
    chats: Chats, plugin: Crashing
) -> None:
    answer = await chats.ask(f"/crash {SECRET}", language="es")
    assert answer.text == BotcoreError.say("es", {}) != BotcoreError.text

    async def look() -> bool:
        return await parked(chats.app.state)

    await eventually(look)
    assert plugin.calls == TRIES
    [message] = await chats.app.state.stuck.messages(limit=10)
    assert (message.platform, message.code, message.tries) == (chats.adapter.platform, "internal", TRIES)
    # What comes after it is not held up, and the person heard one sentence.
    assert "no videos yet" in (await chats.ask("/status", language="en", user="u2")).text
    said = [out for out in chats.adapter.shown.values() if out.text == answer.text]
    assert len(said) == 1


async def test_stuck_messages_are_shown_to_this_machine_without_their_text(chats: Chats) -> None:
    await chats.ask(f"/crash {SECRET}")
    await eventually(lambda: parked(chats.app.state))
    state = chats.app.state
    await state.outbox.enqueue(
        NewOutgoing("to nobody", "gone", "c", Payload(OutgoingKind.TEXT, SECRET), "elsewhere")
    )
    letter = await state.sends.claim("w", "elsewhere", ["gone"], lease=30.0)
    assert letter is not None
    await state.sends.bury(letter, "delivery_rejected blocked")

    async with TestClient(TestServer(build(chats.app, asyncio.Event()))) as client:
        answer = await client.get("/health/relays")
        shown = await answer.json()
        text = await answer.text()
        assert answer.status == 200
        assert shown["parked"]["count"] == 1
        assert shown["parked"]["messages"][0]["code"] == "internal"
        assert shown["dead"]["letters"][0]["reason"] == "delivery_rejected blocked"
        assert SECRET not in text
        assert (await client.get("/health/relays", headers={"X-Forwarded-For": "1.2.3.4"})).status == 404
        await client.get("/metrics")
    assert REGISTRY.get_sample_value("botcore_messages_parked", {"platform": chats.adapter.platform}) == 1
    assert REGISTRY.get_sample_value("botcore_dead_letters", {"platform": "gone"}) == 1


async def test_an_answer_that_was_written_before_a_crash_is_not_made_again(chats: Chats) -> None:
    """The process ended between the answer and its note in the inbox: the next one only notes it."""
    answer = await chats.ask("/crash")
    before = dict(chats.adapter.shown)
    message = Message(chats.adapter.platform, "c1", "u1", str(answer.reply_to), "/crash")
    key = dedupe_key(chats.adapter.platform, message.message_id)
    await chats.app.intake.handle(InboxItem(key, message, 2, "the next worker"))
    assert chats.adapter.shown == before
