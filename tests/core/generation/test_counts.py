"""What providers say that they used, when it cannot be true: on every backend, because each takes other
numbers."""

from __future__ import annotations

import math
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from botcore.config import BudgetSettings
from botcore.errors import ProviderError, ProvidersExhausted
from botcore.generation import Budgets, Gate, ProviderChain
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import GenerationRequest, GenerationResult, Prompt, RenderOptions, Source, Spending
from botcore.ports import Provider
from botcore.state import State, open_state
from botcore.testing.doubles import made_by
from tests.core.databases import BACKENDS

PROMPT = Prompt("1", "You draw.", ("solve x = 1",), read=lambda code: Source("drawing", code))
REQUEST = GenerationRequest("solve x = 1", "drawing", "en", RenderOptions(), deadline=60.0, prompt=PROMPT)
PRICE = 3_000_000.0
"""US dollars for a million tokens."""
IMPOSSIBLE = [
    {"cost": math.nan},
    {"cost": math.inf},
    {"cost": -0.01},
    {"cost": "0.01"},
    {"cost": None},
    {"input_tokens": -1},
    {"input_tokens": -1, "output_tokens": 2},
    {"output_tokens": 2**63},
    {"input_tokens": math.nan},
    {"output_tokens": None},
]


@dataclass
class Model:
    """Answers one thing, or raises it."""

    answer: GenerationResult | ProviderError

    async def generate(self, _request: GenerationRequest) -> GenerationResult:
        if isinstance(self.answer, ProviderError):
            raise self.answer
        return self.answer


@dataclass
class Installed:
    model: Model

    @property
    def providers(self) -> dict[str, ProviderDescriptor]:
        return {
            "model": ProviderDescriptor(
                name="model", factory=made_by(lambda: self.model), languages=("drawing",), price_in=PRICE
            )
        }

    async def provider(self, _name: str) -> Provider:
        return self.model


@pytest.fixture(params=BACKENDS)
async def state(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[State]:
    with BACKENDS[request.param](tmp_path) as url:
        async with open_state(url) as state:
            yield state


def chain_of(state: State, answer: GenerationResult | ProviderError) -> ProviderChain:
    budgets = Budgets(BudgetSettings(), state.sessions, state.tokens)
    return ProviderChain(Installed(Model(answer)), Gate(state, budgets))


@pytest.mark.parametrize("said", IMPOSSIBLE)
async def test_an_answer_with_impossible_counts_is_kept_and_only_what_was_asked_is_put_down(
    state: State, said: dict[str, object]
) -> None:
    answer = replace(GenerationResult(Source("drawing", "code"), "model"), **said)  # type: ignore[arg-type]  # the fault
    with capture_logs() as logs:
        result = (await chain_of(state, answer).generate(REQUEST)).result
    assert result == GenerationResult(Source("drawing", "code"), "model")
    assert [line["provider"] for line in logs if line["event"] == "provider_miscounts"] == ["model"]
    today, month = await state.budgets.of_provider("model")
    assert today == month
    assert today.tokens > 0
    assert today.cost == pytest.approx(today.tokens * 3)


@pytest.mark.parametrize("said", [{"cost": math.nan}, {"cost": -1.0}, {"tokens": 2**70}, {"tokens": -5}])
async def test_so_it_is_with_what_a_failed_call_says(state: State, said: dict[str, float]) -> None:
    error = ProviderError("broke off")
    for name, value in said.items():
        setattr(error, name, value)
    with pytest.raises(ProvidersExhausted):
        await chain_of(state, error).generate(REQUEST)
    today, _ = await state.budgets.of_provider("model")
    assert today.tokens > 0
    assert today.cost == pytest.approx(today.tokens * 3)


async def test_what_can_be_true_is_put_down_as_it_was_said(state: State) -> None:
    answer = GenerationResult(
        Source("drawing", "code"), "model", input_tokens=10**9, output_tokens=2, cost=0.5
    )
    assert (await chain_of(state, answer).generate(REQUEST)).result == answer
    assert (await state.budgets.of_provider("model"))[0] == Spending(10**9 + 2, 0.5)
