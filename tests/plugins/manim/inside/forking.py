"""A warm process that forks once per request, as a zygote does, without any sandbox: run by the tests.

Reads one JSON object per line: spec, source, out (a folder); answers with one: path (or null), reports.
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
import tempfile
from pathlib import Path
from typing import Any

from botcore_manim import inside
from botcore_manim.spec import JobSpec


def child(request: dict[str, Any]) -> None:
    out = Path(request["out"])
    reports: list[dict[str, Any]] = []
    tempfile.tempdir = str(out)
    path = None
    with contextlib.suppress(inside.SceneStopped):
        path = str(inside.run_scene(JobSpec(**request["spec"]), request["source"], reports.append))
    (out / "answer.json").write_text(json.dumps({"path": path, "reports": reports}))


def main() -> None:
    os.environ["OPENBLAS_NUM_THREADS"] = "1"
    answers = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what scenes print is not an answer
    inside.warm("system")
    threads = len(list(Path("/proc/self/task").iterdir()))
    print(json.dumps({"threads": threads}), file=answers, flush=True)
    for line in sys.stdin:
        request = json.loads(line)
        pid = os.fork()
        if pid == 0:
            status = 1
            try:
                child(request)
                status = 0
            finally:
                os._exit(status)
        os.waitpid(pid, 0)
        answer = Path(request["out"], "answer.json")
        print(answer.read_text() if answer.exists() else "null", file=answers, flush=True)


if __name__ == "__main__":
    main()
