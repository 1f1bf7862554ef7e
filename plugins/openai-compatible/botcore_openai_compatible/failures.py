"""From what the SDK raises to botcore's errors."""

from __future__ import annotations

import json
from collections.abc import Iterator

import openai

from botcore.errors import ProviderError, ProviderUnavailable
from botcore.llm import failure_of_status, retry_after
from botcore_openai_compatible.service import ChatSettings


def as_provider_error(error: Exception, settings: ChatSettings) -> ProviderError:
    """The error that tells the chain what to do about ``error``."""
    host = settings.host()
    match error:
        case openai.APIStatusError():
            said = list(_texts(error.body))
            return failure_of_status(
                error.status_code,
                settings,
                code=_code(error.body),
                words=" ".join(said)[:2000],
                wait=retry_after(error.response.headers),
            )
        case openai.APIConnectionError():
            return ProviderUnavailable(f"{host}: the connection failed or broke ({_cause(error)})")
        case openai.APIError():  # told in mid-stream, where there is no status any more
            code = _code(error.body)
            status = int(code) if code.isdecimal() and 400 <= int(code) < 600 else 503
            words = " ".join(_texts(error.body))[:2000]
            return failure_of_status(status, settings, code="" if code.isdecimal() else code, words=words)
        case json.JSONDecodeError() | UnicodeDecodeError():
            return ProviderUnavailable(f"{host} sent JSON that is broken")
        case _:
            return ProviderError(f"{host}: {type(error).__name__} while the answer was read")


def _cause(error: BaseException) -> str:
    return type(error.__cause__ or error).__name__


def _code(body: object) -> str:
    """The short word or number that names the error, wherever the server puts it."""
    for place in _tables(body):
        for key in ("code", "type", "status"):
            value = place.get(key)
            if isinstance(value, str | int) and value:
                return str(value)
    return ""


def _tables(body: object) -> Iterator[dict[str, object]]:
    """The tables of an error: itself, ``error`` in it, and the first of Cloudflare's ``errors``."""
    if isinstance(body, list):
        body = body[0] if body else None
    if isinstance(body, dict):
        yield body
        yield from _tables(body.get("error"))
        yield from _tables(body.get("errors"))


def _texts(body: object, depth: int = 0) -> Iterator[str]:
    """Every text in an error's body."""
    if isinstance(body, str):
        yield body
    elif depth < 4 and isinstance(body, dict | list):
        for inner in body.values() if isinstance(body, dict) else body:
            yield from _texts(inner, depth + 1)
