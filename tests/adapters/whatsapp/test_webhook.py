"""The webhook in the real HTTP surface of the core: what is let in, what not, and nothing twice."""

from __future__ import annotations

import asyncio
import json
import random
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest
import pytest_asyncio
from botcore_whatsapp.plugin import LARGEST_WEBHOOK, WEBHOOK_PATH

from botcore.state.models import InboxRow
from botcore.testing.whatsapp_server import (
    APP_SECRET,
    PERSON,
    PHONE_NUMBER_ID,
    SIGNATURE_HEADER,
    VERIFY_TOKEN,
    WhatsAppServer,
    signature,
)
from tests.adapters.whatsapp.ground import Bot, running_bot

PEOPLE = tuple(f"1555000{number}" for number in range(1000, 1012))


@pytest_asyncio.fixture
async def bot(server: WhatsAppServer, tmp_path: Path) -> AsyncIterator[Bot]:
    async with running_bot(server, tmp_path) as running:
        yield running


def one(said: str = "/help", number: int = 1, **message: Any) -> dict[str, Any]:
    """A message as it stands in a webhook."""
    content = {"type": "text", "text": {"body": said}}
    return {"from": PERSON, "id": f"wamid.{number}", "timestamp": "1770000000", **content, **message}


def webhook(*messages: Any, number_id: str = PHONE_NUMBER_ID, **value: Any) -> dict[str, Any]:
    metadata = {"display_phone_number": "1", "phone_number_id": number_id}
    contacts = [{"wa_id": PERSON, "profile": {"name": "Ada"}}]
    held = {"metadata": metadata, "contacts": contacts, "messages": list(messages), **value}
    return {
        "object": "whatsapp_business_account",
        "entry": [{"id": "1", "changes": [{"field": "messages", "value": held}]}],
    }


async def rows() -> int:
    return await InboxRow.all().count()


# ------------------------------------------------------------------------------------------------- challenge


async def ask(bot: Bot, **query: str) -> tuple[int, str]:
    params = {f"hub.{name}": value for name, value in query.items()}
    async with (
        aiohttp.ClientSession() as client,
        client.get(bot.address + WEBHOOK_PATH, params=params) as response,
    ):
        return response.status, await response.text()


async def test_the_challenge_is_repeated_to_who_knows_the_token(bot: Bot) -> None:
    right = {"mode": "subscribe", "verify_token": VERIFY_TOKEN, "challenge": "<b>42</b>"}
    assert await ask(bot, **right) == (200, "<b>42</b>")
    for wrong in (
        {"verify_token": "another"},
        {"verify_token": ""},
        {"verify_token": "пароль"},
        {"mode": "unsubscribe"},
        {"challenge": ""},
        {"challenge": "x" * 5000},
    ):
        assert (await ask(bot, **(right | wrong)))[0] == 403, wrong
    assert (await ask(bot))[0] == 403
    assert (await ask(bot, mode="subscribe", challenge="1"))[0] == 403


async def test_the_challenge_is_no_page_that_a_browser_would_run(bot: Bot) -> None:
    params = {"hub.mode": "subscribe", "hub.verify_token": VERIFY_TOKEN, "hub.challenge": "<script>"}
    async with (
        aiohttp.ClientSession() as client,
        client.get(bot.address + WEBHOOK_PATH, params=params) as response,
    ):
        assert response.content_type == "text/plain"
        assert response.headers["X-Content-Type-Options"] == "nosniff"


# ------------------------------------------------------------------------------------------------- signature

WRONG_SIGNATURES = (
    None,
    "",
    "sha256=",
    "sha256=" + "0" * 64,
    "sha1=" + "0" * 40,
    "подпись",
    "sha256=ÿÿ",
    "a" * 4000,
)


async def test_what_meta_did_not_sign_is_turned_away_and_leaves_nothing(bot: Bot) -> None:
    for sign in WRONG_SIGNATURES:
        assert await bot.post(webhook(one()), sign) == 401, sign
    body = json.dumps(webhook(one())).encode()
    assert await bot.post(body + b" ", signature(APP_SECRET, body)) == 401, "signed is every byte"
    assert await bot.post(body, signature("another", body)) == 401
    assert await rows() == 0


async def test_bytes_that_are_no_text_in_the_signature_are_a_wrong_signature(bot: Bot) -> None:
    host, _, port = bot.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    content = json.dumps(webhook(one())).encode()
    head = (
        f"POST {WEBHOOK_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n{SIGNATURE_HEADER}: "
    )
    writer.write(head.encode() + b"\xff\xfe\x80" + b"\r\nConnection: close\r\n\r\n" + content)
    assert (await reader.readline()).split()[1] in {b"400", b"401"}
    writer.close()
    assert await rows() == 0


# ---------------------------------------------------------------------------------------------------- bodies

