"""The words of the domain as immutable types. No I/O, no platform, no library."""

from __future__ import annotations

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path

from botcore.errors import IllegalMove, Param

_NAME = re.compile(r"[a-z][a-z0-9_-]{0,31}")
_ID_ALPHABET = (
    "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: nothing that looks like something else
)


def valid_name(name: str) -> bool:
    """Whether ``name`` can name a platform or a plugin: ``[a-z][a-z0-9_-]{0,31}``."""
    return _NAME.fullmatch(name) is not None


def new_id() -> str:
    """A fresh random id of 80 bits: 16 characters, safe in URLs, file names and speech."""
    number = secrets.randbits(80)
    return "".join(_ID_ALPHABET[(number >> shift) & 31] for shift in range(75, -1, -5))


# ------------------------------------------------------------------------------------------------- messages


class AttachmentKind(StrEnum):
    PICTURE = "picture"
    DOCUMENT = "document"
    VIDEO = "video"
    AUDIO = "audio"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Attachment:
    """A file that came with a message. ``data`` is filled once it was downloaded."""

    kind: AttachmentKind
    media_type: str
    name: str = ""
    size: int | None = None
    reference: str = ""
    data: bytes | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """One inbound message, the same for every platform.

    ``message_id`` is the platform's own and is unique within ``platform``: the inbox dedupes on it.
    ``user_id`` names the sender, ``chat_id`` where answers go. ``language`` is a BCP 47 tag or empty.
    """

    platform: str
    chat_id: str
    user_id: str
    message_id: str
    text: str
    attachments: tuple[Attachment, ...] = ()
    reply_to: str | None = None
    language: str = ""
    received_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Session:
    """One person; several platforms may point to it."""

    id: str
    language: str
    options: RenderOptions
    created_at: datetime
    expires_at: datetime


# ----------------------------------------------------------------------------------------------------- jobs


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
    Status.AI_GENERATING: frozenset({Status.CODE_VALIDATING}) | _END_EARLY,
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
    video_id: str | None = None
    offered_at: datetime | None = None

    @property
    def unfinished(self) -> bool:
        """Before ``ready``, or ``ready`` and not yet offered to the person."""
        return not self.status.final and self.offered_at is None


# -------------------------------------------------------------------------------------- findings and videos


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"


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
    """A file in a store."""

    key: str
    size: int
    media_type: str
    etag: str = ""


@dataclass(frozen=True, slots=True)
class RenderProgress:
    """How far a rendering is. ``fraction`` is 0 to 1, or None while unknown."""

    animation: int
    animations: int | None = None
    fraction: float | None = None


# ------------------------------------------------------------------------------------------------- answers


class OutgoingKind(StrEnum):
    TEXT = "text"
    STATUS = "status"
    """The one status message of a job; a later one replaces it where the platform can edit."""
    VIDEO = "video"
    LINK = "link"


@dataclass(frozen=True, slots=True)
class Button:
    """A button that sends ``data`` back as if the person had typed it, or opens ``url``."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Outgoing:
    """One message to a person, as an adapter gets it. ``id`` is the outbox row's.

    ``edits`` is the platform's id of the message to replace, None for a new one. ``media`` is a local file
    that exists while ``send`` runs.
    """

    id: str
    platform: str
    chat_id: str
    kind: OutgoingKind
    text: str
    job_id: str | None = None
    status: Status | None = None
    progress: RenderProgress | None = None
    media: Artifact | None = None
    buttons: tuple[Button, ...] = ()
    edits: str | None = None
    reply_to: str | None = None
    language: str = "en"


@dataclass(frozen=True, slots=True)
class Sent:
    """What a platform answered: every message id it gave, in order. The first one can be edited later."""

    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Delivered:
    """The person has the artifact."""

    message_ids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """The person was told where to take the artifact."""

    url: str = ""


@dataclass(frozen=True, slots=True)
class NotMine:
    """This deliverer does not serve this job; the next one is asked."""


# ---------------------------------------------------------------------------------------------- capabilities


class TextUnit(StrEnum):
    CODE_POINTS = "code_points"
    UTF16 = "utf16"
    BYTES = "bytes"


@dataclass(frozen=True, slots=True)
class MediaLimit:
    """Files of ``media_type`` (``video/mp4``, ``video/*``) up to ``max_bytes``."""

    media_type: str
    max_bytes: int


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a platform can do, as data. Unknown means no: every default is the poorest."""

    text_limit: int = 0
    """0: the adapter takes text of any length."""
    text_unit: TextUnit = TextUnit.CODE_POINTS
    caption_limit: int = 0
    media: tuple[MediaLimit, ...] = ()
    edit_text: bool = False
    text_to_media: bool = False
    buttons: int = 0
    button_label_limit: int = 0
    typing: bool = False
    reactions: bool = False
    preview_control: bool = False
    formatting: bool = False

    def takes(self, media_type: str, size: int) -> bool:
        """Whether a file of this type and size in bytes can be sent natively."""
        family = media_type.split("/", 1)[0] + "/*"
        return any(
            limit.media_type in {media_type, family, "*/*"} and size <= limit.max_bytes
            for limit in self.media
        )


# ---------------------------------------------------------------------------------------------- generation


@dataclass(frozen=True, slots=True)
class Repair:
    """A source that failed, and why: what the next generation starts from."""

    source: Source
    failure: Failure
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class GenerationRequest:
    """A problem to be turned into a source in ``language``.

    ``deadline`` is in seconds from now; a provider that needs longer must stop by itself.
    """

    problem: str
    language: str
    user_language: str
    options: RenderOptions
    deadline: float
    picture: Attachment | None = None
    repair: Repair | None = None


@dataclass(frozen=True, slots=True)
class GenerationResult:
    """What a provider made. ``cost`` in US dollars; ``finish_reason`` is ``stop`` for a whole answer."""

    source: Source
    model: str
    finish_reason: str = "stop"
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    prompt_version: str = ""
