"""Files that came with a message: fetched when the message is handled, not while the platform waits."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from botcore.errors import CodeTooLong
from botcore.intake.routing import is_code_file
from botcore.model import Attachment, Message
from botcore.ports import Adapter, Fetches

_BYTES = 4
"""Most bytes of one character in UTF-8."""


class Adapters(Protocol):
    """What is needed of the plugin host."""

    async def adapter(self, name: str) -> Adapter: ...


async def fetch_code(message: Message, adapters: Adapters, *, maximum: int) -> Message:
    """``message`` with the bytes of its code file, where its platform gave only a reference.

    :param maximum: characters of code; a file that cannot have so few is not fetched.
    :raises CodeTooLong: the file is longer.
    :raises DeliveryError: the platform does not hand it over.
    """
    for attachment in message.attachments:
        if is_code_file(attachment.name, attachment.media_type) and attachment.data is None:
            adapter = await adapters.adapter(message.platform)
            if isinstance(adapter, Fetches):
                filled = replace(attachment, data=await _fetch(adapter, attachment, maximum))
                others = tuple(other for other in message.attachments if other is not attachment)
                return replace(message, attachments=(filled, *others))
    return message


async def _fetch(adapter: Fetches, attachment: Attachment, maximum: int) -> bytes:
    if attachment.size is not None and attachment.size > maximum * _BYTES:
        raise CodeTooLong(length=attachment.size, maximum=maximum)
    data = await adapter.fetch(attachment, maximum * _BYTES + 1)
    if len(data) > maximum * _BYTES:  # what the platform says of a size need not be true
        raise CodeTooLong(length=len(data), maximum=maximum)
    return data
