"""What a command prints: results on stdout, everything for people on stderr."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from enum import IntEnum
from typing import Any

from botcore.errors import (
    BotcoreError,
    ConfigError,
    DataDirInUse,
    EnvironmentFault,
    PluginError,
    ProviderAbstained,
    RendererUnavailable,
    SandboxUnavailable,
    StateError,
    StoreError,
    StoreFull,
    StoreMisconfigured,
)
from botcore.model import Failure


class ExitCode(IntEnum):
    OK = 0
    FAILED = 1
    """A job failed, or a check found faults."""
    USAGE = 2
    ENVIRONMENT = 3
    """This machine or its configuration has to be mended first."""


class UsageFault(BotcoreError):
    """The command line cannot be carried out as it was written."""

    code = "usage"
    text = "{problem}"


def exit_code_of(error: BotcoreError) -> ExitCode:
    """The exit code that fits an error."""
    if isinstance(error, UsageFault):
        return ExitCode.USAGE
    if isinstance(error, ConfigError | EnvironmentFault | PluginError | DataDirInUse):
        return ExitCode.ENVIRONMENT
    return ExitCode.FAILED


def problem_of(error: BotcoreError) -> dict[str, Any]:
    """An error as the member ``error`` of a JSON object."""
    return {"code": error.code, "message": error.message, **error.params}


def operator_lines(error: BotcoreError) -> list[str]:
    """What is said after the sentence of an error that sends for the operator: whoever sits at a terminal is
    the operator."""
    if not isinstance(error, PluginError | StateError | SandboxUnavailable):
        return []
    remedy = str(error.params.get("remedy", ""))
    lines = [error.detail] if error.detail else []
    if remedy and remedy not in error.detail:
        lines.append(remedy)
    if isinstance(error, SandboxUnavailable):
        lines.append("“botcore doctor” shows everything that this machine lacks.")
    return lines


_OPERATORS = frozenset(
    error.code
    for error in (BotcoreError, PluginError, RendererUnavailable, StoreError, StoreFull, StoreMisconfigured)
)


def failure_lines(failure: Failure | None, *, models: bool) -> list[str]:
    """What is said after the sentence of a job that failed: what whoever sits at a terminal can do about it,
    and a student in a chat could not.

    :param models: whether a language model is set up.
    """
    code = BotcoreError.code if failure is None else str(failure.params.get("spoken", failure.code))
    if code in _OPERATORS:
        return ["“botcore doctor” looks for the cause; “botcore -v render …” shows the log."]
    if code == ProviderAbstained.code and not models:
        return ["Only what the solver knows is answered: no language model is set up (docs/providers.md)."]
    return []


def print_json(value: Mapping[str, Any]) -> None:
    """The one object of a command with ``--json``."""
    sys.stdout.write(json.dumps(value, ensure_ascii=True) + "\n")
    sys.stdout.flush()


def say(text: str) -> None:
    """A line of result. Characters that the terminal's encoding lacks are replaced: nothing may fail here."""
    _write(sys.stdout, text)


def tell(text: str) -> None:
    """A line for the person, beside the result."""
    _write(sys.stderr, text)


def fail(text: str) -> None:
    """What went wrong, in one sentence."""
    tell(f"botcore: {text}")


def _write(stream: Any, text: str) -> None:
    encoding = stream.encoding or "utf-8"
    stream.write(text.encode(encoding, "replace").decode(encoding) + "\n")
    stream.flush()
