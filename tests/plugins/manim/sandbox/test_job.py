"""One job at a time on a bare workload: what goes in, what comes out, what is handed over."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from contextlib import ExitStack

import pytest
from botcore_manim.renderer import job_limits
from botcore_manim.sandbox.host import Outcome, Zygote
from botcore_manim.sandbox.memory_file import memory_file, read_only
from botcore_manim.sandbox.wire import End, Kind
from botcore_manim.settings import ManimConfig
from botcore_manim.spec import JobSpec

StartZygote = Callable[[str], Awaitable[Zygote]]

LIMITS = job_limits(ManimConfig(), wall=20, file_bytes=1_000_000)
_SPEC = JobSpec(854, 480, 15, max_bytes=1_000_000).to_json()


async def run(zygote: Zygote, source: str) -> tuple[Outcome, bytes]:
    """Run ``source`` as the whole of a drawing; returns what was handed over as well."""
    with ExitStack() as stack:
        payload = stack.enter_context(memory_file(f"{_SPEC}\n{source}".encode()))
        result = stack.enter_context(memory_file())
        outcome = await zygote.run(Kind.RENDER, LIMITS, payload=payload, result=result)
        return outcome, os.pread(result, 2_000_000, 0)


async def test_the_file_that_a_drawing_returns_is_handed_over(start_zygote: StartZygote) -> None:
    zygote = await start_zygote("pass")
    outcome, file = await run(zygote, "video = Path('/tmp/v'); video.write_bytes(b'film' * 1000)")
    assert (outcome.ended.end, outcome.ended.number) == (End.EXITED, 0)
    assert file == b"film" * 1000
    assert outcome.ended.wall > 0
    assert outcome.ended.peak > 0


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("video = Path('/tmp/v'); video.symlink_to('/usr/bin/true')", "scene_failed"),
        ("video = Path('/tmp')", "video_missing"),
        ("video = Path('/dev/zero')", "video_missing"),
        ("video = Path('/tmp/none')", "scene_failed"),
        ("import os; video = Path('/tmp/v'); video.touch(); os.truncate(video, 999_999); spec.width", ""),
    ],
)
async def test_only_an_ordinary_file_is_handed_over(
    start_zygote: StartZygote, source: str, code: str
) -> None:
    outcome, file = await run(await start_zygote("pass"), source)
    failed = outcome.report.failed
    assert (failed.code if failed else "") == code
    assert bool(file) == (not code)


async def test_a_file_over_the_limit_of_its_spec_is_not_handed_over(start_zygote: StartZygote) -> None:
    zygote = await start_zygote(
        "from botcore_manim.sandbox import walls; walls._resource_limits = lambda l: None"
    )
    outcome, file = await run(zygote, "video = Path('/tmp/v'); video.write_bytes(bytes(1_000_001))")
    assert outcome.report.failed is not None
    assert outcome.report.failed.code == "video_too_large"
    assert not file


async def test_a_source_of_any_text_arrives_whole(start_zygote: StartZygote) -> None:
    source = "text = '''שלום 🙂 \u0000 é\u2028 \n\n'''\nvideo = Path('/tmp/v'); video.write_text(text)"
    source = source.replace("\u0000", "\\0")
    _, file = await run(await start_zygote("pass"), source + "#" * 300_000)
    assert file.decode() == "שלום 🙂 \0 é\u2028 \n\n"


async def test_a_failed_set_up_runs_no_code(start_zygote: StartZygote) -> None:
    zygote = await start_zygote(
        """
        from botcore_manim.sandbox import seccomp
        def refuse(program):
            raise OSError(38, 'no filters here')
        seccomp.restrict = refuse
        """
    )
    outcome, file = await run(zygote, "video = Path('/tmp/v'); video.write_bytes(b'ran')")
    assert outcome.ended.end is End.NOT_STARTED
    assert "no filters here" in outcome.ended.problem
    assert not file


async def test_a_file_shown_read_only_cannot_be_written() -> None:
    with memory_file(b"film") as fd, read_only(fd) as shown:
        assert os.read(shown, 9) == b"film"
        with pytest.raises(OSError, match="Bad file descriptor"):
            os.write(shown, b"x")


async def test_a_memory_file_can_never_be_a_program() -> None:
    with memory_file(b"#!/bin/sh\n") as fd, pytest.raises(PermissionError):
        os.fchmod(fd, 0o755)
