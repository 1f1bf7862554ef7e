from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Protocol

import pytest
from structlog.testing import capture_logs

from botcore.config import BudgetSettings
from botcore.errors import (
    BotcoreError,
    ProviderAbstained,
    ProviderError,
    ProviderRefused,
    ProvidersExhausted,
    ProviderUnavailable,
    UnknownPlugin,
)
from botcore.generation import Budgets, Gate, ProviderChain
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import (
    Attachment,
    AttachmentKind,
    GenerationRequest,
    GenerationResult,
    Prompt,
    RenderOptions,
    Source,
)
from botcore.ports import Provider
from botcore.state import State
from botcore.testing.doubles import made_by

REQUEST = GenerationRequest("solve x = 1", "drawing", "en", RenderOptions(), deadline=10.0)
PICTURE = Attachment(AttachmentKind.PICTURE, "image/png", data=b"png")


@dataclass
class Answering:
    """Raises each error in turn, then answers."""

    errors: list[BaseException] = field(default_factory=list)
    finish_reason: str = "stop"
    hangs: bool = False
    asked: list[GenerationRequest] = field(default_factory=list)

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        self.asked.append(request)
        if self.hangs:
            await asyncio.Event().wait()
        if self.errors:
            raise self.errors.pop(0)
        return GenerationResult(Source("drawing", "code"), "model", finish_reason=self.finish_reason)


class Installed:
    def __init__(self, **providers: tuple[ProviderDescriptor, Answering]) -> None:
        self.providers = {name: descriptor for name, (descriptor, _) in providers.items()}
        self._made = {name: made for name, (_, made) in providers.items()}

    async def provider(self, name: str) -> Provider:
        return self._made[name]


def descriptor(name: str, **changes: object) -> ProviderDescriptor:
    plain = ProviderDescriptor(name=name, factory=made_by(Answering), languages=("drawing",))
    return replace(plain, **changes)  # type: ignore[arg-type]  # the fields of the descriptor


class ChainOf(Protocol):
    """Makes a chain of providers that are asked in the order given."""

    def __call__(self, *made: tuple[str, Answering], order: tuple[str, ...] = ()) -> ProviderChain: ...


@pytest.fixture
def gate(state: State) -> Gate:
    return Gate(state, Budgets(BudgetSettings(), state.sessions, state.tokens))


@pytest.fixture
def chain_of(gate: Gate) -> ChainOf:
    def make(*made: tuple[str, Answering], order: tuple[str, ...] = ()) -> ProviderChain:
        providers = {
            name: (descriptor(name, priority=-place), answering)
            for place, (name, answering) in enumerate(made)
        }
        return ProviderChain(Installed(**providers), gate, order=order)

    return make


def names(chain: ProviderChain, request: GenerationRequest = REQUEST, **kwargs: object) -> list[str]:
    return [item.name for item in chain.candidates(request, **kwargs)]  # type: ignore[arg-type]  # passed on


def test_exact_providers_come_first_then_priority_then_name(gate: Gate) -> None:
    chain = ProviderChain(
        Installed(
            b=(descriptor("b", priority=5), Answering()),
            a=(descriptor("a", priority=5), Answering()),
            top=(descriptor("top", priority=9), Answering()),
            solver=(descriptor("solver", exact=True), Answering()),
        ),
        gate,
    )
    assert names(chain) == ["solver", "top", "a", "b"]


def test_configured_order_comes_before_everything(chain_of: ChainOf) -> None:
    chain = chain_of(("a", Answering()), ("b", Answering()), ("c", Answering()), order=("c", "b"))
    assert names(chain) == ["c", "b", "a"]


def test_only_providers_that_fit_are_asked(gate: Gate) -> None:
    chain = ProviderChain(
        Installed(
            other=(descriptor("other", languages=("latex",)), Answering()),
            blind=(descriptor("blind"), Answering()),
            seeing=(descriptor("seeing", pictures=True), Answering()),
        ),
        gate,
    )
    assert names(chain) == ["blind", "seeing"]
    assert names(chain, replace(REQUEST, picture=PICTURE)) == ["seeing"]
    assert names(chain, skip={"blind"}) == ["seeing"]


