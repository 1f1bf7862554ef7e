"""A database that goes away and comes back: both are logged once, however many ask it meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from tortoise.exceptions import OperationalError

from botcore.telemetry import ToldAlready, get_logger

_log = get_logger(__name__)

AGAIN = 60.0
"""Seconds between two lines of one outage, and at least between those of two: an outage that has hardly ended
when the next one begins is a server that is only half there, and each statement would begin or end one."""


class DatabaseAway(OperationalError, ToldAlready):
    """The database cannot be reached, or is not fit to answer anybody just now."""


class Outage:
    """Notes how asking the database ``name`` went."""

    def __init__(self, name: str, *, now: Callable[[], float] = monotonic) -> None:
        self._name = name
        self._now = now
        self._since: float | None = None
        self._told: float | None = None
        self._open = False
        """Whether the log says that the database is away."""

    def failed(self, reason: str) -> DatabaseAway:
        """It did not answer; the error to raise."""
        now = self._now()
        if self._since is None:
            self._since = now
        if self._told is None or now - self._told >= AGAIN:
            self._told, self._open = now, True
            _log.error("database_away", database=self._name, reason=reason, for_s=round(now - self._since))
        return DatabaseAway(f"{self._name} is away ({reason})")

    def answered(self) -> None:
        """It answered, were it with an error."""
        if self._since is None:
            return
        if self._open:
            # As loud as a warning, so that whoever heard of the beginning hears of the end.
            _log.warning("database_back", database=self._name, after_s=round(self._now() - self._since))
        self._since, self._open = None, False
