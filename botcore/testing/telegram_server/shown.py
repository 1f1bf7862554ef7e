"""What people see: chats, messages, media."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Media:
    """A file in a message. ``kind``: video, animation, photo or document."""

    kind: str
    content: bytes
    name: str
    width: int = 0
    height: int = 0
    duration: int = 0
    supports_streaming: bool = False
    thumbnail: bytes | None = None


@dataclass(slots=True)
class Shown:
    """One message in a chat. ``sender`` is 0 for the bot; ``versions`` counts its edits."""

    message_id: int
    chat_id: int
    sender: int
    text: str = ""
    caption: str = ""
    entities: list[Json] = field(default_factory=list)
    media: Media | None = None
    buttons: list[list[Json]] = field(default_factory=list)
    reply_to: int | None = None
    topic: int | None = None
    preview: bool = True
    versions: int = 1
    date: int = field(default_factory=lambda: int(time.time()))

    @property
    def labels(self) -> list[str]:
        """What its buttons say."""
        return [button["text"] for row in self.buttons for button in row]


@dataclass(slots=True)
class Chat:
    """A private chat (positive id, the person's) or a group (negative id)."""

    id: int
    messages: dict[int, Shown] = field(default_factory=dict)
    actions: list[str] = field(default_factory=list)
    blocked: bool = False
    """The bot was blocked or put out."""
    last: int = 0

    @property
    def type(self) -> str:
        return "private" if self.id > 0 else "supergroup"

    def next_id(self) -> int:
        self.last += 1
        return self.last

    def as_json(self) -> Json:
        named = {"first_name": "Ada"} if self.id > 0 else {"title": "Maths"}
        return {"id": self.id, "type": self.type, **named}


def as_json(message: Shown, chat: Chat, bot: Json) -> Json:
    """The ``Message`` object of the Bot API."""
    sender = bot if message.sender == 0 else {"id": message.sender, "is_bot": False, "first_name": "Ada"}
    shown: Json = {
        "message_id": message.message_id,
        "date": message.date,
        "chat": chat.as_json(),
        "from": sender,
    }
    if message.text:
        shown["text"] = message.text
        shown["entities"] = message.entities
    if message.caption:
        shown["caption"] = message.caption
    if message.topic is not None:
        shown |= {"message_thread_id": message.topic, "is_topic_message": True}
    if message.media is not None:
        shown |= _media_json(message.media, f"{chat.id}-{message.message_id}-{message.versions}")
    if message.buttons:
        shown["reply_markup"] = {"inline_keyboard": message.buttons}
    return shown


def _media_json(media: Media, file_id: str) -> Json:
    file: Json = {"file_id": file_id, "file_unique_id": file_id, "file_size": len(media.content)}
    sides = {"width": media.width, "height": media.height}
    if media.kind == "photo":
        return {"photo": [file | sides]}
    file["file_name"] = media.name
    if media.kind in {"video", "animation"}:
        file |= sides | {"duration": media.duration}
    return {media.kind: file}
