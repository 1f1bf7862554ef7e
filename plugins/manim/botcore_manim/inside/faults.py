"""From whatever a scene raised to one line that a student understands."""

from __future__ import annotations

import errno
import re
from types import TracebackType
from typing import Any

_MAX_PROBLEM = 300
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


class SceneStopped(Exception):
    """The scene failed and its failure was reported. Carries no text: the report has it."""


class Fault(Exception):
    """A failure with a code of its own, found by this package rather than raised by the scene."""

    def __init__(self, code: str, problem: str = "", *, line: int = 0, column: int = 0) -> None:
        super().__init__(problem)
        self.code = code
        self.problem = problem
        self.line = line
        self.column = column


def describe(error: BaseException, filename: str) -> dict[str, Any]:
    """The ``failed`` line for ``error``; ``filename`` is the name that the user's text was compiled under."""
    line = _line_in(error.__traceback__, filename)
    if isinstance(error, Fault):
        return _failed(error.code, error.problem, line=error.line or line, column=error.column)
    if isinstance(error, MemoryError):
        return _failed("render_memory", "out of memory", line=line)
    if isinstance(error, RecursionError):
        problem = "RecursionError: the code calls itself without an end"
    elif isinstance(error, SystemExit):
        problem = "the code ended the program (exit) before the scene was finished"
    elif isinstance(error, KeyboardInterrupt):
        problem = "the code interrupted itself (KeyboardInterrupt)"
    elif isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EFBIG}:
        return _failed("video_too_large", "no room left for the video", line=line)
    else:
        problem = f"{type(error).__name__}: {_text_of(error)}".removesuffix(": ")
    return _failed("scene_failed", problem, line=line)


def _failed(code: str, problem: str, *, line: int, column: int = 0) -> dict[str, Any]:
    return {"k": "failed", "code": code, "line": line, "column": column, "problem": shorten(problem)}


def shorten(problem: str) -> str:
    """One line of bounded length without control characters."""
    clean = _UNPRINTABLE.sub(" ", problem[: 4 * _MAX_PROBLEM]).strip()
    return clean if len(clean) <= _MAX_PROBLEM else clean[: _MAX_PROBLEM - 1] + "…"


def _text_of(error: BaseException) -> str:
    try:
        return str(error)
    except BaseException:  # noqa: BLE001  # the scene's own exception class may raise anything
        return "(its message cannot be shown)"


def _line_in(traceback: TracebackType | None, filename: str) -> int:
    """The innermost line of the user's text on the way to the error; 0 when it was never there."""
    line = 0
    while traceback is not None:
        if traceback.tb_frame.f_code.co_filename == filename:
            line = traceback.tb_lineno or line
        traceback = traceback.tb_next
    return line
