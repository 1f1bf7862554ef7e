"""What decisive hooks answer. Typed values; never None."""

from __future__ import annotations

from dataclasses import dataclass

from botcore.model import Message


@dataclass(frozen=True, slots=True)
class Pass:
    """No opinion: the next implementation is asked."""


@dataclass(frozen=True, slots=True)
class Reply:
    """Answer with this text; no job is made."""

    text: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Refuse, with the sentence that the person gets."""

    text: str


@dataclass(frozen=True, slots=True)
class Replace:
    """Go on with this message instead."""

    message: Message


Decision = Pass | Reply | Reject | Replace
