"""Processes that die. ``python -m … FOLDER MOMENT…`` prints what became of each.

For each moment a child works in a folder of its own until it kills itself with SIGKILL at that moment, once;
further children are started until one has finished every job. Forked, so that the imports are paid once.
Without a moment it works in FOLDER itself, says so, and waits to be killed by somebody else.
"""

from __future__ import annotations

import asyncio
import json
import os
import signal
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from botcore.delivery.announcing import Announcer
from botcore.errors import SceneFailed
from botcore.model import (
    Artifact,
    Finding,
    GenerationRequest,
    GenerationResult,
    Job,
    JobKind,
    Outgoing,
    RenderOptions,
    Source,
)
from botcore.ports import Progress, RenderLimits
from botcore.state import NewJob
from tests.core.runtime.leases import let_leases_lapse
from tests.core.runtime.world import (
    Script,
    ScriptedAdapter,
    World,
    draw_text,
    find_nothing,
    open_world,
    write_source,
)

MOMENTS = (
    "after queued",
    "in generate",
    "after ai_generating",
    "in validate",
    "after code_validating",
    "in draw",
    "after drawing",
    "after rendering",
    "after repair",
    "before put",
    "after put",
    "after uploading",
    "after ready",
    "before send",
    "after delivered",
)
"""“after STATUS” is the moment when the move to that status was committed."""

JOBS = 3
PEOPLE = 2


@dataclass(frozen=True)
class Fate:
    """Kills this process at one moment, once per folder."""

    folder: Path
    moment: str

    def meet(self, moment: str) -> None:
        if moment != self.moment:
            return
        try:
            (self.folder / "died").touch(exist_ok=False)
        except FileExistsError:
            return
        os.kill(os.getpid(), signal.SIGKILL)


def script(fate: Fate) -> Script:
    async def write(request: GenerationRequest) -> GenerationResult:
        fate.meet("in generate")
        return await write_source(request)

    async def validate(source: Source) -> list[Finding]:
        fate.meet("in validate")
        return await find_nothing(source)

    async def draw(source: Source, limits: RenderLimits, out: Path, progress: Progress) -> Artifact:
        (out / "half").write_bytes(b"half")
        fate.meet("in draw")
        if not fate.moment:
            await asyncio.sleep(0.1)  # something to be killed in the middle of
        (out / "half").unlink()
        failed = fate.folder / "failed"
        if fate.moment == "after repair" and not failed.exists():
            failed.touch()
            raise SceneFailed(line=1, problem="the first source of all is bad")
        artifact = await draw_text(source, limits, out, progress)
        fate.meet("after drawing")
        return artifact

    return Script([("writer", False, write)], validate=validate, draw=draw)


def adapter(fate: Fate) -> ScriptedAdapter:
    async def before(out: Outgoing) -> None:
        if out.media is None:
            return
        fate.meet("before send")
        line = json.dumps([out.job_id, out.id, out.media.path.read_text()]) + "\n"
        with (fate.folder / "delivered").open("a") as file:
            file.write(line)

    return ScriptedAdapter(before=before)


def announcer(fate: Fate) -> type[Announcer]:
    class Deadly(Announcer):
        def tell(self, job: Job) -> None:
            fate.meet(f"after {job.status}")
            if job.generations and job.status == "ai_generating":
                fate.meet("after repair")
            super().tell(job)

    return Deadly


async def submit_all(world: World) -> list[str]:
    """The same jobs in every child: each has its key."""
    ids = []
    for number in range(JOBS):
        session = await world.state.sessions.of("test", f"user{number % PEOPLE}")
        kind = JobKind.CODE if number == JOBS - 1 else JobKind.PROBLEM
        new = NewJob(session.id, kind, "test", "chat", "drawer", RenderOptions(), f"job {number}", "en")
        job, _ = await world.control.submit(replace(new, chat_id=f"chat{number}"), key=f"key {number}")
        ids.append(job.id)
    return ids


async def work(fate: Fate) -> None:
    """Finish all jobs, or die."""
    async with open_world(
        fate.folder, script(fate), adapter=adapter(fate), announcer=announcer(fate)
    ) as world:
        put = world.store.put

        async def deadly_put(*args: object, **named: object) -> object:
            fate.meet("before put")
            stored = await put(*args, **named)  # type: ignore[arg-type]  # passed through
            fate.meet("after put")
            return stored

        world.store.put = deadly_put  # type: ignore[method-assign, assignment]  # the moment is inside
        async with world.running():
            ids = await submit_all(world)
            jobs = [await world.control.wait(job_id, timeout=200) for job_id in ids]
        await world.tools.reaper.sweep()
        report = {
            "jobs": [[job.id, job.status, job.text] for job in jobs],
            "stored": len(world.stored_files()),
            "scratch": len(list((fate.folder / "work").glob("*"))),
        }
        (fate.folder / "report.json").write_text(json.dumps(report))


def child(fate: Fate) -> int:
    """Run :func:`work` in a forked process; its exit status, negative for a signal."""
    let_leases_lapse(fate.folder / "botcore.db")
    pid = os.fork()
    if pid == 0:
        code = 1
        try:
            asyncio.run(work(fate))
            code = 0
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def main(folder: Path, moments: list[str]) -> dict[str, object]:
    answer: dict[str, object] = {}
    for moment in moments:
        fate = Fate(folder / moment, moment)
        fate.folder.mkdir(parents=True)
        exits = [child(fate)]
        while exits[-1] != 0 and len(exits) < 4:
            exits.append(child(fate))
        lines = (fate.folder / "delivered").read_text().splitlines()
        report = json.loads((fate.folder / "report.json").read_text())
        answer[moment] = {"exits": exits, "delivered": [json.loads(line) for line in lines], **report}
    return answer


if __name__ == "__main__":
    if moments := sys.argv[2:]:
        print(json.dumps(main(Path(sys.argv[1]), moments)))
    else:
        let_leases_lapse(Path(sys.argv[1], "botcore.db"))
        print("begun", flush=True)
        asyncio.run(work(Fate(Path(sys.argv[1]), "")))
