"""CPU seconds of whole process trees, read from the kernel.

Source: proc_pid_stat(5): fields 14 to 17 are utime, stime, cutime, cstime in clock ticks; the last two hold
what already ended and was waited for, so a tree's sum misses nothing that its members reaped.
"""

from __future__ import annotations

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Cost:
    """``wall`` and ``cpu`` in seconds."""

    wall: float
    cpu: float


def run(command: Sequence[str], *, cwd: Path | None = None, env: dict[str, str] | None = None) -> Cost:
    """Run a command to its end; raise when it fails."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    start = time.perf_counter()
    done = subprocess.run(
        command, cwd=cwd, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False
    )
    wall = time.perf_counter() - start
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    if done.returncode:
        raise RuntimeError(
            f"{command} ended with {done.returncode}:\n{done.stdout[-2000:]}\n{done.stderr[-2000:]}"
        )
    return Cost(wall, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


class Meter:
    """Measures this process and everything below it, from construction to :meth:`stop`."""

    def __init__(self) -> None:
        self._start = time.perf_counter()
        self._cpu = tree_cpu()

    def stop(self) -> Cost:
        return Cost(time.perf_counter() - self._start, tree_cpu() - self._cpu)


def tree_cpu() -> float:
    """CPU seconds that this process and its descendants, ended ones included, have used so far."""
    me = psutil.Process()
    return sum(_ticks(process.pid) for process in [me, *me.children(recursive=True)]) / _TICKS


def _ticks(pid: int) -> int:
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except (FileNotFoundError, ProcessLookupError):
        return 0
    fields = stat.rpartition(")")[2].split()  # the name in brackets may hold blanks
    return sum(int(value) for value in fields[11:15])
