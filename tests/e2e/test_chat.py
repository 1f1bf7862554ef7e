"""The conversation: piped, and on a terminal."""

from __future__ import annotations

import os
import pty
import select
import signal
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import SECONDS, Machine, probe

CODE = """\
```python
class Demo(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.5)
```
"""


def test_a_piped_conversation_answers_each_message_in_turn(machine: Machine) -> None:
    script = f"/quality low\n{CODE}/history\nhm\n/nonsense\n"
    done = machine.run("chat", stdin=script.encode())
    assert done.code == 0
    quality, *video, _title, history, short, unknown = done.out.splitlines()
    assert quality == "From now on your quality is low."
    path = video[-1]  # below the words that come with it
    assert path.startswith("videos/")
    assert probe(machine.folder / path).codec == "h264"
    assert Path(path).stem in history
    assert "too short" in short
    assert "/nonsense" in unknown


class Terminal:
    """A person at a terminal: types, and reads the screen."""

    def __init__(self, machine: Machine, *arguments: str) -> None:
        self.descriptor, child = pty.openpty()
        self.process = machine.start(
            *arguments, stdin=child, stdout=child, stderr=child, environ={"TERM": "xterm"}
        )
        os.close(child)
        self.screen = ""
        self._unread = ""

    def type(self, text: str) -> None:
        os.write(self.descriptor, text.encode())

    def press_ctrl_c(self) -> None:
        """What a terminal does then: a signal to every process in the foreground."""
        os.killpg(self.process.pid, signal.SIGINT)

    def wait_for(self, words: str) -> None:
        """Read the screen until ``words`` appear after what was read before."""
        until = time.monotonic() + SECONDS
        while words not in self._unread:
            fresh = self._read()
            self._unread += fresh
            alive = time.monotonic() < until and (fresh or self.process.poll() is None)
            assert alive or words in self._unread, f"{words!r} is not in …{self._unread[-500:]!r}"
        before, _, self._unread = self._unread.partition(words)
        self.screen += before + words

    def end(self) -> int:
        """The exit code, once the program has ended."""
        until = time.monotonic() + SECONDS
        while self.process.poll() is None and time.monotonic() < until:
            self.screen += self._read()
        return self.process.wait(1)

    def _read(self) -> str:
        if not select.select([self.descriptor], [], [], 0.2)[0]:
            return ""
        try:
            return os.read(self.descriptor, 65536).decode(errors="replace")
        except OSError:  # the other side has closed it
            return ""


@pytest.fixture
def terminal(machine: Machine) -> Iterator[Terminal]:
    running = Terminal(machine, "chat")
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait(SECONDS)
    os.close(running.descriptor)


def test_a_person_talks_and_leaves_with_ctrl_d(terminal: Terminal, machine: Machine) -> None:
    terminal.wait_for("you> ")
    terminal.type("/quality low\r")
    terminal.wait_for("From now on your quality is low.")
    terminal.wait_for("you> ")
    terminal.type("\x04")
    assert terminal.end() == 0
    assert "Traceback" not in terminal.screen
    # The next chat remembers what was typed.
    assert "/quality low" in (machine.folder / "data" / "plugins" / "console" / "history").read_text()


def test_ctrl_c_at_the_prompt_leaves(terminal: Terminal) -> None:
    terminal.wait_for("you> ")
    terminal.type("half a mess")
    terminal.press_ctrl_c()
    assert terminal.end() == 0
    assert "Traceback" not in terminal.screen


@pytest.mark.slow
def test_ctrl_c_cancels_the_video_and_the_chat_goes_on(terminal: Terminal) -> None:
    terminal.wait_for("you> ")
    # Pasted: the lines arrive together and are one message.
    lines = ["class Slow(Scene):", "    def construct(self):"]
    lines += ["        for _ in range(400): self.play(Create(Circle()))"]
    terminal.type("\r".join(lines) + "\r")
    terminal.wait_for("Drawing")
    terminal.press_ctrl_c()
    terminal.wait_for("Cancelled")
    terminal.wait_for("you> ")
    terminal.type("/history\r")
    terminal.wait_for("cancelled")
    terminal.wait_for("you> ")
    terminal.type("\x04")
    assert terminal.end() == 0
