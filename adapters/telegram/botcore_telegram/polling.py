"""Long polling: for machines that Telegram cannot reach."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from aiogram.methods import TelegramMethod

from botcore import Receive, get_logger
from botcore_telegram.failures import patiently
from botcore_telegram.updates import ALLOWED, NotAnUpdate, read_update
from botcore_telegram.webhook import take

if TYPE_CHECKING:
    from botcore_telegram.adapter import Telegram

WAIT = 30
"""Seconds that Telegram holds a request open when there is nothing new."""
_ANSWER = 15
"""Seconds more until the connection counts as dead."""

log = get_logger(__name__)

Updates = list[dict[str, Any]]


class GetRawUpdates(TelegramMethod[Updates]):
    """``getUpdates`` as plain JSON, see :mod:`botcore_telegram.updates`."""

    __returning__: ClassVar[Any] = Updates
    __api_method__: ClassVar[str] = "getUpdates"

    offset: int | None
    timeout: int
    allowed_updates: tuple[str, ...] = ALLOWED


async def poll(telegram: Telegram, receive: Receive) -> None:
    """Receive until cancelled. An update is confirmed to Telegram only once its message is committed."""
    offset: int | None = None
    while True:
        request = GetRawUpdates(offset=offset, timeout=WAIT)
        for update in await patiently(partial(telegram.call, request, seconds=WAIT + _ANSWER)):
            try:
                received = read_update(update, telegram.bot)
            except NotAnUpdate:
                log.warning("update_unreadable", update=update.get("update_id"))
                received = None
            if received is not None:
                await take(telegram, received, receive)
            offset = update["update_id"] + 1
