"""The kinds of work that jobs are claimed for."""

from __future__ import annotations

from dataclasses import dataclass

from botcore.model import Status
from botcore.state.limits import UNFINISHED


@dataclass(frozen=True, slots=True)
class Lane:
    """A kind of work with its own slots. ``exclusive``: one job of a session at a time."""

    name: str
    statuses: tuple[Status, ...]
    exclusive: bool

    @property
    def values(self) -> list[str]:
        """Its statuses as they stand in rows."""
        return [status.value for status in self.statuses]


MAKING = Lane("making", UNFINISHED, exclusive=True)
"""From ``queued`` up to ``ready``: takes the machine's cores."""
HANDING_OVER = Lane("handing_over", (Status.READY,), exclusive=False)
"""Delivery at ``ready``: waits for platforms and takes no core."""
