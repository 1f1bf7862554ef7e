"""Reading what a job reports. Every byte of it may be made by the stranger's code, so it is bounded in
number, size and depth before anything else, and each value is checked for what it must be."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from botcore.model import Finding, RenderProgress, Severity

MAX_LINE = 8192
MAX_TOTAL = 1 << 20
LEAST_PIECE = 64
"""What a piece counts at least, however small."""
MAX_BRACKETS = 64
MAX_FINDINGS = 50
_MAX_TEXT = 300
_MAX_NUMBER = 1_000_000

FAILURES = frozenset(
    {
        "scene_failed",
        "scene_missing",
        "video_missing",
        "video_too_large",
        "render_memory",
        "code_invalid",
        "code_syntax",
        "internal",
    }
)
"""What a job may say of itself. Nothing that would be retried is among them."""


@dataclass(frozen=True, slots=True)
class Failed:
    """Why the code says that it failed."""

    code: str
    line: int
    column: int
    problem: str


@dataclass(slots=True)
class Report:
    """What a job has said so far. ``flooded``: more than is ever needed was sent; the rest is not read."""

    progress: RenderProgress | None = None
    failed: Failed | None = None
    findings: list[Finding] = field(default_factory=list)
    probe: dict[str, Any] | None = None
    broken_walls: dict[str, str] | None = None
    flooded: bool = False
    _rest: bytes = b""
    _total: int = 0

    def feed(self, data: bytes) -> None:
        """Take the next bytes; anything that is not understood is dropped."""
        # a byte at a time would cost the bot a thousand times more than it costs the job
        self._total += max(len(data), LEAST_PIECE)
        if self._total > MAX_TOTAL:
            self.flooded = True
        if self.flooded:
            self._rest = b""
            return
        for line in self._lines(data):
            message = _parse(line)
            if message is not None:
                self._take(message)

    def _lines(self, data: bytes) -> Iterator[bytes]:
        *lines, self._rest = (self._rest + data).split(b"\n")
        if len(self._rest) > MAX_LINE:
            self._rest = self._rest[: MAX_LINE + 1]  # still too long when its end comes: dropped then
        yield from lines

    def _take(self, message: dict[str, Any]) -> None:
        match message.get("k"):
            case "progress":
                self.progress = _progress(message) or self.progress
            case "failed" if self.failed is None:
                self.failed = _failed(message)
            case "finding" if len(self.findings) < MAX_FINDINGS:
                self.findings.append(_finding(message))
            case "probe":
                self.probe = message
            case "attacks" if isinstance(message.get("broken"), dict):
                self.broken_walls = {str(name): str(got) for name, got in message["broken"].items()}


def _parse(line: bytes) -> dict[str, Any] | None:
    # brackets are counted before parsing: no nesting gets as far as the parser's stack
    if not line or len(line) > MAX_LINE or line.count(b"[") + line.count(b"{") > MAX_BRACKETS:
        return None
    try:
        message = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return message if isinstance(message, dict) else None


def whole(value: object, *, most: int = _MAX_NUMBER) -> int | None:
    """A whole number from 0 to ``most``, or None."""
    return value if type(value) is int and 0 <= value <= most else None


def number(value: object, *, most: float) -> float | None:
    """A finite number from 0 to ``most``, or None."""
    if type(value) not in (int, float):
        return None
    try:
        converted = float(value)  # type: ignore[arg-type]  # it is one of the two
    except OverflowError:
        return None
    return converted if math.isfinite(converted) and 0 <= converted <= most else None


def text(value: object) -> str:
    """Printable text of one line and bounded length; empty for anything that is no text."""
    if not isinstance(value, str):
        return ""
    return "".join(c if c.isprintable() else " " for c in value[:_MAX_TEXT]).strip()


def _progress(message: dict[str, Any]) -> RenderProgress | None:
    animation = whole(message.get("n"))
    if animation is None:
        return None
    return RenderProgress(animation, whole(message.get("of")), number(message.get("f"), most=1.0))


def _failed(message: dict[str, Any]) -> Failed:
    code = message.get("code")
    known = code if isinstance(code, str) and code in FAILURES else "scene_failed"
    return Failed(
        known,
        whole(message.get("line")) or 0,
        whole(message.get("column")) or 0,
        text(message.get("problem")),
    )


def _finding(message: dict[str, Any]) -> Finding:
    code = text(message.get("code"))
    name = code if code.replace("_", "").isalnum() and code.isascii() else "layout"
    return Finding(
        Severity.WARNING, name[:40], text(message.get("message")), line=whole(message.get("line")) or 0
    )
