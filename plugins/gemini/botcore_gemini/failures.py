"""From what the SDK raises to botcore's errors."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator

import httpx2
from google.genai import errors
from pydantic import ValidationError

from botcore.errors import ProviderError, ProviderUnavailable
from botcore.llm import failure_of_status, retry_after
from botcore_gemini.plugin import GeminiConfig

_DELAY = re.compile(r"(\d+(?:\.\d+)?)s")


def as_provider_error(error: Exception, config: GeminiConfig) -> ProviderError:
    """The error that tells the chain what to do about ``error``."""
    host = config.host()
    match error:
        case errors.APIError():
            details = list(_details(error.details))
            status: object = error.code  # what the server says it is
            return failure_of_status(
                status if isinstance(status, int) else 503,
                config,
                code=error.status if isinstance(error.status, str) else "",
                words=json.dumps(error.details, default=str)[:4000],
                wait=_wait(error, details),
            )
        case httpx2.HTTPError():
            return ProviderUnavailable(f"{host}: the connection failed or broke ({type(error).__name__})")
        case errors.UnknownApiResponseError() | ValidationError() | json.JSONDecodeError():
            return ProviderUnavailable(f"{host} sent JSON that is broken")
        case _:
            return ProviderError(f"{host}: {type(error).__name__} while the answer was read")


def _wait(error: errors.APIError, details: list[dict[str, object]]) -> float | None:
    """Seconds that the header asks for, or Google's RetryInfo in the body."""
    headers = error.response.headers if isinstance(error.response, httpx2.Response) else {}
    if (seconds := retry_after(headers)) is not None:
        return seconds
    named = (_DELAY.fullmatch(str(detail.get("retryDelay", ""))) for detail in details)
    return next((float(found[1]) for found in named if found), None)


def _details(body: object) -> Iterator[dict[str, object]]:
    inner = body.get("error") if isinstance(body, dict) else None
    details = inner.get("details") if isinstance(inner, dict) else None
    for detail in details if isinstance(details, list) else []:
        if isinstance(detail, dict):
            yield detail
