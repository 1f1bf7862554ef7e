"""Nothing secret and no message's text in a log line.

Plain values are shown; an object is named (``Job(4f…)``), never printed, because nobody knows what its repr
holds. A string loses the secrets that the configuration holds (:func:`hide`) and what looks like one.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, MutableMapping
from datetime import date
from enum import Enum
from math import isfinite
from pathlib import PurePath
from typing import Any
from urllib.parse import quote

HIDDEN = "[hidden]"
SHORTEST = 6
"""Characters; a shorter value would blank half of every line, and is no secret."""

_DEEPEST = 6
_LONGEST_INTEGER = 1024  # bits; far longer ones cannot be written in decimal at all
_STRUCTLOG_KEYS = frozenset({"_record", "_from_structlog"})  # taken out again by its formatter
_SECRET_KEY = re.compile(
    r"token|secret|passw|authorization|api_?key|cookie|credential|private_?key|signature", re.IGNORECASE
)
_PERSONAL_KEYS = frozenset({"text", "problem", "prompt", "caption", "body", "query", "source_code"})
_LOOKS_SECRET = re.compile(
    r"""
    (?P<bearer>\b(?:bearer|basic)\s+)[\w.~+/=-]{8,}            # an Authorization header
    | (?P<user>://)[^/\s:@]+:[^/\s@]+(?=@)                     # user:password in a URL
    | (?P<query>[?&](?:t|\w*(?:token|key|secret|signature))=)[^&\s"']+
    | (?<!\d)\d{6,12}:[\w-]{30,}                               # a Telegram bot token
    | \b(?:sk|gsk|hf|r8|ghp|xox[a-z])[-_][\w-]{16,}            # keys of AI providers and others
    | \bbotcore_[0-9a-f]{16,}                                  # our own tokens, cut off ones too
    | \bAIza[\w-]{30,}
    | \bAKIA[0-9A-Z]{16}\b
    | \beyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]*                      # a JSON web token
    """,
    re.IGNORECASE | re.VERBOSE,
)

_hidden: set[str] = set()
_hidden_pattern: re.Pattern[str] | None = None


def hide(secret: str) -> None:
    """Never show this value again, nor its forms in URLs, in JSON and in a repr."""
    global _hidden_pattern  # noqa: PLW0603  # one process, one set of secrets: a log line has no other context
    if len(secret) < SHORTEST:
        return
    in_single_quotes = repr(secret + "'\"")[1:-4]  # both quotes in a text make repr escape the single ones
    _hidden.update({secret, repr(secret)[1:-1], in_single_quotes, json.dumps(secret)[1:-1]})
    for quoted in (quote(secret, safe="", errors="replace"), quote(secret, errors="replace")):
        _hidden.update({quoted, quoted.replace("%20", "+")})
    longest_first = sorted(_hidden, key=len, reverse=True)
    _hidden_pattern = re.compile("|".join(map(re.escape, longest_first)))


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A structlog processor; afterwards the event holds only what JSON knows, and nothing secret."""
    return {
        clean_text(key): value if key in _STRUCTLOG_KEYS else _field(key, value)
        for key, value in event.items()
    }


def clean_text(text: str) -> str:
    """The text without hidden values and without what looks like a secret."""
    if _hidden_pattern is not None:
        text = _hidden_pattern.sub(HIDDEN, text)
    return _LOOKS_SECRET.sub(_keep_introduction, text)


def _keep_introduction(found: re.Match[str]) -> str:
    return (found["bearer"] or found["user"] or found["query"] or "") + HIDDEN


def _field(key: str, value: object, depth: int = 0) -> object:
    # a number is a count or a limit, whatever its name: input_tokens=12
    if _SECRET_KEY.search(key) and not isinstance(value, int | float | None):
        return HIDDEN
    if key in _PERSONAL_KEYS:
        return f"[{len(value)} characters]" if isinstance(value, str) else HIDDEN
    return _plain(value, depth)


def _plain(value: object, depth: int) -> object:
    match value:
        case Enum():
            return _plain(value.value, depth)
        case None | bool():
            return value
        case int() | float():
            return _number(value)
        case str():
            return clean_text(value)
        case bytes() | bytearray() | memoryview():
            return f"[{len(value)} bytes]"
        case PurePath():
            return clean_text(str(value))
        case date():
            return value.isoformat()
        case BaseException():
            return clean_text(f"{type(value).__name__}: {value}")
        case Mapping() if depth < _DEEPEST:
            return {clean_text(str(k)): _field(str(k), v, depth + 1) for k, v in value.items()}
        case list() | tuple() | set() | frozenset() if depth < _DEEPEST:
            return [_plain(each, depth + 1) for each in value]
        case _:
            name = getattr(value, "id", None)
            return type(value).__name__ + (f"({clean_text(name)})" if isinstance(name, str) else "")


def _number(value: float) -> object:
    if isinstance(value, int) and value.bit_length() > _LONGEST_INTEGER:
        return f"[integer of {value.bit_length()} bits]"
    text = repr(value)
    if not isfinite(value) or clean_text(text) != text:
        return clean_text(text)
    return value
