"""One command, one video: from words or code to a file that plays."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.e2e.conftest import SECONDS, Machine, probe

CIRCLE = """\
from manim import *

class Demo(Scene):
    def construct(self):
        self.play(Create(Circle()), run_time=0.5)
"""
SLOW = """\
class Slow(Scene):
    def construct(self):
        for _ in range(400):
            self.play(Create(Circle()), run_time=1)
"""


def test_a_problem_becomes_a_video_that_plays(machine: Machine) -> None:
    done = machine.run("render", "solve x^2 - 5x + 6 = 0", "-o", "out.mp4", "--quality", "low", "--json")
    assert done.code == 0, done.err
    shown = done.json
    assert (shown["status"], shown["kind"]) == ("delivered", "problem")
    assert shown["answer"] == "{2, 3}"
    seen = probe(machine.folder / "out.mp4")
    assert (seen.codec, seen.pixels, seen.width, seen.height) == ("h264", "yuv420p", 854, 480)
    assert seen.faststart
    assert seen.duration > 10
    assert abs(seen.duration - shown["video"]["duration"]) < 0.5
    # Nothing of it stays behind in the store once it was handed over.
    assert [path for path in (machine.folder / "data" / "videos").rglob("*") if path.is_file()] == []
    assert list((machine.folder / "data" / "work").iterdir()) == []


@pytest.mark.slow
def test_code_is_drawn_tall_from_stdin(machine: Machine) -> None:
    done = machine.run(
        "render", "-", "-o", "tall.mp4", "--aspect", "9:16", "--quality", "low", stdin=CIRCLE.encode()
    )
    assert done.code == 0, done.err
    assert done.out.strip() == "tall.mp4"
    assert "Drawing" in done.err
    seen = probe(machine.folder / "tall.mp4")
    assert (seen.width, seen.height) == (480, 854)


@pytest.mark.slow
def test_what_was_there_is_replaced_only_by_a_video(machine: Machine) -> None:
    out = machine.write("out.mp4", "precious")
    machine.write("broken.py", CIRCLE.replace("Circle()", "Circle(1/0)"))
    done = machine.run("render", "broken.py", "-o", "out.mp4", "--quality", "low", "--json")
    assert done.code == 1
    assert done.json["error"]["code"] == "scene_failed"
    assert done.json["error"]["line"] == 5
    assert out.read_text() == "precious"
    machine.write("good.py", CIRCLE)
    assert machine.run("render", "good.py", "-o", "out.mp4", "--quality", "low").code == 0
    assert probe(out).codec == "h264"


def test_ctrl_c_cancels_the_job_and_leaves_nothing_running(machine: Machine) -> None:
    machine.write("slow.py", SLOW)
    process = machine.start("render", "slow.py", "-o", "slow.mp4", stderr=subprocess.PIPE)
    assert process.stderr is not None
    for line in process.stderr:
        if b"Drawing" in line:
            break
    asked = time.monotonic()
    os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the command
    _, errors = process.communicate(timeout=SECONDS)
    assert process.returncode == 1
    assert b"Cancelled" in errors
    assert b"Traceback" not in errors
    assert not (machine.folder / "slow.mp4").exists()
    assert time.monotonic() - asked < 30, "cancelling must not wait for the drawing"
    assert processes_of_session(process.pid) == []


def processes_of_session(session: int) -> list[int]:
    """Processes that a command left behind in its session, zombies aside."""
    found = []
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                status, _, _, their_session = (entry / "stat").read_text().rpartition(")")[2].split()[:4]
            except OSError:  # it ended meanwhile
                continue
            if int(their_session) == session and status != "Z":
                found.append(int(entry.name))
    return found
