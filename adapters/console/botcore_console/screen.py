"""What the person sees: answers on stdout, progress on stderr."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

from botcore import Status

if TYPE_CHECKING:
    from rich.progress import Progress, TaskID

# A text from outside must not move the cursor or set the title of somebody's terminal.
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


class Screen(Protocol):
    """Where answers go."""

    def say(self, text: str) -> None:
        """Show a text of the bot."""
        ...

    def progress(self, text: str, status: Status | None, fraction: float | None) -> None:
        """Show how far the video is, ``fraction`` from 0 to 1; a later call takes the place of this one."""
        ...

    def rest(self) -> None:
        """Nothing is on the way any more."""
        ...


@contextmanager
def open_screen() -> Iterator[Screen]:
    """The screen of this process: a bar on a terminal, lines elsewhere."""
    if not sys.stderr.isatty():
        yield Lines()
        return
    screen = Bar()
    try:
        yield screen
    finally:
        screen.rest()


class Lines:
    """Plain lines; a step is told once."""

    def __init__(self) -> None:
        self._last: Status | None = None

    def say(self, text: str) -> None:
        print_safely(text)

    def progress(self, text: str, status: Status | None, fraction: float | None) -> None:  # noqa: ARG002  # lines have no bar
        if status is not self._last:
            self._last = status
            sys.stderr.write(_clean(text) + "\n")
            sys.stderr.flush()

    def rest(self) -> None:
        self._last = None


class Bar:
    """A bar below the conversation."""

    def __init__(self) -> None:
        self._bar: Progress | None = None
        self._task: TaskID | None = None

    def say(self, text: str) -> None:
        self.rest()
        print_safely(text)

    def progress(self, text: str, status: Status | None, fraction: float | None) -> None:  # noqa: ARG002  # the text tells it
        if self._bar is None or self._task is None:
            self._bar, self._task = _start_bar()
        self._bar.update(self._task, description=_clean(text), total=1.0, completed=fraction or 0.0)

    def rest(self) -> None:
        if self._bar is not None:
            self._bar.stop()
        self._bar = self._task = None


def print_safely(text: str) -> None:
    """Print without control characters; what the terminal's encoding lacks is replaced."""
    encoding = sys.stdout.encoding or "utf-8"
    sys.stdout.write(_clean(text).encode(encoding, "replace").decode(encoding) + "\n")
    sys.stdout.flush()


def _clean(text: str) -> str:
    return _CONTROL.sub("", text)


def _start_bar() -> tuple[Progress, TaskID]:
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    bar = Progress(
        SpinnerColumn(),
        TextColumn("{task.description}", markup=False),
        BarColumn(bar_width=24),
        TimeElapsedColumn(),
        console=Console(file=sys.stderr),
        transient=True,
    )
    bar.start()
    return bar, bar.add_task("", total=1.0)
