"""The whole runtime in one folder, around small plugins that a test scripts. No part of it is mocked."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from typing import Any

from botcore.config import BudgetSettings, Settings
from botcore.delivery import (
    LinkDeliverer,
    LocalStore,
    NativeDeliverer,
    OutboxRunner,
    OwnerDeliverer,
    Reaper,
)
from botcore.delivery.announcing import Announcer
from botcore.engine import EmbeddedEngine
from botcore.generation import Budgets, Gate, ProviderChain
from botcore.hooks.descriptors import (
    AdapterDescriptor,
    DelivererDescriptor,
    ProviderDescriptor,
    RendererDescriptor,
    StoreDescriptor,
    ValidatorDescriptor,
)
from botcore.hooks.specs import Registry, hookimpl
from botcore.model import (
    Artifact,
    Capabilities,
    Finding,
    GenerationRequest,
    GenerationResult,
    Job,
    JobKind,
    MediaLimit,
    Outgoing,
    Prompt,
    RenderOptions,
    RenderProgress,
    Sent,
    Source,
)
from botcore.pipeline import JobControl, Pipeline, PipelineSettings, Tools, Watching
from botcore.plugins import PluginHost, load_plugins
from botcore.plugins.discovery import Candidate
from botcore.ports import Progress, Receive, RenderLimits
from botcore.state import Clock, NewJob, State, open_state, status_key, utc_now
from botcore.telemetry.metrics import REGISTRY
from botcore.testing.doubles import made_by
from tests.core.databases import on_sqlite

LANGUAGE = "drawing"
CAPABILITIES = Capabilities(media=(MediaLimit("video/*", 10**6),), edit_text=True, caption_limit=100)

Generate = Callable[[GenerationRequest], Awaitable[GenerationResult]]
Validate = Callable[[Source], Awaitable[list[Finding]]]
Shrink = Callable[[Artifact, RenderLimits, Path], Awaitable[Artifact]]
Draw = Callable[[Source, RenderLimits, Path, Progress], Awaitable[Artifact]]


@dataclass
class ScriptedProvider:
    """Answers with ``answer``; keeps what it was asked."""

    answer: Generate
    asked: list[GenerationRequest] = field(default_factory=list)

    async def generate(self, request: GenerationRequest) -> GenerationResult:
        self.asked.append(request)
        return await self.answer(request)


@dataclass
class ScriptedValidator:
    check: Validate

    async def validate(self, source: Source) -> list[Finding]:
        return await self.check(source)


@dataclass
class ScriptedRenderer:
    draw: Draw
    shrink: Shrink | None = None
    drawn: list[Source] = field(default_factory=list)
    running: int = 0
    most: int = 0

    async def render(
        self, source: Source, options: RenderOptions, limits: RenderLimits, out: Path, progress: Progress
    ) -> Artifact:
        assert list(out.iterdir()) == []  # noqa: ASYNC240  # an empty folder takes no time
        self.drawn.append(source)
        self.running += 1
        self.most = max(self.most, self.running)
        try:
            return await self.draw(source, limits, out, progress)
        finally:
            self.running -= 1


@dataclass
class ScriptedAdapter:
    """Keeps what it was told to send, with the bytes of the file."""

    sent: list[tuple[Outgoing, bytes]] = field(default_factory=list)
    before: Callable[[Outgoing], Awaitable[None]] | None = None

    async def run(self, receive: Receive) -> None:
        await asyncio.Event().wait()

    async def send(self, out: Outgoing) -> Sent:
        if self.before is not None:
            await self.before(out)
        self.sent.append((out, out.media.path.read_bytes() if out.media else b""))
        return Sent((out.edits or f"m{len(self.sent)}",))


async def write_source(request: GenerationRequest) -> GenerationResult:
    source = Source(request.language, f"draw {request.problem}", problem=request.problem)
    return GenerationResult(source, "model")


def raising(error: BaseException) -> Generate:
    """A provider that fails."""

    async def answer(_: GenerationRequest) -> GenerationResult:
        raise error

    return answer


async def find_nothing(_: Source) -> list[Finding]:
    return []


async def draw_text(source: Source, _: RenderLimits, out: Path, progress: Progress) -> Artifact:
    await progress(RenderProgress(1, 2, 0.5))
    path, thumbnail = out / "video.mp4", out / "thumb.jpg"
    path.write_bytes(source.code.encode())
    thumbnail.write_bytes(b"\xff\xd8\xff")
    return Artifact(path, "video/mp4", path.stat().st_size, 1.0, 854, 480, thumbnail)


@dataclass
class Script:
    """What the plugins of a world do. ``providers``: (name, exact, what it does), in order of priority."""

    providers: Sequence[tuple[str, bool, Generate]] = (("writer", False, write_source),)
    validate: Validate = find_nothing
    draw: Draw = draw_text
    shrink: Shrink | None = None
    capabilities: Capabilities = CAPABILITIES
    prompt: Callable[[GenerationRequest], Prompt] | None = None
    plainer: Callable[[Source], Source | None] | None = None
    change: Callable[[Source, str], Source | None] | None = None


@dataclass
class ScriptedPlugin:
    """Everything of a script, registered the way plugins register."""

    script: Script
    providers: dict[str, ScriptedProvider]
    renderer: ScriptedRenderer
    adapter: ScriptedAdapter

    @hookimpl
    def botcore_register_adapters(self, registry: Registry[AdapterDescriptor]) -> None:
        registry.add(
            AdapterDescriptor(
                name="test", factory=made_by(lambda: self.adapter), capabilities=self.script.capabilities
            )
        )

    @hookimpl
    def botcore_register_renderers(self, registry: Registry[RendererDescriptor]) -> None:
        registry.add(
            RendererDescriptor(
                name="drawer",
                factory=made_by(lambda: self.renderer),
                language=LANGUAGE,
                title="Drawer",
                detect=lambda _: None,
                prompt=self.script.prompt,
                plainer=self.script.plainer,
                change=self.script.change,
            )
        )

    @hookimpl
    def botcore_register_validators(self, registry: Registry[ValidatorDescriptor]) -> None:
        validator = ScriptedValidator(self.script.validate)
        registry.add(
            ValidatorDescriptor(name="reader", factory=made_by(lambda: validator), languages=(LANGUAGE,))
        )

    @hookimpl
    def botcore_register_providers(self, registry: Registry[ProviderDescriptor]) -> None:
        for place, (name, exact, _) in enumerate(self.script.providers):
            registry.add(
                ProviderDescriptor(
                    name=name,
                    factory=made_by(partial(self.providers.__getitem__, name)),
                    languages=(LANGUAGE,),
                    exact=exact,
                    priority=-place,
                )
            )


@dataclass(frozen=True)
class InMemory(Candidate):
    """A plugin that needs no file to be loaded from."""

    plugin: object = None

    @classmethod
    def holding(cls, plugin: object) -> InMemory:
        return cls("script", "botcore-script", "1", ("botcore-framework>=0.1",), None, plugin=plugin)

    def load(self) -> object:
        return self.plugin


@dataclass
class World:
    state: State
    host: PluginHost
    tools: Tools
    pipeline: Pipeline
    engine: EmbeddedEngine
    control: JobControl
    outbox: OutboxRunner
    store: LocalStore
    renderer: ScriptedRenderer
    adapter: ScriptedAdapter
    providers: dict[str, ScriptedProvider]
    folder: Path

    async def submit(self, text: str = "solve x = 1", *, user: str = "ada", **changes: Any) -> Job:
        session = await self.state.sessions.of(changes.get("platform", "test"), user)
        new = NewJob(session.id, JobKind.PROBLEM, "test", user, "drawer", RenderOptions(), text, "en")
        return (await self.control.submit(replace(new, **changes)))[0]

    async def make(self, text: str = "solve x = 1", **changes: Any) -> Job:
        """Submit a job and run it to ``ready`` or an end, without an engine."""
        job = await self.submit(text, **changes)
        await self.pipeline.run(job.id)
        return await self.state.jobs.get(job.id)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Engine and outbox at work, stopped gracefully at the end."""
        tasks = [
            asyncio.create_task(self.engine.work(self.pipeline.run)),
            asyncio.create_task(self.outbox.run()),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)

    def videos(self) -> list[bytes]:
        return [content for out, content in self.adapter.sent if out.media is not None]

    def stored_files(self) -> list[Path]:
        return [path for path in (self.folder / "store").rglob("*") if path.is_file()]


