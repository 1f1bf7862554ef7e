"""What a server answers to one request."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum


class Then(Enum):
    """How a stream goes on after half of its pieces."""

    END = "to its proper end"
    STALL = "says no more and stays open"
    DISCONNECT = "the connection breaks"
    TRUNCATE = "ends in time, as if it were whole"


@dataclass(frozen=True, slots=True, kw_only=True)
class Says:
    """A model's answer. ``finish``: stop, length, content_filter, or any word of a service.

    ``thinking`` comes before the answer; ``wait`` seconds of silence before everything; ``refusal`` in
    OpenAI's field for it; ``line_end`` ends the lines of the stream; ``plain`` answers in one piece whatever
    was asked for; ``cached`` of the ``asked`` tokens.
    """

    text: str
    finish: str = "stop"
    thinking: str = ""
    refusal: str = ""
    wait: float = 0.0
    then: Then = Then.END
    pieces: int = 6
    line_end: str = "\n"
    plain: bool = False
    asked: int = 120
    answered: int = 40
    cached: int = 0

    def split(self) -> list[str]:
        """The text in about ``pieces`` parts."""
        size = max(1, -(-len(self.text) // self.pieces))
        return [self.text[start : start + size] for start in range(0, len(self.text), size)]


@dataclass(frozen=True, slots=True)
class Fails:
    """An error in the service's own form."""

    status: int
    code: str = "error"
    message: str = "It failed."
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Breaks:
    """An error told in the middle of a stream, in the service's own form."""

    code: str = "server_error"
    message: str = "It failed."


@dataclass(frozen=True, slots=True)
class Sends:
    """These bytes, whatever they are. ``repeat``: that often, and stops when nobody reads any more."""

    body: bytes
    content_type: str = "text/event-stream"
    status: int = 200
    repeat: int = 1


Reply = Says | Fails | Breaks | Sends
