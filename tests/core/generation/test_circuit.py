from __future__ import annotations

import pytest

from botcore.errors import (
    BotcoreError,
    PluginError,
    ProviderAbstained,
    ProviderError,
    ProviderMisconfigured,
    ProviderRefused,
    ProviderResting,
    ProviderTooSlow,
    ProviderUnavailable,
)
from botcore.generation import CircuitState
from botcore.generation.breaker import FAILURES
from botcore.state import State
from tests.core.generation.calls import EXACT, MODEL, NOTHING, call, enter, gate_of, leave
from tests.core.state.ground import SettableClock

DOWN = ProviderUnavailable("503")


async def opened(state: State, error: BotcoreError = DOWN) -> None:
    gate = gate_of(state)
    for _ in range(FAILURES):
        await call(gate, error)


async def is_open(state: State) -> bool:
    return (await gate_of(state).standing("model")).health.state is CircuitState.OPEN


@pytest.mark.parametrize("error", [DOWN, ProviderTooSlow("silent")])
async def test_a_provider_that_is_down_is_left_alone_by_every_process(
    state: State, error: BotcoreError
) -> None:
    gate = gate_of(state)
    for _ in range(FAILURES - 1):
        await call(gate, error)
    assert not await is_open(state)
    await call(gate, error)

    assert await is_open(state)
    with pytest.raises(ProviderResting) as caught:
        await enter(gate_of(state))
    assert caught.value.retry_after == pytest.approx(15.0, abs=0.1)
    assert error.code in caught.value.detail


@pytest.mark.parametrize(
    "error",
    [
        None,
        ProviderAbstained("no", advice="…"),
        ProviderRefused("filter"),
        ProviderError("the request is longer than it takes"),
        PluginError("it raised KeyError"),
    ],
)
async def test_what_one_person_asks_shuts_nobody_out(state: State, error: BotcoreError | None) -> None:
    gate = gate_of(state)
    for _ in range(3 * FAILURES):
        await call(gate, error)
    assert not await is_open(state)


async def test_only_failures_in_a_row_count(state: State) -> None:
    gate = gate_of(state)
    for _ in range(FAILURES):
        await call(gate, DOWN)
        await call(gate)
    assert not await is_open(state)


async def test_a_key_that_is_refused_is_not_tried_again_for_long(state: State, clock: SettableClock) -> None:
    await call(gate_of(state), ProviderMisconfigured("401"))
    clock.tick(590)
    assert await is_open(state)
    clock.tick(20)
    assert not await is_open(state)


async def test_a_process_that_starts_tries_a_mended_key_at_once(state: State) -> None:
    gate = gate_of(state)
    await call(gate, ProviderMisconfigured("401"))
    await state.providers.try_again(ProviderMisconfigured.code)
    await call(gate)
    assert (await gate.standing("model")).health.state is CircuitState.CLOSED


async def test_a_process_that_starts_does_not_hurry_a_server_that_is_down(state: State) -> None:
    await opened(state)
    await state.providers.try_again(ProviderMisconfigured.code)
    assert await is_open(state)


async def test_a_long_retry_after_counts_for_everybody_at_once(state: State, clock: SettableClock) -> None:
    gate = gate_of(state)
    await call(gate, ProviderUnavailable("429", retry_after=120.0))
    clock.tick(119)
    with pytest.raises(ProviderResting):
        await enter(gate)
    clock.tick(2)
    await call(gate)
    assert (await gate.standing("model")).health.state is CircuitState.CLOSED


async def test_one_call_decides_and_the_others_wait_for_it(state: State, clock: SettableClock) -> None:
    await opened(state)
    clock.tick(16)
    gate, other = gate_of(state), gate_of(state)
    probe = await enter(gate)
    with pytest.raises(ProviderResting):
        await enter(other)
    await leave(gate, probe)
    await call(other)


async def test_pauses_grow_while_the_probes_fail(state: State, clock: SettableClock) -> None:
    await opened(state)
    gate = gate_of(state)
    pauses = []
    for _ in range(8):
        with pytest.raises(ProviderResting) as caught:
            await enter(gate)
        wait = caught.value.retry_after or 0.0
        pauses.append(round(wait))
        clock.tick(wait + 0.1)
        await call(gate, DOWN)
    assert pauses == [15, 30, 60, 120, 240, 480, 600, 600]


async def test_a_probe_whose_process_died_makes_room_for_another(state: State, clock: SettableClock) -> None:
    await opened(state)
    clock.tick(16)
    gate = gate_of(state)
    dead = await enter(gate)
    clock.tick(60 + 31)
    await call(gate)
    await leave(gate, dead, DOWN)
    assert not await is_open(state), "what the dead one found out is old"


async def test_a_probe_that_was_broken_off_decides_nothing(state: State, clock: SettableClock) -> None:
    await opened(state)
    clock.tick(16)
    gate = gate_of(state)
    await gate.cancelled(await enter(gate), used=NOTHING)
    await call(gate)
    assert not await is_open(state)


async def test_a_call_that_began_before_the_failures_closes_nothing(state: State) -> None:
    gate = gate_of(state)
    early = await enter(gate)
    await opened(state)
    await leave(gate, early)
    assert await is_open(state)


async def test_a_provider_without_time_is_not_to_blame(state: State) -> None:
    gate = gate_of(state)
    for _ in range(2 * FAILURES):
        await gate.ended(await enter(gate), ProviderTooSlow("x"), NOTHING, seconds=1.0, fair=False)
    assert not await is_open(state)


async def test_exact_providers_have_no_circuit(state: State) -> None:
    gate = gate_of(state)
    for _ in range(2 * FAILURES):
        await call(gate, DOWN, descriptor=EXACT)
    await call(gate, descriptor=EXACT)
    assert (await gate.standing(EXACT.name)).health.state is CircuitState.CLOSED


async def test_health_is_told_in_figures(state: State, clock: SettableClock) -> None:
    gate = gate_of(state)
    for seconds in (1.0, 2.0, 3.0, 40.0):
        await gate.ended(await enter(gate), None, NOTHING, seconds=seconds)
    await call(gate, ProviderUnavailable("server answered 503"))

    health = (await gate_of(state).standing(MODEL.name)).health
    assert (health.calls, health.success_rate, health.p50_s, health.p95_s) == (5, 0.8, 2.0, 40.0)
    assert health.last_error is not None
    assert (health.last_error.code, health.last_error.detail) == (
        "provider_unavailable",
        "server answered 503",
    )
    assert health.last_success is not None

    clock.tick(86_400)
    health = (await gate.standing(MODEL.name)).health
    assert (health.calls, health.success_rate, health.p50_s) == (0, None, None)


async def test_health_remembers_a_bounded_number_of_calls(state: State) -> None:
    gate = gate_of(state)
    for _ in range(60):
        await call(gate, ProviderError("x" * 10_000))
    record = await state.providers.get(MODEL.name)
    assert len(record.calls) == 50
    assert record.last_error is not None
    assert len(record.last_error.detail) == 300
