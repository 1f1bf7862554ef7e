"""What goes out, and how it went."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from botcore.errors import DeliveryError
from botcore.model.artifacts import Artifact, RenderProgress
from botcore.model.jobs import Status


class OutgoingKind(StrEnum):
    TEXT = "text"
    STATUS = "status"
    """The one status message of a job; a later one replaces it where the platform can edit."""
    VIDEO = "video"
    LINK = "link"
    TYPING = "typing"
    """No message: the person sees for some seconds that an answer to ``reply_to`` is being made."""


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
    tracker: str = ""


class ReceiptKind(StrEnum):
    SENT = "sent"
    """The platform has taken the message."""
    DELIVERED = "delivered"
    READ = "read"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Receipt:
    """What a platform says later about a message that it was given. ``error`` says why it failed."""

    platform: str
    message_id: str
    kind: ReceiptKind
    tracker: str = ""
    error: DeliveryError | None = None


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
