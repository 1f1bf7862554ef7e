"""The chain with two real endpoints: what servers say over HTTP becomes circuits, budgets and sentences."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from botcore.config import Settings
from botcore.config.models import PluginSection
from botcore.errors import ProviderAbstained, ProvidersExhausted
from botcore.generation import CircuitState, Gate, ProviderChain
from botcore.generation.breaker import FAILURES
from botcore.plugins import load_plugins
from botcore.state import State
from botcore.testing.model_server import MODEL, Fails, ModelServer, Reply, Says, Then
from botcore.testing.samples import make_prompt, make_request
from tests.core.generation.calls import gate_of
from tests.core.surface import INSTALLED

PLAIN = replace(make_request(), deadline=60.0)
REQUEST = replace(PLAIN, prompt=make_prompt(PLAIN))
ANSWER = Says(text="```\ndraw x\n```", asked=120, answered=40)
LIMITED = {"retry-after": "120"}


class Bot:
    """A chain over two endpoints, one server behind each."""

    def __init__(self, chain: ProviderChain, gate: Gate, servers: dict[str, ModelServer]) -> None:
        self.chain = chain
        self.gate = gate
        self.servers = servers

    def say(self, **replies: Reply) -> None:
        for name, reply in replies.items():
            self.servers[name].say(reply)

    async def circuit(self, name: str) -> CircuitState:
        return (await self.gate.standing(name)).health.state


Start = Callable[..., AbstractAsyncContextManager[Bot]]


@pytest.fixture
def start(tmp_path: Path, state: State) -> Start:
    @asynccontextmanager
    async def open_bot(*, stall_timeout: float = 60.0, **budget: Any) -> AsyncIterator[Bot]:
        async with ModelServer(key=None) as first, ModelServer(key=None) as second:
            servers = {"first": first, "second": second}
            endpoints = {
                name: {
                    "base_url": server.url("openai"),
                    "model": MODEL,
                    "priority": -place,
                    "stall_timeout": stall_timeout if name == "first" else 60.0,
                    "price_in": 1.0,
                    "price_out": 10.0,
                }
                for place, (name, server) in enumerate(servers.items())
            }
            plugins = {name: PluginSection(enabled=False) for name in INSTALLED}
            plugins["openai_compatible"] = PluginSection({"endpoints": endpoints})
            host = load_plugins(Settings(data_dir=tmp_path, plugins=plugins))
            host.require_valid_config()
            gate = gate_of(state, **budget)
            async with host:
                yield Bot(ProviderChain(host, gate), gate, servers)

    return open_bot


@pytest.mark.parametrize(
    ("reply", "tries", "circuit"),
    [
        (Fails(429, "rate_limit_exceeded", headers=LIMITED), 1, CircuitState.OPEN),
        (Fails(429, "rate_limit_exceeded", headers={"retry-after-ms": "10"}), 3, CircuitState.CLOSED),
        (Fails(500, headers={"retry-after-ms": "10"}), 3, CircuitState.CLOSED),
        (Fails(401, "invalid_api_key"), 1, CircuitState.OPEN),
        (Fails(404, "model_not_found"), 1, CircuitState.OPEN),
        (Fails(429, "insufficient_quota", "You exceeded your current quota."), 1, CircuitState.OPEN),
        (Fails(400, "invalid_request"), 1, CircuitState.CLOSED),
        (Says(text="draw x", then=Then.STALL), 1, CircuitState.CLOSED),
        (Says(text="draw x", finish="length"), 1, CircuitState.CLOSED),
    ],
    ids=["429 for long", "429", "500", "bad key", "wrong model", "quota", "400", "stall", "cut off"],
)
async def test_the_next_provider_answers_and_the_circuit_remembers(
    start: Start, reply: Reply, tries: int, circuit: CircuitState
) -> None:
    stalls = isinstance(reply, Says) and reply.then is Then.STALL
    async with start(stall_timeout=0.3 if stalls else 60.0) as bot:
        bot.say(first=reply, second=ANSWER)
        assert (await bot.chain.generate(REQUEST)).provider == "second"
        assert len(bot.servers["first"].asked) == tries
        assert await bot.circuit("first") is circuit

        assert (await bot.chain.generate(REQUEST)).provider == "second"
        asked = min(2 * tries, FAILURES) if circuit is CircuitState.CLOSED else tries
        assert len(bot.servers["first"].asked) == asked


async def test_what_a_call_cost_stands_in_the_accounts_whether_it_was_of_use_or_not(start: Start) -> None:
    async with start() as bot:
        bot.say(first=replace(ANSWER, finish="length"), second=ANSWER)
        await bot.chain.generate(REQUEST, session_id="ada")
        for name in ("first", "second"):
            today = (await bot.gate.standing(name)).today
            assert (today.tokens, today.cost) == (160, pytest.approx(520e-6))


async def test_one_whose_budget_is_used_up_is_passed_over(start: Start) -> None:
    async with start(providers={"first": {"day_tokens": 100}}) as bot:
        bot.say(first=ANSWER, second=ANSWER)
        written_by = [(await bot.chain.generate(REQUEST)).provider for _ in range(2)]
        assert written_by == ["first", "second"]


async def test_all_budgets_used_up_is_one_clear_sentence(start: Start) -> None:
    async with start(providers={"first": {"day_tokens": 1}, "second": {"month_usd": 1e-6}}) as bot:
        bot.say(first=ANSWER, second=ANSWER)
        for _ in range(2):
            await bot.chain.generate(REQUEST)
        with pytest.raises(ProvidersExhausted) as caught:
            await bot.chain.generate(REQUEST)
        assert caught.value.message.startswith("The budget for today is used up. Problems that need no AI")
        assert caught.value.waits is None
        with pytest.raises(ProvidersExhausted) as caught:
            await bot.chain.generate(REQUEST, choice="second")
        assert caught.value.message.startswith("The budget of second is used up. Let me choose")


async def test_all_down_names_each_to_the_student_and_why_to_the_operator(start: Start) -> None:
    async with start() as bot:
        bot.say(first=Fails(401, "invalid_api_key"), second=Fails(503, headers=LIMITED))
        with pytest.raises(ProvidersExhausted) as caught:
            await bot.chain.generate(REQUEST)
    assert "(first, second)" in caught.value.message
    for reason in ("first: provider_misconfigured", "does not take the key", "second: provider_unavailable"):
        assert reason in caught.value.detail
    assert caught.value.waits == pytest.approx(120, abs=1)


async def test_a_model_that_is_down_is_told_rather_than_what_the_solver_cannot(start: Start) -> None:
    async with start() as bot:
        bot.say(first=Fails(503, headers=LIMITED), second=Fails(503, headers=LIMITED))
        with pytest.raises(ProvidersExhausted) as first:
            await bot.chain.generate(REQUEST)
    solver = ("solver", ProviderAbstained("kind", advice="Try an equation."))
    together = ProvidersExhausted([solver, *first.value.errors])
    assert together.message == first.value.message
    assert "Try an equation." not in together.message


async def test_a_choice_that_rests_is_told_so_and_nobody_else_is_asked(start: Start) -> None:
    async with start() as bot:
        bot.say(first=Fails(503, headers=LIMITED), second=ANSWER)
        await bot.chain.generate(REQUEST)
        with pytest.raises(ProvidersExhausted) as caught:
            await bot.chain.generate(REQUEST, choice="first")
        assert caught.value.message == (
            "first is not answering. Please try again in 2 min, or let me choose somebody else: "
            "/provider auto"
        )
        assert len(bot.servers["second"].asked) == 1
