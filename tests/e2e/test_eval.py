"""The committed answers replay through the real validators, fixes, repairs and sandbox, without a network."""

from __future__ import annotations

import signal
import subprocess
from pathlib import Path

import pytest

from tests.e2e.conftest import Machine

FOLDER = Path(__file__).parents[1] / "eval"
COMMAND = ("eval", str(FOLDER / "prompts.toml"), "--replay", str(FOLDER / "recorded"))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_the_recorded_answers_all_become_videos_and_the_figures_say_how(machine: Machine) -> None:
    done = machine.run(*COMMAND, "--min-rate", "1", "--json", "--out", "report.json", seconds=600)
    assert done.code == 0, done.err
    report = done.json
    ways = {result["question"]: result["way"] for result in report["results"]}
    assert {name for name, way in ways.items() if way == "repaired"} >= {"limit", "linear", "binomial"}
    assert set(ways.values()) == {"first_try", "repaired"}
    failures = {result["question"]: result["failures"] for result in report["results"]}
    assert failures["linear"] == ["answer_wrong"], "the solver found that 7 is no solution"
    figures = report["providers"]["sample"]
    assert (figures["questions"], figures["rendered"], figures["wrong"]) == (12, 1.0, 0)
    assert figures["right"] >= 9
    mended = {result["question"]: result["fixes"] for result in report["results"]}
    assert mended["circle-area"] >= 3
    assert report["replay"]["missing"] == []
    assert (machine.folder / "report.json").is_file()


@pytest.mark.slow
def test_interrupted_it_tells_what_is_done_and_leaves_nothing_running(machine: Machine) -> None:
    process = machine.start(*COMMAND, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    try:
        assert process.stderr is not None
        first = process.stderr.readline()
        while first and not first.startswith(b"1/12"):
            first = process.stderr.readline()
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=60)
    finally:
        process.kill()
        process.wait()
    assert process.returncode == 1
    assert b"stopped before the end" in err
    assert b"sample" in out
