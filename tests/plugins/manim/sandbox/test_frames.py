"""Whatever a job sends, reading it neither raises nor grows without bound."""

from __future__ import annotations

import json
import math
from typing import Any

import pytest
from botcore_manim.sandbox.frames import FAILURES, MAX_FINDINGS, MAX_LINE, MAX_TOTAL, Report
from hypothesis import given, settings
from hypothesis import strategies as st

from botcore.errors import Handling, error_classes
from botcore.model import RenderProgress

_KEYS = ("n", "of", "f", "code", "line", "column", "problem", "message", "broken", "media_type")

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(st.text(max_size=5), values, max_size=3),
    max_leaves=5,
)
messages = st.fixed_dictionaries(
    {"k": st.sampled_from(["progress", "failed", "finding", "probe", "attacks"])},
    optional=dict.fromkeys(_KEYS, json_values),
)


def heard(*lines: dict[str, Any]) -> Report:
    report = Report()
    report.feed(b"".join(json.dumps(line).encode() + b"\n" for line in lines))
    return report


@given(st.lists(st.binary()))
def test_any_bytes_in_any_pieces_are_survived(pieces: list[bytes]) -> None:
    report = Report()
    for piece in pieces:
        report.feed(piece)


@settings(max_examples=60)
@given(st.lists(messages, max_size=4))
def test_any_json_leaves_only_checked_values(lines: list[dict[str, Any]]) -> None:
    report = heard(*lines)
    if report.progress is not None:
        assert report.progress.animation >= 0
        assert report.progress.fraction is None or 0 <= report.progress.fraction <= 1
    if report.failed is not None:
        assert report.failed.code in FAILURES
        assert report.failed.line >= 0
        assert report.failed.problem.isprintable()
        assert len(report.failed.problem) <= 300
    assert len(report.findings) <= MAX_FINDINGS
    for finding in report.findings:
        assert finding.message.isprintable()


def test_a_line_may_come_in_pieces() -> None:
    report = Report()
    for byte in b'{"k":"progress","n":3,"of":12,"f":0.25}\n':
        report.feed(bytes([byte]))
    assert report.progress == RenderProgress(3, 12, 0.25)


@pytest.mark.parametrize(
    "line",
    [
        b"[" * 100_000,
        b'{"k":' * 5000 + b"1" + b"}" * 5000,
        b'{"k":"progress","n":' + b"9" * 5000 + b"}",
        b'{"k":"progress","n":1' + b" " * MAX_LINE + b"}",
        b'{"k":"progress","n":-1}',
        b'{"k":"progress","n":true}',
        b'{"k":"progress","n":1.5}',
        b'{"k":"progress","n":"1"}',
        b'["progress"]',
        b'"progress"',
        b"\xff\xfe{}",
    ],
)
def test_what_is_no_message_is_dropped_and_the_next_line_is_read(line: bytes) -> None:
    report = Report()
    report.feed(line + b"\n")
    assert report.progress is None
    report.feed(b'{"k":"progress","n":2}\n')
    assert report.progress == RenderProgress(2)


@pytest.mark.parametrize("fraction", ["NaN", "Infinity", "-0.1", "1.1", "1e999", '"0.5"', "true", "9" * 400])
def test_a_fraction_is_a_number_from_0_to_1_or_unknown(fraction: str) -> None:
    report = Report()
    report.feed(f'{{"k":"progress","n":1,"f":{fraction}}}\n'.encode())
    assert report.progress == RenderProgress(1, None, None)


def test_more_than_is_ever_needed_is_a_flood_and_is_not_kept() -> None:
    report = Report()
    for _ in range(MAX_TOTAL // 65536 + 1):
        report.feed(b"x" * 65536)
        assert len(report._rest) <= MAX_LINE + 1
    assert report.flooded


def test_the_first_failure_stays() -> None:
    report = heard({"k": "failed", "code": "scene_missing"}, {"k": "failed", "code": "video_missing"})
    assert report.failed is not None
    assert report.failed.code == "scene_missing"


def test_a_text_from_inside_carries_no_control_characters() -> None:
    failed = heard(
        {"k": "failed", "code": "scene_failed", "problem": "a\x1b[31m\nb\u202ec\ud800" + "x" * 999}
    ).failed
    assert failed is not None
    assert failed.problem.startswith("a [31m b c")
    assert len(failed.problem) == 300


def test_no_failure_that_a_job_may_claim_is_ever_retried() -> None:
    handling = {cls.code: cls.handling for cls in error_classes()}
    assert all(handling[code] is not Handling.RETRY for code in FAILURES - {"internal"})


def test_numbers_of_the_probe_are_finite() -> None:
    probe = heard({"k": "probe", "duration": math.inf}).probe
    assert probe is not None
