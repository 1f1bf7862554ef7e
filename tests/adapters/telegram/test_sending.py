"""What is sent, how it looks in the chat, and what each refusal of the server means."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from botcore.errors import DeliveryRejected, DeliveryUnavailable, MediaRejected
from botcore.model import Button, Outgoing, OutgoingKind, Status
from botcore.testing.telegram_server import PERSON, TelegramServer
from tests.adapters.telegram.ground import JPEG, VIDEO, adapter_of, video_file

STATUS, TEXT, FILM = OutgoingKind.STATUS, OutgoingKind.TEXT, OutgoingKind.VIDEO


def out(text: str = "", kind: OutgoingKind = TEXT, *, chat: int | str = PERSON, **fields: Any) -> Outgoing:
    return Outgoing(id="o1", platform="telegram", chat_id=str(chat), kind=kind, text=text, **fields)


# ------------------------------------------------------------------------------------------------------ text


async def test_text_arrives_as_it_is_whatever_it_holds(adapter: Any, server: TelegramServer) -> None:
    text = "<b>&amp; *bold* _x_ `y` [z](w)\n\u202eright\u202c 👩\u200d👧 https://example.org"
    sent = await adapter.send(out(text))
    (message,) = server.shown()
    assert message.text == text
    assert sent.message_ids == (str(message.message_id),)
    assert not message.preview, "no preview of links"
    assert message.entities == []


async def test_fenced_code_is_shown_as_code(adapter: Any, server: TelegramServer) -> None:
    await adapter.send(out("👋 Here:\n```python\nx = 1\n```\nDone"))
    (message,) = server.shown()
    assert message.text == "👋 Here:\nx = 1\nDone"
    assert message.entities == [{"type": "pre", "offset": 9, "length": 5, "language": "python"}]


async def test_half_a_character_costs_no_more_than_itself(adapter: Any, server: TelegramServer) -> None:
    await adapter.send(out("a\ud800b"))
    assert server.texts() == ["a\ufffdb"]


async def test_a_text_that_shows_nothing_is_not_sent(adapter: Any, server: TelegramServer) -> None:
    assert (await adapter.send(out(" \n "))).message_ids == ()
    assert server.calls == []


async def test_an_answer_points_to_what_it_answers(adapter: Any, server: TelegramServer) -> None:
    update = server.people.say("hello")
    assert update is not None
    asked = update["message"]["message_id"]
    await adapter.send(out("hi", reply_to=f"{update['update_id']}.{asked}"))
    await adapter.send(out("still there", reply_to="700.999"))
    first, second = server.shown()
    assert (first.reply_to, second.reply_to) == (asked, None)


async def test_a_topic_of_a_forum_is_answered_there(adapter: Any, server: TelegramServer) -> None:
    server.people.chat(-100)
    await adapter.send(out("hi", chat="-100/7"))
    assert server.shown(-100)[0].topic == 7


async def test_buttons_send_back_or_open(adapter: Any, server: TelegramServer) -> None:
    buttons = (
        Button("Cancel", "/cancel abc"),
        Button("Help", "/help"),
        Button("A label that is long enough", "/code"),
        Button("Watch", url="https://bot.example.org/v"),
    )
    await adapter.send(out("Drawing…", STATUS, buttons=buttons))
    (message,) = server.shown()
    assert [[button["text"] for button in row] for row in message.buttons] == [
        ["Cancel", "Help"],
        ["A label that is long enough"],
        ["Watch"],
    ]
    assert message.buttons[0][0]["callback_data"] == "/cancel abc"
    assert message.buttons[2][0]["url"] == "https://bot.example.org/v"


# ---------------------------------------------------------------------------------------------------- status


async def test_the_status_message_is_edited_in_place(adapter: Any, server: TelegramServer) -> None:
    first = await adapter.send(out("Queued", STATUS, buttons=(Button("Cancel", "/cancel x"),)))
    again = await adapter.send(out("Drawing 40 %", STATUS, edits=first.message_ids[0]))
    (message,) = server.shown()
    assert (message.text, message.versions, message.buttons) == ("Drawing 40 %", 2, [])
    assert again == first


async def test_the_same_text_again_is_no_failure(adapter: Any, server: TelegramServer) -> None:
    first = await adapter.send(out("Drawing…", STATUS))
    assert await adapter.send(out("Drawing…", STATUS, edits=first.message_ids[0])) == first
    assert server.shown()[0].versions == 1


async def test_a_status_message_that_was_deleted_is_sent_again(adapter: Any, server: TelegramServer) -> None:
    first = await adapter.send(out("Queued", STATUS))
    server.people.chat().messages.clear()
    second = await adapter.send(out("Drawing…", STATUS, edits=first.message_ids[0]))
    assert server.texts() == ["Drawing…"]
    assert second.message_ids != first.message_ids


async def test_a_status_of_a_message_that_is_a_video_now_stands_below_it(
    adapter: Any, server: TelegramServer, tmp_path: Path
) -> None:
    first = await adapter.send(out("Queued", STATUS))
    await adapter.send(out("", FILM, media=video_file(tmp_path), edits=first.message_ids[0]))
    await adapter.send(out("Cancelled", STATUS, edits=first.message_ids[0]))
    (message,) = server.shown()
    assert (message.caption, message.media is not None) == ("Cancelled", True)


async def test_people_see_that_something_is_going_on(adapter: Any, server: TelegramServer) -> None:
    await adapter.send(out("Thinking…", STATUS, status=Status.AI_GENERATING))
    await server.until(lambda: server.people.chat().actions == ["typing"])
    await adapter.send(out("Drawing…", STATUS, status=Status.RENDERING))
    await server.until(lambda: server.people.chat().actions == ["typing", "record_video"])


# ----------------------------------------------------------------------------------------------------- video


async def test_the_status_message_becomes_the_video(
    adapter: Any, server: TelegramServer, tmp_path: Path
) -> None:
    first = await adapter.send(out("Queued", STATUS))
    buttons = (Button("Vertical", "/aspect 9:16"),)
    video = out("", FILM, media=video_file(tmp_path), edits=first.message_ids[0], buttons=buttons)
    assert await adapter.send(video) == first
    (message,) = server.shown()
    media = message.media
    assert media is not None
    assert (media.kind, media.content, media.thumbnail) == ("video", VIDEO, JPEG)
    assert (media.width, media.height, media.duration) == (1280, 720, 12)
    assert media.supports_streaming
    assert (message.text, message.labels) == ("", ["Vertical"])
    assert "upload_video" in server.people.chat().actions

    assert await adapter.send(video) == first, "after an answer that was lost"
    assert len(server.shown()) == 1


async def test_a_video_without_a_status_message_is_one_of_its_own(
    adapter: Any, server: TelegramServer, tmp_path: Path
) -> None:
    sent = await adapter.send(out("Here it is", FILM, media=video_file(tmp_path)))
    (message,) = server.shown()
    media = message.media
    assert media is not None
    assert sent.message_ids == (str(message.message_id),)
    assert (media.kind, media.content, media.thumbnail, message.caption) == (
        "video",
        VIDEO,
        JPEG,
        "Here it is",
    )
    assert (media.width, media.height, media.duration, media.supports_streaming) == (1280, 720, 12, True)


async def test_a_video_whose_status_message_was_deleted_is_sent_anew(
    adapter: Any, server: TelegramServer, tmp_path: Path
) -> None:
    await adapter.send(out("", FILM, media=video_file(tmp_path), edits="999"))
    assert server.videos() == [VIDEO]


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [("image/gif", "animation"), ("image/png", "photo"), ("video/webm", "document"), ("a/b", "document")],
)
async def test_other_files_go_out_as_what_telegram_shows_best(
    adapter: Any, server: TelegramServer, tmp_path: Path, media_type: str, kind: str
) -> None:
    media = video_file(tmp_path, media_type=media_type)
    await adapter.send(out("", FILM, media=media))
    first = await adapter.send(out("Queued", STATUS))
    await adapter.send(out("", FILM, media=media, edits=first.message_ids[0]))
    assert [message.media.kind for message in server.shown() if message.media] == [kind, kind]


@pytest.mark.parametrize("thumbnail", [None, b"\x89PNG...", JPEG + bytes(200_000)])
async def test_a_thumbnail_that_telegram_does_not_take_is_left_out(
    adapter: Any, server: TelegramServer, tmp_path: Path, thumbnail: bytes | None
) -> None:
    await adapter.send(out("", FILM, media=video_file(tmp_path, thumbnail=thumbnail)))
    (call,) = server.called("sendVideo")
    assert set(call.files) & {"thumbnail"} == set()
    assert len(call.files) == 1
    assert server.videos() == [VIDEO]


@pytest.mark.parametrize("method", ["sendVideo", "editMessageMedia"])
async def test_a_file_that_is_too_big_is_refused_as_a_file(
    adapter: Any, server: TelegramServer, tmp_path: Path, method: str
) -> None:
    first = await adapter.send(out("Queued", STATUS))
    server.refuse(method, 413, "Request Entity Too Large")
    edits = first.message_ids[0] if method == "editMessageMedia" else None
    with pytest.raises(MediaRejected):
        await adapter.send(out("", FILM, media=video_file(tmp_path), edits=edits))


# ------------------------------------------------------------------------------------------------- refusals


async def test_flood_control_says_when_to_come_again(adapter: Any, server: TelegramServer) -> None:
    server.flood("sendMessage", 17)
    with pytest.raises(DeliveryUnavailable) as unavailable:
        await adapter.send(out("hi"))
    assert unavailable.value.retry_after == 17
    assert await adapter.send(out("hi"))


@pytest.mark.parametrize(
    ("status", "description"),
    [
        (403, "Forbidden: bot was blocked by the user"),
        (403, "Forbidden: user is deactivated"),
        (403, "Forbidden: bot was kicked from the group chat"),
        (400, "Bad Request: chat not found"),
        (400, "Bad Request: message is too long"),
    ],
)
async def test_what_will_never_work_is_rejected(
    adapter: Any, server: TelegramServer, status: int, description: str
) -> None:
    server.refuse("sendMessage", status, description)
    with pytest.raises(DeliveryRejected) as rejected:
        await adapter.send(out("hi"))
    assert description in rejected.value.detail


@pytest.mark.parametrize(
    ("status", "description"),
    [(500, "Internal Server Error"), (502, "Bad Gateway"), (401, "Unauthorized"), (404, "Not Found")],
)
async def test_what_may_pass_is_unavailable(
    adapter: Any, server: TelegramServer, status: int, description: str
) -> None:
    server.refuse("sendMessage", status, description)
    with pytest.raises(DeliveryUnavailable):
        await adapter.send(out("hi"))


async def test_a_chat_that_blocked_the_bot_or_is_none_is_rejected(
    adapter: Any, server: TelegramServer
) -> None:
    server.people.chat().blocked = True
    with pytest.raises(DeliveryRejected):
        await adapter.send(out("hi"))
    for chat in ("777", "x", "", "1/x"):
        with pytest.raises(DeliveryRejected):
            await adapter.send(out("hi", chat=chat))


async def test_a_server_that_is_down_is_unavailable_and_the_token_is_not_told(tmp_path: Path) -> None:
    server = TelegramServer()
    server.url = "http://127.0.0.1:9"
    async with adapter_of(server, tmp_path) as adapter:
        with pytest.raises(DeliveryUnavailable) as unavailable:
            await adapter.send(out("hi"))
    assert server.token not in str(unavailable.value)


async def test_a_group_that_became_a_supergroup_is_followed(adapter: Any, server: TelegramServer) -> None:
    server.people.chat(-1001)
    server.refuse(
        "sendMessage",
        400,
        "Bad Request: group chat was upgraded to a supergroup chat",
        migrate_to_chat_id=-1001,
    )
    await adapter.send(out("hi", chat=-5))
    assert server.texts(-1001) == ["hi"]


async def test_an_answer_of_a_newer_server_counts_as_accepted(adapter: Any, server: TelegramServer) -> None:
    server.methods.me["is_bot"] = "in a way that this client cannot read"
    sent = await adapter.send(out("hi"))
    assert sent.message_ids == (str(server.shown()[0].message_id),)


async def test_closing_ends_what_still_runs_aside(server: TelegramServer, tmp_path: Path) -> None:
    hold = server.hold("sendChatAction")
    async with adapter_of(server, tmp_path) as adapter:
        await adapter.send(out("Drawing…", STATUS, status=Status.RENDERING))
        await asyncio.wait_for(hold.reached.wait(), 60)
