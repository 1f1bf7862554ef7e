"""A mark for sentences that stand in tables, where the language is not known yet."""

from __future__ import annotations


def sentence(english: str, /) -> str:
    """``english`` itself. ``make catalogues`` finds the sentences of ``text``, ``plural`` and this."""
    return english
