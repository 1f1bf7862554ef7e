"""What an error of the Graph API means for a message: of a call, or of a status that came later."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http import HTTPStatus

import httpx
from pywa.errors import WhatsAppError

from botcore.errors import (
    ConversationClosed,
    DeliveryError,
    DeliveryRejected,
    DeliveryUnavailable,
    DeliveryUncertain,
    MediaRejected,
)

THROTTLED_PAIR = 131056
THROTTLED = frozenset({4, 80007, 130429, 131048, 131064, 133016, THROTTLED_PAIR})
"""Too many calls: of the app, the account, the number, or to one person."""
_CLOSED = 131047
_PARAMETERS = frozenset({100, 131009})
_BAD_MEDIA = frozenset({131052, 131053})
_OPERATORS = frozenset({0, 3, 10, 190, 368, 131005, 131031, 131042, 131045, 133010})
"""Token, permissions, payment, registration: the messages wait until the operator has mended it."""
_PASSING = frozenset({1, 2, 131000, 131016, 131057, 133004, 135000})
"""The API's own troubles; it says so itself, so nothing was sent."""
_NOT_SENT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout, httpx.UnsupportedProtocol)
"""The request never left."""


class Throttled(DeliveryUnavailable):
    """``pair``: it is about one person, and others can be written to."""

    def __init__(self, detail: str, *, pair: bool, retry_after: float | None) -> None:
        super().__init__(detail, retry_after=retry_after)
        self.pair = pair


class ParameterRejected(DeliveryRejected):
    """Something in the request does not fit: perhaps the message that it replies to is not there."""


def error_of_code(code: int, detail: str, *, retry_after: float | None = None) -> DeliveryError:
    """The core's error for a code of Meta's."""
    if code in THROTTLED:
        return Throttled(detail, pair=code == THROTTLED_PAIR, retry_after=retry_after)
    if code == _CLOSED:
        return ConversationClosed(detail)
    if code in _BAD_MEDIA:
        return MediaRejected(detail)
    if code in _OPERATORS or 200 <= code < 300 or code in _PASSING:
        return DeliveryUnavailable(detail, retry_after=retry_after)
    return ParameterRejected(detail) if code in _PARAMETERS else DeliveryRejected(detail)


def delivery_error(error: WhatsAppError) -> DeliveryError:
    """The core's error for one of pywa's."""
    response = error.raw_response
    if response is None or error.code != response.status_code:
        pause = None if response is None else _seconds(response.headers)
        detail = f"{type(error).__name__} {error.code}: {_short(error.details or error.message)}"
        known = error_of_code(error.code, detail, retry_after=pause)
        if isinstance(known, DeliveryRejected) and response is not None and response.is_server_error:
            return DeliveryUnavailable(detail, retry_after=pause)
        return known
    # pywa puts the status where an answer has no code. Its text is left out: it may repeat the message.
    return error_of_status(response)


def error_of_status(response: httpx.Response) -> DeliveryError:
    """The core's error for an answer that says nothing but its status."""
    detail, pause = f"HTTP {response.status_code}", _seconds(response.headers)
    match response.status_code:
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Throttled(detail, pair=False, retry_after=pause)
        case HTTPStatus.UNAUTHORIZED | HTTPStatus.FORBIDDEN | HTTPStatus.SERVICE_UNAVAILABLE:
            return DeliveryUnavailable(detail, retry_after=pause)
        case status if status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            # A gateway answered; what stands behind it may have taken the message.
            return DeliveryUncertain(detail, retry_after=pause)
        case _:
            return DeliveryRejected(detail)


@contextmanager
def as_delivery_errors() -> Iterator[None]:
    """Raise the errors of pywa and httpx as the core's."""
    try:
        yield
    except WhatsAppError as error:
        raise delivery_error(error) from error
    except httpx.HTTPError as error:
        detail = type(error).__name__
        if isinstance(error, _NOT_SENT):
            raise DeliveryUnavailable(detail) from error
        raise DeliveryUncertain(detail) from error
    except (ValueError, LookupError, TypeError, AttributeError, httpx.InvalidURL) as error:
        # pywa reads the answer, and this one is no JSON or has another shape: it may have been a yes.
        raise DeliveryUncertain(f"an answer that cannot be read ({type(error).__name__})") from error


@contextmanager
def repeatable() -> Iterator[None]:
    """The same for calls that may be made twice: nobody sees an upload or a question."""
    try:
        with as_delivery_errors():
            yield
    except DeliveryUncertain as error:
        raise DeliveryUnavailable(error.detail, retry_after=error.retry_after) from error


def _seconds(headers: Mapping[str, str]) -> float | None:
    """What ``Retry-After`` says; nobody is told to wait for more than an hour."""
    given = headers.get("Retry-After", "")
    return float(min(int(given), 3600)) if given.isascii() and given.isdecimal() and len(given) < 9 else None


def _short(text: object) -> str:
    return str(text).partition("\n")[0][:300]
