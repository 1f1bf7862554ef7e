"""What the chain adds to a call: circuit, budget and record, around a provider that answers at once."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter, process_time
from typing import Any

from botcore.config import BudgetSettings
from botcore.generation import Budgets, Gate, ProviderChain
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import GenerationRequest, GenerationResult, Prompt, RenderOptions, Source
from botcore.ports import Provider
from botcore.state import open_state, sqlite_url
from botcore.testing.doubles import made_by

CALLS = 300


class AtOnce:
    """A language model without any delay."""

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        return GenerationResult(
            Source("flat", "draw x"), "model", input_tokens=500, output_tokens=500, cost=0.001
        )


class Installed:
    def __init__(self) -> None:
        self.providers = {"model": ProviderDescriptor(name="model", factory=made_by(AtOnce))}

    async def provider(self, name: str) -> Provider:
        return AtOnce()


async def overhead(folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Median and 95th percentile of the milliseconds that a call takes besides the provider's own, and those
    of CPU, with budgets for persons and providers."""
    settings = BudgetSettings.model_validate(
        {"day_usd": 1e9, "providers": {"model": {"day_usd": 1e9, "month_usd": 1e9}}}
    )
    prompt = Prompt("1", "You draw.", ("solve x = 1",), read=lambda code: Source("flat", code))
    request = GenerationRequest("solve x = 1", "flat", "en", RenderOptions(), deadline=60.0, prompt=prompt)
    times = []
    async with open_state(sqlite_url(folder / "botcore.db")) as state:
        chain = ProviderChain(Installed(), Gate(state, Budgets(settings, state.sessions, state.tokens)))
        sessions = [(await state.sessions.of("test", str(number))).id for number in range(1000)]
        cpu = process_time()
        for number in range(CALLS):
            began = perf_counter()
            await chain.generate(request, session_id=sessions[number])
            times.append((perf_counter() - began) * 1000)
        cpu = process_time() - cpu
    times.sort()
    say(f"chain: {median(times):.2f} ms")
    return {"median_ms": median(times), "p95_ms": times[int(0.95 * CALLS)], "cpu_ms": cpu / CALLS * 1000}
