"""What is said about a source, and what was drawn of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"
    """Nothing is wrong: it is only worth knowing."""


VERIFIED = "answer_verified"
"""The code of the note by which a validator says that it worked the stated answer out by itself."""


@dataclass(frozen=True, slots=True)
class Edit:
    """Replace the text from (line, column) up to (end_line, end_column); lines from 1, columns from 0."""

    line: int
    column: int
    end_line: int
    end_column: int
    replacement: str


@dataclass(frozen=True, slots=True)
class Finding:
    """What a validator says about a source. ``line`` counts from 1, ``column`` from 1; 0 = not known."""

    severity: Severity
    code: str
    message: str
    line: int = 0
    column: int = 0
    fix: tuple[Edit, ...] = ()


@dataclass(frozen=True, slots=True)
class Completion:
    """A name that an editor may offer. ``kind``: class, function, method, property, value, colour or module;
    ``signature`` as one would write the call, empty for what is not called; ``doc`` is one line or empty."""

    name: str
    kind: str
    signature: str = ""
    doc: str = ""


@dataclass(frozen=True, slots=True)
class Artifact:
    """A rendered, probed file: ``size`` in bytes, ``duration`` in s (0 for a still), sides in pixels."""

    path: Path
    media_type: str
    size: int
    duration: float
    width: int
    height: int
    thumbnail: Path | None = None
    findings: tuple[Finding, ...] = ()
    """What the renderer noticed on screen (layout): warnings, never errors."""


@dataclass(frozen=True, slots=True)
class StoredObject:
    """A file in a store; ``etag`` differs for every content that the key ever had, where the store has it."""

    key: str
    size: int
    media_type: str
    etag: str = ""


@dataclass(frozen=True, slots=True)
class PresignedPut:
    """A PUT that may be sent without credentials: to ``url``, with exactly these ``headers``.

    Who knows the URL can write there as often as they like until ``lapses``: it is a secret.
    """

    url: str = field(repr=False)
    headers: Mapping[str, str]
    lapses: datetime


@dataclass(frozen=True, slots=True)
class RenderProgress:
    """How far a rendering is. ``fraction`` is 0 to 1, or None while unknown."""

    animation: int
    animations: int | None = None
    fraction: float | None = None
