"""What became of each plugin: the rows of ``botcore plugins``."""

from __future__ import annotations

import traceback
from dataclasses import dataclass
from enum import StrEnum

from botcore.errors import BotcoreError


class Outcome(StrEnum):
    LOADED = "loaded"
    DISABLED = "disabled"
    """``enabled = false`` in its section, or a setting that it needs is not set: ``reason`` names it."""
    INCOMPATIBLE = "incompatible"
    """Not made for this version of botcore; it was not imported."""
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class PluginRecord:
    """One plugin after loading. ``seconds`` is what importing and registering took."""

    name: str
    outcome: Outcome
    distribution: str
    version: str
    seconds: float = 0.0
    reason: str = ""
    """One line: why it is not loaded."""
    traceback: str = ""
    provides: tuple[str, ...] = ()
    """What it registered, such as ``renderer manim``, and the event hooks that it implements."""


def one_line(error: BaseException) -> str:
    """The error in one line for a table: our own errors by their words, others with their type."""
    text = " ".join(str(error).split())
    if isinstance(error, BotcoreError):
        return text
    return f"{type(error).__name__}: {text}" if text else type(error).__name__


def full_traceback(error: BaseException) -> str:
    return "".join(traceback.format_exception(error))
