"""Jobs that wait in the queue while no provider answers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from botcore.errors import BotcoreError, ProviderAbstained, ProviderError, ProviderTooSlow
from botcore.model import GenerationRequest, GenerationResult, Source, Status
from botcore.pipeline import PipelineSettings
from botcore.state import MAKING
from tests.core.runtime.world import (
    LANGUAGE,
    Generate,
    Script,
    World,
    open_world,
    status_message,
    write_source,
)
from tests.core.state.ground import SettableClock

WAITS = PipelineSettings(wait_hours=1.0)
SLOW = ProviderTooSlow("silent for 60 s")


def failing_first(*errors: BotcoreError) -> Generate:
    left = list(errors)

    async def answer(request: GenerationRequest) -> GenerationResult:
        if left:
            raise left.pop(0)
        return await write_source(request)

    return answer


def models(*answers: Generate) -> Sequence[tuple[str, bool, Generate]]:
    return [(f"model{number}", False, answer) for number, answer in enumerate(answers)]


async def again(world: World, clock: SettableClock) -> Status:
    """What becomes of the waiting job when its time has come."""
    assert await world.state.claims.claim("early", MAKING, "serve", lease=30) is None
    clock.tick(61)
    job = await world.state.claims.claim("w", MAKING, "serve", lease=30)
    assert job is not None
    assert job.waits_until is None
    await world.pipeline.run(job.id)
    return (await world.state.jobs.get(job.id)).status


async def test_a_job_waits_in_the_queue_and_is_written_once_somebody_answers(tmp_path: Path) -> None:
    clock = SettableClock()
    script = Script(models(failing_first(SLOW), failing_first(SLOW)))
    async with open_world(tmp_path, script, settings=WAITS, clock=clock) as world:
        job = await world.make()
        assert (job.status, job.failure, job.lost_workers) == (Status.QUEUED, None, 0)
        assert job.waits_until is not None
        assert "keep trying" in await status_message(world, job.id)
        assert await world.state.queue.waiting("serve") == []
        assert await again(world, clock) is Status.READY


async def test_a_job_waits_for_so_many_hours_and_then_fails(tmp_path: Path) -> None:
    clock = SettableClock()
    script = Script(models(failing_first(*[SLOW] * 99)))
    async with open_world(tmp_path, script, settings=WAITS, clock=clock) as world:
        job = await world.make()
        rounds = 0
        while (await world.state.jobs.get(job.id)).status is Status.QUEUED:
            clock.tick(601)
            claimed = await world.state.claims.claim(f"w{rounds}", MAKING, "serve", lease=30)
            assert claimed is not None
            await world.pipeline.run(job.id)
            rounds += 1
        job = await world.state.jobs.get(job.id)
        assert (job.status, job.failure and job.failure.code) == (Status.FAILED, "providers_exhausted")
        assert 3 <= rounds <= 6


async def test_a_wish_that_had_to_wait_begins_with_its_source(tmp_path: Path) -> None:
    clock = SettableClock()
    given: dict[str, Any] = {"source": Source(LANGUAGE, "draw a circle"), "wish": "make it red"}
    script = Script(models(failing_first(SLOW)))
    async with open_world(tmp_path, script, settings=WAITS, clock=clock) as world:
        await world.make(**given)
        assert await again(world, clock) is Status.READY
        assert world.providers["model0"].asked[1].change is not None


@pytest.mark.parametrize(
    ("errors", "settings"),
    [
        ([SLOW], PipelineSettings()),
        ([SLOW, ProviderError("no code in the answer")], WAITS),
        ([ProviderAbstained("kind", advice="Try an equation.")], WAITS),
    ],
    ids=["the operator says to fail", "somebody answered, and badly", "nobody is down"],
)
async def test_a_job_does_not_wait_where_that_is_no_help(
    tmp_path: Path, errors: list[BotcoreError], settings: PipelineSettings
) -> None:
    script = Script(models(*(failing_first(error) for error in errors)))
    async with open_world(tmp_path, script, settings=settings) as world:
        assert (await world.make()).status is Status.FAILED


async def test_a_waiting_job_can_be_cancelled(tmp_path: Path) -> None:
    async with open_world(tmp_path, Script(models(failing_first(SLOW))), settings=WAITS) as world:
        job = await world.make()
        cancelled = await world.control.cancel(job.id, session_id=job.session_id)
        assert cancelled.status is Status.CANCELLED
