"""How a provider fares, in figures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from botcore.state import LastError, ProviderRecord

_WINDOW = timedelta(days=1)
"""Older calls say nothing of how a provider fares now."""


class CircuitState(StrEnum):
    CLOSED = "closed"
    """Calls go through."""
    OPEN = "open"
    """None does, until a time."""
    HALF_OPEN = "half_open"
    """One does, and decides."""


@dataclass(frozen=True, slots=True)
class ProviderHealth:
    """Of the last calls, fifty at most and a day old at most: how many, the share of good ones, and how many
    seconds those took. None where there were none. ``open_until``: while the circuit is open."""

    name: str
    state: CircuitState
    calls: int = 0
    success_rate: float | None = None
    p50_s: float | None = None
    p95_s: float | None = None
    open_until: datetime | None = None
    last_success: datetime | None = None
    last_error: LastError | None = None


def health_of(record: ProviderRecord, now: datetime) -> ProviderHealth:
    """The figures of what is known."""
    calls = [call for call in record.calls if now - call.at <= _WINDOW]
    seconds = sorted(call.seconds for call in calls if call.good)
    until = record.circuit.open_until
    is_open = until is not None and until > now
    return ProviderHealth(
        name=record.name,
        state=_state(until, now),
        calls=len(calls),
        success_rate=len(seconds) / len(calls) if calls else None,
        p50_s=_percentile(seconds, 0.5),
        p95_s=_percentile(seconds, 0.95),
        open_until=until if is_open else None,
        last_success=record.last_success,
        last_error=record.last_error,
    )


def _state(until: datetime | None, now: datetime) -> CircuitState:
    if until is None:
        return CircuitState.CLOSED
    return CircuitState.OPEN if until > now else CircuitState.HALF_OPEN


def _percentile(ordered: Sequence[float], share: float) -> float | None:
    """The smallest value that is at least as large as ``share`` of all."""
    return ordered[max(0, math.ceil(share * len(ordered)) - 1)] if ordered else None
