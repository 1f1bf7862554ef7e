"""Questions go through the whole app; what models say is recorded, and replays to the same result."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from botcore.errors import ProviderError, ProviderRefused, ProviderUnavailable, UnknownPlugin
from botcore.evaluation import Plan, Question, Report, Result, Verdict, Way, evaluate
from botcore.hooks.descriptors import Descriptor, ProviderDescriptor, RendererDescriptor
from botcore.model import GenerationRequest, GenerationResult, Prompt, Source
from botcore.testing.doubles import made_by
from botcore.testing.samples import make_prompt
from tests.core.surface import host_of, settings_for, small_parts

QUESTIONS = (
    Question(id="good", text="draw me a circle", answer="{2, 3}"),
    Question(id="broken", text="draw me a square", answer="1/2"),
    Question(id="hopeless", text="draw me a camel"),
)
ANSWERS = {
    "draw me a circle": ["draw a circle #{3, 2}"],
    "draw me a square": ["fail to draw", "draw a square #0.6"],
    "draw me a camel": ["fail", "fail again", "fail better"],
}
Reply = str | ProviderError


class Writer:
    """A language model with prepared answers for each problem."""

    def __init__(self, answers: dict[str, Sequence[Reply]]) -> None:
        self._answers = {problem: list(replies) for problem, replies in answers.items()}

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        reply = self._answers[request.problem].pop(0)
        if isinstance(reply, ProviderError):
            raise reply
        assert request.prompt is not None
        source = request.prompt.read(reply)
        return GenerationResult(source, model="w-1", input_tokens=100, output_tokens=10, cost=0.01)


def prompt(request: GenerationRequest) -> Prompt:
    """The answer that a scene states stands behind its last #."""
    made = make_prompt(request)

    def read(answer: str) -> Source:
        return replace(made.read(answer), answer=answer.partition("#")[2] or None)

    return replace(made, read=read)


def prompting_parts() -> list[Descriptor[Any]]:
    """The small parts, with a renderer that has a prompt."""
    return [
        replace(part, prompt=prompt) if isinstance(part, RendererDescriptor) else part
        for part in small_parts()
    ]


async def run(folder: Path, plan: Plan, *writers: ProviderDescriptor) -> Report:
    """Evaluate with small parts."""
    settings = settings_for(folder)
    host = host_of(settings, *writers, parts=prompting_parts())
    return await evaluate(settings, host, plan, asyncio.Event(), lambda _result: None)


def writer(name: str = "writer", answers: dict[str, Sequence[Reply]] | None = None) -> ProviderDescriptor:
    model = Writer(answers or dict(ANSWERS))
    return ProviderDescriptor(name=name, factory=made_by(lambda: model))


def by_question(report: Report) -> dict[str, Result]:
    return {result.question: result for result in report.results}


def shape(result: Result) -> Result:
    """A result without what a clock says."""
    return replace(result, seconds=0.0, generate_seconds=0.0, render_seconds=0.0)


async def test_first_tries_repairs_and_failures_are_told_apart(tmp_path: Path) -> None:
    report = await run(tmp_path, Plan(QUESTIONS, ("writer",)), writer())
    assert report.complete
    results = by_question(report)
    assert list(results) == ["good", "broken", "hopeless"], "in the order of the file"
    good, broken, hopeless = results.values()
    assert (good.way, good.attempts, good.verdict) == (Way.FIRST_TRY, 1, Verdict.RIGHT)
    assert (broken.way, broken.attempts, broken.verdict) == (Way.REPAIRED, 2, Verdict.WRONG)
    assert broken.failures == ("scene_failed",)
    assert (broken.input_tokens, broken.output_tokens, round(broken.cost, 3)) == (200, 20, 0.02)
    assert (hopeless.way, hopeless.attempts, hopeless.error) == (Way.FAILED, 3, "scene_failed")
    assert report.all.rendered == pytest.approx(2 / 3)


