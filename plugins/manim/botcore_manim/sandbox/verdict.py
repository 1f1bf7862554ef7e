"""From how a job ended to the error that its sender is told, or none."""

from __future__ import annotations

import signal
from collections.abc import Mapping
from contextlib import suppress

from botcore.errors import (
    BotcoreError,
    RenderCrashed,
    RendererUnavailable,
    RenderMemoryExceeded,
    RenderOutputFlood,
    RenderTimeout,
    SceneFailed,
    SceneMissing,
    SourceInvalid,
    SourceSyntaxError,
    VideoMissing,
    VideoTooLarge,
)
from botcore_manim.sandbox.frames import Failed
from botcore_manim.sandbox.host import Outcome
from botcore_manim.sandbox.limits import JobLimits
from botcore_manim.sandbox.wire import End

_MEGABYTE = 1_000_000
_MEBIBYTE = 1 << 20


def error_of(outcome: Outcome, limits: JobLimits) -> BotcoreError | None:
    """None when the job ended well; that says nothing yet about the file it made.

    The supervisor's word comes first; the code's own word only chooses between kinds of failure of the code.
    """
    ended, failed = outcome.ended, outcome.report.failed
    if outcome.output_flooded or outcome.report.flooded:
        return RenderOutputFlood()
    match ended.end:
        case End.NOT_STARTED:
            return RendererUnavailable(f"walls: {ended.problem}")
        case End.STOPPED:
            return RendererUnavailable("the job was stopped")
        case End.OUT_OF_TIME:
            return RenderTimeout(seconds=round(limits.wall))
    if failed is not None:
        return _told(failed, limits)
    if ended.end is End.SIGNALED and ended.number == signal.SIGKILL:
        # nothing inside can send this one: it is the kernel, out of memory
        return RenderMemoryExceeded(limit_mb=limits.memory // _MEBIBYTE)
    if ended.end is End.SIGNALED:
        return RenderCrashed(_signal_name(ended.number))
    return RenderCrashed(f"exit code {ended.number}") if ended.number else None


def _told(failed: Failed, limits: JobLimits) -> BotcoreError:
    line = failed.line or "?"
    by_code: Mapping[str, BotcoreError] = {
        "scene_missing": SceneMissing(),
        "video_missing": VideoMissing(),
        "video_too_large": VideoTooLarge(limit_mb=limits.file_bytes // _MEGABYTE),
        "render_memory": RenderMemoryExceeded(limit_mb=limits.memory // _MEBIBYTE),
        "code_invalid": SourceInvalid(line=line, problem=failed.problem),
        "code_syntax": SourceSyntaxError(line=line, column=failed.column, problem=failed.problem),
        "internal": RenderCrashed("a fault inside the job process"),
    }
    return by_code.get(failed.code) or SceneFailed(line=line, problem=failed.problem)


def _signal_name(number: int) -> str:
    with suppress(ValueError):
        return signal.Signals(number).name
    return f"signal {number}"
