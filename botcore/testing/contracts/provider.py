"""What every provider has to keep."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import pytest

from botcore.errors import ProviderAbstained, ProviderError
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import Aspect, GenerationRequest, GenerationResult, RenderOptions
from botcore.ports import Provider
from botcore.testing.contracts.descriptor import PATIENCE, DescriptorContract
from botcore.testing.samples import HOSTILE_TEXTS, make_prompt, make_request


class ProviderContract(DescriptorContract[Provider]):
    """Set ``problems`` to some that it solves, and ``foreign`` to some that it must leave to others.

    A provider that talks to a server gets a ``config`` that points to a local one. A language model (a
    provider that names no languages) is asked with :func:`~botcore.testing.samples.make_prompt`.
    """

    descriptor: ClassVar[ProviderDescriptor]
    problems: ClassVar[tuple[str, ...]]
    foreign: ClassVar[tuple[str, ...]] = ()

    async def _generate(
        self, provider: Provider, problem: str, aspect: Aspect = Aspect.WIDE
    ) -> GenerationResult:
        request = self._request(problem, aspect)
        return await asyncio.wait_for(provider.generate(request), PATIENCE)

    def _request(self, problem: str, aspect: Aspect) -> GenerationRequest:
        options = RenderOptions(aspect=aspect)
        if self.descriptor.languages:
            return make_request(problem, language=self.descriptor.languages[0], options=options)
        request = make_request(problem, options=options)
        return replace(request, prompt=make_prompt(request))

    async def test_it_names_the_languages_that_it_writes_or_takes_any(self) -> None:
        assert self.descriptor.languages or not self.descriptor.exact, "an exact provider reads no prompt"

    async def test_its_problems_become_sources(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as provider:
            for problem in self.problems:
                result = await self._generate(provider, problem)
                assert result.source.language in (self.descriptor.languages or {"manim"})
                assert result.source.code.strip()
                assert result.source.problem == problem
                assert result.model
                assert result.finish_reason == "stop", "an answer that was cut off is an error, not a result"
                assert min(result.input_tokens, result.output_tokens, result.cost) >= 0

    async def test_every_aspect_is_served(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as provider:
            for aspect in Aspect:
                assert (await self._generate(provider, self.problems[0], aspect)).source.code.strip()

    async def test_a_foreign_problem_is_left_to_others_with_advice(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as provider:
            for problem in self.foreign:
                with pytest.raises(ProviderAbstained) as caught:
                    await self._generate(provider, problem)
                assert caught.value.params.get("advice"), "the student needs to know what would work"

    async def test_hostile_text_is_answered_or_refused_and_nothing_else(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as provider:
            for text in HOSTILE_TEXTS:
                try:
                    result = await self._generate(provider, text)
                except ProviderError:
                    continue
                assert isinstance(result, GenerationResult)

    async def test_it_works_on_after_a_cancelled_call(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as provider:
            call = asyncio.ensure_future(self._generate(provider, self.problems[0]))
            await asyncio.sleep(0)
            call.cancel()
            await asyncio.wait({call}, timeout=PATIENCE)
            assert call.done(), "a cancelled call has to end"
            assert (await self._generate(provider, self.problems[0])).source.code.strip()

    async def test_calls_side_by_side_do_not_mix(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as provider:
            asked = list(self.problems) * 2
            results = await asyncio.gather(*(self._generate(provider, problem) for problem in asked))
            assert [result.source.problem for result in results] == asked

    async def test_recognising_is_a_plain_yes_or_no_for_any_text(self) -> None:
        if self.descriptor.recognises is None:
            return
        for text in (*HOSTILE_TEXTS, *self.problems, *self.foreign):
            assert self.descriptor.recognises(text) in {True, False}
