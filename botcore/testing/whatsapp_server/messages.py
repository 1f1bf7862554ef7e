"""What the calls to a phone number do: messages, typing, files."""

from __future__ import annotations

import base64
import hashlib
import itertools
import secrets
import time
from collections.abc import Callable
from typing import Any

from botcore.testing.whatsapp_server import checks
from botcore.testing.whatsapp_server.refusals import (
    BAD_MEDIA,
    CLOSED,
    UNDELIVERABLE,
    Refused,
    bad,
    missing,
    wrong,
)
from botcore.testing.whatsapp_server.shown import Chat, Json, Media, Shown
from botcore.testing.whatsapp_server.webhooks import Webhooks

DAY = 24 * 3600.0
_FILES = ("video", "image", "document")


def new_wamid() -> str:
    """An id as messages have it."""
    return "wamid." + base64.b64encode(secrets.token_bytes(24)).decode()


class Messages:
    """Acts on the chats and the files.

    :param number_id: the phone number's id.
    :param webhooks: where statuses go.
    """

    def __init__(self, number_id: str, webhooks: Webhooks) -> None:
        self.number_id = number_id
        self.webhooks = webhooks
        self.chats: dict[str, Chat] = {}
        """By phone number."""
        self.scoped: dict[str, str] = {}
        """Phone numbers by business-scoped user id."""
        self.files: dict[str, Media] = {}
        """What was uploaded and what people sent, by media id."""
        self.templates: set[tuple[str, str]] = set()
        """Approved ones: name and language."""
        self.statuses: tuple[str, ...] = ("sent", "delivered")
        """What becomes of each message, told by webhooks."""
        self.failing: list[Refused] = []
        """Why the next messages are taken and then fail."""
        self.looks_into_videos = False
        """Whether a video that is no MP4 fails, as it does at Meta; off for bots with toy renderers."""
        self.closes_at_once = False
        """Whether a closed conversation is told in the answer, or in a status afterwards."""
        self._offset = 0.0
        self._media_ids = itertools.count(1_000_000_000_000_001)

    # -------------------------------------------------------------------------------------------- the clock

    def now(self) -> float:
        """Seconds since 1970, as this server sees it."""
        return time.time() + self._offset

    def forward(self, *, hours: float) -> None:
        """Let time pass."""
        self._offset += hours * 3600

    def is_open(self, chat: Chat) -> bool:
        """Whether the bot may write what it likes."""
        return chat.last_wrote is not None and self.now() - chat.last_wrote < DAY

    # --------------------------------------------------------------------------------------------- messages

    def post(self, body: Json) -> Json:
        """``POST /<number>/messages``.

        :raises Refused: it does not fit.
        """
        if body.get("status") == "read":
            return self._mark_read(body)
        checks.envelope(body)
        chat = self._chat(body)
        message = self._message(chat, body)
        failure = self._failure(chat, message)
        if failure is not None and self.closes_at_once and failure is CLOSED:
            raise failure
        message.status = "accepted"
        if failure is None:
            chat.messages[message.message_id] = message
            for status in self.statuses:
                self.tell_status(chat, message, status)
        else:
            self.tell_status(chat, message, "failed", failure)
        contact: Json = {"input": body.get("to") or body.get("recipient")}
        contact |= {"wa_id": chat.number} if "to" in body else {"user_id": body["recipient"]}
        return {
            "messaging_product": "whatsapp",
            "contacts": [contact],
            "messages": [{"id": message.message_id}],
        }

    def tell_status(self, chat: Chat, message: Shown, status: str, failure: Refused | None = None) -> None:
        """Queue a status of a message."""
        message.status = status
        told: Json = {
            "id": message.message_id,
            "status": status,
            "timestamp": str(int(self.now())),
            "recipient_id": chat.number,
        }
        scoped = next((name for name, number in self.scoped.items() if number == chat.number), None)
        if scoped is not None:
            told["recipient_user_id"] = scoped
        if message.tracker:
            told["biz_opaque_callback_data"] = message.tracker
        if failure is not None:
            told["errors"] = [failure.as_status_error()]
        self.webhooks.add(self.value(statuses=[told]))

    def value(self, **members: Any) -> Json:
        """The ``value`` of a change."""
        metadata = {"display_phone_number": "15550783881", "phone_number_id": self.number_id}
        return {"messaging_product": "whatsapp", "metadata": metadata, **members}

    def _failure(self, chat: Chat, message: Shown) -> Refused | None:
        """Why a message that was taken does not arrive."""
        if chat.unreachable:
            return UNDELIVERABLE
        if not message.template and not self.is_open(chat):
            return CLOSED
        media = message.media
        if self.looks_into_videos and media and media.kind == "video" and media.content[4:8] != b"ftyp":
            return BAD_MEDIA
        return self.failing.pop(0) if self.failing else None

    def _message(self, chat: Chat, body: Json) -> Shown:
        message = Shown(new_wamid(), ours=True, tracker=body.get("biz_opaque_callback_data", ""))
        message.reply_to = self._reply(chat, body)
        kind = body.get("type", "text")
        content = checks.table(body.get(kind), str(kind))
        match kind:
            case "text":
                message.text = checks.text(content.get("body"), "text['body']", checks.TEXT)
                message.preview = content.get("preview_url") is True
            case "interactive":
                message.text, message.options, message.menu = checks.action(content)
                message.media = self._header(content)
            case "template":
                message.template = self._template(content)
            case "video" | "image" | "document":
                message.media = self._file(kind, content)
                if "caption" in content:
                    message.text = checks.text(content["caption"], "caption", checks.CAPTION)
            case _:
                raise wrong(f"Message type {kind!r} is not supported.")
        return message

    def _header(self, content: Json) -> Media | None:
        if "header" not in content:
            return None
        header = checks.table(content["header"], "header")
        kind = header.get("type")
        if kind == "text":
            checks.text(header.get("text"), "header['text']", 60)
            return None
        if kind not in _FILES:
            raise wrong("Header type is not one of text, video, image, document.")
        return self._file(kind, checks.table(header.get(kind), f"header[{kind!r}]"))

    def _file(self, kind: str, content: Json) -> Media:
        media = self.files.get(str(content.get("id", "")))
        if media is None:
            raise bad("Media ID does not exist.")
        checks.shown_as(kind, media.media_type, len(media.content))
        return Media(media.content, media.media_type, str(content.get("filename", media.name)), kind)

    def _template(self, content: Json) -> str:
        name, language = content.get("name"), checks.table(content.get("language"), "language").get("code")
        if (name, language) not in self.templates:
            details = f"template name ({name}) does not exist in {language}"
            raise Refused(404, 132001, "Template name does not exist in the translation", details)
        return str(name)

    def _reply(self, chat: Chat, body: Json) -> str | None:
        if "context" not in body:
            return None
        message_id = str(body["context"]["message_id"])
        if message_id not in chat.messages:
            raise wrong("The message that is replied to is not in this chat.")
        return message_id

    def _chat(self, body: Json) -> Chat:
        if body.get("recipient_type", "individual") != "individual":
            raise wrong("Recipient type is not individual.")
        number = str(body.get("to", "")).lstrip("+")
        if "recipient" in body and "to" not in body:
            if body["recipient"] not in self.scoped:
                raise wrong("Recipient is not a user id of this business.")
            number = self.scoped[body["recipient"]]
        if not number:
            raise missing("to")
        if not number.isdecimal():
            raise wrong("Recipient phone number is not valid.")
        return self.chats.setdefault(number, Chat(number, unreachable=True))

    def _mark_read(self, body: Json) -> Json:
        message_id = str(body.get("message_id", ""))
        chat = next((chat for chat in self.chats.values() if message_id in chat.messages), None)
        if body.get("messaging_product") != "whatsapp" or chat is None or chat.messages[message_id].ours:
            raise bad("Message ID is not one of a message that was received.")
        chat.read.add(message_id)
        if "typing_indicator" in body:
            if checks.table(body["typing_indicator"], "typing_indicator").get("type") != "text":
                raise bad("The type of a typing indicator is text.")
            chat.typing.append(message_id)
        return {"success": True}

    # ------------------------------------------------------------------------------------------------ files

    def keep(self, media: Media) -> str:
        """A new media id."""
        media_id = str(next(self._media_ids))
        self.files[media_id] = media
        return media_id

    def describe(self, media_id: str, url: Callable[[str], str]) -> Json:
        """``GET /<media id>``: where the file can be had."""
        media = self.files.get(media_id)
        if media is None:
            raise Refused(400, 100, "Unsupported get request", f"Object with ID '{media_id}' does not exist.")
        return {
            "messaging_product": "whatsapp",
            "id": media_id,
            "url": url(media_id),
            "mime_type": media.media_type,
            "sha256": hashlib.sha256(media.content).hexdigest(),
            "file_size": len(media.content),
        }
