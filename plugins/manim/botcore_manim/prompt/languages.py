"""What languages are called in English."""

from __future__ import annotations


def english_name(tag: str) -> str:
    """``es-MX`` → ``Spanish (Mexico)``; a tag that nobody knows stays as it is."""
    from babel import Locale, UnknownLocaleError  # reads tables of its own: only once a prompt is written

    try:
        return Locale.parse(tag, sep="-").english_name or tag
    except (UnknownLocaleError, ValueError, TypeError):
        return tag
