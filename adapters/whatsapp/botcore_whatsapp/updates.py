"""From a webhook of the Graph API to messages and receipts.

It is read as plain JSON, not through pywa: that one takes the first message of a batch alone, drops people
without a ``user_id``, and answers 500 to an empty batch.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botcore import Attachment, AttachmentKind, Message, Receipt, ReceiptKind, get_logger
from botcore_whatsapp.addresses import is_address
from botcore_whatsapp.failures import error_of_code
from botcore_whatsapp.plugin import PLATFORM

Json = Mapping[str, Any]

_FILES: Mapping[str, AttachmentKind] = {
    "image": AttachmentKind.PICTURE,
    "document": AttachmentKind.DOCUMENT,
    "video": AttachmentKind.VIDEO,
    "audio": AttachmentKind.AUDIO,
    "sticker": AttachmentKind.OTHER,
}
_NOTHING_SAID = frozenset({"reaction", "system", "request_welcome", "ephemeral", "edit", "revoke"})
"""Among them what a person changed or deleted afterwards: no job is taken back by it."""
_PRESSED_IN_TEMPLATE = "/status"
"""A template's button has no data of its own; whoever presses it asks for what waits."""
_MISSHAPEN = (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError)

log = get_logger(__name__)


class NotAWebhook(ValueError):
    """The JSON is nothing that Meta sends."""


@dataclass(frozen=True, slots=True)
class Batch:
    """What one webhook holds for this number; each receipt with the chat that it is about."""

    messages: tuple[Message, ...] = ()
    receipts: tuple[tuple[Receipt, str], ...] = ()


def read_webhook(payload: object, phone_number_id: str) -> Batch:
    """Everything in a webhook that is for this number. What cannot be read is logged and left out: sent again
    it would be the same, and the rest of the batch with it.

    :raises NotAWebhook: it is no webhook at all.
    """
    if not isinstance(payload, dict) or not isinstance(payload.get("entry"), list):
        raise NotAWebhook
    messages: list[Message] = []
    receipts: list[tuple[Receipt, str]] = []
    for value in _values(payload["entry"], phone_number_id):
        for one in _items(value, "messages"):
            message = _read(_message, one, _items(value, "contacts"))
            if message is not None:
                messages.append(message)
        for one in _items(value, "statuses"):
            receipt = _read(_receipt, one)
            if receipt is not None:
                receipts.append(receipt)
    return Batch(tuple(messages), tuple(receipts))


def _values(entries: Sequence[object], phone_number_id: str) -> Iterator[Json]:
    for entry in entries:
        for change in _items(entry, "changes"):
            value = change.get("value")
            if not isinstance(value, dict):
                continue
            metadata = value.get("metadata")
            if isinstance(metadata, dict) and str(metadata.get("phone_number_id", "")) == phone_number_id:
                yield value


def _items(holder: object, name: str) -> list[Json]:
    """The objects of a list; whatever else stands there is left out."""
    found = holder.get(name) if isinstance(holder, dict) else None
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def _read(read: Any, one: Json, *more: Any) -> Any:
    try:
        return read(one, *more)
    except _MISSHAPEN as error:
        log.warning("webhook_item_unreadable", kind=str(one.get("type", ""))[:40], error=type(error).__name__)
        return None


# -------------------------------------------------------------------------------------------------- messages


def _message(one: Json, contacts: Sequence[Json]) -> Message | None:
    kind = _text(one["type"])
    if kind in _NOTHING_SAID or "group_id" in one:
        return None
    person = _person(one, contacts)
    text, attachments = _content(kind, one)
    reply = (one.get("context") or {}).get("id")
    return Message(
        platform=PLATFORM,
        chat_id=person,
        user_id=person,
        message_id=_named(one["id"]),
        text=text,
        attachments=attachments,
        reply_to=None if reply is None else _text(reply),
        received_at=datetime.fromtimestamp(int(one["timestamp"]), UTC),
    )


def _person(one: Json, contacts: Sequence[Json]) -> str:
    """Who wrote: the id that the business knows, which stays when the number changes or is hidden; else the
    number."""
    number, scoped = one.get("from"), one.get("from_user_id")
    for contact in contacts:
        same = (number and contact.get("wa_id") == number) or (scoped and contact.get("user_id") == scoped)
        if same or (len(contacts) == 1 and not (number and contact.get("wa_id"))):
            scoped = scoped or contact.get("user_id")
            number = number or contact.get("wa_id")
    for name in (scoped, number):
        if is_address(name):
            return str(name)
    raise LookupError("nobody who can be answered")


def _content(kind: str, one: Json) -> tuple[str, tuple[Attachment, ...]]:
    if kind == "text":
        return _text(one["text"]["body"]), ()
    if kind == "button":
        payload = _text(one["button"].get("payload") or "")
        return (payload if payload.startswith("/") else _PRESSED_IN_TEMPLATE), ()
    if kind == "interactive":
        return _pressed(one["interactive"]), ()
    if kind in _FILES:
        file = one[kind]
        return _text(file.get("caption") or ""), (_attachment(file, _FILES[kind]),)
    # Places, contacts, polls and what this version of the API cannot show: told that it cannot be read.
    return "", (Attachment(AttachmentKind.OTHER, "application/octet-stream"),)


def _pressed(interactive: Json) -> str:
    """What a pressed button or a chosen row sends, as if it had been typed."""
    return _named(interactive[_text(interactive["type"])]["id"])


def _attachment(file: Json, kind: AttachmentKind) -> Attachment:
    media_type = _text(file.get("mime_type") or "application/octet-stream").partition(";")[0].strip()
    if kind is AttachmentKind.DOCUMENT and media_type.startswith("image/"):
        kind = AttachmentKind.PICTURE
    return Attachment(kind, media_type, name=_text(file.get("filename") or ""), reference=_named(file["id"]))


# -------------------------------------------------------------------------------------------------- receipts


def _receipt(one: Json) -> tuple[Receipt, str] | None:
    try:
        kind = ReceiptKind(_text(one["status"]))
    except ValueError:
        return None  # deleted, played and what else comes
    error = None
    if kind is ReceiptKind.FAILED:
        told = _items(one, "errors")
        first = told[0] if told else {}
        code = int(first.get("code", 0) or 131000)
        about = first.get("error_data") if isinstance(first.get("error_data"), dict) else {}
        words = str((about or {}).get("details") or first.get("title") or "")
        error = error_of_code(code, f"status failed, {code}: {words[:300]}")
    receipt = Receipt(
        PLATFORM,
        message_id=_named(one["id"]),
        kind=kind,
        tracker=_text(one.get("biz_opaque_callback_data") or ""),
        error=error,
    )
    for name in (one.get("recipient_user_id"), one.get("recipient_id")):
        if is_address(name):
            return receipt, str(name)
    return receipt, ""


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


def _named(value: object) -> str:
    """A text that is not empty: without it, all would be one."""
    text = _text(value)
    if not text or len(text) > 1000:
        raise ValueError
    return text
