"""``kill -9`` at every stage: the restarted process finishes every job, once."""

from __future__ import annotations

import json
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from tests.core.pipeline.crash_process import JOBS, MOMENTS


def _run(folder: Path, moments: tuple[str, ...]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "tests.core.pipeline.crash_process", str(folder), *moments],
        capture_output=True,
        text=True,
        timeout=800,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    answer: dict[str, Any] = json.loads(done.stdout)
    return answer


def test_killed_at_any_stage_every_job_is_delivered_once_after_a_restart(tmp_path: Path) -> None:
    answers = _run(tmp_path, MOMENTS)

    for moment in MOMENTS:
        answer = answers[moment]
        assert answer["exits"] == [-signal.SIGKILL, 0], moment
        _check_finished_once(answer, moment)


def _check_finished_once(answer: dict[str, Any], moment: str) -> None:
    assert [status for _, status, _ in answer["jobs"]] == ["delivered"] * JOBS, moment
    # Another job's send may have been cut off after the platform took it: it is sent again under the same
    # outbox id, which is what platforms dedupe on.
    delivered = sorted(
        job_id for job_id, _ in {(job_id, out_id) for job_id, out_id, _ in answer["delivered"]}
    )
    assert delivered == sorted(job_id for job_id, _, _ in answer["jobs"]), moment
    texts = {job_id: text for job_id, _, text in answer["jobs"]}
    assert all(text.endswith(texts[job_id]) for job_id, _, text in answer["delivered"]), moment
    assert (answer["stored"], answer["scratch"]) == (0, 0), moment


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3))
def test_killed_at_random_again_and_again_every_job_ends_once(tmp_path: Path, seed: int) -> None:
    """A job that loses three workers ends too."""
    chance = random.Random(seed)  # noqa: S311  # a repeatable test
    command = [sys.executable, "-m", "tests.core.pipeline.crash_process", str(tmp_path)]
    kills = 0
    while kills < 8 and not (tmp_path / "report.json").exists():
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == "begun\n"
            time.sleep(chance.uniform(0.0, 0.25))
            process.kill()
            kills += process.wait() == -signal.SIGKILL
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, timeout=300)

    report = json.loads((tmp_path / "report.json").read_text())
    (tmp_path / "delivered").touch()  # three lost workers each: then nothing was sent
    sent = [json.loads(line) for line in (tmp_path / "delivered").read_text().splitlines()]
    assert kills > 0
    assert {status for _, status, _ in report["jobs"]} <= {"delivered", "failed"}
    assert len({(job_id, out_id) for job_id, out_id, _ in sent}) == len({job_id for job_id, _, _ in sent})
    delivered = {job_id for job_id, status, _ in report["jobs"] if status == "delivered"}
    assert delivered <= {job_id for job_id, _, _ in sent}
    assert (report["stored"], report["scratch"]) == (0, 0)
