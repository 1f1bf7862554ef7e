"""How far a job is, on stderr: a bar on a terminal, a line per step elsewhere."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import TYPE_CHECKING, Self

from botcore.cli.output import tell
from botcore.model import Job, RenderProgress, Status

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

_STEPS = {
    Status.QUEUED: ("Waiting", 0.0),
    Status.AI_GENERATING: ("Solving", 0.02),
    Status.CODE_VALIDATING: ("Checking", 0.08),
    Status.RENDERING: ("Drawing", 0.10),
    Status.UPLOADING: ("Saving", 0.97),
    Status.READY: ("Handing over", 0.99),
    Status.DELIVERED: ("Done", 1.0),
}
_DRAWING = _STEPS[Status.UPLOADING][1] - _STEPS[Status.RENDERING][1]
"""The part of the bar that belongs to the renderer."""


def share_done(job: Job, progress: RenderProgress | None) -> float:
    """How much of the whole way is behind the job, from 0 to 1."""
    share = _STEPS.get(job.status, ("", 0.0))[1]
    if job.status is Status.RENDERING and progress is not None and progress.fraction is not None:
        share += _DRAWING * min(1.0, max(0.0, progress.fraction))
    return share


def describe_step(job: Job, progress: RenderProgress | None) -> str:
    """A few words, such as ``Drawing: animation 3 of 12``."""
    step = _STEPS.get(job.status, (job.status.value, 0.0))[0]
    if job.status is not Status.RENDERING or progress is None or progress.animation == 0:
        return step
    of = f" of {progress.animations}" if progress.animations else ""
    return f"{step}: animation {progress.animation}{of}"


class ProgressView:
    """Shows one job. ``silent`` shows nothing."""

    def __init__(self, *, silent: bool = False) -> None:
        self._silent = silent
        self._bar: Progress | None = None
        self._task: TaskID | None = None
        self._last = ""

    def __enter__(self) -> Self:
        if not self._silent and sys.stderr.isatty():
            from rich.console import Console
            from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

            self._bar = Progress(
                SpinnerColumn(),
                TextColumn("{task.description}"),
                BarColumn(),
                TextColumn("{task.percentage:>3.0f} %"),
                TimeElapsedColumn(),
                console=Console(file=sys.stderr),
                transient=True,
            )
            self._bar.start()
            self._task = self._bar.add_task("Starting", total=1.0)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def show(self, job: Job, progress: RenderProgress | None) -> None:
        """Bring the view up to date."""
        step = describe_step(job, progress)
        if self._bar is not None and self._task is not None:
            self._bar.update(self._task, description=step, completed=share_done(job, progress))
        elif not self._silent and not job.status.final and (step := step.partition(":")[0]) != self._last:
            self._last = step
            tell(f"{step} …")