async def test_what_is_recorded_replays_to_the_same_without_the_provider(tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    first = await run(tmp_path / "a", Plan(QUESTIONS, ("writer",), record=folder), writer())
    assert sorted(path.name for path in (folder / "writer").iterdir()) == [
        "broken.1.json", "broken.2.json", "good.1.json",
        "hopeless.1.json", "hopeless.2.json", "hopeless.3.json",
    ]  # fmt: skip
    one = json.loads((folder / "writer" / "good.1.json").read_text())
    assert (one["answer"], one["prompt_version"], one["model"]) == ("draw a circle #{3, 2}", "test-1", "w-1")
    again = await run(tmp_path / "b", Plan(QUESTIONS, ("writer",), replay=folder))
    assert [shape(result) for result in again.results] == [shape(result) for result in first.results]
    assert (again.replayed.changed, again.replayed.missing) == ([], [])


async def test_failed_calls_are_recorded_but_not_those_that_are_asked_again(tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    answers: dict[str, Sequence[Reply]] = {
        "draw me a circle": [ProviderUnavailable(retry_after=0.0), "draw a circle"],
        "draw me a square": [ProviderRefused()],
    }
    plan = Plan(QUESTIONS[:2], ("writer",), record=folder)
    first = await run(tmp_path / "a", plan, writer(answers=answers))
    again = await run(tmp_path / "b", replace(plan, record=None, replay=folder))
    for report in (first, again):
        results = by_question(report)
        assert results["good"].way is Way.FIRST_TRY
        assert (results["broken"].way, results["broken"].error) == (Way.FAILED, "provider_refused")


async def test_a_replay_names_what_is_missing_and_what_was_asked_differently(tmp_path: Path) -> None:
    folder = tmp_path / "recorded"
    await run(tmp_path / "a", Plan(QUESTIONS[:1], ("writer",), record=folder), writer())
    path = folder / "writer" / "good.1.json"
    path.write_text(path.read_text().replace("test-1", "test-0"))
    (folder / "writer" / "hopeless.1.json").write_text("{}")
    report = await run(tmp_path / "b", Plan(QUESTIONS, ("writer",), replay=folder))
    assert report.replayed.changed == ["good.1"]
    assert sorted(report.replayed.missing) == ["broken.1", "hopeless.1"]
    assert by_question(report)["good"].way is Way.FIRST_TRY
    assert by_question(report)["broken"].way is Way.FAILED


async def test_several_providers_have_figures_of_their_own(tmp_path: Path) -> None:
    plan = Plan(QUESTIONS[:1], ("writer", "other"))
    bad: dict[str, Sequence[Reply]] = {"draw me a circle": ["fail"] * 3}
    report = await run(tmp_path, plan, writer(), writer("other", bad))
    rates = {name: figures.rendered for name, figures in report.providers.items()}
    assert rates == {"writer": 1.0, "other": 0.0}
    assert report.all.rendered == 0.5


async def test_an_unknown_provider_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnknownPlugin, match="nobody"):
        await run(tmp_path, Plan(QUESTIONS, ("nobody",)), writer())


async def test_stopping_keeps_what_is_done(tmp_path: Path) -> None:
    stop = asyncio.Event()
    settings = settings_for(tmp_path, pipeline={"workers": 1})
    answers: dict[str, Sequence[Reply]] = {"draw me a circle": ["draw"], "draw me a square": ["wait"]}
    host = host_of(settings, writer(answers=answers), parts=prompting_parts())

    def heard(_result: Result) -> None:
        asyncio.get_running_loop().call_later(0.3, stop.set)

    report = await evaluate(settings, host, Plan(QUESTIONS[:2], ("writer",)), stop, heard)
    assert not report.complete
    assert [result.question for result in report.results] == ["good"]


async def test_a_text_that_is_no_problem_is_a_failure_of_the_file_and_stops_nothing(tmp_path: Path) -> None:
    short = Question(id="short", text="hm")
    report = await run(tmp_path, Plan((short, QUESTIONS[0]), ("writer",)), writer())
    assert by_question(report)["short"].error == "text_too_short"
    assert by_question(report)["good"].way is Way.FIRST_TRY
