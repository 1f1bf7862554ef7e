"""Cutting text to a platform's limit, counted in the platform's unit, without losing a character."""

from __future__ import annotations

import re

from botcore.model import TextUnit

_BREAKS = (re.compile(r"\n\s*\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…])\s+"), re.compile(r"\s+"))
"""Where to cut, best first: paragraph, line, sentence, word."""


def length(text: str, unit: TextUnit) -> int:
    """How long ``text`` is for a platform that counts in ``unit``."""
    if unit is TextUnit.UTF16:
        return len(text.encode("utf-16-le", "surrogatepass")) // 2
    if unit is TextUnit.BYTES:
        return len(text.encode("utf-8", "surrogatepass"))
    return len(text)


def split(text: str, limit: int, unit: TextUnit = TextUnit.CODE_POINTS) -> list[str]:
    """Cut ``text`` into parts of at most ``limit`` units; 0 is no limit.

    The parts joined are the text again. A cut falls after a paragraph, line, sentence or word where one ends
    in the second half of a part, else between two characters that do not belong together.
    """
    if limit <= 0 or length(text, unit) <= limit:
        return [text]
    parts: list[str] = []
    while length(text, unit) > limit:
        cut = _cut(text, _fitting(text, limit, unit))
        parts.append(text[:cut])
        text = text[cut:]
    if text:
        parts.append(text)
    return parts


def _fitting(text: str, limit: int, unit: TextUnit) -> int:
    """How many characters of ``text`` fit; at least one, or nothing would ever be sent."""
    low, high = 1, min(len(text), limit)
    while low < high:
        middle = (low + high + 1) // 2
        if length(text[:middle], unit) <= limit:
            low = middle
        else:
            high = middle - 1
    return low


def _cut(text: str, fitting: int) -> int:
    for pattern in _BREAKS:
        ends = [match.end() for match in pattern.finditer(text, 0, fitting) if match.end() > fitting // 2]
        if ends:
            return ends[-1]
    cut = fitting
    while cut > 1 and cut > fitting - 16 and _belongs_to_previous(text, cut):
        cut -= 1
    return cut if not _belongs_to_previous(text, cut) else fitting


def _belongs_to_previous(text: str, index: int) -> bool:
    """Whether the character at ``index`` is drawn with the one before it (accents, joined emoji)."""
    if index >= len(text):
        return False
    here, before = ord(text[index]), ord(text[index - 1])
    joins = (0x200D, 0xFE0E, 0xFE0F, 0x20E3)
    marks = (range(0x300, 0x370), range(0x1F3FB, 0x1F400), range(0xE0020, 0xE0080))
    return here in joins or before == 0x200D or any(here in span for span in marks)
