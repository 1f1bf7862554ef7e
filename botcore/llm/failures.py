"""From the answers of a server that says no to botcore's errors.

Nothing that a server wrote in free words goes into an error: it may repeat the key, or the student's text. A
code does, when it looks like one.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from botcore.errors import ProviderError, ProviderMisconfigured, ProviderUnavailable
from botcore.llm.settings import ModelSettings

_QUOTA = re.compile(
    r"insufficient.?(quota|balance|credit|funds)|exceeded your (current|monthly)|billing|per_?day"
    r"|daily (free )?(limit|allocation)|credits? (are )?(depleted|exhausted)|payment",
    re.IGNORECASE,
)
_TOO_LONG = re.compile(
    r"context.?(length|window)|maximum context|too many tokens|prompt is too long|token count"
    r"|reduce the length|input.{0,20}too long|request too large",
    re.IGNORECASE,
)
_BAD_KEY = re.compile(r"api.?key.{0,10}(not valid|invalid|expired)|invalid.?api.?key", re.IGNORECASE)
_CODE = re.compile(r"[A-Za-z0-9_.:-]{1,64}")
_AGAIN = frozenset({408, 409, 425, 429, 498})


def failure_of_status(
    status: int, settings: ModelSettings, *, code: str = "", words: str = "", wait: float | None = None
) -> ProviderError:
    """The error for an HTTP status.

    :param code: the server's own word for it; named in the error when it is a word.
    :param words: the server's sentence; read here, and shown to nobody.
    :param wait: seconds after which the server asks to be tried again.
    """
    where, said = settings.host(), f"{status} {_shown(code, settings)}".rstrip()
    everything = f"{code} {words}"
    if status in {401, 403} or (status == 400 and _BAD_KEY.search(everything)):
        return ProviderMisconfigured(f"{where} does not take the key ({said})")
    if status == 402 or ((status == 429 or status >= 500) and _QUOTA.search(everything)):
        return ProviderMisconfigured(f"{where}: quota or credit is used up ({said})")
    if status == 404:
        return ProviderMisconfigured(
            f"{where} has no model “{settings.model}”, or base_url is wrong ({said})"
        )
    if status == 413 or (status in {400, 422} and _TOO_LONG.search(everything)):
        return ProviderError(f"{where}: the request is longer than {settings.model} takes ({said})")
    if status in _AGAIN or status >= 500:
        return ProviderUnavailable(f"{where} answered {said}", retry_after=wait)
    return ProviderError(f"{where} answered {said}")


def _shown(code: str, settings: ModelSettings) -> str:
    key = settings.key.get_secret_value()
    return code if _CODE.fullmatch(code) and not (key and key in code) else ""


def retry_after(headers: Mapping[str, str], now: datetime | None = None) -> float | None:
    """Seconds that ``retry-after-ms`` or ``Retry-After`` (seconds or a date) ask for; None where they ask for
    nothing, or for nonsense."""
    try:
        if (milliseconds := headers.get("retry-after-ms")) is not None:
            return _bounded(float(milliseconds) / 1000)
        value = headers.get("retry-after")
        return None if value is None else _bounded(float(value))
    except ValueError:
        pass
    try:
        then = parsedate_to_datetime(headers.get("retry-after", ""))
    except ValueError:
        return None
    if then.tzinfo is None:
        then = then.replace(tzinfo=UTC)
    return max(0.0, (then - (now or datetime.now(UTC))).total_seconds())


def _bounded(seconds: float) -> float | None:
    return seconds if math.isfinite(seconds) and seconds >= 0 else None
