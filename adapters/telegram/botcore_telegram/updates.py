"""From an update of the Bot API to a message.

Updates are read as plain JSON, not through aiogram's models: those refuse an update whose shape they do not
know yet, and with it every other update of the same batch, again and again.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botcore import Attachment, AttachmentKind, Message
from botcore_telegram.addresses import chat_address, message_key
from botcore_telegram.plugin import PLATFORM

Json = Mapping[str, Any]

ALLOWED = ("message", "callback_query")
"""The kinds of updates that are asked for. Edited messages are not: a job is not taken back by an edit."""

_LINE_END = "\n".encode("utf-16-le")
_GROUPS = frozenset({"group", "supergroup"})
_PLAIN_FILES: Mapping[str, AttachmentKind] = {
    # A GIF comes as "animation" and as "document" too: the first that is found counts.
    "animation": AttachmentKind.VIDEO,
    "video": AttachmentKind.VIDEO,
    "video_note": AttachmentKind.VIDEO,
    "audio": AttachmentKind.AUDIO,
    "voice": AttachmentKind.AUDIO,
    "document": AttachmentKind.DOCUMENT,
    "sticker": AttachmentKind.OTHER,
}
_WITHOUT_FILE = (
    "contact", "location", "venue", "poll", "dice", "game", "story", "paid_media", "invoice", "checklist",
)  # fmt: skip
_ATTACHED = frozenset({"photo", *_PLAIN_FILES, *_WITHOUT_FILE})


class NotAnUpdate(ValueError):
    """The JSON is nothing that the Bot API sends."""


class NameUnknown(Exception):
    """It cannot be said whether a group's message is for this bot before its own name is known."""


@dataclass(frozen=True, slots=True)
class Bot:
    """Who this bot is. ``username`` is empty until Telegram told it."""

    id: int
    username: str = ""


@dataclass(frozen=True, slots=True)
class Received:
    """A message for the core. ``callback`` is the id of the button press that it comes from."""

    message: Message
    callback: str | None = None


