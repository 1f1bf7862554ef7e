"""The server as a program meets it: a video over HTTP, power failures at every stage, a clean end."""

from __future__ import annotations

import contextlib
import http.client
import json
import sqlite3
import time
from collections.abc import Iterator
from http import HTTPStatus
from http.cookies import SimpleCookie
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import SECONDS, Machine, Server, probe

STAGES = ("queued", "ai_generating", "code_validating", "rendering", "uploading", "ready")
SCENE = """\
class Demo(Scene):
    def construct(self):
        for _ in range(3):
            self.play(Create(Circle()), run_time=1)
"""


class Caller:
    """A program with a cookie."""

    def __init__(self) -> None:
        self.cookie = ""

    def call(self, server: Server, method: str, path: str, body: object = None) -> tuple[int, bytes]:
        connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=SECONDS)
        with contextlib.closing(connection):
            headers = {"Content-Type": "application/json"} if body is not None else {}
            if self.cookie:
                headers["Cookie"] = self.cookie
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            response = connection.getresponse()
            if given := response.headers.get("Set-Cookie"):
                self.cookie = "; ".join(f"{item.key}={item.value}" for item in SimpleCookie(given).values())
            return response.status, response.read()

    def submit(self, server: Server, kind: str, body: dict[str, Any]) -> str:
        status, answer = self.call(server, "POST", f"/api/v1/{kind}", {"quality": "low", **body})
        assert status == 202, answer
        return str(json.loads(answer)["id"])

    def watch(self, server: Server, job: dict[str, Any]) -> tuple[int, bytes]:
        """Take the single access to a job's video, then the video."""
        status, answer = self.call(server, "POST", job["links"]["access"])
        if status != HTTPStatus.SEE_OTHER:
            return status, answer
        return self.call(server, "GET", self.job(server, job["id"])["links"]["stream"])

    def job(self, server: Server, job_id: str) -> dict[str, Any]:
        status, answer = self.call(server, "GET", f"/api/v1/jobs/{job_id}")
        assert status == 200, answer
        shown = json.loads(answer)
        assert isinstance(shown, dict)
        return shown

    def finished(self, server: Server, job_id: str) -> dict[str, Any]:
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            shown = self.job(server, job_id)
            if shown["status"] in {"ready", "failed", "cancelled", "expired"}:
                return shown
            time.sleep(0.1)
        raise AssertionError(f"job {job_id} does not end")


def rows(machine: Machine, query: str, *values: object) -> list[tuple[Any, ...]]:
    """Read the database beside the server, as an operator would."""
    path = machine.folder / "data" / "botcore.db"
    with contextlib.closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True, timeout=10)) as database:
        return database.execute(query, values).fetchall()


def wait_for_status(machine: Machine, job_id: str, wanted: str) -> None:
    """Return as soon as the job has reached ``wanted``, or gone past it."""
    later = {*STAGES[STAGES.index(wanted) :], "delivered", "failed"}
    until = time.monotonic() + SECONDS
    while time.monotonic() < until:
        ((status,),) = rows(machine, "SELECT status FROM jobs WHERE id = ?", job_id)
        if status in later:
            return
        time.sleep(0.002)
    raise AssertionError(f"never {wanted}")


def test_a_program_gets_its_video_over_http(machine: Machine, server: Server, tmp_path: Path) -> None:
    caller = Caller()
    job_id = caller.submit(server, "problems", {"text": "solve x^2 - 5x + 6 = 0", "aspect": "1:1"})
    shown = caller.finished(server, job_id)
    assert shown["status"] == "ready", shown
    status, content = caller.watch(server, shown)
    assert status == 200
    video = tmp_path / "got.mp4"
    video.write_bytes(content)
    seen = probe(video)
    assert (seen.codec, seen.width, seen.height) == ("h264", 480, 480)
    assert Caller().watch(server, shown)[0] == 404


