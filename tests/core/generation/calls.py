"""Short ways to make calls of providers go through a gate."""

from __future__ import annotations

from dataclasses import replace

from botcore.config import BudgetSettings
from botcore.errors import BotcoreError
from botcore.generation import Budgets, Gate
from botcore.generation.gate import Admission
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.model import Spending
from botcore.state import State
from botcore.testing.doubles import EchoProvider, made_by

MODEL = ProviderDescriptor(name="model", factory=made_by(EchoProvider))
EXACT = replace(MODEL, name="solver", exact=True)
NOTHING = Spending()


def gate_of(state: State, **budget: object) -> Gate:
    """A gate with this ``[budget]``."""
    return Gate(state, Budgets(BudgetSettings.model_validate(budget), state.sessions, state.tokens))


async def enter(
    gate: Gate, who: str = "", descriptor: ProviderDescriptor = MODEL, *, reserve: Spending = NOTHING
) -> Admission:
    return await gate.admit(descriptor, who, reserve, seconds=60.0)


async def leave(
    gate: Gate, admission: Admission, error: BotcoreError | None = None, used: Spending = NOTHING
) -> None:
    await gate.ended(admission, error, used, seconds=1.0)


async def call(
    gate: Gate,
    error: BotcoreError | None = None,
    *,
    who: str = "",
    descriptor: ProviderDescriptor = MODEL,
    used: Spending = NOTHING,
) -> None:
    """One call from its beginning to its end."""
    await leave(gate, await enter(gate, who, descriptor), error, used)
