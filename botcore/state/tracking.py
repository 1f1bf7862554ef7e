"""The names by which a platform's receipts speak of what it was given."""

from __future__ import annotations

import hashlib
import re
import zlib
from dataclasses import dataclass

from botcore.state.models import KEY

_FORM = re.compile(r"(\d{1,18})\.(\d{1,9})\.(\d{1,9})\.([0-9a-f]{8})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Tracked:
    """A part of a revision of an outbox row."""

    row: int
    revision: int
    part: int
    check: str


def tracker(row: int, dedupe: str, revision: int, part: int) -> str:
    """The tracker of one part: at most 50 ASCII characters.

    It ends in a sum of the dedupe key: a receipt for a row of a database that was deleted since names no row
    that has the same number today.
    """
    return f"{row}.{revision}.{part}.{_check(dedupe)}"


def read_tracker(text: str) -> Tracked | None:
    """What :func:`tracker` wrote; None for anything else."""
    match = _FORM.fullmatch(text)
    if match is None:
        return None
    return Tracked(int(match[1]), int(match[2]), int(match[3]), match[4])


def belongs(tracked: Tracked, dedupe: str) -> bool:
    """Whether a tracker was made for the row with this dedupe key."""
    return tracked.check == _check(dedupe)


def _check(dedupe: str) -> str:
    return f"{zlib.crc32(dedupe.encode('utf-8', 'replace')):08x}"


def message_key(message_id: str) -> str:
    """A platform's message id as it is kept: one that is too long for its column, hashed."""
    if len(message_id) <= KEY:
        return message_id
    return f"sha256-{hashlib.sha256(message_id.encode('utf-8', 'replace')).hexdigest()}"
