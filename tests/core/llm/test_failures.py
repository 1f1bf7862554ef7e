"""What a server's no means."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.errors import Handling, ProviderError
from botcore.llm import ModelSettings, failure_of_status, retry_after

KEY = "sk-canary-0123456789"
SETTINGS = ModelSettings(base_url="http://models.example/v1", model="m", key=KEY)
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("status", "words", "handling"),
    [
        (400, "", Handling.FAIL_OVER),
        (400, "API key not valid. Please pass a valid API key.", Handling.FAIL_OVER),
        (401, "", Handling.FAIL_OVER),
        (408, "", Handling.RETRY),
        (422, "", Handling.FAIL_OVER),
        (429, "Rate limit reached for requests", Handling.RETRY),
        (429, "Quota exceeded for metric requests, limit: 10, quotaId: RequestsPerDay", Handling.FAIL_OVER),
        (429, "Quota exceeded for metric requests, quotaId: RequestsPerMinute", Handling.RETRY),
        (498, "", Handling.RETRY),
        (500, "", Handling.RETRY),
        (529, "overloaded", Handling.RETRY),
        (302, "", Handling.FAIL_OVER),
    ],
)
def test_the_status_decides_and_the_words_help(status: int, words: str, handling: Handling) -> None:
    assert failure_of_status(status, SETTINGS, words=words).handling is handling


@given(st.integers(300, 599), st.text(), st.text())
def test_no_words_of_a_server_reach_the_operator(status: int, code: str, words: str) -> None:
    error = failure_of_status(status, SETTINGS, code=f"{code}{KEY}", words=f"{words}{KEY}")
    assert isinstance(error, ProviderError)
    assert KEY not in str(error)
    assert "\n" not in error.detail


def test_a_code_that_is_a_word_is_shown() -> None:
    assert "model_not_found" in failure_of_status(404, SETTINGS, code="model_not_found").detail
    assert "please" not in failure_of_status(404, SETTINGS, code="oh please no").detail


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "0"}, 0.0),
        ({"retry-after": "2.5"}, 2.5),
        ({"retry-after": "-1"}, None),
        ({"retry-after": "nan"}, None),
        ({"retry-after": "inf"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "tomorrow"}, None),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30 GMT"}, 30.0),
        ({"retry-after": "Sun, 22 Nov 2026 11:00:00 GMT"}, 0.0),
        ({"retry-after": "Sun, 22 Nov 2026 12:00:30"}, 30.0),
        ({"retry-after-ms": "1500", "retry-after": "9"}, 1.5),
    ],
)
def test_the_wait_is_read_in_seconds_or_as_a_date(headers: dict[str, str], seconds: float | None) -> None:
    assert retry_after(headers, NOW) == seconds


@given(st.text())
def test_nonsense_is_no_wait(value: str) -> None:
    seconds = retry_after({"retry-after": value}, NOW)
    assert seconds is None or seconds >= 0
