"""How long a model's answer is waited for."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from botcore.errors import ProviderTooSlow
from botcore.llm.settings import ModelSettings


@asynccontextmanager
async def patience(settings: ModelSettings, deadline: float) -> AsyncIterator[Callable[[], None]]:
    """Around one call, connecting included; gives a function to call whenever a piece of the answer came.

    Waits ``first_timeout`` for the first piece, ``stall_timeout`` for each further one, and in all
    ``timeout``, but never longer than ``deadline`` seconds. Raises :class:`ProviderTooSlow` when that is
    over: the same wait again would use up the time in which another provider answers.
    """
    loop = asyncio.get_running_loop()
    total = min(settings.timeout, deadline)
    ends = loop.time() + total
    silence, silent_since = settings.first_timeout, "at the start"

    def heard() -> None:
        nonlocal silence, silent_since
        silence, silent_since = settings.stall_timeout, "in mid-answer"
        limit.reschedule(min(ends, loop.time() + silence))

    limit = asyncio.timeout_at(min(ends, loop.time() + silence))
    try:
        async with limit:
            yield heard
    except TimeoutError as error:
        if not limit.expired():
            raise
        over = loop.time() >= ends
        detail = f"no whole answer in {total:.3g} s" if over else f"silent for {silence:.3g} s {silent_since}"
        raise ProviderTooSlow(f"{settings.host()}: {detail}") from error
