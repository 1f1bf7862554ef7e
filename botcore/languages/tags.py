"""Which language a person is answered in."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

LANGUAGES: Mapping[str, str] = MappingProxyType(
    {
        "en": "English",
        "es": "Español",
        "ar": "العربية",
        "hi": "हिन्दी",
        "pt": "Português",
        "ru": "Русский",
    }
)
"""The languages that the bot speaks, each under its code and with its own name for itself."""

_SCRIPTS: Mapping[str, tuple[range, ...]] = {
    "ar": (range(0x0600, 0x0700), range(0x0750, 0x0780), range(0xFB50, 0xFE00), range(0xFE70, 0xFF00)),
    "hi": (range(0x0900, 0x0980),),
    "ru": (range(0x0400, 0x0530),),
}
_NEIGHBOURS: Mapping[str, frozenset[str]] = {
    "ar": frozenset("پچژگکیےھٹڈڑں"),  # Persian, Urdu
    "hi": frozenset(),
    "ru": frozenset(
        "іїєґўјљњћђџѓќѕәғқңөұүһІЇЄҐЎЈЉЊЋЂЏЃЌЅӘҒҚҢӨҰҮҺ"
    ),  # Ukrainian, Belarusian, Serbian, Kazakh …
}
"""Letters that other languages write in the same script: whoever uses one is better answered in English."""
_LETTERS = 3
"""Fewer letters may be names of quantities."""


def best(tag: str) -> str:
    """The language of :data:`LANGUAGES` that a BCP 47 tag asks for; ``en`` for an empty or unknown one."""
    language = tag.replace("_", "-").partition("-")[0].strip().lower()
    return language if language in LANGUAGES else "en"


def guess(text: str) -> str:
    """The language that ``text`` is written in, told by its script: ``ar``, ``hi``, ``ru``, or empty.

    Latin letters count for nothing: they are in the formulas of every language.
    """
    counts = {
        language: sum(any(ord(letter) in span for span in spans) for letter in text)
        for language, spans in _SCRIPTS.items()
    }
    language = max(counts, key=lambda found: counts[found])
    if counts[language] < _LETTERS or _NEIGHBOURS[language] & set(text):
        return ""
    return language
