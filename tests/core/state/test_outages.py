"""An outage is two lines of the log, however many ask meanwhile."""

from __future__ import annotations

import io
import json

import pytest

from botcore.errors import EnvironmentFault
from botcore.state import DatabaseFailed, open_state
from botcore.state.outages import AGAIN, DatabaseAway, Outage
from botcore.telemetry import get_logger
from tests.core.postgres import PASSWORD


def lines(warnings: io.StringIO) -> list[dict[str, object]]:
    return [json.loads(line) for line in warnings.getvalue().splitlines()]


class Time:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def test_it_is_told_when_it_begins_once_a_minute_and_when_it_ends(warnings: io.StringIO) -> None:
    time = Time()
    outage = Outage("PostgreSQL database x at db.example.org", now=time)
    outage.answered()
    for second in range(130):
        time.now = second
        for _ in range(20):
            outage.failed("refused")
    for _ in range(20):
        outage.answered()
    told = lines(warnings)
    assert [(line["event"], line.get("for_s"), line.get("after_s")) for line in told] == [
        ("database_away", 0, None),
        ("database_away", 60, None),
        ("database_away", 120, None),
        ("database_back", None, 129),
    ]
    assert told[0]["database"] == "PostgreSQL database x at db.example.org"
    assert told[0]["reason"] == "refused"


def test_a_server_that_is_half_there_does_not_fill_the_log(warnings: io.StringIO) -> None:
    time = Time()
    outage = Outage("it", now=time)
    for second in range(round(5 * AGAIN)):
        time.now = second
        outage.failed("too many connections")
        outage.answered()
    assert [line["event"] for line in lines(warnings)] == ["database_away", "database_back"] * 5


def test_whoever_meets_it_says_its_sentence_without_a_traceback(warnings: io.StringIO) -> None:
    error = Outage("it", now=Time()).failed("refused")
    log = get_logger("tests.outages")
    try:
        raise error
    except DatabaseAway:
        log.exception("handled", job="a")
    log.error("passed_on", exc_info=error)
    assert isinstance(error, DatabaseFailed)
    assert [line["error"] for line in lines(warnings)[1:]] == ["it is away (refused)"] * 2
    assert "Traceback" not in warnings.getvalue()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("postgres://ada:{}@no-such-host.invalid/x", "the database at no-such-host.invalid cannot be opened"),
        ("postgres://ada:{}@127.0.0.1:1/x", "the database at 127.0.0.1 cannot be opened"),
        ("postgres://ada:{}@[bad/x", "the database cannot be opened (its URL cannot be used"),
    ],
)
async def test_a_start_without_it_names_its_host_and_not_the_password(url: str, said: str) -> None:
    secret = PASSWORD.replace(" ", "%20")
    with pytest.raises(EnvironmentFault) as caught:
        async with open_state(url.format(secret)):
            pass
    assert said in caught.value.message
    assert secret not in caught.value.message
