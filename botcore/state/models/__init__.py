"""The tables. Rows leave this room as dataclasses of :mod:`botcore.model` and :mod:`botcore.state.records`.

Structured values (a source, a message, findings) are kept as JSON in text columns: they are never queried,
and PostgreSQL's ``jsonb`` refuses NUL characters, which hostile text may well hold. All times are UTC.
"""

from __future__ import annotations

from botcore.state.models.jobs import AttemptRow, JobMoveRow, JobRow
from botcore.state.models.messages import InboxRow, OutboxRow, PictureRow, SentMessageRow
from botcore.state.models.people import (
    DayKeyRow,
    IdentityRow,
    LeftoverRow,
    LinkRow,
    SessionRow,
    TallyRow,
    TokenRow,
)
from botcore.state.models.spending import ProviderRow, ReservationRow, SpendingRow
from botcore.state.models.videos import AccessLinkRow, VideoRow
from botcore.state.models.widths import KEY, NAME

__all__ = [
    "KEY",
    "NAME",
    "AccessLinkRow",
    "AttemptRow",
    "DayKeyRow",
    "IdentityRow",
    "InboxRow",
    "JobMoveRow",
    "JobRow",
    "LeftoverRow",
    "LinkRow",
    "OutboxRow",
    "PictureRow",
    "ProviderRow",
    "ReservationRow",
    "SentMessageRow",
    "SessionRow",
    "SpendingRow",
    "TallyRow",
    "TokenRow",
    "VideoRow",
]
