"""What a service does wrong becomes the error that tells the chain what to do, and never shows the key."""

from __future__ import annotations

import logging
import traceback
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from botcore.errors import (
    BotcoreError,
    Handling,
    ProviderError,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderTooSlow,
    ProviderUnavailable,
)
from botcore.testing.model_server import KEY, Breaks, Fails, ModelServer, Reply, Says, Sends, Then
from tests.plugins.providers.models import PRICES, Case

LONG = "word " * 40
SECRET_WORDS = "the student's own words"
ECHO = f"Bad key {KEY} in “{SECRET_WORDS}”."

AGAIN: dict[str, Reply] = {
    "429": Fails(429, "rate_limit_exceeded"),
    "500": Fails(500, "server_error", ECHO),
    "502 in HTML": Sends(b"<html>Bad gateway</html>", "text/html", 502),
    "503": Fails(503, "overloaded"),
    "disconnect in mid-stream": Says(text=LONG, then=Then.DISCONNECT),
    "a stream that ends too early": Says(text=LONG, then=Then.TRUNCATE),
    "an error in mid-stream": Breaks("server_error", ECHO),
    "an empty stream": Sends(b""),
    "empty choices": Sends(b'data: {"choices": [], "candidates": []}\n\n'),
    "broken JSON in the stream": Sends(b'data: {"choices": [{"delta\n\n'),
    "broken JSON in one piece": Sends(b'{"choices": [', "application/json"),
}
"""May work later."""

NEVER_HERE: dict[str, Reply] = {
    "401": Fails(401, "invalid_api_key", ECHO),
    "403": Fails(403, "forbidden", ECHO),
    "404": Fails(404, "model_not_found", ECHO),
    "402": Fails(402, "insufficient_balance"),
    "quota used up": Fails(429, "insufficient_quota", "You exceeded your current quota, check your billing."),
    "daily allocation used up": Fails(429, "quota", "You have used up your daily free allocation."),
    "context too long": Fails(400, "context_length_exceeded", "The maximum context length is 8192 tokens."),
    "413": Fails(413, "request_too_large", "Request too large."),
    "400": Fails(400, "invalid_request", ECHO),
    "cut off": Says(text=LONG, finish="length"),
    "an unknown end": Says(text=LONG, finish="tool_calls"),
    "empty": Says(text=""),
    "white space": Says(text=" \n"),
    "200 in HTML": Sends(b"<html>Welcome</html>", "text/html"),
    "100 KB and more": Says(text="word " * 30_000, pieces=100),
    "a line without an end": Sends(b"x" * 65536, repeat=100),
    "an endless error": Sends(b"x" * 65536, "text/html", 500, repeat=50),
}
"""The same question will fail again here."""

TO_BE_MENDED = {"401", "402", "403", "404", "quota used up", "daily allocation used up"}
"""... and every other question, until the operator has mended something."""

LAST_WORD: dict[str, Reply] = {
    "filtered": Says(text="I", finish="content_filter"),
    "refused": Says(text="", refusal="I cannot help with that."),
}
"""Nobody else is asked."""


async def outcomes(
    case: Case, server: ModelServer, faults: dict[str, Reply]
) -> dict[str, BotcoreError | None]:
    """What each fault became; None for an answer."""
    became: dict[str, BotcoreError | None] = {}
    async with case.open(server, max_tokens=2000, **PRICES) as ask:
        for name, fault in faults.items():
            server.say(fault)
            try:
                await ask(SECRET_WORDS)
                became[name] = None
            except BotcoreError as error:
                became[name] = error
        server.say(Says(text="it goes on"))
        assert (await ask()).source.code == "it goes on", "no fault spoils the client"
    return became


async def test_what_may_work_later_is_to_be_tried_again(case: Case, server: ModelServer) -> None:
    became = await outcomes(case, server, AGAIN)
    assert {name: type(error) for name, error in became.items()} == dict.fromkeys(AGAIN, ProviderUnavailable)


async def test_what_will_fail_again_is_left_to_the_next_provider(case: Case, server: ModelServer) -> None:
    became = await outcomes(case, server, NEVER_HERE)
    assert {name: type(error) for name, error in became.items()} == {
        name: ProviderMisconfigured if name in TO_BE_MENDED else ProviderError for name in NEVER_HERE
    }
    assert {error.handling for error in became.values() if error} == {Handling.FAIL_OVER}


