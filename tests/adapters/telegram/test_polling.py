"""Long polling: nothing is lost, nothing stops it, and files are fetched."""

from __future__ import annotations

from typing import Any

import pytest

from botcore.errors import DeliveryUnavailable, UnsupportedAttachment
from botcore.model import Attachment, AttachmentKind, Button, Outgoing, OutgoingKind
from botcore.testing.telegram_server import PERSON, TelegramServer
from botcore.testing.telegram_server.updates import Webhook
from tests.adapters.telegram.ground import Inbox, running


async def test_messages_arrive_in_order_and_are_confirmed(adapter: Any, server: TelegramServer) -> None:
    inbox = Inbox()
    server.updates.webhook = Webhook("http://127.0.0.1:9/of/another/time")
    for number in range(5):
        server.people.say(f"message {number}")
    with running(adapter, inbox):
        await inbox.until(5)
        server.people.say("one more")
        await inbox.until(6)
        await server.until(lambda: not server.updates.pending)
    assert [message.text for message in inbox.messages][-1] == "one more"
    assert len({message.message_id for message in inbox.messages}) == 6
    assert server.updates.webhook is None


async def test_only_messages_and_buttons_are_asked_for(adapter: Any, server: TelegramServer) -> None:
    inbox = Inbox()
    with running(adapter, inbox):
        await server.until(lambda: server.called("getUpdates"))
        server.people.say("hello")
        await inbox.until(1)
        assert server.people.edit(1, "hello there") is None
    assert server.updates.allowed == ("message", "callback_query")


async def test_an_update_that_nobody_can_read_does_not_hold_up_the_others(
    adapter: Any, server: TelegramServer
) -> None:
    inbox = Inbox()
    server.updates.add("message", {"text": ["no", "text"], "chat": None, "from": {"id": 1}})
    server.updates.add("message", {"of": "a shape that nobody knows yet"})
    server.people.say("hello")
    with running(adapter, inbox):
        (message,) = await inbox.until(1)
        await server.until(lambda: not server.updates.pending)
    assert message.text == "hello"


async def test_a_message_that_could_not_be_kept_is_not_confirmed(
    adapter: Any, server: TelegramServer
) -> None:
    inbox = Inbox(fail=1)
    server.people.say("hello")
    with pytest.raises(OSError, match="disk"):
        await adapter.run(inbox.receive)
    with running(adapter, inbox):
        await inbox.until(1)


async def test_floods_and_outages_only_delay(adapter: Any, server: TelegramServer) -> None:
    inbox = Inbox()
    server.flood("getMe", 1)
    server.refuse("getUpdates", 502, "Bad Gateway")
    server.people.say("hello")
    with running(adapter, inbox):
        await inbox.until(1)
    assert len(server.called("getMe")) == 2


async def test_the_menu_is_set_in_every_language_and_may_fail(adapter: Any, server: TelegramServer) -> None:
    inbox = Inbox()
    with running(adapter, inbox):
        await server.until(lambda: server.called("getUpdates"))
    assert set(server.methods.menus) == {"", "es", "ar", "hi", "pt", "ru"}
    assert len({tuple(menu) for menu in server.methods.menus.values()}) == 1
    assert len({tuple(menu.values()) for menu in server.methods.menus.values()}) == 6

    server.refuse("setMyCommands", 400, "Bad Request: BOT_COMMAND_INVALID")
    server.people.say("hello")
    with running(adapter, inbox):
        await inbox.until(1)


async def test_a_pressed_button_is_a_message_and_stops_spinning(adapter: Any, server: TelegramServer) -> None:
    inbox = Inbox()
    await adapter.send(
        Outgoing(
            "o", "telegram", str(PERSON), OutgoingKind.STATUS, "…", buttons=(Button("Cancel", "/cancel x"),)
        )
    )
    query = server.people.press("Cancel")
    with running(adapter, inbox):
        (message,) = await inbox.until(1)
        await server.until(lambda: server.methods.callbacks[query])
    assert message.text == "/cancel x"


# ----------------------------------------------------------------------------------------------------- files


def attachment(reference: str) -> Attachment:
    return Attachment(AttachmentKind.DOCUMENT, "text/x-python", "a.py", reference=reference)


async def test_a_file_is_fetched_up_to_the_bound(adapter: Any, server: TelegramServer) -> None:
    server.methods.files["F"] = b"0123456789" * 100_000
    assert await adapter.fetch(attachment("F"), 2_000_000) == server.methods.files["F"]
    assert await adapter.fetch(attachment("F"), 15) == b"012345678901234"


async def test_a_file_that_telegram_does_not_hand_over_is_told(adapter: Any, server: TelegramServer) -> None:
    with pytest.raises(UnsupportedAttachment):
        await adapter.fetch(attachment("unknown"), 10)
    server.methods.files["big"] = bytes(20_000_001)
    with pytest.raises(UnsupportedAttachment):
        await adapter.fetch(attachment("big"), 10)


async def test_an_outage_while_fetching_is_tried_again_later(adapter: Any, server: TelegramServer) -> None:
    server.refuse("getFile", 502, "Bad Gateway")
    server.methods.files["F"] = b"x"
    with pytest.raises(DeliveryUnavailable):
        await adapter.fetch(attachment("F"), 10)
    assert await adapter.fetch(attachment("F"), 10) == b"x"
