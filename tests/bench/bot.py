"""A warm bot in this process, and the plain ``manim`` command that it is measured against."""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from botcore.app import WEB, App, Role, open_app
from botcore.config import Settings
from botcore.intake.routing import Submitted
from botcore.intake.submission import Place
from botcore.model import Job, JobKind, Quality, RenderOptions, Status
from tests.bench.cpu import Cost, Meter, run

RENDERER = "manim"
SCENES = sorted((Path(__file__).parent / "scenes").glob("[a-z]*.py"))
_WARM_UP = "class WarmUp(Scene):\n    def construct(self):\n        self.wait(0.1)\n"


@dataclass(frozen=True, slots=True)
class Bot:
    """Runs code at medium quality as the jobs of sessions."""

    app: App

    async def draw(self, codes: Sequence[str]) -> Cost:
        """Submit all at once, each by a session of its own; the cost until the last one is stored."""
        meter = Meter()
        jobs = [await self._submit(code, f"person-{n}") for n, code in enumerate(codes)]
        ended = await asyncio.gather(*(self._end(job) for job in jobs))
        cost = meter.stop()
        for job in ended:
            if job.status is not Status.READY:
                raise RuntimeError(f"a job of the benchmark is {job.status}: {job.failure}")
        return cost

    async def _submit(self, code: str, person: str) -> Job:
        session = await self.app.state.sessions.of(WEB, person, options=self.app.options)
        job, _ = await self.app.submissions.submit(
            session,
            Place(WEB, person, announce=False),
            Submitted(JobKind.CODE, code, RENDERER),
            options=RenderOptions(quality=Quality.MEDIUM),
            language="en",
        )
        return job

    async def _end(self, job: Job) -> Job:
        async for now, _ in self.app.control.watch(job.id):
            job = now
        return job


@asynccontextmanager
async def warm_bot(folder: Path) -> AsyncIterator[Bot]:
    """A bot that has drawn once in every warm process."""
    settings = Settings(data_dir=folder / "data")
    async with open_app(settings, Role(scope="bench", limited=False)) as app, app.working():
        bot = Bot(app)
        await bot.draw([_WARM_UP] * settings.workers)
        yield bot


def cold_command(scene: Path, media: Path) -> list[str]:
    """What a person without botcore types, without the progress bar's cost."""
    command = [sys.executable, "-m", "manim", "render", "-qm", "--disable_caching"]
    return [*command, "--progress_bar", "none", "-v", "WARNING", "--media_dir", str(media), str(scene)]


def cold_draw(scene: Path, media: Path) -> Cost:
    """The cost of one run of the command."""
    return run(cold_command(scene, media), cwd=media, env=dict(os.environ))


async def cold_draw_all(scenes: Sequence[Path], media: Path, *, at_once: int) -> float:
    """Seconds of wall time until all scenes are drawn by the command, ``at_once`` side by side."""
    loop = asyncio.get_running_loop()
    slots = asyncio.Semaphore(at_once)

    async def one(number: int, scene: Path) -> None:
        folder = media / str(number)
        folder.mkdir(parents=True)
        async with slots:
            await asyncio.to_thread(cold_draw, scene, folder)

    began = loop.time()
    await asyncio.gather(*(one(number, scene) for number, scene in enumerate(scenes)))
    return loop.time() - began