async def test_a_refusal_is_the_last_word(case: Case, server: ModelServer) -> None:
    became = await outcomes(case, server, LAST_WORD)
    assert {name: type(error) for name, error in became.items()} == dict.fromkeys(LAST_WORD, ProviderRefused)


async def test_the_operator_learns_what_to_mend(case: Case, server: ModelServer) -> None:
    became = await outcomes(case, server, NEVER_HERE)
    details = {name: error.detail for name, error in became.items() if error}
    for name, words in {
        "401": "does not take the key",
        "404": "has no model “test-model”, or base_url is wrong",
        "402": "quota or credit is used up",
        "quota used up": "quota or credit is used up",
        "context too long": "longer than test-model takes",
        "cut off": "max_tokens is 2000",
        "200 in HTML": "is base_url right?",
        "100 KB and more": "longer than 100000 characters",
    }.items():
        assert words in details[name]


async def test_an_answer_that_is_of_no_use_has_cost_something(case: Case, server: ModelServer) -> None:
    paid: dict[str, Reply] = {
        "cut": Says(text="x", finish="length", asked=500, answered=100),
        "filtered": Says(text="x", finish="content_filter", asked=500, answered=100),
        "empty": Says(text=" ", asked=500, answered=100),
    }
    for name, error in (await outcomes(case, server, paid)).items():
        assert isinstance(error, ProviderError)
        assert (error.tokens, error.cost) == (600, pytest.approx((500 * 2 + 100 * 10) / 1e6)), name


async def test_the_wait_that_a_service_asks_for_is_kept(case: Case, server: ModelServer) -> None:
    date = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    waits: dict[str, Reply] = {
        "seconds": Fails(429, headers={"Retry-After": "7"}),
        "date": Fails(503, headers={"Retry-After": date}),
        "none": Fails(429),
        "nonsense": Fails(429, headers={"Retry-After": "soon"}),
    }
    became = {
        name: error and error.retry_after for name, error in (await outcomes(case, server, waits)).items()
    }
    assert became["date"] == pytest.approx(90, abs=30)
    assert {name: became[name] for name in ("seconds", "none", "nonsense")} == {
        "seconds": 7.0,
        "none": None,
        "nonsense": None,
    }


async def test_silence_is_noticed(case: Case, server: ModelServer) -> None:
    server.say(Says(text=LONG, wait=60.0))
    async with case.open(server, first_timeout=0.4) as ask:
        with pytest.raises(ProviderTooSlow, match=r"silent for 0\.4 s at the start"):
            await ask()
    server.say(Says(text=LONG, then=Then.STALL))
    async with case.open(server, stall_timeout=0.2) as ask:
        with pytest.raises(ProviderTooSlow, match=r"silent for 0\.2 s in mid-answer"):
            await ask()


async def test_neither_the_deadline_nor_the_own_limit_is_passed(case: Case, server: ModelServer) -> None:
    server.say(Says(text=LONG, then=Then.STALL))
    async with case.open(server) as ask:
        with pytest.raises(ProviderTooSlow, match=r"no whole answer in 0\.3 s"):
            await ask(deadline=0.3)
    async with case.open(server, timeout=0.2) as ask:
        with pytest.raises(ProviderTooSlow, match=r"no whole answer in 0\.2 s"):
            await ask()


async def test_a_server_that_is_not_there_may_come_back(case: Case) -> None:
    async with ModelServer() as server:
        gone = server
    async with case.open(gone) as ask:
        with pytest.raises(ProviderUnavailable, match="connection"):
            await ask()


async def test_a_wrong_key_and_a_wrong_model_are_told_apart(case: Case, server: ModelServer) -> None:
    async with case.open(server, key="sk-of-yesterday") as ask:
        with pytest.raises(ProviderError, match="does not take the key") as caught:
            await ask()
        assert "sk-of-yesterday" not in caught.value.detail
    async with case.open(server, model="gpt-0") as ask:
        with pytest.raises(ProviderError, match="has no model “gpt-0”"):
            await ask()


async def test_neither_the_key_nor_anybodys_words_reach_an_error_or_a_log(
    case: Case, server: ModelServer, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    became = await outcomes(case, server, AGAIN | NEVER_HERE | LAST_WORD)
    for name, error in became.items():
        assert error is not None
        shown = "".join(traceback.format_exception(error)) + error.detail + repr(error.params) + error.message
        assert KEY not in shown, name
        assert SECRET_WORDS not in shown, name
    assert KEY not in caplog.text
    assert KEY in str(server.asked), "or nothing was tested"
