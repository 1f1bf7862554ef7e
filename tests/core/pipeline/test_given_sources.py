"""Jobs that begin with a source: drawn as it is, or changed by a wish."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from botcore.errors import ProviderAbstained, SceneFailed
from botcore.model import (
    Change,
    Finding,
    GenerationRequest,
    GenerationResult,
    Severity,
    Source,
    Status,
)
from tests.core.pipeline.test_pipeline import failing
from tests.core.runtime.world import LANGUAGE, Script, open_world, raising, write_source

GIVEN = Source(LANGUAGE, "draw a circle", problem="solve x = 1", answer="{1}", checked=True)
AGAIN: dict[str, Any] = {"source": GIVEN}
EDIT: dict[str, Any] = {"source": GIVEN, "wish": "make it red"}


async def change_source(request: GenerationRequest) -> GenerationResult:
    assert request.change is not None
    code = f"{request.change.source.code}, {request.change.wish}"
    return GenerationResult(Source(request.language, code, problem=request.problem), "model")


async def test_a_given_source_is_drawn_without_asking_anybody(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make(**AGAIN)
        assert (job.status, job.generations, job.source) == (Status.READY, 0, GIVEN)
        assert world.providers["writer"].asked == []
        assert world.renderer.drawn == [GIVEN]


async def test_a_given_source_that_fails_is_repaired_from_there(tmp_path: Path) -> None:
    script = Script(draw=failing(SceneFailed(line=1, problem="boom")))
    async with open_world(tmp_path, script) as world:
        job = await world.make(**AGAIN)
        assert (job.status, job.generations) == (Status.READY, 1)
        (request,) = world.providers["writer"].asked
        assert request.repair is not None
        assert (request.repair.source, request.change) == (GIVEN, None)
        assert request.repair.failure.code == SceneFailed.code


async def test_a_given_source_that_fails_and_that_nobody_repairs_says_why(tmp_path: Path) -> None:
    script = Script(draw=failing(SceneFailed(line=1, problem="boom")), providers=())
    async with open_world(tmp_path, script) as world:
        job = await world.make(**AGAIN)
        assert job.status is Status.FAILED
        assert job.failure is not None
        assert job.failure.code == SceneFailed.code


async def test_a_wish_is_asked_of_a_provider_that_is_not_exact(tmp_path: Path) -> None:
    solver = ("solver", True, write_source)
    async with open_world(tmp_path, Script((solver, ("model", False, change_source)))) as world:
        job = await world.make(**EDIT)
        assert (job.status, job.generations) == (Status.READY, 1)
        assert job.source is not None
        assert job.source.code == "draw a circle, make it red"
        assert world.providers["solver"].asked == []
        assert world.providers["model"].asked[0].change == Change(GIVEN, "make it red")


async def test_a_changed_source_that_fails_is_repaired_with_the_wish_in_mind(tmp_path: Path) -> None:
    found = [[Finding(Severity.ERROR, "bad", "Not so.", 1)], []]

    async def validate(_: Source) -> list[Finding]:
        return found.pop(0)

    script = Script((("model", False, change_source),), validate=validate)
    async with open_world(tmp_path, script) as world:
        job = await world.make(**EDIT)
        assert (job.status, job.generations) == (Status.READY, 2)
        first, second = world.providers["model"].asked
        assert first.repair is None
        assert second.change == first.change == Change(GIVEN, "make it red")
        assert second.repair is not None
        assert second.repair.source.code == "draw a circle, make it red"


async def test_a_wish_that_nobody_can_fulfil_ends_with_what_can_be_done(tmp_path: Path) -> None:
    async with open_world(tmp_path, Script((("solver", True, write_source),))) as world:
        job = await world.make(**EDIT)
        assert job.status is Status.FAILED
        assert job.failure is not None
        assert job.failure.code == "cannot_change"


async def test_a_wish_that_providers_decline_is_answered_with_their_reason(tmp_path: Path) -> None:
    script = Script((("model", False, raising(ProviderAbstained(advice="Not this."))),))
    async with open_world(tmp_path, script) as world:
        job = await world.make(**EDIT)
        assert job.failure is not None
        assert job.failure.code == "providers_exhausted"


async def test_what_a_job_began_with_is_kept_beside_what_became_of_it(tmp_path: Path) -> None:
    async with open_world(tmp_path, Script((("model", False, change_source),))) as world:
        job = await world.make(**EDIT)
        attempts = await world.state.attempts.of_job(job.id)
        assert [(attempt.number, attempt.provider) for attempt in attempts] == [(0, ""), (1, "model")]
