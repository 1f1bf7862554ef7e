"""When a send that failed is repeated."""

from __future__ import annotations

TRIES = 24
_LONGEST_PAUSE = 300.0
"""With :data:`TRIES` more than an hour: a platform that is down for so long loses nothing."""


def pause(tries: int, retry_after: float | None) -> float | None:
    """Seconds before the next try after ``tries`` that failed; None when there is none.

    A platform that asks for a longer pause gets it. One that asks for a shorter pause does not: were it
    obeyed, the tries would be over long before an hour is.
    """
    if tries >= TRIES:
        return None
    return max(retry_after or 0.0, min(_LONGEST_PAUSE, 2.0 ** (max(tries, 1) - 1)))
