"""How problems are put in other languages: a whole sentence → the English one that the classes read.

A sentence is taken only as a whole: every word outside the formula belongs to its phrase, and the formula
is read by the same reader as in English, which refuses whatever is left over. What fits no phrase stays as
it is.
"""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from botcore_solver.reading.names import split_run
from botcore_solver.reading.phrasebook import ar, es, hi, pt, ru
from botcore_solver.reading.phrasebook.phrase import Book, english

_BOOKS: tuple[tuple[re.Pattern[str], Book], ...] = (
    (re.compile(r"[\u0400-\u04ff]"), ru.BOOK),
    (re.compile(r"[\u0600-\u06ff]"), ar.BOOK),
    (re.compile(r"[\u0900-\u097f]"), hi.BOOK),
    (re.compile(r"[A-Za-z]"), es.BOOK),
    (re.compile(r"[A-Za-z]"), pt.BOOK),
)
"""Each with the letters without which its language is not written."""
_LONGEST = 600
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a\u202c\u2060-\u2069\ufeff]")
_MARKS = str.maketrans({"؟": "?", "،": ",", "؛": ";", "٫": ".", "¿": " ", "¡": " ", "।": "."})
_WORD = re.compile(r"(?<!\\)[A-Za-z]{2,}")
_DIFFERENTIAL = re.compile(r"d[a-z]")
_END = re.compile(r"[\s.!?]+$")


def in_english(text: str) -> str:
    """The English sentence that says the same; ``text`` itself where no phrase fits it as a whole."""
    if len(text) > _LONGEST:
        return text
    plain = unicodedata.normalize("NFC", _INVISIBLE.sub("", text)).translate(_MARKS).strip()
    for letters, book in _BOOKS:
        if letters.search(plain) and (found := _said(book, plain)) is not None:
            return found
    return text


def _said(book: Book, text: str) -> str | None:
    text = book.fold(text)
    for _ in range(4):
        shorter = _END.sub("", book.courtesies.sub("", text).strip())
        if shorter == text:
            break
        text = shorter
    for kind, phrase in _phrases(book):
        found = phrase.fullmatch(text)
        if found is not None and not _has_words(found.group("m")):
            parts = {name: part.strip() for name, part in found.groupdict().items() if part}
            return None if book.doubtful(parts["m"]) else english(kind, parts, book)
    return None


def _has_words(formula: str) -> bool:
    """Whether there is a word in it that is no name of mathematics: then another phrase may fit better."""
    return any(
        split_run(word) is None and not _DIFFERENTIAL.fullmatch(word) for word in _WORD.findall(formula)
    )


@lru_cache
def _phrases(book: Book) -> tuple[tuple[str, re.Pattern[str]], ...]:
    return tuple((kind, re.compile(text.replace(" ", r"\s+"), re.IGNORECASE)) for kind, text in book.phrases)
