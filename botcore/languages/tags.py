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


def best(tag: str) -> str:
    """The language of :data:`LANGUAGES` that a BCP 47 tag asks for; ``en`` for an empty or unknown one."""
    language = tag.replace("_", "-").partition("-")[0].strip().lower()
    return language if language in LANGUAGES else "en"
