"""Retries machinery that may come back: a renderer that restarts, a store that does not answer."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable
from typing import TypeVar

from botcore.errors import BotcoreError, Handling
from botcore.telemetry import get_logger

_log = get_logger(__name__)

T = TypeVar("T")

_TRIES = 6
_FIRST_PAUSE = 0.5
_LONGEST_PAUSE = 15.0


async def persistently(call: Callable[[], Awaitable[T]], remaining: Callable[[], float]) -> T:
    """Call until it works, fails in a way that a retry cannot mend, or six tries are over.

    ``remaining`` gives the seconds that are left: no pause is longer than that.
    """
    tries = 1
    while True:
        try:
            return await call()
        except BotcoreError as error:
            pause = _pause(tries, error.retry_after)
            if error.handling is not Handling.RETRY or tries >= _TRIES or pause >= remaining():
                raise
            _log.warning("retrying", code=error.code, detail=error.detail, tries=tries, pause=round(pause, 2))
        await asyncio.sleep(pause)
        tries += 1


def _pause(tries: int, retry_after: float | None) -> float:
    if retry_after is not None:
        return retry_after
    spread = random.uniform(0.5, 1.5)  # noqa: S311  # spreads retries, no secret
    return min(_LONGEST_PAUSE, _FIRST_PAUSE * 2.0 ** (tries - 1)) * spread
