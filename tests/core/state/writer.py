"""A process that submits jobs and then works until none is left; prints the ids of those that it ended."""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import replace

from botcore.model import Status, new_id
from botcore.state import MAKING, open_state
from tests.core.state.ground import NEW


async def main(url: str, user: str, count: int) -> list[str]:
    ended = []
    async with open_state(url) as state:
        for number in range(count):
            session = await state.sessions.of("test", f"{user}-{number % 5}")
            await state.jobs.submit(
                replace(NEW, session_id=session.id), status_text=lambda job: f"queued {job.id}"
            )
        idle = 0
        while idle < 20:
            job = await state.claims.claim(new_id(), MAKING, "serve", lease=30)
            if job is None:
                # the others may still be submitting
                idle += 1
                await asyncio.sleep(0.05)
                continue
            idle = 0
            job = await state.jobs.advance(job, Status.AI_GENERATING)
            await state.jobs.advance(job, Status.FAILED)
            ended.append(job.id)
    return ended


if __name__ == "__main__":
    print(json.dumps(asyncio.run(main(sys.argv[1], sys.argv[2], int(sys.argv[3])))))
