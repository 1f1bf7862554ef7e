"""What people see of a message, and what becomes of one that the Graph API does not take."""

from __future__ import annotations

import os
import socket
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from botcore_whatsapp.bodies import sendable
from botcore_whatsapp.failures import ParameterRejected, Throttled
from botcore_whatsapp.invitations import DAY, Invitations
from botcore_whatsapp.throttle import Throttle

from botcore.errors import (
    ConversationClosed,
    DeliveryError,
    DeliveryRejected,
    DeliveryUnavailable,
    DeliveryUncertain,
    InputError,
    MediaRejected,
)
from botcore.model import Attachment, AttachmentKind, Button, Outgoing, OutgoingKind
from botcore.testing.samples import make_outgoing
from botcore.testing.whatsapp_server import PERSON, Media, WhatsAppServer
from tests.adapters.whatsapp.ground import VIDEO, adapter_of, video_file

AGAIN = (
    Button("High quality", "/again 7 high"),
    Button("Vertical", "/again 7 9:16"),
    Button("Show code", "/code 7"),
)


def outgoing(text: str = "Hello", **fields: Any) -> Outgoing:
    return replace(make_outgoing(text, platform="whatsapp"), **{"chat_id": PERSON, **fields})


def video(folder: Path, text: str = "Here it is.", **fields: Any) -> Outgoing:
    return outgoing(text, **{"kind": OutgoingKind.VIDEO, "media": video_file(folder), **fields})


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


# ----------------------------------------------------------------------------------------------------- errors


@pytest.mark.parametrize(
    ("code", "status", "expected"),
    [
        (4, 400, Throttled),
        (80007, 400, Throttled),
        (130429, 429, Throttled),
        (131048, 400, Throttled),
        (131056, 400, Throttled),
        (133016, 400, Throttled),
        (131047, 400, ConversationClosed),
        (131026, 400, DeliveryRejected),
        (131052, 400, MediaRejected),
        (131053, 400, MediaRejected),
        (190, 401, DeliveryUnavailable),
        (10, 403, DeliveryUnavailable),
        (1, 500, DeliveryUnavailable),
        (131000, 500, DeliveryUnavailable),
        (131016, 503, DeliveryUnavailable),
        (987654, 500, DeliveryUnavailable),
        (100, 400, ParameterRejected),
        (987654, 400, DeliveryRejected),
    ],
)
async def test_each_refusal_says_what_may_be_done(
    whatsapp: Any, server: WhatsAppServer, code: int, status: int, expected: type[DeliveryError]
) -> None:
    server.refuse(code, status=status)
    with pytest.raises(DeliveryError) as raised:
        await whatsapp.send(outgoing())
    assert type(raised.value) is expected
    assert server.token not in raised.value.detail


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (500, DeliveryUncertain),
        (502, DeliveryUncertain),
        (504, DeliveryUncertain),
        (503, DeliveryUnavailable),
        (429, Throttled),
        (401, DeliveryUnavailable),
        (404, DeliveryRejected),
    ],
)
async def test_the_page_of_a_gateway_leaves_open_whether_the_message_was_taken(
    whatsapp: Any, server: WhatsAppServer, status: int, expected: type[DeliveryError]
) -> None:
    server.break_down(status)
    with pytest.raises(DeliveryError) as raised:
        await whatsapp.send(outgoing())
    assert type(raised.value) is expected
    assert raised.value.detail == f"HTTP {status}", "such a page may repeat what was written"


async def test_an_answer_that_is_lost_leaves_it_open_too(whatsapp: Any, server: WhatsAppServer) -> None:
    server.lose_answer()
    with pytest.raises(DeliveryUncertain):
        await whatsapp.send(outgoing(tracker="7.1.1.aa"))
    assert [shown.tracker for shown in server.shown()] == ["7.1.1.aa"]
    assert {value["statuses"][0]["biz_opaque_callback_data"] for value in server.webhooks.pending} == {
        "7.1.1.aa"
    }


async def test_a_server_that_is_not_there_has_taken_nothing(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))  # and nobody listens
        away = WhatsAppServer()
        away.url = f"http://127.0.0.1:{taken.getsockname()[1]}"
        async with adapter_of(away, tmp_path) as adapter:
            with pytest.raises(DeliveryUnavailable) as raised:
                await adapter.send(outgoing())
    assert not isinstance(raised.value, DeliveryUncertain)


async def test_a_wrong_token_waits_for_the_operator(server: WhatsAppServer, tmp_path: Path) -> None:
    async with adapter_of(server, tmp_path, token="EAAG-another") as adapter:
        with pytest.raises(DeliveryUnavailable) as raised:
            await adapter.send(outgoing())
    assert "EAAG-another" not in raised.value.detail


# ------------------------------------------------------------------------------------------------- throttling


