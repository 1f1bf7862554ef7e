"""One event a line, with what it is about; ours and the libraries' alike."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator

import pytest

from botcore.telemetry import configure_logging, get_logger, hide, log_context, spawn, watch_loop
from botcore.telemetry.metrics import REGISTRY, exposition

log = get_logger("tests.telemetry")


@pytest.fixture
def stream() -> Iterator[io.StringIO]:
    """Logging is the process's own: what was set before is put back."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield io.StringIO()
    root.handlers[:] = handlers
    root.setLevel(level)


def lines(stream: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in stream.getvalue().splitlines()]


def test_a_line_of_json_says_when_where_and_what(stream: io.StringIO) -> None:
    configure_logging("json", stream=stream)
    log.info("job_claimed", worker="w1", attempt=2)
    (line,) = lines(stream)
    assert list(line)[:3] == ["timestamp", "level", "event"]
    assert str(line.pop("timestamp")).endswith("Z")
    assert line == {
        "event": "job_claimed",
        "level": "info",
        "logger": "tests.telemetry",
        "worker": "w1",
        "attempt": 2,
    }


async def test_job_session_and_stage_are_on_each_line_of_the_block_and_of_its_tasks(
    stream: io.StringIO,
) -> None:
    configure_logging("json", stream=stream)

    async def deeper() -> None:
        log.info("inside")
        logging.getLogger("some.library").warning("also %s", "inside")

    with log_context(job="j1", session="s1"), log_context(stage="rendering"):
        await spawn(deeper(), name="deeper")
    log.info("outside")
    inside, library, outside = lines(stream)
    for line in (inside, library):
        assert (line["job"], line["session"], line["stage"]) == ("j1", "s1", "rendering")
    assert library["event"] == "also inside"
    assert "job" not in outside


def test_two_jobs_side_by_side_keep_their_own_names(stream: io.StringIO) -> None:
    configure_logging("json", stream=stream)

    async def work(job: str) -> None:
        with log_context(job=job):
            for _ in range(3):
                await asyncio.sleep(0)
                log.info("step", mine=job)

    async def both() -> None:
        await asyncio.gather(work("a"), work("b"))

    asyncio.run(both())
    assert len(lines(stream)) == 6
    assert all(line["job"] == line["mine"] for line in lines(stream))


def _fail(text: str) -> None:
    raise ConnectionError(text)


def test_an_exception_is_logged_with_its_traceback_and_without_secrets(stream: io.StringIO) -> None:
    configure_logging("json", stream=stream)
    hide("hunter2-hunter2")
    try:
        _fail("GET /bothunter2-hunter2/getMe")
    except ConnectionError:
        log.exception("send_failed")
        logging.getLogger("aiohttp.client").exception("failed for %s", "hunter2-hunter2")
    for line in lines(stream):
        assert "Traceback" in str(line["exception"])
        assert "ConnectionError" in str(line["exception"])
    assert "hunter2" not in stream.getvalue()


def test_levels_below_the_set_one_are_not_printed(stream: io.StringIO) -> None:
    configure_logging("json", "warning", stream)
    log.info("quiet")
    log.warning("loud")
    assert [line["event"] for line in lines(stream)] == ["loud"]


def test_libraries_that_print_queries_do_not_even_at_debug(stream: io.StringIO) -> None:
    configure_logging("json", "debug", stream)
    for name in ("aiohttp.access", "aiosqlite", "tortoise.db_client"):
        logging.getLogger(name).info("SELECT secret")
    assert lines(stream) == []


def test_configuring_again_replaces_the_old_stream(stream: io.StringIO) -> None:
    configure_logging("json", stream=stream)
    second = io.StringIO()
    configure_logging("json", stream=second)
    log.info("once")
    assert stream.getvalue() == ""
    assert len(lines(second)) == 1


def test_for_people_a_value_cannot_paint_or_begin_a_second_line(stream: io.StringIO) -> None:
    configure_logging("console", stream=stream)
    log.info("message_received", name="a\x1b[2J\n2026-01-01 [error] forged\r\x9b")
    assert stream.getvalue().count("\n") == 1
    assert not {"\x1b", "\r", "\x9b"} & set(stream.getvalue())
    assert "message_received" in stream.getvalue()


def test_json_is_chosen_where_nobody_watches(stream: io.StringIO) -> None:
    configure_logging("auto", stream=stream)
    log.info("started")
    assert lines(stream)


async def test_a_task_that_fails_is_seen(stream: io.StringIO) -> None:
    configure_logging("json", stream=stream)

    async def fail() -> None:
        raise LookupError("lost")

    labels = {"task": "reaper"}
    before = REGISTRY.get_sample_value("botcore_task_failures_total", labels) or 0
    task = spawn(fail(), name="reaper:videos")
    await asyncio.wait({task})
    await asyncio.sleep(0)
    (line,) = lines(stream)
    assert (line["event"], line["task"], line["level"]) == ("task_failed", "reaper:videos", "error")
    assert "LookupError: lost" in str(line["exception"])
    assert REGISTRY.get_sample_value("botcore_task_failures_total", labels) == before + 1


async def test_a_cancelled_task_is_no_failure(stream: io.StringIO) -> None:
    configure_logging("json", stream=stream)
    task = spawn(asyncio.sleep(60), name="sleeper")
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    await asyncio.sleep(0)
    assert lines(stream) == []


async def test_what_asyncio_would_print_is_logged(stream: io.StringIO) -> None:
    configure_logging("json", stream=stream)
    loop = asyncio.get_running_loop()
    before = loop.get_exception_handler()
    watch_loop()
    try:
        loop.call_soon(lambda: 1 / 0)
        await asyncio.sleep(0)
        await asyncio.sleep(0)
    finally:
        loop.set_exception_handler(before)
    (line,) = lines(stream)
    assert line["event"] == "loop_failed"
    assert "ZeroDivisionError" in str(line["exception"])


def test_before_it_is_configured_a_warning_goes_to_stderr_and_holds_no_secret() -> None:
    code = (
        "from botcore.telemetry import get_logger, hide; hide('hunter2-hunter2');"
        "get_logger('early').warning('too_early', token='x', value='hunter2-hunter2')"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == ""
    assert "too_early" in done.stderr
    assert "hunter2" not in done.stderr


def test_the_metrics_are_text_for_prometheus() -> None:
    body, content_type = exposition()
    assert content_type.startswith("text/plain")
    assert b"# HELP botcore_jobs_finished_total Jobs that reached a final status." in body
    assert b"process_resident_memory_bytes" in body


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("botcore.telemetry", ("structlog", "prometheus_client", "rich")),
        ("botcore", ("pydantic", "aiohttp", "pluggy")),
        ("botcore.testing.pytest_plugin", ("pydantic", "aiohttp", "pluggy.hooks", "botcore.hooks")),
        ("botcore.plugins", ("structlog", "aiohttp", "tortoise", "rich", "typer", "prometheus_client")),
    ],
)
def test_importing_it_does_not_import_what_only_some_commands_need(
    module: str, unwanted: tuple[str, ...]
) -> None:
    code = f"import sys, {module}; print([name for name in {unwanted!r} if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
