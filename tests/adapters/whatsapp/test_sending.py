"""What people see of a message."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botcore_whatsapp.bodies import sendable

from botcore.errors import (
    DeliveryRejected,
    DeliveryUnavailable,
    DeliveryUncertain,
    InputError,
)
from botcore.model import Attachment, AttachmentKind, Button, OutgoingKind
from botcore.testing.whatsapp_server import PERSON, Media, WhatsAppServer
from tests.adapters.whatsapp.ground import VIDEO, outgoing, video, video_file

AGAIN = (
    Button("High quality", "/again 7 high"),
    Button("Vertical", "/again 7 9:16"),
    Button("Show code", "/code 7"),
)


# ------------------------------------------------------------------------------------------------------ texts


async def test_a_text_arrives_as_it_is_without_a_preview(whatsapp: Any, server: WhatsAppServer) -> None:
    asked = server.people.say("hello")
    sent = await whatsapp.send(outgoing("See https://example.org *now*", reply_to=asked, tracker="7.1.1.aa"))
    (shown,) = server.shown()
    assert (shown.text, shown.preview, shown.reply_to) == ("See https://example.org *now*", False, asked)
    assert (shown.tracker, sent.message_ids) == ("7.1.1.aa", (shown.message_id,))


async def test_the_longest_text_fits(whatsapp: Any, server: WhatsAppServer) -> None:
    await whatsapp.send(outgoing("x" * 4096))
    assert len(server.texts()[0]) == 4096


async def test_people_are_reached_by_the_id_that_the_business_knows(
    whatsapp: Any, server: WhatsAppServer
) -> None:
    server.messages.scoped["BR.12ab"] = PERSON
    await whatsapp.send(outgoing(chat_id="BR.12ab"))
    assert server.texts() == ["Hello"]
    for nobody in ("", "group", "../106540352242922", "US.", "+1 555"):
        with pytest.raises(DeliveryRejected):
            await whatsapp.send(outgoing(chat_id=nobody))


def test_code_stands_between_the_marks_that_whatsapp_knows() -> None:
    assert sendable("Look:\n```python\nx = 1\ny = 2\n```\nDone") == "Look:\n```x = 1\ny = 2```\nDone"
    assert sendable("```\n\n```") == "```\n\n```"
    assert sendable("half \ud800") == "half \ufffd"


async def test_a_reply_to_what_is_gone_is_said_without_a_quote(whatsapp: Any, server: WhatsAppServer) -> None:
    await whatsapp.send(outgoing(reply_to="wamid.gone", tracker="7.1.1.aa"))
    (shown,) = server.shown()
    assert (shown.text, shown.reply_to, shown.tracker) == ("Hello", None, "7.1.1.aa")


async def test_nothing_to_say_is_no_message(whatsapp: Any, server: WhatsAppServer) -> None:
    assert (await whatsapp.send(outgoing("  "))).message_ids == ()
    assert not server.called("messages")


# ---------------------------------------------------------------------------------------------------- buttons


async def test_up_to_three_buttons_stand_under_a_text_and_answer_when_tapped(
    whatsapp: Any, server: WhatsAppServer
) -> None:
    await whatsapp.send(outgoing("Working…", buttons=(Button("Cancel", "/cancel 7"),)))
    (shown,) = server.shown()
    assert (shown.text, shown.labels, shown.menu) == ("Working…", ["Cancel"], "")
    server.people.tap("Cancel")
    (value,) = (value for value in server.webhooks.pending if "messages" in value)
    assert value["messages"][0]["interactive"]["button_reply"]["id"] == "/cancel 7"


@pytest.mark.parametrize("many", [4, 10])
async def test_more_than_three_open_as_a_list(whatsapp: Any, server: WhatsAppServer, many: int) -> None:
    buttons = tuple(Button(f"Number {number}", f"/status {number}") for number in range(many))
    await whatsapp.send(outgoing("Which?", buttons=buttons, language="es"))
    (shown,) = server.shown()
    assert shown.labels == [button.label for button in buttons]
    assert 0 < len(shown.menu) <= 20


async def test_a_long_text_has_its_buttons_in_a_list(whatsapp: Any, server: WhatsAppServer) -> None:
    await whatsapp.send(outgoing("x" * 4000, buttons=AGAIN))
    (shown,) = server.shown()
    assert (len(shown.text), len(shown.options)) == (4000, 3)
    assert shown.menu


async def test_a_link_is_a_button_and_beside_others_a_line(whatsapp: Any, server: WhatsAppServer) -> None:
    link = Button("Watch", url="https://bot.example.org/v/1?t=x")
    await whatsapp.send(outgoing("Here.", buttons=(link,)))
    await whatsapp.send(outgoing("Here.", buttons=(link, *AGAIN)))
    await whatsapp.send(outgoing("y" * 4090, buttons=(link, *AGAIN)))
    alone, beside, long, after = server.shown()
    assert [option.url for option in alone.options] == [link.url]
    assert beside.text == f"Here.\nWatch: {link.url}"
    assert beside.labels == [button.label for button in AGAIN]
    assert (len(long.text), after.text, len(after.options)) == (4090, f"Watch: {link.url}", 3)


# ------------------------------------------------------------------------------------------------------ files


async def test_a_video_comes_with_its_words_and_buttons_in_one_message(
    whatsapp: Any, server: WhatsAppServer, tmp_path: Path
) -> None:
    asked = server.people.say("solve 2x = 4")
    await whatsapp.send(video(tmp_path, buttons=AGAIN, reply_to=asked, tracker="9.1.1.bb"))
    (shown,) = server.shown()
    assert shown.media == Media(VIDEO, "video/mp4", "video.mp4", "video")
    assert (shown.text, shown.labels) == ("Here it is.", [button.label for button in AGAIN])
    assert (shown.reply_to, shown.tracker) == (asked, "9.1.1.bb")


async def test_a_video_without_buttons_has_a_caption(
    whatsapp: Any, server: WhatsAppServer, tmp_path: Path
) -> None:
    await whatsapp.send(video(tmp_path, "x" * 1024))
    await whatsapp.send(video(tmp_path, ""))
    captioned, bare = server.shown()
    assert (len(captioned.text), bare.text) == (1024, "")
    assert all(shown.media is not None and shown.media.kind == "video" for shown in (captioned, bare))


async def test_buttons_that_a_file_cannot_carry_come_before_it(
    whatsapp: Any, server: WhatsAppServer, tmp_path: Path
) -> None:
    buttons = (*AGAIN, Button("Delete", "/forget 7"))
    sent = await whatsapp.send(video(tmp_path, buttons=buttons, tracker="9.1.1.cc"))
    words, film = server.shown()
    assert (words.text, len(words.options), words.tracker) == ("Here it is.", 4, "")
    assert film.media is not None
    assert film.tracker == "9.1.1.cc", "the receipt that counts is the video's"
    assert sent.message_ids == (words.message_id, film.message_id)


@pytest.mark.parametrize(
    ("media_type", "kind"),
    [("image/png", "image"), ("application/pdf", "document"), ("text/plain", "document")],
)
async def test_other_files_are_pictures_or_documents(
    whatsapp: Any, server: WhatsAppServer, tmp_path: Path, media_type: str, kind: str
) -> None:
    await whatsapp.send(video(tmp_path, media=video_file(tmp_path, media_type=media_type)))
    (shown,) = server.shown()
    assert shown.media is not None
    assert (shown.media.kind, shown.media.media_type) == (kind, media_type)


async def test_a_file_is_uploaded_once_however_often_its_message_is_tried(
    whatsapp: Any, server: WhatsAppServer, tmp_path: Path
) -> None:
    film = video(tmp_path)
    server.refuse(131000, status=500, times=2)
    for _ in range(2):
        with pytest.raises(DeliveryUnavailable):
            await whatsapp.send(film)
    await whatsapp.send(film)
    assert len(server.called("upload")) == 1
    assert len(server.videos()) == 1


async def test_an_upload_whose_answer_is_lost_is_made_again_and_nobody_notices(
    whatsapp: Any, server: WhatsAppServer, tmp_path: Path
) -> None:
    server.lose_answer(kind="upload")
    with pytest.raises(DeliveryUnavailable) as raised:
        await whatsapp.send(video(tmp_path))
    assert not isinstance(raised.value, DeliveryUncertain)
    await whatsapp.send(video(tmp_path))
    assert len(server.videos()) == 1


async def test_a_file_that_somebody_sent_is_fetched(whatsapp: Any, server: WhatsAppServer) -> None:
    reference = server.messages.keep(Media(b"draw a circle", "text/x-python", "scene.py"))
    file = Attachment(AttachmentKind.DOCUMENT, "text/x-python", reference=reference)
    assert await whatsapp.fetch(file, 1000) == b"draw a circle"
    assert await whatsapp.fetch(file, 4) == b"draw"
    server.break_down(kind="media")
    with pytest.raises(DeliveryUnavailable):
        await whatsapp.fetch(file, 1000)
    server.lose_answer(kind="media")
    with pytest.raises(DeliveryUnavailable):
        await whatsapp.fetch(file, 1000)
    with pytest.raises(InputError):
        await whatsapp.fetch(replace(file, reference="404"), 1000)
    for status, expected in ((502, DeliveryUnavailable), (401, DeliveryUnavailable), (404, InputError)):
        server.break_down(status, kind="download")
        with pytest.raises(expected):
            await whatsapp.fetch(file, 1000)


# ----------------------------------------------------------------------------------------------------- typing


async def test_typing_is_shown_under_the_message_and_marks_it_read(
    whatsapp: Any, server: WhatsAppServer
) -> None:
    asked = server.people.say("solve 2x = 4")
    assert (await whatsapp.send(outgoing("", kind=OutgoingKind.TYPING, reply_to=asked))).message_ids == ()
    assert server.people.chat().typing == [asked]
    assert server.people.chat().read == {asked}
    assert not server.shown()
    assert (await whatsapp.send(outgoing("", kind=OutgoingKind.TYPING))).message_ids == ()
