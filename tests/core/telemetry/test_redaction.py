"""Whatever is logged, in whatever form: no secret and no message's text is in the line."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, MutableMapping
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.telemetry import redaction
from botcore.telemetry.redaction import HIDDEN, SHORTEST, clean_text, hide, redact
from botcore.testing.samples import make_message, make_request, make_source

WORDS = st.text(st.characters(exclude_categories=["Cs"]), max_size=30)
SECRETS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=SHORTEST, max_size=40)
PLAIN = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)


@pytest.fixture(autouse=True)
def nothing_hidden(monkeypatch: pytest.MonkeyPatch) -> None:
    forget()


def forget() -> None:
    redaction._hidden.clear()
    redaction._hidden_pattern = None


def line(**values: Any) -> str:
    """The event as it would be printed."""
    event: MutableMapping[str, Any] = {"event": "something_happened", **values}
    return json.dumps(redact(None, "info", event), ensure_ascii=False)


def forms(secret: str) -> Iterator[str]:
    """How a secret may stand in other people's words."""
    yield secret
    yield repr(secret)
    yield repr(f"'{secret}\"")
    yield json.dumps(secret)
    yield quote(secret)
    yield quote(secret, safe="")
    yield quote_plus(secret)
    yield f"GET /bot{secret}/getMe failed"
    yield f"{secret}{secret}"


class Opaque:
    def __init__(self, secret: str) -> None:
        self.secret = secret

    def __repr__(self) -> str:
        return f"Opaque({self.secret})"

    __str__ = __repr__


class Deployed(StrEnum):
    HERE = "here"


@given(SECRETS, WORDS, WORDS)
def test_a_configured_secret_is_never_printed(secret: str, before: str, after: str) -> None:
    forget()
    hide(secret)
    for form in forms(secret):
        text = before + form + after
        for value in (
            text,
            [text],
            {"a": {"b": (text,)}},
            {text: 1},
            Path(text.replace("\0", "")),
            KeyError(text),
        ):
            printed = json.loads(line(value=value))
            for leaf in leaves(printed):
                for form_of_it in (secret, secret.replace("'", "\\'")):
                    assert form_of_it not in leaf.replace(HIDDEN, "\0")


def leaves(value: object) -> Iterator[str]:
    match value:
        case dict():
            for key, inner in value.items():
                yield key
                yield from leaves(inner)
        case list():
            for inner in value:
                yield from leaves(inner)
        case _:
            yield str(value)


@given(st.integers(min_value=10**SHORTEST))
def test_a_secret_of_digits_is_not_printed_as_a_number(pin: int) -> None:
    forget()
    hide(str(pin))
    assert str(pin) not in line(value=pin, many=[pin])


@given(SECRETS)
def test_an_object_is_named_and_never_printed(secret: str) -> None:
    assert json.loads(line(value=Opaque(secret)))["value"] == "Opaque"


@given(st.dictionaries(st.text(max_size=12), PLAIN, max_size=5))
def test_any_value_becomes_one_line_of_json(values: dict[str, Any]) -> None:
    event: MutableMapping[str, Any] = dict(values)
    text = json.dumps(redact(None, "info", event), allow_nan=False)
    assert "\n" not in text


@given(
    st.sampled_from(["token", "api_key", "Authorization", "bot_token", "x-signature", "PASSWORD"]), SECRETS
)
def test_a_key_that_says_secret_hides_its_value(key: str, secret: str) -> None:
    printed = json.loads(line(headers={key: secret, "inner": {key: [secret]}}))
    assert printed["headers"] == {key: HIDDEN, "inner": {key: HIDDEN}}


def test_counts_are_shown_whatever_their_name() -> None:
    assert json.loads(line(input_tokens=12, token=None))["input_tokens"] == 12


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer abcdefgh12345678",
        "authorization: basic dXNlcjpwYXNzd29yZA==",
        "postgres://user:abcdefgh12345678@db/name",
        "GET /api?token=abcdefgh12345678&x=1",
        "https://host/access?t=abcdefgh12345678",
        "https://api.telegram.org/bot123456789:abcdefgh12345678abcdefgh12345678abc/getMe",
        "sk-abcdefgh12345678abcdefgh12345678",
        "AIzaabcdefgh12345678abcdefgh12345678abc",
        "botcore_abcdef12345678abcdef12345678",
        "eyJhbGciOiJIUzI1.eyJabcdefgh12345678.c2lnbmF0dXJl",
    ],
)
def test_what_looks_like_a_secret_is_hidden_though_nobody_named_it(text: str) -> None:
    assert "abcdefgh12345678" not in clean_text(text)
    assert HIDDEN in clean_text(text)


def test_the_rest_of_the_text_stays() -> None:
    assert clean_text("GET /a?token=abcdef&page=2 took 3 s") == f"GET /a?token={HIDDEN}&page=2 took 3 s"
    assert (
        clean_text("the solver took 12:30 minutes on job 4f8z") == "the solver took 12:30 minutes on job 4f8z"
    )


@given(WORDS)
def test_the_text_of_a_message_is_never_printed(words: str) -> None:
    text = f"{words} solve my private problem"
    for value in (make_message(text), make_request(text), make_source(text), [make_message(text)]):
        assert "private" not in line(
            value=value, text=text, problem=text, prompt=text, details={"body": text}
        )


def test_plain_things_are_readable() -> None:
    printed = json.loads(line(where=Path("/srv/a"), what=Deployed.HERE, job=Named("j1"), many=range(3)))
    assert printed == {
        "event": "something_happened",
        "where": "/srv/a",
        "what": "here",
        "job": "Named(j1)",
        "many": "range",
    }


class Named:
    def __init__(self, name: str) -> None:
        self.id = name


def test_short_values_are_not_taken_for_secrets() -> None:
    hide("abc")
    assert clean_text("abc") == "abc"


def test_structlogs_own_keys_pass() -> None:
    record = logging.makeLogRecord({})
    assert redact(None, "info", {"_record": record, "_from_structlog": True})["_record"] is record
