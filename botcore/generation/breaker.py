"""The rules of a provider's circuit: when it opens, for how long, and what closes it again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from enum import StrEnum

from botcore.errors import (
    BotcoreError,
    ProviderAbstained,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderTooSlow,
    ProviderUnavailable,
)
from botcore.state import Circuit

FAILURES = 5
"""In a row, of all processes together, that open a circuit."""
LONG_WAIT = 20.0
"""A provider that wants to be left alone for longer than this many seconds is, by everybody."""
_FIRST_PAUSE, _LONGEST_PAUSE = 15.0, 600.0
_FIRST_REPAIR, _LONGEST_REPAIR = 600.0, 3600.0
"""Seconds in which an operator may have mended a key, a model's name or the credit."""
_LONGEST_WAIT = 86_400.0


class Verdict(StrEnum):
    """What a call says of the provider itself."""

    ALIVE = "alive"
    DOWN = "down"
    BROKEN = "broken"
    """Nobody will be served until the operator has mended it."""
    UNCLEAR = "unclear"
    """It may have been the request: one person's bad one must not shut the provider for everybody."""


def verdict_of(error: BotcoreError | None) -> Verdict:
    """The verdict of a call that ended with ``error``, or well."""
    match error:
        case None | ProviderAbstained() | ProviderRefused():
            return Verdict.ALIVE
        case ProviderMisconfigured():
            return Verdict.BROKEN
        case ProviderUnavailable() | ProviderTooSlow():
            return Verdict.DOWN
        case _:
            return Verdict.UNCLEAR


def after(
    circuit: Circuit, verdict: Verdict, now: datetime, *, probe: str | None = None, wait: float | None = None
) -> Circuit:
    """The circuit after a call.

    :param probe: the name of the call, if it was let through an open circuit. Others that end while it is
        open began earlier and decide nothing.
    :param wait: seconds for which the provider wants to be left alone.
    """
    decides = circuit.closed or (probe is not None and circuit.probe == probe)
    if not decides:
        return _longer(circuit, verdict, now, wait)
    if verdict is Verdict.ALIVE:
        return Circuit()
    if verdict is Verdict.UNCLEAR:
        return replace(circuit, probe=None, probe_until=None)
    failures = circuit.failures + 1
    patient = circuit.closed and verdict is Verdict.DOWN and failures < FAILURES
    if patient and (wait is None or wait <= LONG_WAIT):
        return replace(circuit, failures=failures)
    openings = circuit.openings + 1
    pause = timedelta(seconds=_pause(verdict, openings, wait))
    return Circuit(failures, openings, open_until=now + pause)


def _longer(circuit: Circuit, verdict: Verdict, now: datetime, wait: float | None) -> Circuit:
    if verdict is not Verdict.DOWN or wait is None or circuit.open_until is None:
        return circuit
    until = now + timedelta(seconds=min(wait, _LONGEST_WAIT))
    return replace(circuit, open_until=max(circuit.open_until, until))


def _pause(verdict: Verdict, openings: int, wait: float | None) -> float:
    doubled = 2.0 ** min(openings - 1, 16)
    if verdict is Verdict.BROKEN:
        return min(_FIRST_REPAIR * doubled, _LONGEST_REPAIR)
    pause = min(_FIRST_PAUSE * doubled, _LONGEST_PAUSE)
    if wait is None:
        return pause
    # Its own word counts, until it turned out to be too hopeful.
    wait = min(max(wait, 1.0), _LONGEST_WAIT)
    return wait if openings == 1 else max(wait, pause)
