"""What counts as one message, on a pipe and on a terminal."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import pytest
from botcore_console.keyboard import PipedInput, read_message

PATIENCE = 10.0


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


def test_the_entry_point_imports_nothing_heavy() -> None:
    code = (
        "import sys, botcore_console.plugin\n"
        "heavy = {'rich', 'aiohttp', 'tortoise', 'structlog'} & set(sys.modules)\n"
        "assert not heavy, heavy\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)
