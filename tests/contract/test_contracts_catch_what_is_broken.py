"""A contract that cannot fail is worth nothing: each of these breaks one promise, and is caught."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from botcore.errors import ProviderAbstained
from botcore.hooks.descriptors import (
    AdapterDescriptor,
    ProviderDescriptor,
    RendererDescriptor,
    StoreDescriptor,
    ValidatorDescriptor,
)
from botcore.model import (
    Artifact,
    Capabilities,
    Edit,
    Finding,
    GenerationRequest,
    GenerationResult,
    Outgoing,
    RenderOptions,
    Sent,
    Severity,
    Source,
    StoredObject,
)
from botcore.ports import Progress, RenderLimits
from botcore.testing import contracts
from botcore.testing.doubles import ChatAdapter, EchoProvider, FlatRenderer, MemoryStore, made_by


async def test_a_provider_that_raises_anything_else_is_caught(tmp_path: Path) -> None:
    class Fragile(EchoProvider):
        async def generate(self, request: GenerationRequest) -> GenerationResult:
            if "\x00" in request.problem:
                raise KeyError(request.problem)
            return await super().generate(request)

    class Contract(contracts.ProviderContract):
        descriptor = ProviderDescriptor(name="fragile", languages=("flat",), factory=made_by(Fragile))
        problems = ("solve x = 1",)

    with pytest.raises(KeyError):
        await Contract().test_hostile_text_is_answered_or_refused_and_nothing_else(tmp_path)


async def test_a_provider_that_abstains_without_advice_is_caught(tmp_path: Path) -> None:
    class Curt:
        async def generate(self, request: GenerationRequest) -> GenerationResult:
            raise ProviderAbstained("no")

    class Contract(contracts.ProviderContract):
        descriptor = ProviderDescriptor(name="curt", languages=("flat",), factory=made_by(Curt))
        problems = ()
        foreign = ("what is love?",)

    with pytest.raises(AssertionError, match="what would work"):
        await Contract().test_a_foreign_problem_is_left_to_others_with_advice(tmp_path)


async def test_a_validator_whose_fix_lies_outside_the_text_is_caught(tmp_path: Path) -> None:
    class Wild:
        async def validate(self, source: Source) -> list[Finding]:
            return [Finding(Severity.ERROR, "wild", "Out there.", 1, 1, (Edit(1, 0, 9, 0, ""),))]

    class Contract(contracts.ValidatorContract):
        descriptor = ValidatorDescriptor(name="wild", languages=("flat",), factory=made_by(Wild))
        good = ()
        bad = (("one line", "wild"),)

    with pytest.raises(AssertionError):
        await Contract().test_findings_point_into_the_source(tmp_path)


async def test_a_validator_that_runs_the_source_is_caught(tmp_path: Path) -> None:
    class Runner:
        async def validate(self, source: Source) -> list[Finding]:
            exec(source.code)  # noqa: S102  # this is the fault that the contract has to find
            return []

    class Contract(contracts.ValidatorContract):
        descriptor = ValidatorDescriptor(name="runner", languages=("flat",), factory=made_by(Runner))
        good = ()
        bad = ()

    with pytest.raises(AssertionError):
        await Contract().test_the_source_is_read_and_never_run(tmp_path)


async def test_a_renderer_that_lies_about_the_size_is_caught(tmp_path: Path) -> None:
    class Liar(FlatRenderer):
        async def render(
            self, source: Source, options: RenderOptions, limits: RenderLimits, out: Path, progress: Progress
        ) -> Artifact:
            made = await super().render(source, options, limits, out, progress)
            made.path.write_bytes(b"")
            return made

    class Contract(contracts.RendererContract):
        descriptor = RendererDescriptor(
            name="liar", language="flat", title="Liar", factory=made_by(Liar), detect=lambda _: None
        )
        code = "draw"
        broken = "fail"

    with pytest.raises(AssertionError):
        await Contract().test_an_artifact_is_what_it_says(tmp_path)


async def test_a_store_whose_ranges_include_their_end_is_caught(tmp_path: Path) -> None:
    class Greedy(MemoryStore):
        @asynccontextmanager
        async def open(
            self, key: str, start: int = 0, end: int | None = None, etag: str = ""
        ) -> AsyncIterator[AsyncIterator[bytes]]:
            async with super().open(key, start, None if end is None else end + 1, etag) as chunks:
                yield chunks

    class Contract(contracts.StoreContract):
        descriptor = StoreDescriptor(name="greedy", factory=made_by(Greedy))

    with pytest.raises(AssertionError):
        await Contract().test_ranges_end_before_their_end(tmp_path)


async def test_a_store_that_follows_dots_is_caught(tmp_path: Path) -> None:
    class Naive(MemoryStore):
        async def put(
            self, key: str, path: Path, media_type: str, *, expires: object, job: str
        ) -> StoredObject:
            target = tmp_path / "plugin-data" / key
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)
            return StoredObject(key, 0, media_type)

    class Contract(contracts.StoreContract):
        descriptor = StoreDescriptor(name="naive", factory=made_by(Naive))

    with pytest.raises(AssertionError, match="not yours"):
        await Contract().test_a_key_cannot_reach_outside(tmp_path)


async def test_an_adapter_that_says_it_edits_and_does_not_is_caught(tmp_path: Path) -> None:
    class Forgetful(ChatAdapter):
        async def send(self, out: Outgoing) -> Sent:
            return Sent((f"s{out.id}",))

    class Contract(contracts.AdapterContract):
        descriptor = AdapterDescriptor(
            name="test", capabilities=Capabilities(edit_text=True), factory=made_by(Forgetful)
        )

    with pytest.raises(AssertionError):
        await Contract().test_a_status_message_can_be_replaced_where_the_platform_can_edit(tmp_path)
