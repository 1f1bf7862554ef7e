"""What people see: chats, messages, files, what can be tapped."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Media:
    """A file. ``kind`` is how it is shown: video, image or document; empty while it is only uploaded."""

    content: bytes
    media_type: str
    name: str
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """A button or a row of a list: tapped it sends ``id``, or opens ``url``."""

    label: str
    id: str = ""
    url: str = ""


@dataclass(slots=True)
class Shown:
    """One message in a chat. ``ours`` are the bot's. ``listed``: the options stand in a list that opens under
    ``menu``. ``status`` is the last one that was told; ``tracker`` is what the bot gave along."""

    message_id: str
    ours: bool
    text: str = ""
    media: Media | None = None
    options: list[Option] = field(default_factory=list)
    menu: str = ""
    reply_to: str | None = None
    template: str = ""
    preview: bool = False
    tracker: str = ""
    status: str = ""

    @property
    def labels(self) -> list[str]:
        """What can be tapped."""
        return [option.label for option in self.options]


@dataclass(slots=True)
class Chat:
    """The chat of one person. ``last_wrote``: seconds since 1970, None for never."""

    number: str
    messages: dict[str, Shown] = field(default_factory=dict)
    last_wrote: float | None = None
    typing: list[str] = field(default_factory=list)
    """Messages that were answered with “typing…”."""
    read: set[str] = field(default_factory=set)
    unreachable: bool = False
    """No such number on WhatsApp, or the bot was blocked."""
