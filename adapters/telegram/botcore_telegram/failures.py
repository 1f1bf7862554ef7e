"""What an error of the Bot API means for a message, and calls that wait until Telegram is there."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramRetryAfter,
)

from botcore import get_logger
from botcore.errors import DeliveryError, DeliveryRejected, DeliveryUnavailable, MediaRejected

_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
"""Seconds."""
_BAD_FILE = ("file is too big", "wrong file", "image_process_failed", "photo_invalid", "video_content_type")
_GONE = ("message to edit not found", "message can't be edited", "message_id_invalid")

log = get_logger(__name__)
T = TypeVar("T")


def delivery_error(error: AiogramError) -> DeliveryError:
    """The core's error for one of aiogram's."""
    detail = f"{type(error).__name__}: {_first_line(error)}"
    match error:
        case TelegramRetryAfter():
            return DeliveryUnavailable(detail, retry_after=float(error.retry_after))
        case TelegramEntityTooLarge():
            return MediaRejected(detail)
        case TelegramBadRequest() if _says(error, *_BAD_FILE):
            return MediaRejected(detail)
        case TelegramForbiddenError() | TelegramBadRequest():
            return DeliveryRejected(detail)
        case _:
            # No connection, 5xx, an answer that is no JSON, and a token that was revoked: the messages wait
            # until the operator has mended it.
            return DeliveryUnavailable(detail)


@contextmanager
def as_delivery_errors() -> Iterator[None]:
    """Raise aiogram's errors as the core's."""
    try:
        yield
    except AiogramError as error:
        raise delivery_error(error) from error


async def patiently(call: Callable[[], Awaitable[T]]) -> T:
    """The answer of ``call``, which is repeated while Telegram cannot be had."""
    pause = _FIRST_PAUSE
    while True:
        try:
            with as_delivery_errors():
                return await call()
        except DeliveryUnavailable as error:
            wait = pause if error.retry_after is None else error.retry_after
            log.warning("telegram_unavailable", detail=error.detail, again_in=wait)
            await asyncio.sleep(wait)
            pause = min(2 * pause, _LONGEST_PAUSE)


def not_modified(error: TelegramBadRequest) -> bool:
    """The message holds already what it was to be changed to."""
    return _says(error, "message is not modified")


def gone(error: TelegramBadRequest) -> bool:
    """The message that was to be changed is not there any more."""
    return _says(error, *_GONE)


def without_text(error: TelegramBadRequest) -> bool:
    """The message that was to be changed is no text: it has become a video."""
    return _says(error, "there is no text in the message")


def _says(error: TelegramBadRequest, *words: str) -> bool:
    text = error.message.lower()
    return any(word in text for word in words)


def _first_line(error: AiogramError) -> str:
    return (getattr(error, "message", "") or str(error)).partition("\n")[0][:300]
