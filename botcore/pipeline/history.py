"""What was tried for a job so far, and what follows from it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from botcore.errors import LayoutPoor
from botcore.model import Failure, Repair, Source
from botcore.pipeline.run import JobRun
from botcore.state import Attempt

GIVEN = 0
"""The number of the attempt that holds what the job began with; generations count from 1."""
_SAME = 2
"""Scripts of one provider that may fail before another one is preferred."""


@dataclass(frozen=True, slots=True)
class History:
    """The attempts of a job, in order."""

    attempts: Sequence[Attempt]

    @classmethod
    async def of(cls, run: JobRun) -> History:
        """Of the job of ``run``."""
        return cls(await run.tools.state.attempts.of_job(run.job.id))

    @property
    def generations(self) -> list[Attempt]:
        """Without what the job began with."""
        return [attempt for attempt in self.attempts if attempt.number != GIVEN]

    @property
    def given(self) -> Source | None:
        """What the job began with."""
        return next((attempt.source for attempt in self.attempts if attempt.number == GIVEN), None)

    @property
    def failure(self) -> Failure | None:
        """Of the newest attempt that failed."""
        return next((attempt.failure for attempt in reversed(self.attempts) if attempt.failure), None)

    @property
    def repair(self) -> Repair | None:
        """The newest attempt that failed, as the next one is told of it."""
        for attempt in reversed(self.attempts):
            if attempt.failure is not None:
                return Repair(attempt.source, attempt.failure, attempt.findings)
        return None

    @property
    def ugly(self) -> Attempt | None:
        """The attempt that was drawn, and given back for its layout."""
        for attempt in self.attempts:
            if attempt.failure is not None and attempt.failure.code == LayoutPoor.code:
                return attempt
        return None

    def current(self, run: JobRun) -> Attempt | None:
        """The attempt that the job's status is about; None before there is one."""
        return next((item for item in self.attempts if item.number == run.job.generations), None)

    def worn_out(self, *, last: bool) -> set[str]:
        """Providers to which another one is preferred: they failed twice, or, for the last script, once."""
        failures = Counter(attempt.provider for attempt in self.generations if attempt.failure is not None)
        return {name for name, count in failures.items() if last or count >= _SAME}
