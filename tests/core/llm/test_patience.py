"""How long an answer is waited for."""

from __future__ import annotations

import asyncio

import pytest

from botcore.errors import Handling, ProviderTooSlow
from botcore.llm import ModelSettings, patience

SETTINGS = ModelSettings(
    base_url="http://models.example/v1", model="m", timeout=9.0, first_timeout=0.05, stall_timeout=0.05
)


async def test_a_call_that_ends_in_time_is_left_alone() -> None:
    async with patience(SETTINGS, 5.0) as heard:
        heard()


async def test_each_piece_buys_new_time() -> None:
    async with patience(SETTINGS.model_copy(update={"stall_timeout": 5.0}), 20.0) as heard:
        heard()
        await asyncio.sleep(0.1)  # longer than the first piece was waited for


@pytest.mark.parametrize(
    ("settings", "deadline", "hear", "words"),
    [
        ({}, 5.0, False, "models.example: silent for 0.05 s at the start"),
        ({}, 5.0, True, "models.example: silent for 0.05 s in mid-answer"),
        ({"stall_timeout": 5.0}, 0.02, True, "models.example: no whole answer in 0.02 s"),
        ({"stall_timeout": 5.0, "timeout": 0.03}, 5.0, True, "models.example: no whole answer in 0.03 s"),
        ({}, 0.0, False, "models.example: no whole answer in 0 s"),
        ({}, -1.0, False, "models.example: no whole answer in -1 s"),
    ],
)
async def test_the_error_says_what_was_waited_for(
    settings: dict[str, float], deadline: float, hear: bool, words: str
) -> None:
    async def call() -> None:
        async with patience(SETTINGS.model_copy(update=settings), deadline) as heard:
            if hear:
                heard()
            await asyncio.Event().wait()

    with pytest.raises(ProviderTooSlow) as caught:
        await call()
    assert caught.value.detail == words
    assert caught.value.handling is Handling.FAIL_OVER


async def test_somebody_elses_timeout_stays_theirs() -> None:
    with pytest.raises(TimeoutError):
        async with patience(SETTINGS, 5.0):
            raise TimeoutError


async def test_cancelling_stays_cancelling() -> None:
    async def call() -> None:
        async with patience(SETTINGS.model_copy(update={"first_timeout": 5.0}), 5.0):
            await asyncio.Event().wait()

    task = asyncio.ensure_future(call())
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
