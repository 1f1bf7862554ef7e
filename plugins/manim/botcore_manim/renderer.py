"""The renderer port over the sandbox: a source goes in, a probed file comes out."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from botcore.errors import (
    RendererUnavailable,
    SandboxUnavailable,
    SceneFailed,
    VideoInvalid,
    VideoMissing,
    VideoTooLarge,
)
from botcore.hooks.descriptors import PluginContext
from botcore.model import Artifact, Completion, Finding, RenderOptions, RenderProgress, Source
from botcore.ports import Progress, RenderLimits
from botcore.telemetry import get_logger
from botcore_manim.api import load_index
from botcore_manim.completing import complete
from botcore_manim.sandbox.bubblewrap import ENVIRONMENT
from botcore_manim.sandbox.frames import Report, number, text, whole
from botcore_manim.sandbox.host import JobNotTaken, Launch, Zygote
from botcore_manim.sandbox.limits import JobLimits
from botcore_manim.sandbox.memory_file import memory_file, read_only, seal
from botcore_manim.sandbox.pool import ZygotePool
from botcore_manim.sandbox.verdict import error_of
from botcore_manim.sandbox.wire import End, Kind
from botcore_manim.settings import ManimConfig
from botcore_manim.spec import MEDIA_TYPES, JobSpec

LATEX_REMEDY = 'apt install texlive-latex-extra dvisvgm, or set latex = "mathjax"'
_LATEX_PROGRAMS = ("latex", "dvisvgm")
_MEGABYTE = 1_000_000
_MEBIBYTE = 1 << 20
_SCRATCH_BESIDE_VIDEO = 64 * _MEBIBYTE
_PROBE_SECONDS = 30.0
_THUMBNAIL_BYTES = _MEBIBYTE
_PROGRESS_SECONDS = 0.2
_MAX_SIDE = 4096
_MAX_DURATION = 24 * 3600.0
_THUMBNAIL_TYPES = {b"\xff\xd8\xff": "jpg", b"\x89PNG\r\n\x1a\n": "png"}
_STILL = "image/png"
"""What a scene without a motion may leave instead of the format asked for."""
_EXTENSIONS = {_STILL: "png"} | {media_type: name for name, media_type in MEDIA_TYPES.items()}

log = get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Expected:
    """What a file may be; ``sides`` in pixels, None for any."""

    media_types: frozenset[str]
    sides: tuple[int, int] | None


@dataclass(frozen=True, slots=True)
class _Description:
    """What the probe says of a file, checked."""

    media_type: str
    duration: float
    width: int
    height: int


class ManimRenderer:
    """Draws Manim scenes (see :class:`botcore.ports.Renderer`)."""

    def __init__(self, pool: ZygotePool, config: ManimConfig, folder: Path) -> None:
        self._pool = pool
        self._config = config
        self._folder = folder

    async def render(
        self, source: Source, options: RenderOptions, limits: RenderLimits, out: Path, progress: Progress
    ) -> Artifact:
        """Draw ``source`` into the folder ``out``. A zygote that dies under a job is replaced and the job
        run once more; what fails again is RendererUnavailable, which the caller may retry."""
        loop = asyncio.get_running_loop()
        deadline = loop.time() + min(limits.deadline, self._config.wall_s)
        max_bytes = min(limits.max_bytes, self._config.video_mb * _MEGABYTE)
        spec = JobSpec.of(options, source.scene, max_bytes)
        last = False
        while True:
            zygote = await self._take(deadline)
            bounds = job_limits(self._config, wall=max(1.0, deadline - loop.time()), file_bytes=max_bytes)
            try:
                return await self._draw(zygote, spec, source, bounds, out, progress)
            except JobNotTaken as error:
                # Its death was not noticed yet. It is given to nobody again, so the next one is another.
                log.warning("render_again", detail=error.detail)
            except RendererUnavailable as error:
                if last:
                    raise
                last = True
                log.warning("render_again", detail=error.detail)

    async def shrink(self, artifact: Artifact, limits: RenderLimits, out: Path) -> Artifact:
        """See :class:`botcore.ports.Shrinks`. Only MP4 can be made smaller."""
        if artifact.media_type != MEDIA_TYPES["mp4"]:
            raise VideoTooLarge(limit_mb=limits.max_bytes // _MEGABYTE)
        seconds = min(limits.deadline, self._config.wall_s)
        zygote = await self._take(asyncio.get_running_loop().time() + seconds)
        bounds = job_limits(self._config, wall=seconds, file_bytes=limits.max_bytes)
        with artifact.path.open("rb") as drawn, memory_file() as video:
            outcome = await zygote.run(Kind.SHRINK, bounds, payload=drawn.fileno(), result=video)
            error = error_of(outcome, bounds)
            if isinstance(error, SceneFailed):
                raise VideoInvalid(error.detail)  # no scene ran
            if error is not None:
                raise error
            expected = _Expected(frozenset({artifact.media_type}), None)
            return await self._finish(zygote, expected, video, bounds, out, artifact.findings)

    async def complete(self, prefix: str, limit: int) -> list[Completion]:
        """See :class:`botcore.ports.Completes`."""
        index = await load_index(self._folder)
        if index is None:
            raise RendererUnavailable("the installed Manim is not described")
        return await asyncio.to_thread(complete, index, prefix, limit)

    async def _take(self, deadline: float) -> Zygote:
        try:
            async with asyncio.timeout_at(deadline):
                return await self._pool.take()
        except TimeoutError as error:
            why = self._pool.trouble or "they are still warming up"
            raise RendererUnavailable(f"no process was warm in time: {why}") from error

    async def _draw(
        self, zygote: Zygote, spec: JobSpec, source: Source, limits: JobLimits, out: Path, progress: Progress
    ) -> Artifact:
        payload = f"{spec.to_json()}\n{source.code}".encode(errors="replace")
        with memory_file(payload) as job, memory_file() as video:
            async with _relay(progress) as heard:
                outcome = await zygote.run(Kind.RENDER, limits, payload=job, result=video, heard=heard)
            error = error_of(outcome, limits)
            if error is not None:
                raise error
            ended = outcome.ended
            log.info(
                "job_drawn", cpu=round(ended.cpu, 2), wall=round(ended.wall, 2), peak_mb=ended.peak >> 20
            )
            findings = tuple(outcome.report.findings)
            return await self._finish(zygote, _expected(spec), video, limits, out, findings)

    async def _finish(
        self,
        zygote: Zygote,
        expected: _Expected,
        video: int,
        limits: JobLimits,
        out: Path,
        findings: tuple[Finding, ...],
    ) -> Artifact:
        """Close the file that a job wrote against every change, and keep it."""
        size = os.fstat(video).st_size
        if size == 0:
            raise VideoMissing
        if size > limits.file_bytes:
            raise VideoTooLarge(limit_mb=limits.file_bytes // _MEGABYTE)
        seal(video)
        with read_only(video) as finished:
            return await self._keep(zygote, expected, finished, size, out, findings)

    async def _keep(
        self,
        zygote: Zygote,
        expected: _Expected,
        video: int,
        size: int,
        out: Path,
        findings: tuple[Finding, ...],
    ) -> Artifact:
        """Probe the file in a process that ran no scene, then copy exactly what was probed to ``out``."""
        bounds = job_limits(self._config, wall=_PROBE_SECONDS, file_bytes=_THUMBNAIL_BYTES)
        with memory_file() as thumbnail:
            outcome = await zygote.run(Kind.PROBE, bounds, payload=video, result=thumbnail)
            if outcome.ended.end is End.NOT_STARTED:
                raise RendererUnavailable(f"walls: {outcome.ended.problem}")
            error = error_of(outcome, bounds)
            if error is not None or outcome.report.probe is None:
                failed = outcome.report.failed
                raise VideoInvalid(failed.problem if failed else f"probe: {outcome.ended.end}")
            described = _described(outcome.report.probe, expected)
            picture = os.pread(thumbnail, _THUMBNAIL_BYTES, 0)
        path = out / f"video.{_EXTENSIONS[described.media_type]}"
        await asyncio.to_thread(_copy, video, size, path)
        return Artifact(
            path=path,
            media_type=described.media_type,
            size=size,
            duration=described.duration,
            width=described.width,
            height=described.height,
            thumbnail=_keep_thumbnail(picture, out),
            findings=findings,
        )


def job_limits(config: ManimConfig, *, wall: float, file_bytes: int) -> JobLimits:
    """What a job of this configuration may use."""
    return JobLimits(
        wall=wall,
        memory=config.memory_mb * _MEBIBYTE,
        file_bytes=file_bytes,
        # what the encoder writes, and one more copy while it is put together
        scratch_bytes=2 * file_bytes + _SCRATCH_BESIDE_VIDEO,
        processes=config.latex == "system",
    )


def missing_programs() -> list[str]:
    """The programs of a LaTeX installation that jobs would not find."""
    return [name for name in _LATEX_PROGRAMS if shutil.which(name, path=ENVIRONMENT["PATH"]) is None]


@asynccontextmanager
async def manim_renderer(config: ManimConfig, context: PluginContext) -> AsyncIterator[ManimRenderer]:
    """Factory: refuses with SandboxUnavailable unless every wall holds, and the LaTeX that was asked for is
    there; zygotes warm up in the background."""
    if config.latex == "system" and (missing := missing_programs()):
        raise SandboxUnavailable(
            f"{' and '.join(missing)} not found in {ENVIRONMENT['PATH']}",
            problem="latex",
            remedy=LATEX_REMEDY,
        )
    limits = job_limits(config, wall=_PROBE_SECONDS, file_bytes=config.video_mb * _MEGABYTE)
    launch = Launch(uid=config.uid, latex=config.latex)
    async with ZygotePool(launch, limits, config.zygotes or context.workers, (context.data_dir,)) as pool:
        # the first answer of a model is checked against it: collected now, nobody waits for it then
        described = asyncio.create_task(_describe(pool, context.data_dir), name="manim-api")
        try:
            yield ManimRenderer(pool, config, context.data_dir)
        finally:
            described.cancel()
            await asyncio.gather(described, return_exceptions=True)


async def _describe(pool: ZygotePool, folder: Path) -> None:
    """Describe the installed Manim once the first process is warm: drawing comes first."""
    await pool.take()
    await load_index(folder)


def _expected(spec: JobSpec) -> _Expected:
    return _Expected(frozenset({MEDIA_TYPES[spec.format], _STILL}), (spec.width, spec.height))


def _described(probe: dict[str, Any], expected: _Expected) -> _Description:
    """Check each value of the probe; raises VideoInvalid for a file that is not what was asked for."""
    media_type = text(probe.get("media_type"))
    duration = number(probe.get("duration"), most=_MAX_DURATION)
    width = whole(probe.get("width"), most=_MAX_SIDE)
    height = whole(probe.get("height"), most=_MAX_SIDE)
    if media_type not in expected.media_types:
        raise VideoInvalid(f"made {media_type or 'nothing known'}")
    if duration is None or (duration == 0 and media_type != _STILL):
        raise VideoInvalid("has no duration")
    if not width or not height or expected.sides not in {None, (width, height)}:
        raise VideoInvalid(f"is {width}×{height} instead of {expected.sides}")
    return _Description(media_type, duration, width, height)


def _copy(fd: int, size: int, path: Path) -> None:
    with path.open("wb") as file:
        done = 0
        while done < size and (count := os.sendfile(file.fileno(), fd, done, size - done)):
            done += count


def _keep_thumbnail(picture: bytes, out: Path) -> Path | None:
    extension = next((e for magic, e in _THUMBNAIL_TYPES.items() if picture.startswith(magic)), None)
    if extension is None:
        return None
    path = out / f"thumbnail.{extension}"
    path.write_bytes(picture)
    return path


class _Latest:
    """The newest progress of a job, and a bell that rings when it changes."""

    def __init__(self) -> None:
        self.progress: RenderProgress | None = None
        self.changed = asyncio.Event()

    def __call__(self, report: Report) -> None:
        if report.progress != self.progress:
            self.progress = report.progress
            self.changed.set()


@asynccontextmanager
async def _relay(progress: Progress) -> AsyncIterator[_Latest]:
    """Pass the newest progress on, at most a few times a second, however fast a job reports."""
    latest = _Latest()

    async def pass_on() -> None:
        while True:
            await latest.changed.wait()
            latest.changed.clear()
            if latest.progress is not None:
                await progress(latest.progress)
            await asyncio.sleep(_PROGRESS_SECONDS)

    task = asyncio.create_task(pass_on(), name="render-progress")
    try:
        yield latest
    finally:
        task.cancel()
        # a progress bar that breaks is no reason to lose a video
        with suppress(asyncio.CancelledError, Exception):
            await task
