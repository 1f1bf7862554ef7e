"""The webhook in the real HTTP surface of the core: what is let in, what not, and nothing twice."""

from __future__ import annotations

import asyncio
import io
import json
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiohttp
import pytest_asyncio
from botcore_telegram.plugin import WEBHOOK_PATH
from botcore_telegram.webhook import parsed
from hypothesis import example, given
from hypothesis import strategies as st

from botcore.state.models import InboxRow
from botcore.testing.telegram_server import PERSON, SECRET_HEADER, TelegramServer
from botcore.testing.telegram_server.calls import Call
from tests.adapters.telegram.ground import Bot, config_for, running_bot

SECRET = "a-secret_of-this-test"


@pytest_asyncio.fixture
async def bot(server: TelegramServer, tmp_path: Path) -> AsyncIterator[Bot]:
    async with running_bot(server, tmp_path, webhook_secret=SECRET) as running:
        yield running


def body(text: str = "/help", number: int = 1, **message: Any) -> dict[str, Any]:
    person = {"id": PERSON, "is_bot": False, "first_name": "Ada"}
    chat = {"id": PERSON, "type": "private"}
    return {
        "update_id": number,
        "message": {"message_id": number, "date": 1, "chat": chat, "from": person, "text": text} | message,
    }


async def post(bot: Bot, data: bytes | dict[str, Any], secret: Any = SECRET) -> int:
    headers = {} if secret is None else {SECRET_HEADER: secret}
    content = data if isinstance(data, bytes) else json.dumps(data).encode()
    async with (
        aiohttp.ClientSession() as client,
        client.post(bot.address + WEBHOOK_PATH, data=io.BytesIO(content), headers=headers) as response,
    ):
        await response.read()
        return response.status


WRONG_SECRETS = (
    None,
    "",
    "wrong",
    SECRET + "x",
    SECRET[:-1],
    SECRET.upper(),
    "пароль",
    "naïve-ÿ",
    "a" * 4000,
)


async def test_whoever_does_not_know_the_secret_is_turned_away_and_leaves_nothing(bot: Bot) -> None:
    for secret in WRONG_SECRETS:
        assert await post(bot, body(), secret) == 401, secret
    assert await InboxRow.all().count() == 0


async def test_bytes_that_are_no_text_in_the_secret_are_a_wrong_secret(bot: Bot) -> None:
    host, _, port = bot.address.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    content = json.dumps(body()).encode()
    head = f"POST {WEBHOOK_PATH} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(content)}\r\n{SECRET_HEADER}: "
    writer.write(head.encode() + b"\xff\xfe\x80" + b"\r\nConnection: close\r\n\r\n" + content)
    assert (await reader.readline()).split()[1] in {b"400", b"401"}
    writer.close()
    assert await InboxRow.all().count() == 0


NO_UPDATES = (
    *(b"", b"{", b"null", b"[]", b"5", b'"text"', b"{}", b"\xff\xfe", b"[" * 200_000),
    b'{"update_id": ' + b"9" * 6000 + b"}",
    b'{"update_id": 1, "message": 5}',
    b'{"entry": []}',
)
USELESS: tuple[dict[str, Any], ...] = (
    {"update_id": 1, "a_kind_of_next_year": {"x": 1}},
    {"update_id": 2, "poll": {"id": "1"}},
    {"update_id": 3, "edited_message": body()["message"]},
    {"update_id": 4},
)


async def test_what_is_no_update_is_a_bad_request(bot: Bot) -> None:
    for data in NO_UPDATES:
        assert await post(bot, data) == 400, data[:40]
    assert await InboxRow.all().count() == 0


async def test_what_nobody_can_use_is_taken_so_that_it_does_not_come_again(bot: Bot) -> None:
    for update in USELESS:
        assert await post(bot, update) == 200, update
    assert await InboxRow.all().count() == 0


async def test_a_body_of_four_megabytes_is_refused(bot: Bot) -> None:
    assert await post(bot, body("x" * 4_000_000)) == 413
    assert await post(bot, body("x" * 4_000_000), "wrong") == 401
    assert await InboxRow.all().count() == 0


