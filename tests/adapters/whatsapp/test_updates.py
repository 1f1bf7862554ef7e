"""What is read from a webhook."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from botcore_whatsapp.updates import Batch, NotAWebhook, read_webhook
from hypothesis import given
from hypothesis import strategies as st

from botcore.errors import (
    ConversationClosed,
    DeliveryError,
    DeliveryRejected,
    DeliveryUnavailable,
    MediaRejected,
)
from botcore.model import AttachmentKind, Message, ReceiptKind
from botcore.testing.whatsapp_server import PHONE_NUMBER_ID
from tests.adapters.whatsapp.test_webhook import one, webhook


def batch_of(*messages: Any, **value: Any) -> Batch:
    return read_webhook(webhook(*messages, **value), PHONE_NUMBER_ID)


def message_of(**message: Any) -> Message:
    (message_read,) = batch_of(one(**message)).messages
    return message_read


def test_a_text_becomes_a_message() -> None:
    message = message_of(text={"body": "solve 2x = 4"}, context={"from": "1", "id": "wamid.video"})
    assert (message.platform, message.chat_id, message.user_id) == ("whatsapp", "15550001234", "15550001234")
    assert (message.message_id, message.text, message.reply_to) == ("wamid.1", "solve 2x = 4", "wamid.video")
    assert message.received_at == datetime.fromtimestamp(1_770_000_000, UTC)
    assert message.language == ""


def test_what_is_tapped_counts_as_typed_and_points_to_its_message() -> None:
    reply = {"type": "button_reply", "button_reply": {"id": "/again 7 high", "title": "High quality"}}
    pressed = message_of(type="interactive", interactive=reply, context={"id": "wamid.video"})
    assert (pressed.text, pressed.reply_to) == ("/again 7 high", "wamid.video")
    row = {"type": "list_reply", "list_reply": {"id": "/code 7", "title": "Show code"}}
    assert message_of(type="interactive", interactive=row).text == "/code 7"


def test_the_button_of_a_template_asks_for_what_waits() -> None:
    button = {"payload": "Show my video", "text": "Show my video"}
    assert message_of(type="button", button=button).text == "/status"
    assert message_of(type="button", button={"payload": "/history", "text": "x"}).text == "/history"


@pytest.mark.parametrize(
    ("kind", "file", "expected"),
    [
        ("image", {"mime_type": "image/jpeg"}, AttachmentKind.PICTURE),
        ("document", {"mime_type": "text/x-python", "filename": "scene.py"}, AttachmentKind.DOCUMENT),
        ("document", {"mime_type": "image/png", "filename": "sum.png"}, AttachmentKind.PICTURE),
        ("video", {"mime_type": "video/mp4"}, AttachmentKind.VIDEO),
        ("audio", {"mime_type": "audio/ogg; codecs=opus"}, AttachmentKind.AUDIO),
        ("sticker", {"mime_type": "image/webp"}, AttachmentKind.OTHER),
    ],
)
def test_files_come_as_attachments_that_can_be_fetched(
    kind: str, file: dict[str, Any], expected: AttachmentKind
) -> None:
    message = message_of(type=kind, **{kind: {"id": "17", "caption": "this one", **file}})
    (attachment,) = message.attachments
    assert (message.text, attachment.reference, attachment.kind) == ("this one", "17", expected)
    assert attachment.media_type == file["mime_type"].partition(";")[0]
    assert attachment.name == file.get("filename", "")


@pytest.mark.parametrize("kind", ["edit", "revoke"])
def test_what_is_changed_or_deleted_afterwards_is_no_message(kind: str) -> None:
    again = {"original_message_id": "wamid.0", "message": {"type": "text", "text": {"body": "solve 2x = 6"}}}
    assert batch_of(one(type=kind, **{kind: again})).messages == ()


@pytest.mark.parametrize("kind", ["location", "contacts", "order", "unsupported", "of_next_year"])
def test_what_cannot_be_read_is_still_a_message_that_gets_an_answer(kind: str) -> None:
    message = message_of(type=kind, errors=[{"code": 131051}])
    assert [attachment.kind for attachment in message.attachments] == [AttachmentKind.OTHER]


def test_each_person_of_a_batch_gets_the_own_names() -> None:
    people = [
        {"wa_id": "15550000001", "user_id": "US.1"},
        {"user_id": "BR.2abc"},
        {"wa_id": "15550000003"},
    ]
    messages = [
        {**one(number=1), "from": "15550000001"},
        {**one(number=2), "from": None, "from_user_id": "BR.2abc"},
        {**one(number=3), "from": "15550000003"},
    ]
    found = batch_of(*messages, contacts=people).messages
    assert [message.chat_id for message in found] == ["US.1", "BR.2abc", "15550000003"]


def receipt_of(**status: Any) -> tuple[Any, str]:
    base = {"id": "wamid.9", "status": "sent", "timestamp": "1", "recipient_id": "15550001234"}
    (receipt,) = batch_of(messages=[], statuses=[{**base, **status}]).receipts
    return receipt


def test_statuses_are_receipts_with_their_tracker() -> None:
    for status, kind in (("sent", ReceiptKind.SENT), ("read", ReceiptKind.READ)):
        receipt, chat = receipt_of(status=status, biz_opaque_callback_data="7.1.1.aa")
        assert (receipt.kind, receipt.message_id, receipt.tracker) == (kind, "wamid.9", "7.1.1.aa")
        assert chat == "15550001234"
    assert receipt_of(recipient_user_id="US.1")[1] == "US.1"
    assert receipt_of(recipient_id="")[1] == ""


@pytest.mark.parametrize(
    ("code", "error"),
    [
        (131047, ConversationClosed),
        (131026, DeliveryRejected),
        (131053, MediaRejected),
        (131056, DeliveryUnavailable),
        (130429, DeliveryUnavailable),
        (131000, DeliveryUnavailable),
        (190, DeliveryUnavailable),
        (100, DeliveryRejected),
        (999999, DeliveryRejected),
    ],
)
def test_a_failed_status_says_what_may_be_done(code: int, error: type[DeliveryError]) -> None:
    told = {"code": code, "title": "No", "error_data": {"details": "because"}}
    receipt, _ = receipt_of(status="failed", errors=[told])
    assert isinstance(receipt.error, error)
    assert isinstance(receipt.error, MediaRejected) == (error is MediaRejected)
    assert str(code) in receipt.error.detail
    assert "because" in receipt.error.detail


def test_a_failed_status_without_a_reason_may_be_tried_again() -> None:
    for errors in ({}, {"errors": []}, {"errors": [{"title": "?"}]}):
        receipt, _ = receipt_of(status="failed", **errors)
        assert isinstance(receipt.error, DeliveryUnavailable)


anything = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(
    anything, st.sampled_from(["text", "interactive", "image", "context", "from", "id", "timestamp", "type"])
)
def test_any_shape_of_a_member_is_survived(value: Any, name: str) -> None:
    batch = batch_of({**one(), name: value}, one(number=2))
    assert batch.messages[-1].message_id == "wamid.2"


@given(anything, st.sampled_from(["id", "status", "errors", "recipient_id", "biz_opaque_callback_data"]))
def test_any_shape_of_a_status_is_survived(value: Any, name: str) -> None:
    status = {"id": "wamid.9", "status": "failed", "errors": [{"code": 1}], name: value}
    batch_of(messages=[], statuses=[status])


@given(anything)
def test_any_json_is_a_webhook_or_none(value: Any) -> None:
    for payload in (value, {"entry": value}, {"entry": [value]}, {"entry": [{"changes": [value]}]}):
        try:
            read_webhook(payload, PHONE_NUMBER_ID)
        except NotAWebhook:
            assert not (isinstance(payload, dict) and isinstance(payload.get("entry"), list))
