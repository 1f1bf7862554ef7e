"""A process that tries to be the probe of an open circuit, and then to spend a budget at once; prints
how often it was let through."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace
from pathlib import Path

from botcore.errors import ProviderError
from botcore.generation import Gate
from botcore.model import Spending
from botcore.state import State, open_state, sqlite_url
from tests.core.generation.calls import MODEL, enter, gate_of, leave

CENT = Spending(100, 0.01)
OTHER = replace(MODEL, name="other")


async def probes(state: State) -> int:
    """How many of many calls at once are let through the open circuit."""
    gate = gate_of(state)
    return sum(await asyncio.gather(*(let_through(gate) for _ in range(10))))


async def let_through(gate: Gate) -> bool:
    try:
        await enter(gate)
    except ProviderError:
        return False
    return True


async def spent(state: State) -> int:
    """How many calls the budget of another provider pays for, of ten cents in all."""
    gate = gate_of(state, providers={"other": {"day_usd": 0.1}})

    async def one() -> bool:
        try:
            admission = await gate.admit(OTHER, "", CENT, seconds=60.0)
        except ProviderError:
            return False
        await leave(gate, admission, used=CENT)
        return True

    return sum(await asyncio.gather(*(one() for _ in range(20))))


async def main(path: Path) -> None:
    async with open_state(sqlite_url(path)) as state:
        print("ready", flush=True)
        await asyncio.to_thread(sys.stdin.readline)
        print(json.dumps({"probes": await probes(state), "calls": await spent(state)}))


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1])))
