"""What text is accepted. Everything a person may send passes here first, whatever the platform."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from botcore.errors import CodeTooLong, EmptyText, ForbiddenCharacter, NotText, TextTooLong, TextTooShort

_LINE_BREAKS = re.compile("\r\n|[\r\v\f\x1c\x1d\x1e\x85\u2028\u2029]")
# Control characters other than tab and line feed; surrogates, which no database can store; non-characters.
_FORBIDDEN = re.compile("[\x00-\x08\x0e-\x1b\x1f\x7f-\x84\x86-\x9f\ud800-\udfff\ufffe\uffff]")
_INVISIBLE = frozenset({"Cf", "Zs", "Zl", "Zp", "Mn", "Cc"})
_FILLERS = frozenset("\u115f\u1160\u2800\u3164\uffa0")  # letters and signs by category, blank on the screen
_MAGIC = {
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"%PDF": "a PDF file",
    b"PK\x03\x04": "a ZIP or office file",
    b"\x7fELF": "a program",
    b"\x1f\x8b": "a compressed file",
}


@dataclass(frozen=True, slots=True)
class TextRules:
    """Lengths in characters (code points)."""

    minimum: int = 10
    maximum: int = 5_000
    maximum_code: int = 50_000


def decode(data: bytes) -> str:
    """The text in a file's bytes: UTF-8, or UTF-16 with a byte-order mark.

    Raises :class:`~botcore.errors.NotText`.
    """
    for magic, found in _MAGIC.items():
        if data.startswith(magic):
            raise NotText(found)
    encoding = "utf-16" if data[:2] in {b"\xff\xfe", b"\xfe\xff"} else "utf-8-sig"
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise NotText(f"no {encoding} at byte {error.start}") from None


def plain(text: str) -> str:
    """``text`` with every kind of line break as ``\\n``; everything else is kept as it is, so right-to-left
    text and emoji (with their joiners and marks) survive.

    Raises :class:`~botcore.errors.ForbiddenCharacter` for null bytes and other control characters.
    """
    text = _LINE_BREAKS.sub("\n", text.removeprefix("\ufeff"))
    bad = _FORBIDDEN.search(text)
    if bad:
        raise ForbiddenCharacter(character=f"U+{ord(bad.group()):04X}")
    return text


def check_problem(text: str, rules: TextRules, recognised: Callable[[str], bool]) -> str:
    """The words of a problem, stripped.

    :param recognised: whether a text that is shorter than the minimum is a problem all the same, such as
        ``2x=4``; asked only for such texts.
    :raises InputError: empty, too short or too long.
    """
    text = text.strip()
    if blank(text):
        raise EmptyText
    length = len(text)
    if length > rules.maximum:
        raise TextTooLong(length=length, maximum=rules.maximum)
    if length < rules.minimum and not recognised(text):
        raise TextTooShort(length=length, minimum=rules.minimum)
    return text


def check_wish(text: str, rules: TextRules) -> str:
    """What somebody wants to be different, stripped; it may be short.

    :raises InputError: empty or too long.
    """
    text = text.strip()
    if blank(text):
        raise EmptyText
    if len(text) > rules.maximum:
        raise TextTooLong(length=len(text), maximum=rules.maximum)
    return text


def check_code(code: str, rules: TextRules) -> str:
    """Code as it was sent: only its length is judged, since line and column must stay true.

    :raises InputError: empty or too long.
    """
    if blank(code):
        raise EmptyText
    if len(code) > rules.maximum_code:
        raise CodeTooLong(length=len(code), maximum=rules.maximum_code)
    return code


def blank(text: str) -> bool:
    """Whether there is nothing to see: only spaces, marks and invisible characters."""
    return all(c in _FILLERS or unicodedata.category(c) in _INVISIBLE for c in text)
