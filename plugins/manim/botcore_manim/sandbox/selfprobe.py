"""The sandbox attacks itself before it is trusted: one job per zygote, tens of milliseconds.

Nothing is cached: a kernel setting, a container profile or a package can change under the same boot id,
and the probe is cheaper than knowing that none of them did."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass
from pathlib import Path

from botcore.errors import SandboxUnavailable
from botcore_manim.sandbox.attacks import WALLS
from botcore_manim.sandbox.bubblewrap import ENVIRONMENT, view
from botcore_manim.sandbox.host import NAMESPACE_REMEDY, Zygote
from botcore_manim.sandbox.limits import JobLimits
from botcore_manim.sandbox.memory_file import memory_file
from botcore_manim.sandbox.walls import SCRATCH
from botcore_manim.sandbox.wire import End, Kind

_SECCOMP_REMEDY = "Use a kernel with CONFIG_SECCOMP_FILTER on x86_64 or aarch64."
_REMEDIES = {
    "landlock": "Use a kernel from 5.13 with Landlock among its security modules (boot with lsm=…,landlock).",
    "new processes": _SECCOMP_REMEDY,
    "kernel calls": _SECCOMP_REMEDY,
    "privileges": _SECCOMP_REMEDY,
    "network": NAMESPACE_REMEDY,
    "other processes": NAMESPACE_REMEDY,
    "memory": "The kernel must honour RLIMIT_AS: do not run on an emulator such as gVisor or WSL1.",
    "threads": "The kernel must honour RLIMIT_NPROC: do not run the bot as user 0 inside a user namespace.",
}
_OTHER_REMEDY = (
    "Please report this, with the output of botcore doctor: the sandbox was built on something else."
)


@dataclass(frozen=True, slots=True)
class Wall:
    """One wall: it holds when ``got`` is empty, else that is what got through."""

    name: str
    got: str

    @property
    def remedy(self) -> str:
        """How to mend it."""
        return _REMEDIES.get(self.name, _OTHER_REMEDY)


async def probe_walls(zygote: Zygote, limits: JobLimits, outside: tuple[Path, ...]) -> list[Wall]:
    """Attack from inside a job; every wall, in order. ``outside`` are folders that must be out of reach.

    Raises SandboxUnavailable when the walls cannot even be put up, RendererUnavailable when the zygote broke.
    """
    shown = view(latex=limits.processes)
    hidden = [str(path.resolve()) for path in (*outside, Path.home(), Path.cwd())]
    target = {
        # the job has a /tmp too, but its own
        "outside": [path for path in hidden if path != SCRATCH and shown.inside(path) is None],
        "pid": os.getpid(),
        "environment": list(ENVIRONMENT),
        "memory": limits.memory,
        "file_bytes": limits.file_bytes,
        "scratch_bytes": limits.scratch_bytes,
        "inodes": limits.inodes,
        "threads": limits.threads,
        "processes": limits.processes,
    }
    with memory_file(json.dumps(target).encode()) as payload, memory_file() as result:
        outcome = await zygote.run(Kind.ATTACK, limits, payload=payload, result=result)
    ended, broken = outcome.ended, outcome.report.broken_walls
    if ended.end is not End.EXITED or ended.number or broken is None:
        seen = ended.problem or (outcome.report.failed.problem if outcome.report.failed else ended.end)
        raise SandboxUnavailable(
            f"the walls could not be put up: {seen}. {_remedy_of_problem(seen)}",
            problem=seen,
            remedy=_remedy_of_problem(seen),
        )
    return [Wall(name, broken.get(name, "")) for name in WALLS]


async def require_walls(zygote: Zygote, limits: JobLimits, outside: tuple[Path, ...]) -> None:
    """Raise SandboxUnavailable unless every wall holds; the error names each that does not, with its
    remedy."""
    fallen = [wall for wall in await probe_walls(zygote, limits, outside) if wall.got]
    if fallen:
        raise SandboxUnavailable(
            "; ".join(f"wall “{wall.name}” does not hold: {wall.got}. {wall.remedy}" for wall in fallen),
            problem=fallen[0].name,
            remedy=fallen[0].remedy,
        )


def _remedy_of_problem(problem: str) -> str:
    if "landlock" in problem.lower():
        return _REMEDIES["landlock"]
    if "seccomp" in problem or "system calls" in problem:
        return _SECCOMP_REMEDY
    return NAMESPACE_REMEDY
