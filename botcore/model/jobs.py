"""A submission and its life: the statuses, the allowed moves, what is wanted and what was made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from botcore.errors import IllegalMove, Param


class JobKind(StrEnum):
    PROBLEM = "problem"
    CODE = "code"


class Status(StrEnum):
    QUEUED = "queued"
    AI_GENERATING = "ai_generating"
    CODE_VALIDATING = "code_validating"
    RENDERING = "rendering"
    UPLOADING = "uploading"
    READY = "ready"
    DELIVERED = "delivered"
    FAILED = "failed"
    CANCELLED = "cancelled"
    EXPIRED = "expired"

    @property
    def final(self) -> bool:
        return not TRANSITIONS[self]


_END_EARLY = frozenset({Status.FAILED, Status.CANCELLED})

TRANSITIONS: Mapping[Status, frozenset[Status]] = {
    Status.QUEUED: frozenset({Status.AI_GENERATING, Status.CODE_VALIDATING}) | _END_EARLY,
    # back to the queue: no provider that could write it answers, and the operator says to wait
    Status.AI_GENERATING: frozenset({Status.CODE_VALIDATING, Status.QUEUED}) | _END_EARLY,
    # back to generation: a source that failed goes through repair or to the next provider
    Status.CODE_VALIDATING: frozenset({Status.RENDERING, Status.AI_GENERATING}) | _END_EARLY,
    Status.RENDERING: frozenset({Status.UPLOADING, Status.AI_GENERATING}) | _END_EARLY,
    # back to rendering: the rendered file was lost with the machine that held it
    Status.UPLOADING: frozenset({Status.READY, Status.RENDERING}) | _END_EARLY,
    Status.READY: frozenset({Status.DELIVERED, Status.EXPIRED}) | _END_EARLY,
    Status.DELIVERED: frozenset(),
    Status.FAILED: frozenset(),
    Status.CANCELLED: frozenset(),
    Status.EXPIRED: frozenset(),
}
"""The one table of allowed moves."""


def check_move(before: Status, after: Status) -> None:
    """Raise :class:`IllegalMove` unless the table allows ``before → after``."""
    if after not in TRANSITIONS[before]:
        raise IllegalMove(f"{before} → {after}", status=before.value)


class Quality(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"


class Aspect(StrEnum):
    WIDE = "16:9"
    TALL = "9:16"
    SQUARE = "1:1"


class Format(StrEnum):
    MP4 = "mp4"
    WEBM = "webm"
    GIF = "gif"


@dataclass(frozen=True, slots=True)
class RenderOptions:
    """What the person wants of the picture. Kept with the job."""

    quality: Quality = Quality.MEDIUM
    aspect: Aspect = Aspect.WIDE
    format: Format = Format.MP4
    scene: str | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One person; several platforms may point to it."""

    id: str
    language: str
    options: RenderOptions
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Failure:
    """Why a job ended: the code of an error and what its sentence needs."""

    code: str
    params: Mapping[str, Param] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Source:
    """Code in a renderer's language, with what is known about it.

    ``answer`` is the answer that the scene states, in SymPy syntax, or None; ``checked`` says that it was
    verified independently. ``language`` is the renderer's language, ``user_language`` a BCP 47 tag.
    """

    language: str
    code: str
    problem: str | None = None
    user_language: str = "en"
    answer: str | None = None
    checked: bool = False
    scene: str | None = None
    plain: bool = False
    """Made in place of a better one that could not be drawn; the person is told."""


@dataclass(frozen=True, slots=True)
class Job:
    """A snapshot of one submission's row. ``version`` is what a compare-and-set write compares."""

    id: str
    session_id: str
    kind: JobKind
    platform: str
    chat_id: str
    renderer: str
    options: RenderOptions
    status: Status
    version: int
    text: str
    """What was submitted: the problem's words, or the code."""
    user_language: str
    created_at: datetime
    updated_at: datetime
    provider: str | None = None
    """The provider that the person asked for; None lets the chain choose."""
    priority: int = 0
    """Higher runs earlier; equal priorities run in order of submission."""
    source: Source | None = None
    generations: int = 0
    processing_s: float = 0.0
    lost_workers: int = 0
    failure: Failure | None = None
    parent_id: str | None = None
    """The job whose source this one began with."""
    wish: str | None = None
    """What shall be different about that source; None when it is only drawn again."""
    video_id: str | None = None
    offered_at: datetime | None = None
    waits_until: datetime | None = None
    """While no provider answers (it is back in the queue then), or the store does not (it is uploading): when
    they are asked again."""

    @property
    def unfinished(self) -> bool:
        """Before ``ready``, or ``ready`` and not yet offered to the person."""
        return not self.status.final and self.offered_at is None
