"""A process that does what it is told on its standard input, to be heard by others, or says what it hears."""

from __future__ import annotations

import asyncio
import sys
from dataclasses import replace

from botcore.state import State, open_state
from tests.core.state.ground import NEW, message, outgoing


async def do(state: State, command: str, name: str) -> None:
    """Carry out one line."""
    match command:
        case "message":
            await state.inbox.receive(message(name), "serve")
        case "job":
            session = await state.sessions.of("test", name)
            await state.jobs.submit(replace(NEW, session_id=session.id))
        case "outgoing":
            await state.outbox.enqueue(outgoing(name))
        case "listen":
            bell = state.inbox.bell
            await bell.wait(0)  # the connection stands
            heard = bell.rings
            print("listening", flush=True)
            await bell.wait(heard)


async def main(url: str) -> None:
    async with open_state(url) as state:
        while line := await asyncio.to_thread(sys.stdin.readline):
            await do(state, *line.split())
            print("done", flush=True)


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1]))
