"""The validator “answer”: what a model's scene states, against the exact answer."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

from botcore.errors import AnswerWrong
from botcore.model import VERIFIED, Finding, Severity, Source
from botcore.ports import Validator
from botcore_solver.checking.verdict import Verdict
from botcore_solver.outcome import Abstained
from botcore_solver.settings import SolverConfig
from botcore_solver.solve import understand
from botcore_solver.worker.client import Worker, WorkerLost


class AnswerValidator:
    """Starts its worker when there is first something to compare: most sources state nothing, or are the
    solver's own."""

    def __init__(self, stack: AsyncExitStack, seconds: float) -> None:
        self._stack = stack
        self._seconds = seconds
        self.worker: Worker | None = None
        """What compares; None until it is needed."""
        self._starting = asyncio.Lock()

    async def validate(self, source: Source) -> list[Finding]:
        """A note when the stated answer is right, an error when it is wrong, else nothing."""
        if source.checked or source.answer is None or source.problem is None:
            return []
        try:
            understand(source.problem)
            reply = await (await self._ready()).check(source.problem, source.answer)
        except (Abstained, WorkerLost):
            return []
        if reply.verdict == Verdict.RIGHT:
            return [Finding(Severity.NOTE, VERIFIED, "The stated answer was worked out independently.")]
        if reply.verdict == Verdict.WRONG:
            told = f"the stated answer {source.answer} is wrong: the exact answer is {reply.answer}"
            return [Finding(Severity.ERROR, AnswerWrong.code, told, _line_of(source))]
        return []

    async def _ready(self) -> Worker:
        async with self._starting:
            if self.worker is None:
                self.worker = await self._stack.enter_async_context(Worker(self._seconds))
            return self.worker


def _line_of(source: Source) -> int:
    """The line that states the answer; 0 where it is not found."""
    lines = source.code.splitlines()
    return next((n for n, line in enumerate(lines, 1) if "answer:" in line.lower()), 0)


@asynccontextmanager
async def answer_validator(config: SolverConfig) -> AsyncIterator[Validator]:
    """The validator; what it started ends with it."""
    async with AsyncExitStack() as stack:
        yield AnswerValidator(stack, config.time_limit)
