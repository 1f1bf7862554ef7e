"""How the providers fare: the circuit and the last calls of each, the same in every process."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tortoise.expressions import Q

from botcore.state.database import Database
from botcore.state.models import NAME, ProviderRow

WINDOW = 50
"""Calls of a provider that are remembered."""
_LONGEST_DETAIL = 300


@dataclass(frozen=True, slots=True)
class Circuit:
    """``failures`` in a row while it is closed; ``openings`` in a row without an answer in between.

    ``open_until`` None: closed. Later than now: nobody is let through. Past: one call is, whose name is
    ``probe`` until ``probe_until``, and which decides.
    """

    failures: int = 0
    openings: int = 0
    open_until: datetime | None = None
    probe: str | None = None
    probe_until: datetime | None = None

    @property
    def closed(self) -> bool:
        return self.open_until is None

    def lets_through(self, now: datetime) -> bool:
        """Whether a call may be made now; where the circuit is not closed, it must be made the probe."""
        if self.open_until is None:
            return True
        return self.open_until <= now and (self.probe_until is None or self.probe_until <= now)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a provider, ended ``at`` a time, after ``seconds``. ``good``: the provider did its part."""

    at: datetime
    good: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class LastError:
    """``detail`` is for the operator and holds neither secret nor anybody's words."""

    code: str
    detail: str
    at: datetime


@dataclass(frozen=True, slots=True)
class ProviderRecord:
    """What is known of a provider; its last calls, oldest first."""

    name: str
    circuit: Circuit = Circuit()
    calls: tuple[Call, ...] = ()
    last_success: datetime | None = None
    last_error: LastError | None = None


class ProviderRepository:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, name: str) -> ProviderRecord:
        """What is known of a provider, were it nothing."""
        row = await ProviderRow.get_or_none(name=name)
        return ProviderRecord(name) if row is None else _record(row)

    async def all(self) -> dict[str, ProviderRecord]:
        """Every provider that was ever called, by name."""
        return {row.name: _record(row) for row in await ProviderRow.all()}

    async def probe(self, name: str, probe: str, *, lease: float) -> bool:
        """Make a call the one that an open circuit lets through, for ``lease`` seconds; False when it is not
        time yet, or another call is that one."""
        now = self._database.clock()
        free = Q(probe_until__isnull=True) | Q(probe_until__lte=now)
        rows = ProviderRow.filter(free, name=name, open_until__lte=now)
        return bool(await rows.update(probe=probe, probe_until=now + timedelta(seconds=lease)))

    async def note(
        self,
        name: str,
        change: Callable[[Circuit, datetime], Circuit],
        *,
        call: tuple[bool, float] | None = None,
        error: tuple[str, str] | None = None,
    ) -> None:
        """Change a provider's circuit, and remember a call (good, seconds) and an error (code, detail)."""

        async def write() -> None:
            await self._database.lock(f"provider {name}")
            # Locked: a probe that begins meanwhile waits, or it would be overwritten and another one begin.
            row = await ProviderRow.filter(name=name).select_for_update().first()
            before = ProviderRecord(name) if row is None else _record(row)
            now = self._database.clock()
            after = replace(before, circuit=change(before.circuit, now))
            if call is not None:
                good, seconds = call
                after = replace(after, calls=(*before.calls, Call(now, good, seconds))[-WINDOW:])
                after = replace(after, last_success=now if good else before.last_success)
            if error is not None:
                code, detail = error
                after = replace(after, last_error=LastError(code, detail[:_LONGEST_DETAIL], now))
            if row is None:
                await ProviderRow.create(name=name, **_columns(after))
            elif after != before:
                await ProviderRow.filter(name=name).update(**_columns(after))

        await self._database.transaction(write)

    async def try_again(self, code: str) -> None:
        """Let one call through each circuit that an error of this code opened: it may be mended by now."""
        now = self._database.clock()
        rows = ProviderRow.filter(error_code=code, open_until__gt=now)
        await rows.update(open_until=now, openings=0, probe=None, probe_until=None)


def _columns(record: ProviderRecord) -> dict[str, Any]:
    circuit, error = record.circuit, record.last_error
    return {
        "failures": circuit.failures,
        "openings": circuit.openings,
        "open_until": circuit.open_until,
        "probe": circuit.probe,
        "probe_until": circuit.probe_until,
        "calls": json.dumps([(call.at.timestamp(), int(call.good), call.seconds) for call in record.calls]),
        "last_success": record.last_success,
        "error_code": None if error is None else error.code[:NAME],
        "error_detail": None if error is None else error.detail,
        "error_at": None if error is None else error.at,
    }


def _record(row: ProviderRow) -> ProviderRecord:
    error = None
    if row.error_code is not None and row.error_at is not None:
        error = LastError(row.error_code, row.error_detail or "", row.error_at)
    return ProviderRecord(
        name=row.name,
        circuit=Circuit(row.failures, row.openings, row.open_until, row.probe, row.probe_until),
        calls=tuple(
            Call(datetime.fromtimestamp(at, UTC), bool(good), seconds)
            for at, good, seconds in json.loads(row.calls)
        ),
        last_success=row.last_success,
        last_error=error,
    )
