from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from botcore.delivery.wording import failure_text
from botcore.errors import (
    BotcoreError,
    ProviderAbstained,
    ProviderUnavailable,
    RendererUnavailable,
    SandboxUnavailable,
    SceneFailed,
    StoreUnavailable,
)
from botcore.model import (
    Artifact,
    Edit,
    Failure,
    Finding,
    GenerationRequest,
    GenerationResult,
    JobKind,
    Prompt,
    Severity,
    Source,
    Status,
)
from botcore.ports import Progress, RenderLimits
from botcore.state import Attempt
from tests.core.runtime.world import (
    LANGUAGE,
    Script,
    World,
    draw_text,
    open_world,
    raising,
    status_message,
    write_source,
)

CODE = {"kind": JobKind.CODE, "text": "draw my own"}


def failing(*errors: BaseException) -> Callable[..., Awaitable[Artifact]]:
    """A drawing that fails so often, then works."""
    left = list(errors)

    async def draw(source: Source, limits: RenderLimits, out: Path, progress: Progress) -> Artifact:
        if left:
            raise left.pop(0)
        return await draw_text(source, limits, out, progress)

    return draw


class Died(BaseException):
    """What a dying process looks like to the code in it: no handler catches it."""


# ------------------------------------------------------------------------------------------------- the way


