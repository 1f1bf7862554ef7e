"""Carries one outgoing message to Telegram: as a new message, or over one that is there."""

from __future__ import annotations

from typing import Any

from aiogram import Bot
from aiogram.exceptions import ClientDecodeError, TelegramBadRequest, TelegramMigrateToChat
from aiogram.methods import (
    EditMessageCaption,
    EditMessageMedia,
    EditMessageText,
    SendMessage,
    TelegramMethod,
)
from aiogram.types import (
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    LinkPreviewOptions,
    ReplyParameters,
)

from botcore import Button, Outgoing, Sent
from botcore_telegram.addresses import Chat, message_number
from botcore_telegram.code_blocks import sendable, with_entities
from botcore_telegram.failures import gone, not_modified, without_text
from botcore_telegram.media import Upload

SECONDS = 30.0
UPLOAD_SECONDS = 600.0
"""How long a call may take: 50 MB over a slow line are minutes."""
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


class Sender:
    """Sends over ``bot``; raises aiogram's errors."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    async def send(self, out: Outgoing) -> Sent:
        """Send or edit one message."""
        where = _Where.of(out)
        try:
            return await self._send(out, where)
        except TelegramMigrateToChat as moved:  # a group that became a supergroup
            return await self._send(out, _Where(Chat(moved.migrate_to_chat_id), None, None))

    async def _send(self, out: Outgoing, where: _Where) -> Sent:
        text = sendable(out.text)
        if out.media is not None:
            return await self._upload(Upload(out.media, text or None), where, _keyboard(out.buttons))
        if not text.strip():
            return Sent((out.edits,) if out.edits else ())  # Telegram takes no message that shows nothing
        return await self._say(text, where, _keyboard(out.buttons))

    async def _say(self, text: str, where: _Where, keyboard: InlineKeyboardMarkup | None) -> Sent:
        text, entities = with_entities(text)
        if where.edits is not None and await self._say_over(text, entities, where, keyboard):
            return Sent((str(where.edits),))
        call = SendMessage(
            text=text,
            entities=entities or None,
            link_preview_options=_NO_PREVIEW,
            reply_markup=keyboard,
            **where.for_new(),
        )
        return Sent((await self._answered(call, SECONDS),))

    async def _say_over(
        self, text: str, entities: list[Any], where: _Where, keyboard: InlineKeyboardMarkup | None
    ) -> bool:
        """Change the text of a message; False when it is not there any more."""
        try:
            call = EditMessageText(
                text=text,
                entities=entities or None,
                link_preview_options=_NO_PREVIEW,
                reply_markup=keyboard,
                **where.for_edit(),
            )
            return await self._changed(call, SECONDS)
        except TelegramBadRequest as error:
            if not without_text(error):
                raise
        under = EditMessageCaption(
            caption=text, caption_entities=entities or None, reply_markup=keyboard, **where.for_edit()
        )
        return await self._changed(under, SECONDS)

    async def _upload(self, upload: Upload, where: _Where, keyboard: InlineKeyboardMarkup | None) -> Sent:
        if where.edits is not None:
            # Repeating this after an answer that was lost changes the same message: no second video.
            call = EditMessageMedia(media=upload.replacing(), reply_markup=keyboard, **where.for_edit())
            if await self._changed(call, UPLOAD_SECONDS):
                return Sent((str(where.edits),))
        new = upload.anew(reply_markup=keyboard, **where.for_new())
        return Sent((await self._answered(new, UPLOAD_SECONDS),))

    async def _changed(self, call: TelegramMethod[Any], seconds: float) -> bool:
        """Make an edit; False when there is no such message (any more)."""
        try:
            await self._answered(call, seconds)
        except TelegramBadRequest as error:
            if not_modified(error):
                return True
            if gone(error):
                return False
            raise
        return True

    async def _answered(self, call: TelegramMethod[Any], seconds: float) -> str:
        """The id of the message that the call made or changed."""
        try:
            answer = await self._bot(call, request_timeout=round(seconds))
        except ClientDecodeError as error:
            # Accepted, in a form that this aiogram does not know: trying again would send it twice.
            if isinstance(error.data, dict) and error.data.get("ok"):
                return str(error.data["result"]["message_id"])
            raise
        return str(answer.message_id)


class _Where:
    """The chat, the message to change and the message to reply to."""

    def __init__(self, chat: Chat, edits: int | None, reply_to: int | None) -> None:
        self.chat = chat
        self.edits = edits
        self.reply_to = reply_to

    @classmethod
    def of(cls, out: Outgoing) -> _Where:
        return cls(Chat.of(out.chat_id), message_number(out.edits), message_number(out.reply_to))

    def for_edit(self) -> dict[str, Any]:
        return {"chat_id": self.chat.id, "message_id": self.edits}

    def for_new(self) -> dict[str, Any]:
        reply = None
        if self.reply_to is not None:
            reply = ReplyParameters(message_id=self.reply_to, allow_sending_without_reply=True)
        return {
            "chat_id": self.chat.id,
            "message_thread_id": self.chat.topic,
            "reply_parameters": reply,
        }


def _keyboard(buttons: tuple[Button, ...]) -> InlineKeyboardMarkup | None:
    """Short labels stand side by side, two in a row; a long one has a row of its own."""
    rows: list[list[InlineKeyboardButton]] = []
    for button in buttons:
        shown = InlineKeyboardButton(
            text=button.label, url=button.url or None, callback_data=None if button.url else button.data
        )
        beside = rows and len(rows[-1]) == 1 and max(len(rows[-1][0].text), len(button.label)) <= _SHORT
        if beside:
            rows[-1].append(shown)
        else:
            rows.append([shown])
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


_SHORT = 16
"""Characters of a label that fits beside another one on a phone."""