async def test_the_same_update_fifty_times_at_once_is_one_message_and_one_job(
    bot: Bot, server: TelegramServer
) -> None:
    update = body("solve 2x = 4 for x")
    assert set(await asyncio.gather(*(post(bot, update) for _ in range(50)))) == {200}
    assert await InboxRow.all().count() == 1
    await server.until(lambda: len(server.texts()) == 2)
    assert len(server.videos()) == 1
    assert len(await bot.jobs()) == 1


async def test_updates_in_any_order_all_count(bot: Bot) -> None:
    statuses = [await post(bot, body("hello", number)) for number in (5, 3, 9, 1, 3)]
    assert statuses == [200] * 5
    assert await InboxRow.all().count() == 4


async def test_half_a_character_does_no_harm(bot: Bot, server: TelegramServer) -> None:
    assert await post(bot, body("solve \ud800 x = 1")) == 200
    await server.until(server.texts)


async def test_get_and_other_methods_are_refused(bot: Bot) -> None:
    async with aiohttp.ClientSession() as client, client.get(bot.address + WEBHOOK_PATH) as response:
        assert response.status == 405


async def test_the_secret_that_is_made_from_the_token_is_registered_and_works(
    server: TelegramServer, tmp_path: Path
) -> None:
    config = config_for(server)
    assert config.header_secret() != config_for(server, token="1:other").header_secret()
    assert server.token not in config.header_secret()
    async with running_bot(server, tmp_path) as bot:
        await server.until(lambda: server.updates.webhook)
        webhook = server.updates.webhook
        assert webhook is not None
        assert webhook.url == bot.address + WEBHOOK_PATH
        assert webhook.secret == config.header_secret()
        server.people.say("/start")
        await server.until(server.texts)
    assert server.updates.attempts == [200]


async def test_a_group_is_asked_to_wait_while_the_bot_does_not_know_its_name(
    server: TelegramServer, tmp_path: Path
) -> None:
    server.refuse("getMe", 502, "Bad Gateway", times=1000)
    async with running_bot(server, tmp_path, webhook_secret=SECRET) as bot:
        group = {"id": -5, "type": "group"}
        named = [{"type": "mention", "offset": 0, "length": 4}]
        assert await post(bot, body("@bot /help", chat=group, entities=named)) == 503
        assert await post(bot, body()) == 200, "a private chat need not wait"


async def test_a_full_disk_is_told_to_telegram_which_sends_again(
    server: TelegramServer, tmp_path: Path
) -> None:
    async with running_bot(server, tmp_path):
        await server.until(lambda: server.updates.webhook)
        await InboxRow.raw("ALTER TABLE inbox RENAME TO gone")
        server.people.say("/start")
        await server.until(lambda: len(server.updates.attempts) > 1)
        await InboxRow.raw("ALTER TABLE gone RENAME TO inbox")
        await server.until(server.texts)
    assert set(server.updates.attempts[:-1]) == {503}
    assert server.updates.attempts[-1] == 200


async def test_a_bot_that_moved_from_webhook_to_polling_takes_what_waited(
    server: TelegramServer, tmp_path: Path
) -> None:
    await server.methods.act(Call("setWebhook", {"url": "http://127.0.0.1:9/gone"}))
    server.people.say("/start")
    async with running_bot(server, tmp_path, mode="polling"):
        await server.until(server.texts)
    assert server.updates.webhook is None


_TEXTS = st.text(st.characters(codec=None), max_size=8)  # half surrogates among them
_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | _TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_TEXTS, inner, max_size=3),
)
_BODIES = (
    st.builds(lambda value: json.dumps(value).encode(), _VALUES)
    | st.builds(lambda value: json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass"), _VALUES)
    | st.text('[]{}",:\\u0dea91.-+eNInf \n', max_size=12).map(str.encode)
    | st.binary(max_size=12)
)


def loaded(load: Callable[[bytes], object], content: bytes) -> str:
    try:
        return repr(load(content))  # NaN equals nothing
    except (ValueError, RecursionError) as error:
        return "RecursionError" if isinstance(error, RecursionError) else "ValueError"


@given(_BODIES)
@example(b'{"text": "\\ud83d", "text": 1}')
@example(b'\xef\xbb\xbf{"update_id": 1}')
@example(b"[" * 200_000)
@example(b"[" * 300 + b"]" * 300)
@example(b"9" * 6000)
def test_body_is_parsed_as_the_standard_library_parses_it(content: bytes) -> None:
    assert loaded(parsed, content) == loaded(json.loads, content)
