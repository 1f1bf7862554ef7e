"""What happens in the job process: walls up, read the payload, work, hand the file over.

Once the code runs, everything in this process may lie. What is checked here only makes messages better; the
host checks all of it again.
"""

from __future__ import annotations

import errno
import fcntl
import gc
import json
import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, NoReturn, Protocol

from botcore_manim.sandbox import walls
from botcore_manim.sandbox.wire import Kind, Request
from botcore_manim.spec import JobSpec

_REPORT, _RESULT, _PAYLOAD, _WALLS_UP = 3, 4, 5, 6
_MAX_LINE = 8000
_MAX_PAYLOAD = 4 << 20

Report = Callable[[dict[str, Any]], None]


class Workload(Protocol):
    """The module that a zygote is warmed with; ``botcore_manim.inside`` is the one that draws."""

    def warm(self, latex: str) -> None:
        """Import all that jobs need; called once, in the zygote."""
        ...

    def run_scene(self, spec: JobSpec, source: str, report: Report) -> Path:
        """Draw; returns the finished file."""
        ...

    def probe(self, video_fd: int, thumb_fd: int) -> dict[str, Any]:
        """Describe a file made by a job that is over, and write its thumbnail."""
        ...

    def shrink(self, video_fd: int, max_bytes: int) -> Path | None:
        """Make a smaller file of one made by a job that is over; None when it cannot be so small."""
        ...


class Job:
    """One job, in its own process. ``descriptors`` as in :data:`~botcore_manim.sandbox.wire.DESCRIPTORS`,
    without the control channel."""

    def __init__(
        self,
        request: Request,
        descriptors: tuple[int, int, int, int],
        readable: tuple[str, ...],
        workload: Workload | None,
    ) -> None:
        self._request = request
        self._descriptors = descriptors
        self._readable = readable
        self._workload = workload
        self._failed = False

    def start(self, walls_up: int) -> NoReturn:
        """Never returns; see :data:`~botcore_manim.sandbox.supervisor.Start`."""
        try:
            # kill(0, …) reaches every process of the group, those outside the namespace too
            os.setsid()
            _tidy_descriptors(self._descriptors, walls_up)
            walls.put_up(self._request.limits, self._readable)
        except OSError as error:
            os.write(_WALLS_UP, str(error).encode()[:300])
            os._exit(71)
        os.write(_WALLS_UP, b"ok")
        os.close(_WALLS_UP)
        gc.enable()
        try:
            self._work()
        except MemoryError:
            self._fail("render_memory", "out of memory")
        except OSError as error:
            full = error.errno in {errno.EFBIG, errno.ENOSPC}
            self._fail("video_too_large" if full else "scene_failed", f"{type(error).__name__}: {error}")
        except BaseException as error:  # noqa: BLE001  # sys.exit and the like are the scene's doing as well
            self._fail("scene_failed", f"{type(error).__name__}: {error}")
        os._exit(1 if self._failed else 0)

    def _work(self) -> None:
        if self._request.kind is Kind.ATTACK:
            from botcore_manim.sandbox.attacks import attack

            self._report({"k": "attacks", "broken": attack(json.loads(_read_payload()))})
            return
        if self._workload is None:
            raise RuntimeError("this zygote was started to probe its walls, not to draw")
        match self._request.kind:
            case Kind.RENDER:
                spec_line, _, source = _read_payload().decode().partition("\n")
                spec = JobSpec.from_json(spec_line)
                path = self._workload.run_scene(spec, source, self._report)
                if not self._failed:
                    self._hand_over(path, spec.max_bytes)
            case Kind.PROBE:
                self._report({"k": "probe", **self._workload.probe(_PAYLOAD, _RESULT)})
            case Kind.SHRINK:
                max_bytes = self._request.limits.file_bytes
                smaller = self._workload.shrink(_PAYLOAD, max_bytes)
                if smaller is None:
                    self._fail("video_too_large", "")
                else:
                    self._hand_over(smaller, max_bytes)

    def _hand_over(self, path: Path, max_bytes: int) -> None:
        fd = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        described = os.fstat(fd)
        if not stat.S_ISREG(described.st_mode):
            self._fail("video_missing", "the video is no ordinary file")
        elif described.st_size > max_bytes:
            self._fail("video_too_large", "")
        else:
            offset = 0
            while sent := os.sendfile(_RESULT, fd, offset, described.st_size - offset):
                offset += sent

    def _report(self, line: dict[str, Any]) -> None:
        self._failed = self._failed or line.get("k") == "failed"
        encoded = json.dumps(line).encode()
        if len(encoded) <= _MAX_LINE:
            _write(_REPORT, encoded + b"\n")

    def _fail(self, code: str, problem: str) -> None:
        if not self._failed:
            self._failed = True
            self._report({"k": "failed", "code": code, "line": 0, "problem": problem[:300]})


def _tidy_descriptors(descriptors: tuple[int, int, int, int], walls_up: int) -> None:
    """0: nothing, 1 and 2: output, 3: report, 4: result, 5: payload, 6: walls up; all others closed."""
    # out of the way first, so that no move lands on a descriptor that is still to be moved
    payload, report, output, result, ready = (
        fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, 64) for fd in (*descriptors, walls_up)
    )
    nothing = os.open("/dev/null", os.O_RDONLY | os.O_CLOEXEC)
    for fd, place in (
        (nothing, 0),
        (output, 1),
        (output, 2),
        (report, _REPORT),
        (result, _RESULT),
        (payload, _PAYLOAD),
        (ready, _WALLS_UP),
    ):
        os.dup2(fd, place, inheritable=place <= 2)
    os.closerange(_WALLS_UP + 1, os.sysconf("SC_OPEN_MAX"))


def _read_payload() -> bytes:
    data = b""
    while len(data) <= _MAX_PAYLOAD and (chunk := os.pread(_PAYLOAD, 1 << 16, len(data))):
        data += chunk
    os.close(_PAYLOAD)
    return data


def _write(fd: int, data: bytes) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(fd, view) :]