def test_a_language_model_is_asked_only_what_somebody_wrote_a_prompt_for(gate: Gate) -> None:
    prompt = Prompt("1", "You draw.", ("solve x = 1",), read=lambda code: Source("drawing", code))
    chain = ProviderChain(
        Installed(
            model=(descriptor("model", languages=()), Answering()),
            writer=(descriptor("writer"), Answering()),
        ),
        gate,
    )
    assert names(chain) == ["writer"]
    assert names(chain, replace(REQUEST, prompt=prompt)) == ["model", "writer"]
    assert names(chain, replace(REQUEST, prompt=prompt, language="other")) == ["model"]


def test_choice_is_asked_alone_and_must_exist(chain_of: ChainOf) -> None:
    chain = chain_of(("a", Answering()), ("b", Answering()))
    assert names(chain, choice="b") == ["b"]
    with pytest.raises(UnknownPlugin) as caught:
        names(chain, choice="c")
    assert "a, b" in caught.value.message


@pytest.mark.parametrize(
    "error",
    [
        ProviderAbstained("no", advice="…"),
        ProviderError("odd"),
        ValueError("a bug"),
        BotcoreError("internal"),
    ],
)
async def test_next_provider_is_asked_when_one_cannot(error: BaseException, chain_of: ChainOf) -> None:
    first, second = Answering([error]), Answering()

    generated = await chain_of(("first", first), ("second", second)).generate(REQUEST)

    assert generated.provider == "second"
    assert len(first.asked) == 1


async def test_refusal_is_the_last_word(chain_of: ChainOf) -> None:
    second = Answering()
    with pytest.raises(ProviderRefused):
        await chain_of(("first", Answering([ProviderRefused("no")])), ("second", second)).generate(REQUEST)
    assert second.asked == []


async def test_provider_that_is_busy_is_asked_again_after_the_time_it_named(chain_of: ChainOf) -> None:
    busy = Answering([ProviderUnavailable("429", retry_after=0.05)])
    started = monotonic()

    generated = await chain_of(("busy", busy), ("other", Answering())).generate(REQUEST)

    assert generated.provider == "busy"
    assert monotonic() - started >= 0.05


async def test_provider_that_stays_busy_is_left_after_three_tries(chain_of: ChainOf) -> None:
    busy = Answering([ProviderUnavailable("429", retry_after=0.001) for _ in range(9)])
    generated = await chain_of(("busy", busy), ("other", Answering())).generate(REQUEST)
    assert generated.provider == "other"
    assert len(busy.asked) == 3


@pytest.mark.parametrize("wait", [3600.0, 15.0])
async def test_provider_that_wants_a_long_pause_is_left_at_once(wait: float, chain_of: ChainOf) -> None:
    """Longer than the longest pause, or than the time that is left."""
    busy = Answering([ProviderUnavailable("429", retry_after=wait)])
    generated = await chain_of(("busy", busy), ("other", Answering())).generate(REQUEST)
    assert generated.provider == "other"
    assert len(busy.asked) == 1


@pytest.mark.parametrize("reason", ["length", "content_filter", ""])
async def test_answer_that_is_not_whole_is_no_answer(reason: str, chain_of: ChainOf) -> None:
    chain = chain_of(("cut", Answering(finish_reason=reason)), ("whole", Answering()))
    assert (await chain.generate(REQUEST)).provider == "whole"


async def test_one_deadline_holds_for_all(chain_of: ChainOf) -> None:
    hanging, late = Answering(hangs=True), Answering()

    with pytest.raises(ProvidersExhausted) as caught:
        async with asyncio.timeout(60):
            await chain_of(("hanging", hanging), ("late", late)).generate(replace(REQUEST, deadline=1.0))

    assert late.asked == []
    assert [(name, error.code) for name, error in caught.value.errors] == [("hanging", "provider_slow")]


async def test_deadline_that_a_provider_gets_is_what_is_left(chain_of: ChainOf) -> None:
    first, second = Answering([ProviderUnavailable("x", retry_after=0.2)]), Answering()
    await chain_of(("first", first), ("second", second)).generate(replace(REQUEST, deadline=60.0))
    before, after = (request.deadline for request in first.asked)
    assert 60 >= before >= after + 0.2


async def test_all_errors_are_kept_and_an_abstention_speaks(chain_of: ChainOf) -> None:
    chain = chain_of(
        ("solver", Answering([ProviderAbstained("kind", advice="Try an equation.")])),
        ("llm", Answering([ProviderError("bad key")])),
    )
    with pytest.raises(ProvidersExhausted) as caught:
        await chain.generate(REQUEST)

    assert [name for name, _ in caught.value.errors] == ["solver", "llm"]
    assert "Try an equation." in caught.value.message
    assert "bad key" in caught.value.detail
    assert "bad key" not in caught.value.message


