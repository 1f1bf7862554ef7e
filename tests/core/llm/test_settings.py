"""What can be set of a language model is checked when it is read."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import SecretStr, ValidationError

from botcore.llm import ModelSettings, ServiceSettings

GOOD: dict[str, Any] = {"base_url": "http://127.0.0.1:11434/v1/", "model": "m"}


def test_an_address_loses_its_last_stroke_and_has_a_host() -> None:
    settings = ModelSettings(**GOOD)
    assert (settings.address(), settings.host()) == ("http://127.0.0.1:11434/v1", "127.0.0.1:11434")


@pytest.mark.parametrize(
    "wrong",
    [
        {"base_url": "models.example/v1"},
        {"base_url": "http://user:secret@models.example/v1"},
        {"base_url": "http://models.example/v1?key=secret"},
        {"base_url": "ftp://models.example"},
        {"model": ""},
        {"model": "m\n"},
        {"key": "sk-1\n"},
        {"key": "sk 1"},
        {"key": "sk-ü"},
        {"temperature": 3.0},
        {"max_tokens": 0},
        {"timeout": 0.0},
        {"stall_timeout": -1.0},
        {"price_in": -1.0},
        {"price_out": float("inf")},
    ],
    ids=str,
)
def test_what_cannot_work_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        ModelSettings(**GOOD | wrong)


def test_a_service_needs_its_key_and_says_so() -> None:
    assert ServiceSettings(**GOOD).missing() == "key"
    assert ServiceSettings(**GOOD, key=SecretStr("sk-1")).missing() == ""
    assert ModelSettings(**GOOD).missing() == "", "a server at home may want none"
