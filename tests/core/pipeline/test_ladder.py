"""From a source that does not work to the best that is left of it: no finished video is lost on the way, and
nothing half-made is called whole."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

from botcore.delivery.wording import status_text
from botcore.errors import BotcoreError, ProviderRefused, ProviderUnavailable, RenderTimeout, SceneFailed
from botcore.model import (
    VERIFIED,
    Artifact,
    Edit,
    Failure,
    Finding,
    GenerationRequest,
    GenerationResult,
    Job,
    Severity,
    Source,
    Status,
)
from botcore.pipeline import PipelineSettings
from botcore.ports import Progress, RenderLimits
from tests.core.pipeline.test_pipeline import failing
from tests.core.runtime.world import (
    LANGUAGE,
    Script,
    draw_text,
    open_world,
    raising,
    status_message,
    write_source,
)

BOOM = SceneFailed(line=3, problem="boom")
UNTIDY = tuple(Finding(Severity.WARNING, "layout", f"“a” and “b{n}” overlap") for n in range(3))

Draw = Callable[[Source, RenderLimits, Path, Progress], Awaitable[Artifact]]


def untidy(*findings: int, then: BaseException | None = None) -> Draw:
    """The first drawings have so many findings each; later ones fail with ``then`` or have none."""
    left = list(findings)

    async def draw(source: Source, limits: RenderLimits, out: Path, progress: Progress) -> Artifact:
        artifact = await draw_text(source, limits, out, progress)
        if left:
            return replace(artifact, findings=UNTIDY[: left.pop(0)])
        if then is not None:
            raise then
        return artifact

    return draw


async def number_sources(request: GenerationRequest) -> GenerationResult:
    """Each source of a job is another one."""
    number = 1 if request.repair is None else int(request.repair.source.code[-1]) + 1
    return GenerationResult(Source(request.language, f"version {number}", problem=request.problem), "model")


def unreadable(*codes: str) -> Callable[[GenerationRequest], Awaitable[GenerationResult]]:
    """The first answers hold no source, for these reasons."""
    left = list(codes)

    async def answer(request: GenerationRequest) -> GenerationResult:
        if left:
            return GenerationResult(Source("", "Sure!"), "model", cost=0.01, unread=Failure(left.pop(0)))
        return await write_source(request)

    return answer


# -------------------------------------------------------------------------------------------- who is asked


async def test_an_answer_without_a_program_is_an_attempt_that_is_repaired(tmp_path: Path) -> None:
    script = Script((("model", False, unreadable("program_missing")),))
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert (job.status, job.generations) == (Status.READY, 2)
        first, second = await world.state.attempts.of_job(job.id)
        assert (first.failure, first.cost) == (Failure("program_missing"), 0.01)
        repair = world.providers["model"].asked[1].repair
        assert repair is not None
        assert (repair.source.code, repair.failure.code) == ("Sure!", "program_missing")
        assert second.failure is None


async def test_a_patch_that_does_not_fit_leaves_the_program_it_was_for(tmp_path: Path) -> None:
    answers = [number_sources, unreadable("patch_failed")]

    async def answer(request: GenerationRequest) -> GenerationResult:
        return await (answers.pop(0) if answers else number_sources)(request)

    script = Script((("model", False, answer),), draw=failing(BOOM))
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert job.status is Status.READY
        third = world.providers["model"].asked[2].repair
        assert third is not None
        assert (third.source.code, third.failure.code) == ("version 1", "patch_failed")


async def test_only_answers_without_a_program_end_honestly(tmp_path: Path) -> None:
    script = Script((("model", False, unreadable(*["program_missing"] * 9)),))
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert (job.status, job.generations, job.source) == (Status.FAILED, 3, None)
        assert "(model: 3)" in await status_message(world, job.id)


async def test_the_last_script_is_asked_of_another_provider_and_told_to_be_the_last(tmp_path: Path) -> None:
    providers = [("first", False, write_source), ("second", False, write_source)]
    script = Script(providers, draw=failing(BOOM, BOOM))
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert job.status is Status.READY
        attempts = await world.state.attempts.of_job(job.id)
        assert [attempt.provider for attempt in attempts] == ["first", "first", "second"]
        assert [request.last for request in world.providers["first"].asked] == [False, False]
        assert [request.last for request in world.providers["second"].asked] == [True]


async def test_where_the_other_provider_is_silent_the_first_is_asked_again(tmp_path: Path) -> None:
    silent = raising(ProviderUnavailable(retry_after=1000.0))
    script = Script([("first", False, write_source), ("second", False, silent)], draw=failing(BOOM, BOOM))
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert (job.status, job.generations) == (Status.READY, 3)
        assert len(world.providers["first"].asked) == 3


async def test_a_person_s_choice_is_asked_to_the_end(tmp_path: Path) -> None:
    providers = [("first", False, write_source), ("second", False, write_source)]
    async with open_world(tmp_path, Script(providers, draw=failing(BOOM, BOOM))) as world:
        job = await world.make(provider="first")
        assert job.status is Status.READY
        assert world.providers["second"].asked == []


async def test_the_failure_names_who_wrote_how_many_and_who_was_silent(tmp_path: Path) -> None:
    answers = [write_source, raising(ProviderUnavailable(retry_after=1000.0))]

    async def once(request: GenerationRequest) -> GenerationResult:
        return await (answers.pop(0) if len(answers) > 1 else answers[0])(request)

    silent = raising(ProviderUnavailable(retry_after=1000.0))
    script = Script([("first", False, once), ("second", False, silent)], draw=failing(BOOM))
    async with open_world(tmp_path, script) as world:
        job = await world.make(user_language="es")
        assert job.status is Status.FAILED
        words = await status_message(world, job.id)
        assert "1 (first: 1, second: 0)" in words
        assert "boom" in words
        assert "could not" not in words, "it speaks the person's language"


# ------------------------------------------------------------------------------------------- fixes and checks


async def test_every_fix_is_listed_on_the_attempt(tmp_path: Path) -> None:
    async def validate(source: Source) -> list[Finding]:
        if source.code.startswith("draw"):
            return [
                Finding(
                    Severity.ERROR, "old_name", "draw is called paint", 1, fix=(Edit(1, 0, 1, 4, "paint"),)
                )
            ]
        return []

    async with open_world(tmp_path, Script(validate=validate)) as world:
        job = await world.make()
        assert job.source is not None
        assert job.source.code == "paint solve x = 1"
        (attempt,) = await world.state.attempts.of_job(job.id)
        (listed,) = attempt.findings
        assert (attempt.fixes, listed.severity, listed.message) == (1, Severity.NOTE, "draw is called paint")


async def test_checked_is_said_only_where_a_validator_said_it(tmp_path: Path) -> None:
    async def validate(_: Source) -> list[Finding]:
        return [Finding(Severity.NOTE, VERIFIED, "It was worked out.")]

    async with open_world(tmp_path / "a", Script(validate=validate)) as world:
        job = await world.make()
        assert job.source is not None
        assert job.source.checked
        assert caption(job) == "Here is your video. The answer was checked."
    async with open_world(tmp_path / "b") as world:
        assert caption(await world.make()) == "Here is your video."


def caption(job: Job) -> str:
    return status_text(replace(job, status=Status.DELIVERED))


# --------------------------------------------------------------------------------------------- the last rungs


def still(source: Source) -> Source | None:
    return replace(source, code="still") if source.code != "still" else None


async def test_a_plainer_version_is_drawn_when_no_attempt_is_left_and_said_to_be_one(tmp_path: Path) -> None:
    script = Script(draw=failing(BOOM, BOOM, BOOM), plainer=still)
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert (job.status, job.generations) == (Status.READY, 3)
        assert [source.code for source in world.renderer.drawn][-1] == "still"
        assert "plain version" in caption(job)


async def test_a_plainer_version_that_fails_too_is_not_made_plainer_for_ever(tmp_path: Path) -> None:
    script = Script(draw=failing(*[BOOM] * 9), plainer=lambda source: replace(source, code="still"))
    async with open_world(tmp_path, script) as world:
        job = await world.make()
        assert job.status is Status.FAILED
        assert len(world.renderer.drawn) == 4
        assert "boom" in await status_message(world, job.id)


async def test_the_reserve_is_there_for_the_last_rung(tmp_path: Path) -> None:
    settings = PipelineSettings(timeout=100.0, reserve=60.0, max_attempts=1)
    seen: list[float] = []

    async def draw(source: Source, limits: RenderLimits, out: Path, progress: Progress) -> Artifact:
        seen.append(limits.deadline)
        if source.code != "still":
            raise RenderTimeout(seconds=40)
        return await draw_text(source, limits, out, progress)

    async with open_world(tmp_path, Script(draw=draw, plainer=still), settings=settings) as world:
        assert (await world.make()).status is Status.READY
        first, last = seen
        assert first <= 40 < last


async def test_a_plainer_that_breaks_is_passed_over(tmp_path: Path) -> None:
    def broken(_: Source) -> Source | None:
        raise ZeroDivisionError

    async with open_world(tmp_path, Script(draw=failing(*[BOOM] * 9), plainer=broken)) as world:
        assert (await world.make()).status is Status.FAILED


# --------------------------------------------------------------------------------------------- a tidier video


async def drawn(tmp_path: Path, draw: Draw, *others: BaseException) -> tuple[Job, bytes, int]:
    """The job, the video that is delivered, and how many were drawn."""
    providers = [("model", False, number_sources)]
    if others:
        answers = [number_sources, *map(raising, others)]

        async def answer(request: GenerationRequest) -> GenerationResult:
            return await (answers.pop(0) if len(answers) > 1 else answers[0])(request)

        providers = [("model", False, answer)]
    async with open_world(tmp_path, Script(providers, draw=draw)) as world:
        job = await world.make(platform="web")
        assert job.status is Status.READY, job.failure
        videos = [path.read_bytes() for path in world.stored_files()]
        return (
            job,
            next(content for content in videos if content.startswith(b"version")),
            len(world.renderer.drawn),
        )


async def test_an_untidy_video_is_drawn_once_more_and_the_tidier_is_delivered(tmp_path: Path) -> None:
    job, video, count = await drawn(tmp_path, untidy(3, 1))
    assert (video, count, job.generations) == (b"version 2", 2, 2)
    assert job.source is not None
    assert job.source.code == "version 2"


async def test_an_untidier_second_video_is_thrown_away(tmp_path: Path) -> None:
    job, video, count = await drawn(tmp_path, untidy(2, 3))
    assert (video, count) == (b"version 1", 2)
    assert job.source is not None
    assert job.source.code == "version 1"


async def test_one_finding_is_no_reason_to_make_a_person_wait(tmp_path: Path) -> None:
    assert (await drawn(tmp_path, untidy(1)))[1:] == (b"version 1", 1)


async def test_a_finished_video_survives_a_second_one_that_cannot_be_drawn(tmp_path: Path) -> None:
    assert (await drawn(tmp_path, untidy(3, then=BOOM)))[1:] == (b"version 1", 2)


async def test_a_finished_video_survives_whatever_its_repair_ends_with(tmp_path: Path) -> None:
    errors: list[BaseException] = [ProviderRefused(), BotcoreError("?"), ZeroDivisionError()]
    for number, error in enumerate(errors):
        assert (await drawn(tmp_path / str(number), untidy(3), error))[1:] == (b"version 1", 1)


async def test_a_video_of_an_exact_provider_is_never_drawn_again_for_its_looks(tmp_path: Path) -> None:
    async with open_world(tmp_path, Script([("solver", True, write_source)], draw=untidy(3))) as world:
        assert (await world.make()).status is Status.READY
        assert len(world.renderer.drawn) == 1


async def test_no_second_video_is_begun_where_the_time_is_short(tmp_path: Path) -> None:
    settings = PipelineSettings(timeout=39.0, reserve=30.0)
    async with open_world(tmp_path, Script(draw=untidy(3)), settings=settings) as world:
        assert (await world.make()).status is Status.READY
        assert len(world.renderer.drawn) == 1


# ------------------------------------------------------------------------------------------- wishes at once


async def test_a_wish_that_needs_no_model_asks_none(tmp_path: Path) -> None:
    def change(source: Source, wish: str) -> Source | None:
        return replace(source, code=f"{source.code} in {wish}") if wish == "red" else None

    given = Source(LANGUAGE, "circle", problem="p")
    async with open_world(tmp_path, Script(change=change)) as world:
        job = await world.make(source=given, wish="red")
        assert job.source is not None
        assert (job.status, job.source.code) == (Status.READY, "circle in red")
        assert world.providers["writer"].asked == []
        await world.make(source=given, wish="something else")
        assert len(world.providers["writer"].asked) == 1