NO_WEBHOOKS = (
    *(b"", b"{", b"null", b"[]", b"5", b'"text"', b"{}", b"\xff\xfe", b"[" * 200_000),
    b'{"entry": ' + b"9" * 6000 + b"}",
    b'{"entry": 5}',
    b'{"update_id": 1}',
)
USELESS: tuple[dict[str, Any], ...] = (
    {"entry": []},
    {"entry": [5, None, {"changes": [7, {}, {"value": 1}, {"field": "next_year", "value": {"x": 1}}]}]},
    {"object": "page", "entry": [{"id": "1", "messaging": []}]},
    webhook(one(), number_id="999"),
    webhook(),
    webhook(one(type="reaction", reaction={"message_id": "wamid.0", "emoji": "👍"})),
    webhook(one(type="system", system={"body": "changed number", "type": "user_changed_number"})),
    webhook(one(group_id="Y2FwaV9ncm91cDo")),
    webhook(one(text={"body": 5}), 5, None, "text"),
    webhook({"type": "text"}),
    webhook({**one(), "from": "nobody"}, contacts=[]),
    webhook(one(timestamp="soon")),
    webhook(statuses=[5, {}, {"id": "wamid.1", "status": "played"}, {"status": "sent"}]),
    webhook(statuses=[{"id": "wamid.1", "status": "failed", "errors": [{"code": "x"}]}]),
)


async def test_what_is_no_webhook_is_a_bad_request(bot: Bot) -> None:
    for data in NO_WEBHOOKS:
        assert await bot.post(data) == 400, data[:40]
    assert await rows() == 0


async def test_what_nobody_can_use_is_taken_so_that_it_does_not_come_again(bot: Bot) -> None:
    for number, useless in enumerate(USELESS):
        assert await bot.post(useless) == 200, number
    assert await rows() == 0


async def test_what_cannot_be_read_does_not_keep_back_the_rest_of_its_batch(bot: Bot) -> None:
    batch = webhook(one(text={}), one(number=2), {"type": "text"}, one(number=3))
    batch["entry"].append(webhook(one(number=4))["entry"][0])
    assert await bot.post(batch) == 200
    assert await rows() == 3


async def test_four_megabytes_are_taken_and_more_are_not(bot: Bot) -> None:
    large = json.dumps(webhook(one("x" * 4_000_000))).encode()
    assert await bot.post(large) == 200
    assert await rows() == 1
    assert await bot.post(large + b" " * LARGEST_WEBHOOK) == 413
    assert await bot.post(large, "sha256=00") == 401
    assert await rows() == 1


async def test_every_message_of_a_batch_is_kept_and_answered(bot: Bot, server: WhatsAppServer) -> None:
    server.webhooks.paused = True
    for person in PEOPLE:
        server.people.say("/quality", chat=person)
        server.people.say("/aspect", chat=person)
    server.webhooks.batch = 100
    server.webhooks.paused = False
    server.webhooks.wake()
    await server.until(lambda: all(len(server.texts(person)) == 2 for person in PEOPLE))
    assert server.webhooks.attempts[0] == 200
    for person in PEOPLE:
        quality, aspect = server.texts(person)
        assert "quality" in quality.lower()
        assert "16:9" in aspect


async def test_webhooks_in_any_order_and_twice_count_once(bot: Bot, server: WhatsAppServer) -> None:
    server.webhooks.shuffled = random.Random(7)  # noqa: S311  # a repeatable test
    server.webhooks.copies = 2
    server.webhooks.paused = True
    for person in PEOPLE:
        server.people.say("/quality", chat=person)
    server.webhooks.paused = False
    server.webhooks.wake()
    await server.until(lambda: all(server.texts(person) for person in PEOPLE))
    await server.until(lambda: not server.webhooks.pending)
    assert await rows() == len(PEOPLE)
    assert [len(server.texts(person)) for person in PEOPLE] == [1] * len(PEOPLE)
    assert set(server.webhooks.attempts) == {200}


async def test_the_same_webhook_fifty_times_at_once_is_one_message_and_one_job(
    bot: Bot, server: WhatsAppServer
) -> None:
    body = webhook(one("solve 2x = 4 for x"))
    assert set(await asyncio.gather(*(bot.post(body) for _ in range(50)))) == {200}
    assert await rows() == 1
    await server.until(server.videos)
    assert len(server.videos()) == 1
    assert len(await bot.jobs()) == 1


async def test_half_a_character_does_no_harm(bot: Bot, server: WhatsAppServer) -> None:
    assert await bot.post(webhook(one("solve \ud800 x = 1"))) == 200
    await server.until(server.texts)


@pytest.mark.parametrize(
    ("hidden", "chat"),
    [
        ({}, f"US.{PERSON}99"),
        ({"number": True}, f"US.{PERSON}99"),
        ({"scoped_id": True}, PERSON),
    ],
)
async def test_people_are_known_by_either_name_and_answered(
    bot: Bot, server: WhatsAppServer, hidden: dict[str, bool], chat: str
) -> None:
    server.people.hide(**hidden)
    server.people.say("/quality")
    await server.until(server.texts)
    (row,) = await InboxRow.all()
    assert row.chat.endswith(chat)


async def test_a_full_disk_is_told_to_meta_which_sends_again(server: WhatsAppServer, tmp_path: Path) -> None:
    async with running_bot(server, tmp_path):
        await InboxRow.raw("ALTER TABLE inbox RENAME TO gone")
        server.people.say("/start")
        await server.until(lambda: len(server.webhooks.attempts) > 1)
        await InboxRow.raw("ALTER TABLE gone RENAME TO inbox")
        await server.until(server.texts)
        assert server.webhooks.attempts[0] == 503
        assert set(server.webhooks.attempts) == {200, 503}