async def test_nobody_installed_is_told_kindly(chain_of: ChainOf) -> None:
    with pytest.raises(ProvidersExhausted) as caught:
        await chain_of().generate(REQUEST)
    assert caught.value.message == ProviderUnavailable().message


@pytest.mark.parametrize("when", [0.0, 0.02])
async def test_cancellation_comes_through(when: float, chain_of: ChainOf) -> None:
    hanging = Answering(hangs=True)
    asking = asyncio.create_task(chain_of(("a", hanging), ("b", Answering())).generate(REQUEST))
    await asyncio.sleep(when)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking


async def test_a_provider_that_others_follow_gets_a_share_of_the_time(chain_of: ChainOf) -> None:
    first, second = Answering([ProviderError("odd")]), Answering()
    await chain_of(("first", first), ("second", second)).generate(replace(REQUEST, deadline=200.0))
    assert first.asked[0].deadline == pytest.approx(120.0, abs=30)
    assert second.asked[0].deadline == pytest.approx(200.0, abs=30)


async def test_a_provider_whose_followers_all_rest_gets_all_of_the_time(
    chain_of: ChainOf, state: State
) -> None:
    first, second = Answering(), Answering([ProviderUnavailable("503", retry_after=60.0)])
    chain = chain_of(("first", first), ("second", second))
    with pytest.raises(ProvidersExhausted):
        await chain.generate(REQUEST, choice="second")
    await chain.generate(replace(REQUEST, deadline=200.0))
    assert first.asked[0].deadline == pytest.approx(200.0, abs=30)


async def test_what_is_too_long_for_one_goes_to_another(gate: Gate) -> None:
    prompt = Prompt("1", "You draw.", ("x" * 30_000,), read=lambda code: Source("drawing", code))
    small = descriptor("small", languages=(), priority=2, context=8_000)
    large = descriptor("large", languages=(), priority=1, context=128_000)
    unknown = descriptor("unknown", languages=())
    chain = ProviderChain(
        Installed(small=(small, Answering()), large=(large, Answering()), unknown=(unknown, Answering())),
        gate,
    )
    assert names(chain, replace(REQUEST, prompt=prompt)) == ["large", "unknown"]
    assert names(chain, replace(REQUEST, prompt=replace(prompt, turns=("x",)))) == [
        "small",
        "large",
        "unknown",
    ]


async def test_a_cancelled_call_is_charged_for_what_was_asked(gate: Gate) -> None:
    prompt = Prompt("1", "You draw.", ("x" * 3_000,), read=lambda code: Source("drawing", code))
    model = descriptor("model", languages=(), price_in=1.0)
    hanging = Answering(hangs=True)
    chain = ProviderChain(Installed(model=(model, hanging)), gate)
    asking = asyncio.create_task(chain.generate(replace(REQUEST, prompt=prompt)))
    async with asyncio.timeout(60):
        while not hanging.asked:  # noqa: ASYNC110  # a double rings no bell
            await asyncio.sleep(0.001)
    asking.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert (await gate.standing("model")).today.tokens == pytest.approx(1000, abs=10)


async def test_only_solvers_installed_is_said_to_the_operator(gate: Gate) -> None:
    solver = descriptor("solver", exact=True)
    abstaining = Answering([ProviderAbstained("kind", advice="Try an equation.")])
    with capture_logs() as logs, pytest.raises(ProvidersExhausted) as caught:
        await ProviderChain(Installed(solver=(solver, abstaining)), gate).generate(REQUEST)
    assert caught.value.message == "I could not solve this one. Try an equation."
    assert "no_language_model" in [line["event"] for line in logs]


class Careless:
    """A plugin that answers what it likes."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    async def generate(self, _request: GenerationRequest) -> object:
        return self.answer


@pytest.mark.parametrize(
    "answer",
    ["a program", None, GenerationResult("a program", "model")],  # type: ignore[arg-type]  # the fault
)
async def test_an_answer_of_the_wrong_type_is_that_providers_fault_and_the_next_one_is_asked(
    chain_of: ChainOf, answer: object
) -> None:
    chain = chain_of(("careless", Careless(answer)), ("good", Answering()))  # type: ignore[arg-type]  # as above
    with capture_logs() as logs:
        assert (await chain.generate(REQUEST)).provider == "good"
    assert [line["provider"] for line in logs if line["event"] == "provider_broke"] == ["careless"]
