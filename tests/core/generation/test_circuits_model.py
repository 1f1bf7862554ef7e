"""Random calls of several processes against a model of what circuits and budgets mean.

Processes begin calls, end them well or badly and in any order, die in the middle, and start anew, while the
clock moves. Each decision of the gate is compared with one made in plain Python.
"""

from __future__ import annotations

import asyncio
import shutil
import tempfile
from collections.abc import Coroutine
from contextlib import AsyncExitStack
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from botcore.errors import (
    BotcoreError,
    ProviderBudgetUsedUp,
    ProviderError,
    ProviderRefused,
    ProviderResting,
    ProviderUnavailable,
)
from botcore.generation.breaker import FAILURES
from botcore.generation.gate import Admission
from botcore.model import Spending
from botcore.state import open_state, sqlite_url
from tests.core.generation.calls import enter, gate_of, leave
from tests.core.state.ground import SettableClock

T = TypeVar("T")

CALL_S, SPARE_S = 60.0, 30.0
DAY_TOKENS, MOST, USED = 1000, 100, 70
ENDS: list[BotcoreError | None] = [
    None,
    ProviderRefused("no"),
    ProviderError("odd"),
    ProviderUnavailable("503"),
    ProviderUnavailable("429", retry_after=2.0),
    ProviderUnavailable("429", retry_after=100.0),
]


class Calls(RuleBasedStateMachine):
    calls = Bundle("calls")

    def __init__(self) -> None:
        super().__init__()
        self.loop = asyncio.new_event_loop()
        self.clock = SettableClock()
        self.folder = Path(tempfile.mkdtemp())
        self.stack = AsyncExitStack()
        self.failures = 0
        self.open_until: datetime | None = None
        self.openings = 0
        self.probe: Admission | None = None
        self.probe_until = self.clock()
        self.reserved: dict[str, datetime] = {}
        self.spent = 0

    def run(self, work: Coroutine[Any, Any, T]) -> T:
        return self.loop.run_until_complete(work)

    @initialize()
    def open(self) -> None:
        url = sqlite_url(self.folder / "botcore.db")
        self.state = self.run(self.stack.enter_async_context(open_state(url, clock=self.clock)))
        self.start_anew()

    def teardown(self) -> None:
        self.run(self.stack.aclose())
        self.loop.close()
        shutil.rmtree(self.folder)

    # ------------------------------------------------------------------------------------------------ steps

    @rule()
    def start_anew(self) -> None:
        """Nothing that matters is kept in a process."""
        self.gate = gate_of(self.state, providers={"model": {"day_tokens": DAY_TOKENS}})

    @rule(target=calls)
    def begin(self) -> Admission | None:
        now = self.clock()
        shut = self.open_until is not None and (now < self.open_until or now < self.probe_until)
        held = sum(until > now for until in self.reserved.values())
        try:
            admission = self.run(enter(self.gate, reserve=Spending(MOST)))
        except ProviderResting:
            assert shut
            return None
        except ProviderBudgetUsedUp:
            assert not shut
            assert self.spent + MOST * held >= DAY_TOKENS
            return None
        assert not shut
        assert self.spent + MOST * held < DAY_TOKENS
        until = self.clock() + timedelta(seconds=CALL_S + SPARE_S)
        self.reserved[admission.reservation] = until
        assert (admission.probe is not None) == (self.open_until is not None)
        if admission.probe is not None:
            self.probe, self.probe_until = admission, until
        return admission

    @rule(call=consumes(calls), error=st.sampled_from(ENDS))
    def end(self, call: Admission | None, error: BotcoreError | None) -> None:
        if call is None:
            return
        used = Spending(0 if error is not None else USED)
        self.run(leave(self.gate, call, error, used))
        self.spent += used.tokens
        del self.reserved[call.reservation]
        self.judge(call, error)

    def judge(self, call: Admission, error: BotcoreError | None) -> None:
        down = isinstance(error, ProviderUnavailable)
        wait = error.retry_after if error is not None else None
        if self.open_until is not None and call is not self.probe:
            if down and wait is not None:
                self.open_until = max(self.open_until, self.clock() + timedelta(seconds=wait))
            return
        if error is None or isinstance(error, ProviderRefused):
            self.failures, self.openings, self.open_until = 0, 0, None
        elif down:
            self.failures += 1
            if self.open_until is not None or self.failures >= FAILURES or (wait or 0) > 20:
                self.openings += 1
                growing = min(15.0 * 2 ** (self.openings - 1), 600.0)
                pause = wait if wait is not None and self.openings == 1 else max(wait or 0.0, growing)
                self.open_until = self.clock() + timedelta(seconds=pause)
        if call is self.probe:
            self.probe, self.probe_until = None, self.clock()

    @rule(call=consumes(calls))
    def die(self, call: Admission | None) -> None:
        """The process of a call is gone: its reservation and its turn as the probe lapse."""

    @rule(call=consumes(calls))
    def cancel(self, call: Admission | None) -> None:
        if call is None:
            return
        self.run(self.gate.cancelled(call, Spending(10)))
        self.spent += 10
        del self.reserved[call.reservation]
        if call is self.probe:
            self.probe, self.probe_until = None, self.clock()

    @rule(seconds=st.sampled_from([1.0, 16.0, 95.0, 700.0]))
    def wait(self, seconds: float) -> None:
        self.clock.tick(seconds)

    @invariant()
    def accounts_agree(self) -> None:
        if hasattr(self, "state"):
            today, _ = self.run(self.state.budgets.of_provider("model"))
            assert today.tokens == self.spent


Calls.TestCase.settings = settings(
    max_examples=12,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestCalls = Calls.TestCase