def read_update(update: object, bot: Bot) -> Received | None:
    """The message in an update; None where it holds nothing for this bot.

    :raises NotAnUpdate: it is no update at all.
    :raises NameUnknown: a group's message that cannot be judged yet.
    """
    if not isinstance(update, dict) or not _is_number(update.get("update_id")):
        raise NotAnUpdate
    try:
        if "message" in update:
            return _from_message(update["update_id"], update["message"], bot)
        if "callback_query" in update:
            return _from_button(update["update_id"], update["callback_query"])
    except (ArithmeticError, AttributeError, LookupError, OSError, TypeError, ValueError):
        raise NotAnUpdate from None
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _number(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise NotAnUpdate
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise NotAnUpdate
    return value


def _from_message(update_id: int, message: Json, bot: Bot) -> Received | None:
    sender = message.get("from")
    if sender is None or message["chat"]["type"] == "channel":
        return None  # channels have no person to answer
    if sender.get("is_bot"):
        if (message.get("sender_chat") or {}).get("id") != message["chat"]["id"]:
            return None  # two bots would talk for ever
        sender = message["chat"]  # an administrator who stays anonymous: the group is the sender
    text = _text(message.get("text", message.get("caption", "")))
    attachments = _attachments(message)
    if not text and not attachments:
        return None  # somebody joined, a title changed, …
    text, named = _as_typed(message, text, bot)
    if message["chat"]["type"] in _GROUPS and not (named or _addressed(message, text, bot)):
        return None
    reply = message.get("reply_to_message")
    return Received(
        Message(
            platform=PLATFORM,
            chat_id=chat_address(message),
            user_id=str(_number(sender["id"])),
            message_id=message_key(update_id, _number(message["message_id"])),
            text=text,
            attachments=attachments,
            reply_to=None if reply is None else str(_number(reply["message_id"])),
            language=_text(sender.get("language_code", "")),
            received_at=datetime.fromtimestamp(_number(message["date"]), UTC),
            group=_text(message.get("media_group_id", "")),
        )
    )


def _from_button(update_id: int, query: Json) -> Received | None:
    pressed, data = query.get("message"), query.get("data")
    if pressed is None or not data:
        return None  # of an inline message or a game, which this bot does not send
    message_id = _number(pressed["message_id"])
    return Received(
        Message(
            platform=PLATFORM,
            chat_id=chat_address(pressed),
            user_id=str(_number(query["from"]["id"])),
            message_id=message_key(update_id, message_id),
            text=_text(data),
            reply_to=str(message_id),
            language=_text(query["from"].get("language_code", "")),
        ),
        callback=_text(query["id"]),
    )


# ----------------------------------------------------------------------------------------------- attachments


def _attachments(message: Json) -> tuple[Attachment, ...]:
    if message.keys().isdisjoint(_ATTACHED):
        return ()
    if sizes := message.get("photo"):
        largest = max(sizes, key=lambda size: _number(size.get("width", 0)) * _number(size.get("height", 0)))
        return (
            Attachment(
                AttachmentKind.PICTURE,
                "image/jpeg",
                size=largest.get("file_size"),
                reference=largest["file_id"],
            ),
        )
    for name, kind in _PLAIN_FILES.items():
        if name in message:
            return (_file(message[name], kind),)
    if any(name in message for name in _WITHOUT_FILE):
        return (Attachment(AttachmentKind.OTHER, "application/octet-stream"),)
    return ()


def _file(file: Json, kind: AttachmentKind) -> Attachment:
    media_type = _text(file.get("mime_type", "application/octet-stream"))
    if kind is AttachmentKind.DOCUMENT and media_type.startswith("image/"):
        kind = AttachmentKind.PICTURE
    size = file.get("file_size")
    return Attachment(
        kind,
        media_type,
        name=_text(file.get("file_name", "")),
        size=None if size is None else _number(size),
        reference=_text(file["file_id"]),
    )


# ---------------------------------------------------------------------------------------------------- groups


def _addressed(message: Json, text: str, bot: Bot) -> bool:
    """Whether a group's message that does not name the bot is for it: a command, or an answer to the bot."""
    command = re.match(r"/[A-Za-z]\w*(?:@(\w+))?(?!\S)", text)
    if command is not None:
        named = command.group(1)
        return named is None or named.lower() == _name(bot)
    answered = (message.get("reply_to_message") or {}).get("from") or {}
    return bool(answered.get("id") == bot.id)


def _as_typed(message: Json, text: str, bot: Bot) -> tuple[str, bool]:
    """``text`` with blocks of code between fences, as they were typed, and in a group without the names of
    this bot; whether it was named.

    Telegram takes the fences away and says where they were.
    """
    entities = message.get("entities") or message.get("caption_entities")
    in_group = message["chat"]["type"] in _GROUPS
    if not entities or not (in_group or any(entity["type"] == "pre" for entity in entities)):
        return text, False  # bold words and links: most messages
    units = text.encode("utf-16-le", "surrogatepass")
    named = False
    for entity in sorted(entities, key=lambda entity: _number(entity["offset"]), reverse=True):
        start, end = 2 * entity["offset"], 2 * (entity["offset"] + _number(entity["length"]))
        part = units[start:end].decode("utf-16-le", "surrogatepass")
        if entity["type"] == "pre":
            before = "" if start == 0 or units[:start].endswith(_LINE_END) else "\n"
            after = "" if not units[end:] or units[end:].startswith(_LINE_END) else "\n"
            fenced = f"{before}```{_text(entity.get('language', ''))}\n{part.rstrip()}\n```{after}"
            units = units[:start] + fenced.encode("utf-16-le", "surrogatepass") + units[end:]
        elif in_group and _names(entity, part, bot):
            named = True
            units = units[:start] + units[end:]
    typed = units.decode("utf-16-le", "surrogatepass")
    return typed.strip(" ,:\n") if named else typed, named


def _names(entity: Json, part: str, bot: Bot) -> bool:
    """Whether an entity, which covers ``part`` of the text, is the name of this bot."""
    if entity["type"] == "mention":
        return part.lower() == f"@{_name(bot)}"
    return bool(entity["type"] == "text_mention" and entity["user"]["id"] == bot.id)


def _name(bot: Bot) -> str:
    if not bot.username:
        raise NameUnknown
    return bot.username.lower()
