"""Points in time as people read them."""

from __future__ import annotations

from datetime import UTC, datetime

from botcore.languages.tags import best


def moment(language: str, when: datetime) -> str:
    """A day and a time of day: “November 23, 14:05 UTC”. UTC, because nobody's own time zone is known."""
    from babel.dates import format_skeleton

    day = format_skeleton("MMMMd", when, tzinfo=UTC, locale=best(language))
    return f"{day}, {when.astimezone(UTC):%H:%M} UTC"
