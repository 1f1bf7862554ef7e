"""What comes in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class AttachmentKind(StrEnum):
    PICTURE = "picture"
    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message. ``data`` is filled once it was downloaded."""

    kind: AttachmentKind
    media_type: str
    name: str = ""
    size: int | None = None
    reference: str = ""
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One inbound message, the same for every platform.

    ``message_id`` is the platform's own and is unique within ``platform``: the inbox dedupes on it.
    ``user_id`` names the sender, ``chat_id`` where answers go. ``language`` is a BCP 47 tag or empty.
    Messages that the person sent as one, an album of pictures say, have the same ``group``.
    """

    platform: str
    chat_id: str
    user_id: str
    message_id: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    language: str = ""
    received_at: datetime | None = None
    group: str = ""
