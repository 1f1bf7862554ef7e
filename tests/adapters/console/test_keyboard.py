"""What counts as one message, on a pipe and on a terminal."""

from __future__ import annotations

import asyncio
import os
import select
import socket
import subprocess
import sys
import termios
from pathlib import Path

import pytest
from botcore_console.keyboard import PipedInput, read_message

PATIENCE = 60.0


async def all_messages(source: PipedInput) -> list[str]:
    found = []
    while (message := await asyncio.wait_for(source.read(), PATIENCE)) is not None:
        found.append(message)
    return found


async def test_each_line_of_a_pipe_is_a_message() -> None:
    reader, writer = os.pipe()
    os.write(writer, "solve x² = 4\r\n\n/help".encode())
    os.close(writer)
    assert await all_messages(PipedInput(reader)) == ["solve x² = 4", "", "/help"]
    os.close(reader)


async def test_a_file_can_be_piped_in(tmp_path: Path) -> None:
    script = tmp_path / "script.txt"
    script.write_text("/help\n/history\n")
    with script.open("rb") as file:
        assert await all_messages(PipedInput(file.fileno())) == ["/help", "/history"]


async def test_bytes_that_are_no_text_arrive_as_something_that_is_refused() -> None:
    reader, writer = os.pipe()
    os.write(writer, b"\xff\xfe\x00\n")
    os.close(writer)
    (message,) = await all_messages(PipedInput(reader))
    assert "\udcff" in message
    os.close(reader)


@pytest.mark.parametrize(
    ("lines", "messages"),
    [
        (["```python", "a = 1", "", "b = 2", "```", "next"], ["```python\na = 1\n\nb = 2\n```", "next"]),
        (["```one line```", "next"], ["```one line```", "next"]),
        (["```", "never closed"], ["```\nnever closed"]),
    ],
)
async def test_a_fence_is_one_message(lines: list[str], messages: list[str]) -> None:
    left = list(lines)

    async def read_line() -> str | None:
        return left.pop(0) if left else None

    found = []
    while (message := await read_message(read_line)) is not None:
        found.append(message)
    assert found == messages


def test_what_is_typed_while_the_bot_is_busy_stays_off_the_screen_and_is_kept(tmp_path: Path) -> None:
    code = (
        "import asyncio, pathlib, sys\n"
        "from botcore_console.keyboard import open_keyboard\n"
        "with open_keyboard(pathlib.Path(sys.argv[1])) as keyboard:\n"
        "    first = asyncio.run(keyboard.read())\n"
        "    print('busy', flush=True)\n"
        "    open(2, 'rb', closefd=False).readline()\n"
        "    second = asyncio.run(keyboard.read())\n"
        "    print([first, second], flush=True)\n"
    )
    master, terminal = os.openpty()
    ours, theirs = socket.socketpair()
    with ours, theirs:
        process = subprocess.Popen(
            [sys.executable, "-c", code, tmp_path / "history"],
            stdin=terminal,
            stdout=terminal,
            stderr=theirs.fileno(),
        )
        read_until(master, b"you> ")
        os.write(master, b"first\n")
        assert b"first" in read_until(master, b"busy\r\n")
        os.write(master, b"second\n")
        ours.send(b"go on\n")
        shown = read_until(master, b"['first', 'second']")
        assert shown.count(b"second") == 2, shown  # at the prompt, and in the list
        assert process.wait(PATIENCE) == 0
    assert termios.tcgetattr(terminal)[3] & termios.ECHO
    os.close(terminal)
    os.close(master)


def read_until(descriptor: int, wanted: bytes) -> bytes:
    seen = b""
    while wanted not in seen:
        assert select.select([descriptor], [], [], PATIENCE)[0], seen
        seen += os.read(descriptor, 4096)
    return seen


def test_the_entry_point_imports_nothing_heavy() -> None:
    code = (
        "import sys, botcore_console.plugin\n"
        "heavy = {'rich', 'aiohttp', 'tortoise', 'structlog'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