def test_a_second_server_refuses_the_same_data_folder(machine: Machine, server: Server) -> None:
    done = machine.run("serve", "--port", "0")
    assert done.code == 3
    assert str(machine.folder / "data") in done.err
    assert Caller().call(server, "GET", "/healthz")[0] == 200


def test_a_port_that_is_taken_is_explained(machine: Machine, server: Server) -> None:
    port = str(urlsplit(server.address).port)
    done = machine.run("serve", "--port", port, environ={"BOTCORE_DATA_DIR": "other"})
    assert done.code == 3
    assert "web.port" in done.err


@pytest.mark.slow
def test_sigterm_ends_it_cleanly_and_the_next_start_goes_on(machine: Machine, tmp_path: Path) -> None:
    caller = Caller()
    first = Server(machine, tmp_path / "first.log")
    job_id = caller.submit(first, "code", {"code": SCENE})
    wait_for_status(machine, job_id, "rendering")
    assert first.stop() == 0
    assert "Traceback" not in (tmp_path / "first.log").read_text()
    ((status, owner),) = rows(machine, "SELECT status, owner FROM jobs WHERE id = ?", job_id)
    assert (status, owner) in {("rendering", None), ("uploading", None), ("ready", None)}
    second = Server(machine, tmp_path / "second.log")
    try:
        assert caller.finished(second, job_id)["status"] == "ready"
    finally:
        second.stop()


@pytest.fixture
def killed_servers(machine: Machine, tmp_path: Path) -> Iterator[list[Server]]:
    running: list[Server] = []
    yield running
    for server in running:
        server.stop()


@pytest.mark.slow
@pytest.mark.parametrize("stage", STAGES)
def test_a_server_killed_at_any_stage_finishes_every_job_once_after_its_restart(
    machine: Machine, tmp_path: Path, killed_servers: list[Server], stage: str
) -> None:
    caller = Caller()
    first = Server(machine, tmp_path / "first.log")
    killed_servers.append(first)
    kind, body = (
        ("code", {"code": SCENE}) if stage == "queued" else ("problems", {"text": "2x + 3 = 11 solve"})
    )
    jobs = [caller.submit(first, kind, body) for _ in range(2)]
    wait_for_status(machine, jobs[0], stage)
    first.kill()
    ((before,),) = rows(machine, "SELECT status FROM jobs WHERE id = ?", jobs[0])

    second = Server(machine, tmp_path / "second.log")
    killed_servers.append(second)
    for job_id in jobs:
        shown = caller.finished(second, job_id)
        assert shown["status"] == "ready", (before, shown)
        status, content = caller.watch(second, shown)
        assert (status, len(content)) == (200, shown["video"]["size"])
        # Once: one video, one row for each, and nothing left of the first try.
        ((videos,),) = rows(
            machine, "SELECT count(*) FROM videos WHERE job_id = ? AND deleted_at IS NULL", job_id
        )
        assert videos == 1
    ((count,),) = rows(machine, "SELECT count(*) FROM jobs")
    assert count == len(jobs)


@pytest.mark.slow
def test_a_render_beside_a_server_takes_none_of_its_jobs(machine: Machine, tmp_path: Path) -> None:
    caller = Caller()
    server = Server(machine, tmp_path / "serve.log")
    try:
        theirs = [caller.submit(server, "code", {"code": SCENE}) for _ in range(3)]
        done = machine.run("render", "2x + 3 = 11 solve", "-o", "mine.mp4", "--quality", "low", "--json")
        assert done.code == 0, done.err
        assert all(caller.finished(server, job_id)["status"] == "ready" for job_id in theirs)
        claimed = [
            json.loads(line)["job"]
            for line in (tmp_path / "serve.log").read_text().splitlines()
            if '"job_claimed"' in line and '"making"' in line
        ]
        assert sorted(claimed) == sorted(theirs)
        assert done.json["id"] not in claimed
    finally:
        server.stop()
