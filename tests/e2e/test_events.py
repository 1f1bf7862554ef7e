"""A program that listens to its job over a real server, loses the connection, and gets its video."""

from __future__ import annotations

import http.client
import json
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.conftest import SECONDS, Machine, Server, probe
from tests.e2e.test_serve import SCENE, Caller

WAY = ["queued", "code_validating", "rendering", "uploading", "ready"]


def listen(
    caller: Caller, server: Server, job_id: str, last: str = "", until: str = "end"
) -> tuple[int, list[dict[str, Any]]]:
    """The events after ``last``, up to the first of the kind ``until``; then the connection is dropped."""
    connection = http.client.HTTPConnection(urlsplit(server.address).netloc, timeout=SECONDS)
    headers = {"Cookie": caller.cookie} | ({"Last-Event-ID": last} if last else {})
    connection.request("GET", f"/api/v1/jobs/{job_id}/events", headers=headers)
    response = connection.getresponse()
    told: list[dict[str, Any]] = []
    event: dict[str, Any] = {}
    while line := response.readline().decode():
        name, _, value = line.rstrip("\n").partition(": ")
        if name:
            event[name] = value
        elif "data" in event:
            told.append(event | {"data": json.loads(event["data"])})
            if event["event"] == until:
                break
            event = {}
    connection.close()
    return response.status, told


def statuses(told: list[dict[str, Any]]) -> list[str]:
    return [event["data"]["status"] for event in told if event["event"] == "status"]


@pytest.mark.slow
def test_events_go_on_after_a_lost_connection_and_a_restart(machine: Machine, tmp_path: Path) -> None:
    caller = Caller()
    server = Server(machine, tmp_path / "first.log")
    job_id = caller.submit(server, "code", {"code": SCENE})
    _, first = listen(caller, server, job_id, until="progress")
    server.kill()
    server = Server(machine, tmp_path / "second.log")
    try:
        status, rest = listen(caller, server, job_id, first[-1]["id"])
        assert status == 200
        assert statuses(first) + statuses(rest) == WAY
        assert rest[-1]["event"] == "end"
        assert listen(caller, server, job_id, rest[-1]["id"]) == (204, [])
        shown = rest[-1]["data"]
        status, _ = caller.call(server, "POST", shown["links"]["access"])
        assert status == 303
    finally:
        server.stop()


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "codec"), [("webm", "vp9"), ("gif", "gif")])
def test_code_is_drawn_in_the_format_and_of_the_scene_that_was_asked_for(
    server: Server, tmp_path: Path, kind: str, codec: str
) -> None:
    caller = Caller()
    code = SCENE + "\nclass Ünder_2(Scene):\n    def construct(self):\n        self.play(Create(Square()))\n"
    job_id = caller.submit(server, "code", {"code": code, "scene": "Ünder_2", "format": kind})
    _, told = listen(caller, server, job_id)
    shown = told[-1]["data"]
    assert shown["status"] == "ready", shown
    assert (shown["format"], shown["scene"]) == (kind, "Ünder_2")
    caller.call(server, "POST", shown["links"]["access"])
    shown = caller.job(server, job_id)
    status, content = caller.call(server, "GET", shown["links"]["stream"])
    assert status == 200
    video = tmp_path / f"got.{kind}"
    video.write_bytes(content)
    seen = probe(video)
    assert (seen.codec, seen.width, seen.height) == (codec, 854, 480)
