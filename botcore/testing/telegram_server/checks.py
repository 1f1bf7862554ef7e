"""The limits of the Bot API, with the words in which the real server refuses."""

from __future__ import annotations

import re
from collections.abc import Sequence
from urllib.parse import urlsplit

from botcore.testing.telegram_server.calls import Call, bad
from botcore.testing.telegram_server.shown import Json

TEXT_LIMIT, CAPTION_LIMIT = 4096, 1024
"""UTF-16 units."""
LARGEST_THUMBNAIL = 200_000
_ENTITIES = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number", "bold", "italic"}
    | {"underline", "strikethrough", "spoiler", "blockquote", "expandable_blockquote", "code", "pre"}
    | {"text_link", "text_mention", "custom_emoji"}
)
_ACTIONS = frozenset(
    {"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice"}
    | {"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"}
)


def units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def check_text(call: Call) -> tuple[str, list[Json]]:
    """The text of a message and its entities, trimmed as the server trims them."""
    text, entities = call.text("text"), check_entities(call, "entities", call.text("text"))
    first = min((entity["offset"] for entity in entities), default=units(text))
    lead = min(len(text) - len(text.lstrip()), first)  # what stands inside an entity is kept
    text = text[lead:].rstrip()
    if not text:
        raise bad("message text is empty")
    if units(text) > TEXT_LIMIT:
        raise bad("message is too long")
    return text, [entity | {"offset": entity["offset"] - lead} for entity in entities]


def check_caption(caption: str) -> str:
    caption = caption.strip()
    if units(caption) > CAPTION_LIMIT:
        raise bad("message caption is too long")
    return caption


def check_entities(call: Call, name: str, text: str) -> list[Json]:
    """The entities of a text: each inside it, of a known kind."""
    entities: list[Json] = call.json(name, list) or []
    for entity in entities:
        if entity.get("type") not in _ENTITIES:
            raise bad("can't parse entities: unknown type")
        offset, length = entity.get("offset"), entity.get("length")
        if not isinstance(offset, int) or not isinstance(length, int) or length < 1 or offset < 0:
            raise bad("can't parse entities: offset and length must be numbers")
        if offset + length > units(text):
            raise bad("entity beyond the end of the message text")
    return entities


def check_keyboard(call: Call) -> list[list[Json]]:
    """The inline keyboard: every button has a label and does exactly one thing."""
    markup = call.json("reply_markup", dict)
    if markup is None:
        return []
    rows = markup.get("inline_keyboard")
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad('field "inline_keyboard" of the InlineKeyboardMarkup must be an Array of Arrays')
    if sum(map(len, rows)) > 100:
        raise bad("reply markup is too long")
    for row in rows:
        for button in row:
            _check_button(button)
    return rows


def _check_button(button: Json) -> None:
    if not button.get("text"):
        raise bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if ("url" in button) == ("callback_data" in button):
        raise bad("can't parse inline keyboard button: exactly one action expected")
    if "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= 64:
        raise bad("BUTTON_DATA_INVALID")
    if "url" in button:
        address = urlsplit(button["url"])
        if address.scheme not in {"http", "https", "tg"} or "." not in (address.hostname or ""):
            raise bad(f"inline keyboard button URL '{button['url']}' is invalid: Wrong HTTP URL")


def check_action(call: Call) -> str:
    action = call.text("action")
    if action not in _ACTIONS:
        raise bad("wrong parameter action in request")
    return action


def check_commands(commands: Sequence[Json], language: str) -> None:
    """The menu: at most 100 commands, names of small letters, digits and ``_``."""
    if len(commands) > 100:
        raise bad("too many commands specified")
    for command in commands:
        if not re.fullmatch(r"[a-z0-9_]{1,32}", command.get("command", "")):
            raise bad("BOT_COMMAND_INVALID")
        if not 1 <= units(command.get("description", "")) <= 256:
            raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
    if language and not re.fullmatch(r"[a-z]{2}", language):
        raise bad("invalid language_code specified")


def check_webhook(call: Call, *, https_only: bool) -> str:
    """The address of a webhook; its secret holds only letters, digits, ``_`` and ``-``."""
    url, secret = call.text("url"), call.text("secret_token")
    if https_only and url and not url.startswith("https://"):
        raise bad("bad webhook: An HTTPS URL must be provided for webhook")
    if secret and not re.fullmatch(r"[A-Za-z0-9_-]{1,256}", secret):
        raise bad("secret token contains unallowed characters")
    return url


def fitting_thumbnail(content: bytes | None) -> bytes | None:
    """A thumbnail that is no small JPEG is passed over without a word."""
    if content is None or not content.startswith(b"\xff\xd8\xff") or len(content) > LARGEST_THUMBNAIL:
        return None
    return content
