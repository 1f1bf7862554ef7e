"""What rows look like outside this room, and how structured values become text and back."""

from __future__ import annotations

import base64
import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from pydantic import TypeAdapter
from pydantic_core import PydanticSerializationError, to_json, to_jsonable_python

from botcore.model import (
    Artifact,
    Button,
    Failure,
    Finding,
    JobKind,
    Message,
    OutgoingKind,
    RenderOptions,
    RenderProgress,
    Source,
    Status,
)

T = TypeVar("T")

_LONG_AGO = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class NewJob:
    """A submission before it has a row. ``scope`` names the processes that may run it.

    ``source`` is what a job begins with that draws or changes something which is there already; ``wish`` says
    what shall be different about it, None when nothing but the options is.
    """

    session_id: str
    kind: JobKind
    platform: str
    chat_id: str
    renderer: str
    options: RenderOptions
    text: str
    user_language: str
    provider: str | None = None
    priority: int = 0
    parent_id: str | None = None
    source: Source | None = None
    wish: str | None = None
    reply_to: str | None = None
    scope: str = "serve"
    fingerprint: str | None = None
    """The hash of the request that the submission's key stands for: see :meth:`JobRepository.fingerprint`."""


@dataclass(frozen=True, slots=True)
class Limits:
    """What one session may submit: jobs per minute, and jobs that are unfinished at once. 0 is no limit."""

    per_minute: int = 0
    unfinished: int = 0


UNLIMITED = Limits()


@dataclass(frozen=True, slots=True)
class Attempt:
    """One generation of a job's source: who made it, what was wrong with it, what it took.

    ``failure`` is None while the source stands; ``fixes`` counts deterministic edits; ``cost`` in US dollars.
    """

    number: int
    provider: str
    source: Source
    model: str = ""
    prompt_version: str = ""
    failure: Failure | None = None
    findings: tuple[Finding, ...] = ()
    fixes: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cost: float = 0.0
    generate_s: float = 0.0
    render_s: float = 0.0


class InboxStatus(StrEnum):
    NEW = "new"
    DONE = "done"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class InboxItem:
    """A received message. ``tries`` counts this one; ``owner`` is empty when no process holds it.

    ``arrived`` is when its row was made, by our clock.
    """

    key: str
    message: Message
    tries: int
    owner: str
    arrived: datetime = _LONG_AGO


class OutboxStatus(StrEnum):
    PENDING = "pending"
    HELD = "held"
    """The platform takes it once the person has written again."""
    SENT = "sent"
    DEAD = "dead"
    """Given up; ``reason`` says why."""


@dataclass(frozen=True, slots=True)
class Payload:
    """What an outbox row says. ``video_id`` names the file of a video message. ``parting``: whom it tells was
    forgotten, and its row goes once it is sent."""

    kind: OutgoingKind
    text: str
    status: Status | None = None
    progress: RenderProgress | None = None
    buttons: tuple[Button, ...] = ()
    reply_to: str | None = None
    language: str = "en"
    video_id: str | None = None
    parting: bool = False


@dataclass(frozen=True, slots=True)
class NewOutgoing:
    """A message to a person before it has a row. The same ``dedupe`` key is never sent twice."""

    dedupe: str
    platform: str
    chat_id: str
    payload: Payload
    scope: str = "serve"
    job_id: str | None = None


@dataclass(frozen=True, slots=True)
class OutboxItem:
    """A snapshot of an outbox row. ``message_ids`` are the platform's, of what was sent so far; ``sending``
    is the tracker of a part that may have arrived although nobody said so."""

    id: int
    dedupe: str
    platform: str
    chat_id: str
    payload: Payload
    status: OutboxStatus
    revision: int
    job_id: str | None = None
    message_ids: tuple[str, ...] = ()
    parts_sent: int = 0
    sending: str | None = None
    tries: int = 0
    reason: str | None = None
    settled_at: datetime | None = None
    owner: str | None = None


@dataclass(frozen=True, slots=True)
class Video:
    """A file in the store; nobody is given it from ``ended_at`` on, at ``deleted_at`` it is gone. ``viewer``
    has taken its single access at ``taken_at`` and may look up to ``taken_until``. ``duration`` in s.
    ``etag`` is the store's name for the content, once it is there."""

    id: str
    job_id: str
    key: str
    media_type: str
    size: int
    duration: float
    width: int
    height: int
    expires_at: datetime
    thumb_key: str | None = None
    etag: str = ""
    viewer: str | None = None
    taken_at: datetime | None = None
    taken_until: datetime | None = None
    ended_at: datetime | None = None
    deleted_at: datetime | None = None

    def open_to(self, viewers: Collection[str], now: datetime) -> bool:
        """Whether one of ``viewers`` has taken the single access and may still look."""
        taken = self.viewer is not None and self.viewer in viewers
        return taken and self.ended_at is None and self.taken_until is not None and now < self.taken_until


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a stage writes besides the status. A field that stays None is left as it is in the row."""

    source: Source | None = None
    artifact: Artifact | None = None
    generations: int | None = None
    failure: Failure | None = None
    video_id: str | None = None
    offered_at: datetime | None = None
    not_before: datetime | None = None

    def columns(self) -> Mapping[str, Any]:
        """The columns to write."""
        values: dict[str, Any] = {
            "generations": self.generations,
            "video_id": self.video_id,
            "offered_at": self.offered_at,
            "not_before": self.not_before,
            "source": None if self.source is None else dump(self.source),
            "artifact": None if self.artifact is None else dump(self.artifact),
            "failure": None if self.failure is None else dump(self.failure),
        }
        return {name: value for name, value in values.items() if value is not None}


NOTHING = Checkpoint()


# ---------------------------------------------------------------------------------------------------- as text


@dataclass(frozen=True, slots=True)
class _Findings:
    items: tuple[Finding, ...] = field(default=())


def dump(value: object) -> str:
    """JSON of a dataclass. Half surrogates, which no database takes, become question marks."""
    try:
        return to_json(value, bytes_mode="base64").decode()
    except PydanticSerializationError:
        text = json.dumps(to_jsonable_python(value, bytes_mode="base64"), ensure_ascii=False)
        return text.encode("utf-8", "replace").decode()


def load(kind: type[T], text: str) -> T:
    """The value that :func:`dump` made text of."""
    adapter = _ADAPTERS.get(kind)
    if adapter is None:
        adapter = _ADAPTERS[kind] = TypeAdapter(kind)  # costs a millisecond
    value: T = adapter.validate_json(text)
    return value


_ADAPTERS: dict[type, TypeAdapter[Any]] = {}


def load_message(text: str) -> Message:
    """A message, the data of its attachments included."""
    message = load(Message, text)
    attachments = tuple(
        replace(item, data=base64.urlsafe_b64decode(item.data)) if item.data is not None else item
        for item in message.attachments
    )
    return replace(message, attachments=attachments)


def dump_findings(findings: tuple[Finding, ...]) -> str:
    """JSON of findings."""
    return dump(_Findings(findings))


def load_findings(text: str | None) -> tuple[Finding, ...]:
    """Findings again; none for a null column."""
    return load(_Findings, text).items if text is not None else ()
