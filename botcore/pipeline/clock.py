"""How long a job may still be processed."""

from __future__ import annotations

from time import monotonic


class ProcessingClock:
    """Runs while a job is processed here.

    :param already: seconds that were spent on the job before, by whomever.
    :param limit: seconds in all.
    """

    def __init__(self, already: float, limit: float) -> None:
        self._already = already
        self._limit = limit
        self._started = self._counted = monotonic()

    @property
    def remaining(self) -> float:
        """Seconds left; negative when the time is over."""
        return self._limit - self._already - (monotonic() - self._started)

    def take(self) -> float:
        """Seconds since the last call, to be added to the job's row."""
        now = monotonic()
        seconds, self._counted = now - self._counted, now
        return seconds
