"""The one way in which reading fails."""

from __future__ import annotations


class Unreadable(ValueError):
    """The text is not understood with certainty. ``advice`` is a sentence for the person who wrote it."""

    def __init__(self, advice: str) -> None:
        self.advice = advice
        super().__init__(advice)
