"""Long messages come in pieces: platforms cut them at their limit. Here they become one message again.

Which pieces belong together is read from the inbox's rows each time, so a process that dies forgets nothing:
the first row that came is answered, the others are settled with it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from itertools import pairwise

from botcore.delivery.splitting import length
from botcore.model import Capabilities, Message
from botcore.state import InboxItem, InboxRepository

WAIT = timedelta(seconds=1.5)
"""How long a piece waits for the next one, from its arrival."""
APART = timedelta(seconds=4)
"""Pieces of one message were sent within this time; platforms tell times in whole seconds."""
MOST = 32
"""Pieces: more than any allowed text needs."""
_NEAR = 0.75
"""Of the limit. Apps cut a text where a line or word ends, so pieces are somewhat shorter than the limit."""
_FENCE_OPENED, _FENCE_CLOSED = re.compile(r"```[\w+#.-]*\n"), "\n```"
_NUMBER = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Joined:
    """A whole message, and the keys of the other rows that it is made of."""

    message: Message
    also: tuple[str, ...] = ()


class Joiner:
    """:param platforms: what each platform can do; where texts have no limit, nobody cuts them."""

    def __init__(self, inbox: InboxRepository, platforms: Mapping[str, Capabilities]) -> None:
        self._inbox = inbox
        self._platforms = platforms

    async def join(self, item: InboxItem) -> Joined | None:
        """The whole message that ``item`` is a piece of; None when the next piece may still be on its way,
        and then ``item`` was given back until its time."""
        capabilities = self._platforms.get(item.message.platform, Capabilities())
        if not capabilities.text_limit or item.message.attachments:
            return Joined(item.message)
        others = await self._inbox.waiting_with(item, limit=MOST)
        run = run_of(item, others, capabilities)
        if _cut(run[-1].message, capabilities) and len(run) < MOST:
            until = max(piece.arrived for piece in run) + WAIT
            if await self._inbox.postpone(item, until):
                return None
        texts = [piece.message.text for piece in run]
        whole = replace(run[0].message, text=join_texts(texts, capabilities))
        return Joined(whole, tuple(piece.key for piece in run if piece.key != item.key))


def run_of(item: InboxItem, others: Sequence[InboxItem], capabilities: Capabilities) -> list[InboxItem]:
    """``item`` with the pieces before and after it, in the order in which they were sent."""
    pieces = sorted([item, *others], key=_place)
    first = last = pieces.index(item)
    while first and _continues(pieces[first - 1].message, pieces[first].message, capabilities):
        first -= 1
    while last + 1 < len(pieces) and _continues(pieces[last].message, pieces[last + 1].message, capabilities):
        last += 1
    return pieces[first : last + 1][:MOST]


def join_texts(texts: Sequence[str], capabilities: Capabilities) -> str:
    """The text that was cut into ``texts``. The white space at a cut is lost on the way: a piece that is as
    long as the limit was cut anywhere, a shorter one where a line (or a word, which is as good) ended."""
    texts = _without_inner_fences(texts, capabilities)
    whole = texts[0]
    for before, after in pairwise(texts):
        full = length(before, capabilities.text_unit) >= capabilities.text_limit
        spaced = before[-1:].isspace() or after[:1].isspace()
        whole += after if full or spaced else "\n" + after
    return whole


def _without_inner_fences(texts: Sequence[str], capabilities: Capabilities) -> list[str]:
    """A block of code that was cut: where a platform sees the block, each piece of it is a block."""
    pieces = list(texts)
    for number, (before, after) in enumerate(pairwise(texts)):
        opened = _FENCE_OPENED.match(after)
        if opened is not None and before.endswith(_FENCE_CLOSED):
            sent = _FENCE_OPENED.sub("", before, count=1).removesuffix(_FENCE_CLOSED)
            full = length(sent, capabilities.text_unit) >= capabilities.text_limit
            pieces[number] = pieces[number].removesuffix(_FENCE_CLOSED) + ("" if full else "\n")
            pieces[number + 1] = after[opened.end() :]
    return pieces


def _continues(before: Message, after: Message, capabilities: Capabilities) -> bool:
    """Whether ``after`` can be the rest of a text of which ``before`` is a piece."""
    return (
        _cut(before, capabilities)
        and not after.attachments
        and before.user_id == after.user_id
        and not after.text.startswith("/")
        and abs(_sent(after) - _sent(before)) <= APART
    )


def _cut(message: Message, capabilities: Capabilities) -> bool:
    """Whether a message is so long that there may be more of it."""
    if message.attachments:
        return False
    return length(message.text, capabilities.text_unit) >= _NEAR * capabilities.text_limit


def _sent(message: Message) -> timedelta:
    """When a message was sent, as its platform says."""
    moment = message.received_at
    return timedelta() if moment is None else timedelta(seconds=moment.timestamp())


def _place(piece: InboxItem) -> tuple[list[int], timedelta, datetime, str]:
    """Where a message stands among others of its chat: by the numbers of its id, where that is made of
    numbers, else by its time, and of one and the same second by its arrival."""
    name = piece.message.message_id
    numbered = not _NUMBER.sub("", name).strip(".:-")
    numbers = [int(number) for number in _NUMBER.findall(name)] if numbered else []
    return numbers, _sent(piece.message), piece.arrived, name
