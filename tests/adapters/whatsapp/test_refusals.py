"""What becomes of a message that the Graph API does not take, or not now."""

from __future__ import annotations

import os
import socket
import time
from pathlib import Path
from typing import Any

import pytest
from botcore_whatsapp.failures import ParameterRejected, Throttled
from botcore_whatsapp.invitations import DAY, Invitations
from botcore_whatsapp.throttle import Throttle

from botcore.errors import (
    ConversationClosed,
    DeliveryError,
    DeliveryRejected,
    DeliveryUnavailable,
    DeliveryUncertain,
    MediaRejected,
)
from botcore.testing.whatsapp_server import WhatsAppServer
from tests.adapters.whatsapp.ground import adapter_of, outgoing, video

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