async def test_a_throttled_person_is_left_alone_and_others_are_written_to(
    whatsapp: Any, server: WhatsAppServer
) -> None:
    other = "15550009999"
    server.people.say("hello", chat=other)
    server.refuse(131056, retry_after=30)
    with pytest.raises(Throttled) as raised:
        await whatsapp.send(outgoing())
    assert raised.value.retry_after == 30
    calls = len(server.calls)
    with pytest.raises(Throttled) as raised:
        await whatsapp.send(outgoing())
    assert raised.value.retry_after is not None
    assert 0 < raised.value.retry_after <= 30
    assert len(server.calls) == calls, "nobody was asked again"
    await whatsapp.send(outgoing(chat_id=other))
    assert server.texts(other) == ["Hello"]


async def test_a_throttled_number_writes_to_nobody(whatsapp: Any, server: WhatsAppServer) -> None:
    server.refuse(130429, status=429)
    with pytest.raises(Throttled) as raised:
        await whatsapp.send(outgoing())
    assert raised.value.retry_after == 1
    with pytest.raises(Throttled):
        await whatsapp.send(outgoing(chat_id="15550009999"))


def test_pauses_grow_with_each_refusal_and_begin_anew_after_a_success() -> None:
    now = [0.0]
    throttle = Throttle(lambda: now[0])
    lengths = []
    for _ in range(8):
        struck = throttle.struck("1", Throttled("", pair=True, retry_after=None))
        lengths.append(struck.retry_after)
        now[0] += struck.retry_after or 0
        throttle.check("1")
    assert lengths == [1, 4, 16, 64, 256, 600, 600, 600]
    throttle.passed("1")
    assert throttle.struck("1", Throttled("", pair=True, retry_after=None)).retry_after == 1


# ------------------------------------------------------------------------------------------------ 24 hours


async def test_outside_the_24_hours_the_template_invites_once(server: WhatsAppServer, tmp_path: Path) -> None:
    server.messages.closes_at_once = True
    server.messages.templates.add(("your_video", "en"))
    server.messages.forward(hours=25)
    for _ in range(2):  # a process that begins anew does not invite again
        async with adapter_of(server, tmp_path, template="your_video") as adapter:
            with pytest.raises(ConversationClosed):
                await adapter.send(video(tmp_path))
    assert [shown.template for shown in server.shown()] == ["your_video"]
    server.people.say("yes, please")
    async with adapter_of(server, tmp_path) as adapter:
        await adapter.send(video(tmp_path))
    assert len(server.videos()) == 1


async def test_without_a_template_nothing_is_sent(whatsapp: Any, server: WhatsAppServer) -> None:
    server.messages.closes_at_once = True
    server.messages.forward(hours=25)
    with pytest.raises(ConversationClosed):
        await whatsapp.send(outgoing())
    assert not server.shown()


async def test_a_template_that_cannot_go_out_now_is_tried_with_the_message(
    server: WhatsAppServer, tmp_path: Path
) -> None:
    server.messages.closes_at_once = True
    server.messages.templates.add(("your_video", "pt_BR"))
    server.messages.forward(hours=25)
    async with adapter_of(server, tmp_path, template="your_video", template_language="pt_BR") as adapter:
        server.refuse(131047)
        server.refuse(131016, status=503)
        with pytest.raises(DeliveryUnavailable):
            await adapter.send(outgoing())
        with pytest.raises(ConversationClosed):
            await adapter.send(outgoing())
    assert [shown.template for shown in server.shown()] == ["your_video"]


async def test_a_template_that_meta_does_not_know_holds_the_message_all_the_same(
    server: WhatsAppServer, tmp_path: Path
) -> None:
    server.messages.closes_at_once = True
    server.messages.forward(hours=25)
    async with adapter_of(server, tmp_path, template="forgotten") as adapter:
        with pytest.raises(ConversationClosed):
            await adapter.send(outgoing())
        server.messages.templates.add(("forgotten", "en"))
        with pytest.raises(ConversationClosed):
            await adapter.send(outgoing())
    assert [shown.template for shown in server.shown()] == ["forgotten"]


def test_an_invitation_is_good_for_a_day_and_names_nobody(tmp_path: Path) -> None:
    first, second = Invitations(tmp_path), Invitations(tmp_path)
    first.open()
    assert (first.take("US.1"), second.take("US.1"), second.take("US.2")) == (True, False, True)
    (mark, *_) = marks = list(tmp_path.iterdir())
    assert not any("US" in mark.name for mark in marks)
    yesterday = time.time() - DAY - 1
    for mark in marks:
        os.utime(mark, (yesterday, yesterday))
    assert second.take("US.1")
    Invitations(tmp_path).open()
    assert len(list(tmp_path.iterdir())) == 1
    second.give_back("US.1")
    assert first.take("US.1")
