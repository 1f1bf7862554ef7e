"""What people do: write, tap, send files. Each makes a webhook."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from botcore.testing.whatsapp_server.messages import Messages, new_wamid
from botcore.testing.whatsapp_server.shown import Chat, Json, Media, Shown

PERSON = "15550001234"
"""The person who has just written to the bot when the server starts."""


@dataclass(frozen=True, slots=True)
class Person:
    """Who the webhooks say that somebody is: either may be left out (None)."""

    number: str | None
    scoped_id: str | None


class People:
    """Everybody who writes to the bot, named by phone number. A chat that is named for the first time begins
    then."""

    def __init__(self, messages: Messages) -> None:
        self._messages = messages
        self._known: dict[str, Person] = {}

    def chat(self, number: str = PERSON) -> Chat:
        """The chat of a person."""
        person = self._known.setdefault(number, Person(number, f"US.{number}99"))
        if person.scoped_id is not None:
            self._messages.scoped[person.scoped_id] = number
        return self._messages.chats.setdefault(number, Chat(number))

    def hide(self, chat: str = PERSON, *, number: bool = False, scoped_id: bool = False) -> None:
        """Leave something of a person out of the webhooks from now on."""
        self.chat(chat)
        before = self._known[chat]
        self._known[chat] = Person(None if number else before.number, None if scoped_id else before.scoped_id)

    def say(self, text: str, *, chat: str = PERSON, reply_to: str | None = None, **more: Any) -> str:
        """Write a message; its id."""
        return self._wrote(chat, {"type": "text", "text": {"body": text}} | more, text, reply_to=reply_to)

    def tap(self, label: str, *, chat: str = PERSON) -> str:
        """Press the newest button, or choose the newest row, that says ``label``."""
        for message in reversed(self.chat(chat).messages.values()):
            for option in message.options:
                if option.label == label and option.id:
                    kind = "list_reply" if message.menu else "button_reply"
                    reply = {"id": option.id, "title": option.label}
                    body = {"type": "interactive", "interactive": {"type": kind, kind: reply}}
                    return self._wrote(chat, body, label, reply_to=message.message_id)
        raise AssertionError(f"there is nothing that says {label!r}")

    def press_template(self, label: str, *, chat: str = PERSON) -> str:
        """Press the button of a template."""
        return self._wrote(chat, {"type": "button", "button": {"payload": label, "text": label}}, label)

    def send_file(
        self, name: str, content: bytes, media_type: str, *, chat: str = PERSON, caption: str = ""
    ) -> str:
        """Send a file: a picture, a video, a voice message, or a document."""
        family = media_type.partition("/")[0]
        kind = family if family in {"image", "video", "audio"} else "document"
        file: Json = {"id": self._messages.keep(Media(content, media_type, name)), "mime_type": media_type}
        if kind == "document":
            file["filename"] = name
        if caption:
            file["caption"] = caption
        return self._wrote(chat, {"type": kind, kind: file}, caption)

    def react(self, emoji: str, message_id: str, *, chat: str = PERSON) -> str:
        """React to a message."""
        body = {"type": "reaction", "reaction": {"message_id": message_id, "emoji": emoji}}
        return self._wrote(chat, body, "")

    def send(self, body: Json, *, chat: str = PERSON) -> str:
        """Send a message of any kind; ``body`` holds its ``type`` and what belongs to it."""
        return self._wrote(chat, body, "")

    def _wrote(self, number: str, body: Json, text: str, *, reply_to: str | None = None) -> str:
        chat = self.chat(number)
        message = Shown(new_wamid(), ours=False, text=text, reply_to=reply_to)
        chat.messages[message.message_id] = message
        chat.last_wrote = self._messages.now()
        person = self._known[number]
        one: Json = {"id": message.message_id, "timestamp": str(int(chat.last_wrote)), **body}
        contact: Json = {"profile": {"name": "Ada"}}
        if person.number is not None:
            one["from"] = contact["wa_id"] = person.number
        if person.scoped_id is not None:
            one["from_user_id"] = contact["user_id"] = person.scoped_id
        if reply_to is not None:
            one["context"] = {"from": "15550783881", "id": reply_to}
        self._messages.webhooks.add(self._messages.value(contacts=[contact], messages=[one]))
        return message.message_id
