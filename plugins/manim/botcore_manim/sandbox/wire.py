"""The words that host, zygote and supervisor say to each other: JSON in single datagrams.

Imported on both sides of the sandbox: standard library alone. Descriptors travel with the request, in the
order of :data:`DESCRIPTORS`.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from botcore_manim.sandbox.limits import JobLimits

MAX_DATAGRAM = 8192

DESCRIPTORS = ("control", "payload", "report", "output", "result")
"""control: supervisor only; payload: what to work on; report: lines of JSON; output: stdout and stderr;
result: where the file goes."""


class Kind(StrEnum):
    """What a job does once its walls are up."""

    RENDER = "render"
    PROBE = "probe"
    SHRINK = "shrink"
    ATTACK = "attack"


class End(StrEnum):
    """How a job ended, as its supervisor saw it."""

    EXITED = "exited"
    SIGNALED = "signaled"
    OUT_OF_TIME = "out_of_time"
    STOPPED = "stopped"
    """The host asked for it."""
    NOT_STARTED = "not_started"
    """A wall could not be put up; no byte of the code was read."""


@dataclass(frozen=True, slots=True)
class Request:
    """One job, as the zygote is asked for it. Nothing of the code is in here."""

    kind: Kind
    limits: JobLimits

    def encode(self) -> bytes:
        return json.dumps({"kind": self.kind, "limits": asdict(self.limits)}).encode()

    @classmethod
    def decode(cls, datagram: bytes) -> Request:
        raw = json.loads(datagram)
        return cls(Kind(raw["kind"]), JobLimits(**raw["limits"]))


@dataclass(frozen=True, slots=True)
class Ended:
    """The supervisor's verdict. ``number`` is the exit code or the signal; ``cpu`` and ``wall`` are seconds,
    ``peak`` bytes of resident memory."""

    end: End
    number: int = 0
    problem: str = ""
    cpu: float = 0.0
    wall: float = 0.0
    peak: int = 0

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, datagram: bytes) -> Ended:
        """Raises ValueError on anything that a supervisor does not say."""
        raw: Any = json.loads(datagram)
        try:
            return cls(
                End(raw["end"]),
                int(raw["number"]),
                str(raw["problem"])[:500],
                float(raw["cpu"]),
                float(raw["wall"]),
                int(raw["peak"]),
            )
        except (KeyError, TypeError) as error:
            raise ValueError("not a verdict") from error


@dataclass(frozen=True, slots=True)
class Hello:
    """What a zygote says once it is warm: resident bytes and seconds of its start."""

    resident: int
    seconds: float

    def encode(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def decode(cls, datagram: bytes) -> Hello:
        """Raises ValueError on anything else."""
        raw: Any = json.loads(datagram)
        try:
            return cls(int(raw["resident"]), float(raw["seconds"]))
        except (KeyError, TypeError) as error:
            raise ValueError("not a greeting") from error
