"""One run of one job: its snapshot, its clock, and its only way to write."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from time import monotonic
from typing import Protocol

from botcore.delivery import Reaper, status_buttons, status_text
from botcore.delivery.announcing import Announcer
from botcore.errors import BotcoreError
from botcore.generation import ProviderChain
from botcore.hooks.descriptors import DelivererDescriptor, RendererDescriptor, ValidatorDescriptor
from botcore.hooks.runner import HookRunner
from botcore.model import Capabilities, Failure, Job, RenderProgress, Source, Status
from botcore.pipeline.clock import ProcessingClock
from botcore.pipeline.failures import failure_of
from botcore.pipeline.watching import Watching
from botcore.ports import Deliverer, Renderer, Store, Validator
from botcore.state import Checkpoint, State, Video
from botcore.telemetry import repeating

_BEAT = 5.0
"""Seconds between two notes of the processing time: no more is forgotten by a crash."""
_SHORTEST_WAIT, _LONGEST_WAIT = 15.0, 600.0
"""Seconds between two times that providers which are all down, or the store, are asked for the same job."""
_REST_SHARE = 0.25
"""How long a job rests while the store is down, as a share of its age."""
_STATUS_EVERY = 1.0
"""Progress is written at most once in so many seconds."""


class Plugins(Protocol):
    """What the stages need of the plugin host."""

    @property
    def hooks(self) -> HookRunner: ...
    @property
    def renderers(self) -> Mapping[str, RendererDescriptor]: ...
    @property
    def validators(self) -> Mapping[str, ValidatorDescriptor]: ...
    @property
    def deliverers(self) -> Mapping[str, DelivererDescriptor]: ...
    async def renderer(self, name: str) -> Renderer: ...
    async def validator(self, name: str) -> Validator: ...
    async def deliverer(self, name: str) -> Deliverer: ...
    async def store(self, name: str) -> Store: ...


@dataclass(frozen=True, slots=True)
class PipelineSettings:
    """``timeout``: seconds of processing a job may take, of which the last ``reserve`` are for what comes
    after the rendering. ``max_attempts``: generations of a job in all. ``max_bytes`` of a rendered file.
    ``wait_hours`` after its submission a job waits for providers that are down, and ``store_wait_hours`` for
    a store that is; 0: not at all."""

    timeout: float = 300.0
    reserve: float = 30.0
    max_attempts: int = 3
    max_bytes: int = 50 * 1024 * 1024
    store: str = "local"
    wait_hours: float = 0.0
    store_wait_hours: float = 0.0


@dataclass(frozen=True, slots=True)
class Tools:
    """What all runs share. ``scratch`` holds one folder a job; ``watching`` tells whoever wants
    to see it how far each rendering is; ``platforms`` what those can do to which this process sends."""

    state: State
    plugins: Plugins
    chain: ProviderChain
    announcer: Announcer
    reaper: Reaper
    settings: PipelineSettings
    scratch: Path
    watching: Watching
    platforms: Mapping[str, Capabilities] = field(default_factory=dict)


class JobRun:
    """``job`` is always the newest snapshot that this run wrote or read."""

    def __init__(self, tools: Tools, job: Job) -> None:
        self.tools = tools
        self.job = job
        self.clock = ProcessingClock(job.processing_s, tools.settings.timeout)
        self._told = 0.0

    @property
    def folder(self) -> Path:
        """Where this job is rendered."""
        return self.tools.scratch / self.job.id

    @property
    def aside(self) -> Path:
        """Where a finished video waits while a better one is drawn."""
        return self.folder / "aside"

    @property
    def drawing(self) -> Path:
        """Where the renderer writes; emptied before each drawing."""
        return self.folder / "drawing"

    def largest(self, media_type: str) -> int:
        """Bytes of the largest file that the job's platform takes into the chat; 0 where it takes none."""
        platform = self.tools.platforms.get(self.job.platform)
        return platform.limit(media_type) if platform is not None else 0

    @property
    def time_to_make(self) -> float:
        """Seconds left for generating and rendering."""
        return self.clock.remaining - self.tools.settings.reserve

    @property
    def source(self) -> Source:
        """The job's source; every status after the generation has one."""
        if self.job.source is None:
            raise BotcoreError(f"job {self.job.id} is {self.job.status} without a source")
        return self.job.source

    async def move(
        self,
        after: Status,
        checkpoint: Checkpoint | None = None,
        *,
        also: Callable[[], Awaitable[None]] | None = None,
    ) -> None:
        """The one write that ends a stage."""
        self.job = await self.tools.announcer.move(
            self.job, after, checkpoint or Checkpoint(), spent=self.clock.take(), also=also
        )

    async def note(
        self, checkpoint: Checkpoint, *, also: Callable[[], Awaitable[None]] | None = None
    ) -> None:
        """Write without a new status."""
        state, job, spent = self.tools.state, self.job, self.clock.take()

        async def write() -> Job:
            if also is not None:
                await also()
            return await state.jobs.note(job, checkpoint, spent=spent)

        self.job = await state.db.transaction(write)

    async def wait(self, seconds: float) -> bool:
        """Put the job back into the queue for so long; False, and nothing done, where it waited long enough
        or need not wait."""
        now = self.tools.state.db.clock()
        again = now + timedelta(seconds=min(max(seconds, _SHORTEST_WAIT), _LONGEST_WAIT))
        if again > self.job.created_at + timedelta(hours=self.tools.settings.wait_hours):
            return False
        await self.move(Status.QUEUED, Checkpoint(not_before=again))
        return True

    async def rest(self, seconds: float | None) -> bool:
        """Let the job stay in its status, with nobody working on it, until the store is asked again: the
        longer it waits, the less often. False, and nothing done, where it waited long enough or need not
        wait.

        The time since the last note is not counted: it was the store's.
        """
        now = self.tools.state.db.clock()
        waited = (now - self.job.created_at).total_seconds()
        pause = seconds if seconds is not None else waited * _REST_SHARE
        again = now + timedelta(seconds=min(max(pause, _SHORTEST_WAIT), _LONGEST_WAIT))
        if again > self.job.created_at + timedelta(hours=self.tools.settings.store_wait_hours):
            return False
        self.clock.take()
        self.job = await self.tools.announcer.rest(self.job, again)
        return True

    async def video(self) -> Video:
        """The row of the job's file; every status after the rendering has one."""
        video = await self.tools.state.videos.get(self.job.video_id or "")
        if video is None:
            raise BotcoreError(f"job {self.job.id} is {self.job.status} without a video row")
        return video

    async def fail(self, failure: Failure, *, also: Callable[[], Awaitable[None]] | None = None) -> None:
        """End the job."""
        await self.move(Status.FAILED, Checkpoint(failure=failure), also=also)

    async def fail_with(self, error: BotcoreError) -> None:
        """End the job for the reason of ``error``."""
        await self.fail(failure_of(error))

    async def report(self, progress: RenderProgress) -> None:
        """Show how far the rendering is."""
        self.tools.watching.report(self.job.id, progress)
        now = monotonic()
        if now - self._told >= _STATUS_EVERY:
            self._told = now
            await self.tools.state.outbox.update_status(
                self.job,
                status_text(self.job, progress),
                progress=progress,
                buttons=status_buttons(self.job),
            )

    def counted(self) -> AbstractAsyncContextManager[None]:
        """Note the processing time in the row while a long stage runs."""

        async def note() -> None:
            await self.tools.state.jobs.spend(self.job.id, self.clock.take())

        return repeating(note, every=_BEAT, name="processing_time")