async def test_problem_becomes_a_stored_video(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make()

        assert (job.status, job.generations) == (Status.READY, 1)
        assert job.source is not None
        assert job.source.code == "draw solve x = 1"
        assert len(world.stored_files()) == 2  # the video and its thumbnail
        assert not (tmp_path / "work" / job.id).exists()
        assert await status_message(world, job.id) == "Your video is ready."
        (attempt,) = await world.state.attempts.of_job(job.id)
        assert (attempt.provider, attempt.model, attempt.failure) == ("writer", "model", None)


async def test_code_is_drawn_as_it_was_sent_without_asking_a_provider(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make(**CODE)

        assert (job.status, job.generations) == (Status.READY, 0)
        assert world.renderer.drawn[0].code == "draw my own"
        assert world.providers["writer"].asked == []


async def test_run_of_a_finished_job_changes_nothing(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make(platform="web")
        await world.pipeline.run(job.id)
        offered = await world.state.jobs.get(job.id)
        assert offered.offered_at is not None

        await world.pipeline.run(job.id)

        assert await world.state.jobs.get(job.id) == offered
        assert offered.status is Status.READY


async def test_web_job_is_offered_at_once_and_keeps_its_file(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.make(platform="web")
        await world.pipeline.run(job.id)

        job = await world.control.wait(job.id, timeout=60)
        assert not job.unfinished
        assert len(world.stored_files()) == 2


# --------------------------------------------------------------------------------------------------- repair


async def test_failed_source_is_repaired_by_the_same_model(tmp_path: Path) -> None:
    script = Script(draw=failing(SceneFailed(line=3, problem="no such thing")))
    async with open_world(tmp_path, script) as world:
        job = await world.make()

        assert (job.status, job.generations) == (Status.READY, 2)
        repair = world.providers["writer"].asked[1].repair
        assert repair is not None
        assert repair.failure == Failure("scene_failed", {"line": 3, "problem": "no such thing"})
        assert repair.source.code == "draw solve x = 1"
        first, second = await world.state.attempts.of_job(job.id)
        assert first.failure == repair.failure
        assert second.failure is None


async def test_generations_are_limited(tmp_path: Path) -> None:
    errors = [SceneFailed(line=n, problem="x") for n in range(9)]
    async with open_world(tmp_path, Script(draw=failing(*errors))) as world:
        job = await world.make()

        assert (job.status, job.generations) == (Status.FAILED, 3)
        assert job.failure is not None
        assert job.failure.code == "attempts_failed"
        assert job.failure.params["providers"] == "writer: 3"
        assert len(world.renderer.drawn) == 3
        attempts = await world.state.attempts.of_job(job.id)
        assert all(attempt.failure is not None for attempt in attempts)


async def test_failed_source_of_an_exact_provider_goes_to_the_next_one(tmp_path: Path) -> None:
    providers = [("solver", True, write_source), ("model", False, write_source)]
    script = Script(providers, draw=failing(SceneFailed(line=1, problem="x")))
    async with open_world(tmp_path, script) as world:
        job = await world.make()

        assert job.status is Status.READY
        assert [len(world.providers[name].asked) for name in ("solver", "model")] == [1, 1]


async def test_failed_source_that_nobody_can_better_tells_what_was_wrong(tmp_path: Path) -> None:
    error = SceneFailed(line=4, problem="division by zero")
    script = Script([("solver", True, write_source)], draw=failing(error))
    async with open_world(tmp_path, script) as world:
        job = await world.make()

        assert job.status is Status.FAILED
        assert job.failure is not None
        words = failure_text(job.failure, "en")
        assert "(solver: 1)" in words
        assert "line 4: division by zero" in words
        assert await status_message(world, job.id) == words


async def test_code_of_a_person_is_never_rewritten(tmp_path: Path) -> None:
    script = Script(draw=failing(SceneFailed(line=2, problem="x")))
    async with open_world(tmp_path, script) as world:
        job = await world.make(**CODE)

        assert (job.status, job.generations) == (Status.FAILED, 0)
        assert world.providers["writer"].asked == []
        assert "line 2" in await status_message(world, job.id)


async def test_what_the_renderer_wants_asked_goes_to_the_provider(tmp_path: Path) -> None:
    def prompt(request: GenerationRequest) -> Prompt:
        return Prompt("7", "You draw.", (f"Draw {request.problem}.",), lambda code: Source(LANGUAGE, code))

    async with open_world(tmp_path, Script(prompt=prompt)) as world:
        await world.make("solve x = 1")

        (request,) = world.providers["writer"].asked
        assert request.prompt is not None
        assert request.prompt.turns == ("Draw solve x = 1.",)


async def test_a_prompt_that_breaks_is_the_renderers_fault(tmp_path: Path) -> None:
    def prompt(_: GenerationRequest) -> Prompt:
        raise ZeroDivisionError

    async with open_world(tmp_path, Script(prompt=prompt)) as world:
        job = await world.make()

        assert (job.status, job.failure) == (Status.FAILED, Failure("plugin_failed"))


async def test_abstention_becomes_advice(tmp_path: Path) -> None:
    error = ProviderAbstained("?", advice="Try an equation.")
    async with open_world(tmp_path, Script([("solver", True, raising(error))])) as world:
        job = await world.make()

        assert job.status is Status.FAILED
        assert "Try an equation." in await status_message(world, job.id)


# ----------------------------------------------------------------------------------------------- validation


async def complain_once(source: Source) -> list[Finding]:
    if "bad" not in source.code:
        return []
    column = source.code.index("bad")
    edit = Edit(1, column, 1, column + 3, "good")
    return [Finding(Severity.ERROR, "bad_word", "That is bad.", 1, column + 1, (edit,))]


async def test_fixable_findings_are_mended_in_what_a_model_wrote(tmp_path: Path) -> None:
    async with open_world(tmp_path, Script(validate=complain_once)) as world:
        job = await world.make("solve bad bad")

        assert (job.status, job.generations) == (Status.READY, 1)
        assert world.renderer.drawn[0].code == "draw solve good good"
        (attempt,) = await world.state.attempts.of_job(job.id)
        assert (attempt.fixes, attempt.source.code) == (2, "draw solve good good")


async def test_fixable_findings_in_code_of_a_person_are_told_not_mended(tmp_path: Path) -> None:
    async with open_world(tmp_path, Script(validate=complain_once)) as world:
        job = await world.make(kind=JobKind.CODE, text="draw bad")

        assert job.status is Status.FAILED
        assert job.failure == Failure("code_invalid", {"line": 1, "column": 6, "problem": "That is bad."})
        assert world.renderer.drawn == []


async def test_findings_without_a_fix_are_given_to_the_repair(tmp_path: Path) -> None:
    async def refuse(source: Source) -> list[Finding]:
        bad = Finding(Severity.ERROR, "code_syntax", "invalid syntax", 2, 5)
        return [bad] if source.code == "broken" else []

    async def write(request: GenerationRequest) -> GenerationResult:
        return GenerationResult(Source(LANGUAGE, "fine" if request.repair else "broken"), "m")

    async with open_world(tmp_path, Script([("model", False, write)], validate=refuse)) as world:
        job = await world.make()

        assert (job.status, job.generations) == (Status.READY, 2)
        repair = world.providers["model"].asked[1].repair
        assert repair is not None
        assert repair.failure.code == "code_syntax"
        assert [finding.message for finding in repair.findings] == ["invalid syntax"]


async def test_warnings_stop_nothing(tmp_path: Path) -> None:
    async def warn(_: Source) -> list[Finding]:
        return [Finding(Severity.WARNING, "tiny", "Small text.")]

    async with open_world(tmp_path, Script(validate=warn)) as world:
        assert (await world.make()).status is Status.READY


async def test_validator_that_breaks_is_passed_over(tmp_path: Path) -> None:
    async def explode(_: Source) -> list[Finding]:
        raise ZeroDivisionError

    async with open_world(tmp_path, Script(validate=explode)) as world:
        assert (await world.make()).status is Status.READY


# ------------------------------------------------------------------------------------------------ machinery


@pytest.mark.parametrize("kind", list(JobKind))
async def test_machinery_that_fails_for_a_while_is_tried_again(tmp_path: Path, kind: JobKind) -> None:
    script = Script(draw=failing(*(RendererUnavailable("restarting", retry_after=0.01) for _ in range(3))))
    async with open_world(tmp_path, script) as world:
        job = await world.make(kind=kind)

        assert job.status is Status.READY
        assert job.generations == (1 if kind is JobKind.PROBLEM else 0)
        assert len(world.renderer.drawn) == 4


async def test_machinery_that_stays_down_fails_the_job(tmp_path: Path) -> None:
    script = Script(draw=failing(*(RendererUnavailable("down", retry_after=0.001) for _ in range(99))))
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert job.failure == Failure("renderer_unavailable")
        assert job.generations == 1


async def test_sandbox_that_does_not_hold_ends_the_job_at_once(tmp_path: Path) -> None:
    script = Script(draw=failing(SandboxUnavailable("network", problem="x", remedy="y")))
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert job.failure is not None
        assert job.failure.code == "sandbox_unavailable"
        assert len(world.renderer.drawn) == 1


async def test_store_that_fails_for_a_while_is_tried_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with open_world(tmp_path) as world:
        put, calls = world.store.put, []

        async def shaky(*args: object, **named: object) -> object:
            calls.append(args)
            if len(calls) == 1:
                raise StoreUnavailable("blip", retry_after=0.01)
            return await put(*args, **named)  # type: ignore[arg-type]  # passed through

        monkeypatch.setattr(world.store, "put", shaky)
        assert (await world.make()).status is Status.READY


@pytest.mark.parametrize(
    "error", [ZeroDivisionError("secret"), BotcoreError("secret"), AssertionError("secret")]
)
async def test_bug_of_a_plugin_ends_the_job_with_a_plain_sentence(tmp_path: Path, error: Exception) -> None:
    async with open_world(tmp_path, Script(draw=failing(error))) as world:
        job = await world.make()

        assert job.failure == Failure("internal")
        assert "secret" not in await status_message(world, job.id)


async def test_provider_that_is_down_fails_the_job(tmp_path: Path) -> None:
    error = ProviderUnavailable("503", retry_after=0.001)
    async with open_world(tmp_path, Script([("model", False, raising(error))])) as world:
        job = await world.make()
        assert job.failure is not None
        assert job.failure.code == "providers_exhausted"
        assert len(world.providers["model"].asked) == 3


async def test_provider_that_was_uninstalled_meanwhile_stops_no_job(tmp_path: Path) -> None:
    async with open_world(tmp_path) as world:
        job = await world.submit()
        source = Source(LANGUAGE, "draw", problem="x")
        await world.state.attempts.add(job.id, Attempt(7, "gone", source, failure=Failure("scene_failed")))
        await world.pipeline.run(job.id)
        assert (await world.state.jobs.get(job.id)).status is Status.READY


# --------------------------------------------------------------------------------------------------- resume


async def test_rendered_file_that_was_lost_is_drawn_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The machine with the scratch folder is gone between rendering and upload."""
    async with open_world(tmp_path) as world:
        put = world.store.put

        async def crash(*_: object, **__: object) -> None:
            raise Died

        monkeypatch.setattr(world.store, "put", crash)
        job = await world.submit()
        await _run_until_crash(world, job.id)
        assert (await world.state.jobs.get(job.id)).status is Status.UPLOADING
        monkeypatch.setattr(world.store, "put", put)
        shutil.rmtree(tmp_path / "work" / job.id)

        await world.pipeline.run(job.id)

        assert (await world.state.jobs.get(job.id)).status is Status.READY
        assert len(world.renderer.drawn) == 2
        assert len(world.stored_files()) == 2


async def _run_until_crash(world: World, job_id: str) -> None:
    """A worker that dies in the middle: nothing is written, no clean-up runs."""
    running = asyncio.create_task(world.pipeline.run(job_id))
    with pytest.raises(Died):
        await running
