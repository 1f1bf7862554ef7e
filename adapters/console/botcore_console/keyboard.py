"""Messages as they are typed, pasted or piped.

On a terminal a line is read with readline (editing, history of earlier chats); lines that arrive together
are one paste and one message. What is typed while the bot is busy is kept, and shown when it is its turn.
Elsewhere each line is a message. In both, a fence (three backticks) opens a message that ends with the
closing fence.
"""

from __future__ import annotations

import asyncio
import os
import select
import sys
import termios
import threading
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Protocol

FENCE = "```"
PROMPT = "you> "
PASTE_SECONDS = 0.05
"""A line that follows this fast was not typed."""
HISTORY_LINES = 1000
MAX_LINE = 1024 * 1024


class Keyboard(Protocol):
    """Where messages come from. ``interactive``: a person sits there and sees a prompt."""

    interactive: bool

    async def read(self) -> str | None:
        """The next message; None at the end of the input."""
        ...


@contextmanager
def open_keyboard(history: Path) -> Iterator[Keyboard]:
    """The keyboard of this process. ``history`` keeps what was typed, for the owner's eyes only."""
    if not sys.stdin.isatty():
        yield PipedInput(sys.stdin.fileno())
        return
    descriptor = sys.stdin.fileno()
    before = termios.tcgetattr(descriptor)
    _load_history(history)
    try:
        yield TypedInput(descriptor)
    finally:
        # A line that is being edited when the chat ends leaves the terminal raw.
        termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
        _save_history(history)


async def read_message(read_line: Callable[[], Awaitable[str | None]]) -> str | None:
    """One line, or all lines up to the closing fence when the first one opens a fence."""
    first = await read_line()
    if first is None or not first.lstrip().startswith(FENCE) or first.strip().endswith(FENCE, len(FENCE)):
        return first
    lines = [first]
    while (line := await read_line()) is not None:
        lines.append(line)
        if line.strip() == FENCE:
            break
    return "\n".join(lines)


class TypedInput:
    """A person at a terminal."""

    interactive = True

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    async def read(self) -> str | None:
        return await read_message(self._line)

    async def _line(self) -> str | None:
        """A typed line, or the lines of a paste. ``input`` cannot be interrupted from outside, so it waits in
        a daemon thread that the end of the process does not wait for."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[str | None] = loop.create_future()

        def settle(text: str | None) -> None:
            if not answer.done():
                answer.set_result(text)

        def wait_for_line() -> None:
            text = _typed(self._descriptor)
            with suppress(RuntimeError):  # the loop was closed meanwhile
                loop.call_soon_threadsafe(settle, text)

        threading.Thread(target=wait_for_line, name="keyboard", daemon=True).start()
        return await answer


class PipedInput:
    """A pipe or a file. Read without a thread, since a thread that waits in a read holds up the exit."""

    interactive = False

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self._buffer = b""
        self._ended = False

    async def read(self) -> str | None:
        return await read_message(self._line)

    async def _line(self) -> str | None:
        while b"\n" not in self._buffer and not self._ended and len(self._buffer) < MAX_LINE:
            chunk = await self._chunk()
            self._buffer += chunk
            self._ended = not chunk
        if not self._buffer:
            return None
        line, _, self._buffer = self._buffer.partition(b"\n")
        return line.decode("utf-8", "surrogateescape").removesuffix("\r")

    async def _chunk(self) -> bytes:
        loop = asyncio.get_running_loop()
        readable: asyncio.Future[None] = loop.create_future()
        try:
            loop.add_reader(self._descriptor, _settle, readable)
        except PermissionError:  # a regular file is always readable and cannot be waited for
            return os.read(self._descriptor, 65536)
        try:
            await readable
        finally:
            loop.remove_reader(self._descriptor)
        return os.read(self._descriptor, 65536)


def _settle(future: asyncio.Future[None]) -> None:
    if not future.done():
        future.set_result(None)


def _typed(descriptor: int) -> str | None:
    _set_echo(descriptor, on=True)
    try:
        lines = [input(PROMPT)]
        while select.select([descriptor], [], [], PASTE_SECONDS)[0]:
            lines.append(input())
    except EOFError:
        return None
    finally:
        # What is typed from now on would run into the progress bar.
        _set_echo(descriptor, on=False)
    return "\n".join(lines)


def _set_echo(descriptor: int, *, on: bool) -> None:
    with suppress(termios.error):  # the terminal has gone; reading will say so
        attributes = termios.tcgetattr(descriptor)
        attributes[3] = attributes[3] | termios.ECHO if on else attributes[3] & ~termios.ECHO
        termios.tcsetattr(descriptor, termios.TCSADRAIN, attributes)


def _load_history(path: Path) -> None:
    import readline

    readline.set_auto_history(True)
    readline.set_history_length(HISTORY_LINES)
    with suppress(OSError):
        readline.read_history_file(path)


def _save_history(path: Path) -> None:
    import readline

    with suppress(OSError):
        path.touch(mode=0o600)
        readline.write_history_file(path)