async def status_message(world: World, job_id: str) -> str:
    """What the person reads about a job."""
    item = await world.state.outbox.get(status_key(job_id))
    assert item is not None
    return item.payload.text


async def until(met: Callable[[], Awaitable[bool]], *, seconds: float = 60.0) -> None:
    """Wait for something that no bell announces."""
    async with asyncio.timeout(seconds):
        while not await met():  # noqa: ASYNC110  # what is waited for rings no bell
            await asyncio.sleep(0.01)


async def failed_attempt(task: str) -> None:
    """Wait until one more attempt of a task that is repeated has failed."""

    def failures() -> float:
        return REGISTRY.get_sample_value("botcore_task_failures_total", {"task": task}) or 0.0

    before = failures()

    async def met() -> bool:
        return failures() > before

    await until(met)


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    """Another process holds the world's database; reads pass, writes fail after ``_BUSY_MS``."""
    other = sqlite3.connect(folder / "botcore.db", isolation_level=None, timeout=5.0)
    other.execute("BEGIN IMMEDIATE")
    try:
        yield
    finally:
        other.execute("ROLLBACK")
        other.close()


backend = on_sqlite
"""Where the world's database is; the fixture ``each_backend`` changes it."""


@asynccontextmanager
async def open_world(
    folder: Path,
    script: Script | None = None,
    *,
    settings: PipelineSettings | None = None,
    workers: int = 2,
    lease: float = 30.0,
    scope: str = "serve",
    public_url: str = "",
    adapter: ScriptedAdapter | None = None,
    announcer: type[Announcer] = Announcer,
    clock: Clock = utc_now,
) -> AsyncIterator[World]:
    script = script or Script()
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240  # nothing else runs yet
    platforms = {"test": script.capabilities}
    renderer, adapter = ScriptedRenderer(script.draw, script.shrink), adapter or ScriptedAdapter()
    providers = {name: ScriptedProvider(answer) for name, _, answer in script.providers}
    store = LocalStore(folder / "store", min_free=0)
    plugin = ScriptedPlugin(script, providers, renderer, adapter)
    host = load_plugins(Settings(data_dir=folder), [InMemory.holding(plugin)])
    assert host.ok, host.records
    with backend(folder) as database:
        async with open_state(database, clock=clock) as state, host:
            host.register_builtin(
                StoreDescriptor(name="local", factory=made_by(lambda: store)),
                DelivererDescriptor(
                    name="native", factory=made_by(lambda: NativeDeliverer(state, platforms))
                ),
                DelivererDescriptor(
                    name="owner", factory=made_by(lambda: OwnerDeliverer({"web"})), priority=100
                ),
                DelivererDescriptor(
                    name="link",
                    factory=made_by(lambda: LinkDeliverer(state, platforms, public_url=public_url)),
                    priority=-100,
                ),
            )
            reaper = Reaper(state, host, store="local", scratch=folder / "work", outgoing=folder / "outgoing")
            tools = Tools(
                state,
                host,
                ProviderChain(host, Gate(state, Budgets(BudgetSettings(), state.sessions, state.tokens))),
                announcer(state, host.hooks),
                reaper,
                settings or PipelineSettings(),
                folder / "work",
                Watching(state, scope=scope),
                platforms,
            )
            engine = EmbeddedEngine(state.claims, scope=scope, workers=workers, lease=lease, clock=clock)
            yield World(
                state=state,
                host=host,
                tools=tools,
                pipeline=Pipeline(tools),
                engine=engine,
                control=JobControl(tools, engine),
                outbox=OutboxRunner(
                    state,
                    host,
                    platforms,
                    scope=scope,
                    store="local",
                    scratch=folder / "outgoing",
                    public_url=public_url,
                    lease=lease,
                ),
                store=store,
                renderer=renderer,
                adapter=adapter,
                providers=providers,
                folder=folder,
            )
