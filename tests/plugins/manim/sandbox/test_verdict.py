"""How a job's end becomes the one error that its sender reads."""

from __future__ import annotations

import json
import signal
from typing import Any

import pytest
from botcore_manim.sandbox.frames import FAILURES, Report
from botcore_manim.sandbox.host import Outcome
from botcore_manim.sandbox.limits import JobLimits
from botcore_manim.sandbox.verdict import error_of
from botcore_manim.sandbox.wire import End, Ended

LIMITS = JobLimits(wall=12.4, memory=2 << 30, file_bytes=50_000_000, scratch_bytes=1 << 27)


def outcome(
    end: End, number: int = 0, *, said: dict[str, Any] | None = None, flooded: bool = False
) -> Outcome:
    report = Report()
    if said:
        report.feed(json.dumps(said).encode() + b"\n")
    return Outcome(Ended(end, number), report, flooded)


@pytest.mark.parametrize(
    ("ended", "code"),
    [
        (outcome(End.EXITED, 3), "render_crashed"),
        (outcome(End.SIGNALED, signal.SIGSEGV), "render_crashed"),
        (outcome(End.SIGNALED, 64), "render_crashed"),
        (outcome(End.SIGNALED, signal.SIGKILL), "render_memory"),
        (outcome(End.OUT_OF_TIME), "render_timeout"),
        (outcome(End.STOPPED), "renderer_unavailable"),
        (outcome(End.NOT_STARTED), "renderer_unavailable"),
        (outcome(End.STOPPED, flooded=True), "render_output_flood"),
        (outcome(End.OUT_OF_TIME, said={"k": "failed", "code": "scene_missing"}), "render_timeout"),
        (outcome(End.EXITED, 0, said={"k": "failed", "code": "scene_missing"}), "scene_missing"),
        (outcome(End.EXITED, 1, said={"k": "failed", "code": "never heard of"}), "scene_failed"),
        (outcome(End.EXITED, 1, said={"k": "failed", "code": ["scene_failed"]}), "scene_failed"),
    ],
)
def test_an_end_has_its_error(ended: Outcome, code: str) -> None:
    error = error_of(ended, LIMITS)
    assert error is not None
    assert error.code == code
    assert "{" not in error.message


@pytest.mark.parametrize("code", sorted(FAILURES))
def test_every_failure_that_a_job_may_claim_makes_a_whole_sentence(code: str) -> None:
    error = error_of(outcome(End.EXITED, 1, said={"k": "failed", "code": code, "problem": "p"}), LIMITS)
    assert error is not None
    assert "{" not in error.message


def test_a_good_end_is_no_error() -> None:
    assert error_of(outcome(End.EXITED), LIMITS) is None


def test_the_limits_are_named_in_the_units_of_the_sentences() -> None:
    timeout = error_of(outcome(End.OUT_OF_TIME), LIMITS)
    memory = error_of(outcome(End.SIGNALED, signal.SIGKILL), LIMITS)
    large = error_of(outcome(End.EXITED, 1, said={"k": "failed", "code": "video_too_large"}), LIMITS)
    assert timeout is not None
    assert memory is not None
    assert large is not None
    assert (timeout.params["seconds"], memory.params["limit_mb"], large.params["limit_mb"]) == (12, 2048, 50)
