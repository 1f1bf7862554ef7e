"""How chats and messages of Telegram are named in the core, and back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from botcore.errors import DeliveryRejected


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat, and in a forum the topic: written ``-100123`` and ``-100123/7``."""

    id: int
    topic: int | None = None

    @classmethod
    def of(cls, address: str) -> Self:
        """Raises :class:`DeliveryRejected` for what names no chat."""
        chat, _, topic = address.partition("/")
        try:
            return cls(int(chat), int(topic) if topic else None)
        except ValueError:
            raise DeliveryRejected(f"{address!r} is no chat of Telegram") from None


def chat_address(message: Mapping[str, Any]) -> str:
    """The core's name for the chat of a message as the Bot API gives it."""
    chat = int(message["chat"]["id"])
    return f"{chat}/{int(message['message_thread_id'])}" if message.get("is_topic_message") else str(chat)


def message_key(update_id: int, message_id: int) -> str:
    """The core's name for an incoming message.

    Telegram counts messages by chat and updates by bot, so the update makes it unique; the message's own
    number is needed to reply to it.
    """
    return f"{update_id}.{message_id}"


def message_number(name: str | None) -> int | None:
    """The number of a message in its chat: of an incoming one by its key, of one of ours by its id."""
    number = (name or "").rpartition(".")[2]
    return int(number) if number.isascii() and number.isdecimal() else None
