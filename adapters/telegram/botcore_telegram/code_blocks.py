"""Code between fences as an entity of Telegram, so that nothing has to be escaped and nothing gets lost."""

from __future__ import annotations

import re

from aiogram.types import MessageEntity

_FENCED = re.compile(r"^```([\w+#.-]*)[ \t]*\n(.*?)\n?^```[ \t]*$", re.MULTILINE | re.DOTALL)


def with_entities(text: str) -> tuple[str, list[MessageEntity]]:
    """``text`` without its fences, and where the code is now. A fence that is not closed stays as it is."""
    parts: list[str] = []
    entities: list[MessageEntity] = []
    offset = last = 0
    for match in _FENCED.finditer(text):
        language, code = match.groups()
        if not code.strip():
            continue  # an entity must hold something
        before = text[last : match.start()]
        parts += [before, code]
        offset += units(before)
        entities.append(
            MessageEntity(type="pre", offset=offset, length=units(code), language=language or None)
        )
        offset += units(code)
        last = match.end()
    parts.append(text[last:])
    return "".join(parts), entities


def sendable(text: str) -> str:
    """``text`` without halves of characters, which no request can hold."""
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def units(text: str) -> int:
    """Length as Telegram counts it: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2
