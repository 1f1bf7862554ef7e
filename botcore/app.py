"""The composition root: builds every part from the settings, checks that they fit, starts and stops them.

::

    async with open_app(settings, role) as app:      # opened and checked, nothing runs yet
        async with app.working():                    # engine, outbox, inbox, pictures, reaper, adapters
            ...

A process has a :class:`Role`. Its scope is written on every row that it makes, and it runs only rows of its
own scope: a ``render`` beside a ``serve`` takes none of its jobs.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import monotonic
from typing import Any, TypeVar

from botcore.config import Settings
from botcore.delivery import (
    LinkDeliverer,
    LocalStore,
    NativeDeliverer,
    OutboxRunner,
    OwnerDeliverer,
    Reaper,
    SingleAccess,
)
from botcore.delivery.announcing import Announcer
from botcore.engine import EmbeddedEngine
from botcore.errors import ConfigError, EnvironmentFault, ProviderMisconfigured
from botcore.generation import Budgets, Gate, ProviderChain
from botcore.hooks.descriptors import (
    AdapterDescriptor,
    DelivererDescriptor,
    EngineDescriptor,
    PluginContext,
    StoreDescriptor,
)
from botcore.intake.access import Access, Allowances
from botcore.intake.answering import Answering
from botcore.intake.commands import Commands, Remaking
from botcore.intake.intake import Intake
from botcore.intake.joining import Joiner
from botcore.intake.linking import Linking
from botcore.intake.pictures import PictureDoor, PictureReader
from botcore.intake.submission import Submissions, only_renderer, unknown
from botcore.model import RenderOptions
from botcore.pipeline import JobControl, Pipeline, PipelineSettings, Tools, Watching
from botcore.plugins import Outcome, PluginHost, load_plugins
from botcore.ports import Deliverer, Engine, Store
from botcore.state import State, open_state, sqlite_url
from botcore.telemetry import get_logger

WEB = "web"
"""The platform of the HTTP API, which lives in the core and has no adapter."""

DATABASE = "botcore.db"
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before an adapter that failed is started again; doubled each time."""

log = get_logger(__name__)
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Role:
    """What this process is there for.

    :param scope: the mark of the rows that it makes and runs; at most 40 characters.
    :param terminal: None runs no adapter, True the one of the terminal, False all others.
    :param limited: whether ``[access]``, the limits on submissions and the budgets of persons hold.
    :param deliverer: a way of its own to hand videos over, asked first.
    """

    scope: str
    terminal: bool | None = None
    limited: bool = True
    deliverer: Callable[[Store], Deliverer] | None = None


@dataclass(frozen=True, slots=True)
class App:
    """The opened parts. ``renderer`` is the name of the one that draws problems."""

    settings: Settings
    role: Role
    host: PluginHost
    state: State
    store: Store
    engine: Engine
    gate: Gate
    pipeline: Pipeline
    control: JobControl
    submissions: Submissions
    remaking: Remaking
    allowances: Allowances
    budgets: Budgets
    access: Access
    linking: Linking
    intake: Intake
    pictures: PictureReader
    outbox: OutboxRunner
    reaper: Reaper
    single_access: SingleAccess
    adapters: tuple[AdapterDescriptor, ...]
    renderer: str

    @property
    def options(self) -> RenderOptions:
        """What a person gets who chose nothing."""
        return default_options(self.settings)

    @asynccontextmanager
    async def working(self, *, run_adapters: bool = True) -> AsyncIterator[None]:
        """Run the parts while the body runs. When one of them dies, the body is cancelled and its error is
        raised in an exception group; jobs stay at their last checkpoint. The body's own errors come through
        as they are."""
        failure: Exception | None = None
        await self.state.providers.try_again(ProviderMisconfigured.code)
        async with asyncio.TaskGroup() as group:
            works = [
                self.engine.work(self.pipeline.run),
                self.outbox.run(),
                self.intake.run(),
                self.pictures.run(),
                self.reaper.run(),
            ]
            if run_adapters:
                works += [self._keep_running(adapter.name) for adapter in self.adapters]
            tasks = [group.create_task(work) for work in works]
            try:
                yield
            except Exception as error:  # noqa: BLE001  # raised below: the group would wrap it
                failure = error
            finally:
                for task in tasks:
                    task.cancel()
        if failure is not None:
            raise failure

    async def _keep_running(self, name: str) -> None:
        """An adapter that fails is started again: the other platforms must not suffer. The pauses grow, and
        begin anew after one that worked for longer than the longest of them."""
        pause = FIRST_PAUSE
        while True:
            started = monotonic()
            failure: Exception | None = None
            try:
                adapter = await self.host.adapter(name)
                await adapter.run(self.intake.receive)
            except Exception as error:  # noqa: BLE001  # logged below
                failure = error
            if monotonic() - started > LONGEST_PAUSE:
                pause = FIRST_PAUSE
            if failure is not None:
                log.error("adapter_failed", adapter=name, again_in=pause, exc_info=failure)
            else:
                log.warning("adapter_ended", adapter=name, again_in=pause)
            await asyncio.sleep(pause)
            pause = min(pause * 2, LONGEST_PAUSE)


@asynccontextmanager
async def open_app(settings: Settings, role: Role, *, host: PluginHost | None = None) -> AsyncIterator[App]:
    """Build everything and check that it fits together; close it in reverse order.

    :param host: the plugins, where the caller loaded them already.
    :raises ConfigError: a setting, or a plugin's section, is wrong.
    :raises EnvironmentFault: a part is missing on this machine.
    :raises UnknownPlugin: the settings name a store, engine or renderer that is not installed.
    """
    host = host or load_plugins(settings)
    host.require_valid_config()
    renderer = check_parts(settings, host)
    data_dir = prepare_data_dir(settings)
    scratch = data_dir / "work"
    async with AsyncExitStack() as stack:
        state = await stack.enter_async_context(open_database(settings, data_dir))
        adapters = tuple(a for a in host.adapters.values() if a.terminal is role.terminal)
        platforms = {adapter.name: adapter.capabilities for adapter in adapters}
        opened: dict[str, Store] = {}
        host.register_builtin(
            StoreDescriptor(name="local", factory=_always(LocalStore(data_dir / "videos"))),
            EngineDescriptor(
                name="embedded",
                factory=_always(EmbeddedEngine(state.jobs, scope=role.scope, workers=settings.workers)),
            ),
            DelivererDescriptor(name="owner", priority=100, factory=_always(OwnerDeliverer({WEB}))),
            DelivererDescriptor(name="native", factory=_always(NativeDeliverer(state, platforms))),
            DelivererDescriptor(
                name="link",
                priority=-100,
                factory=_always(LinkDeliverer(state, platforms, public_url=settings.web.public_url)),
            ),
        )
        if role.deliverer is not None:
            make = role.deliverer
            host.register_builtin(
                DelivererDescriptor(
                    name="file", priority=200, factory=_once(lambda: make(opened[settings.store]))
                )
            )
        require("store", settings.store, host.stores, host)
        require("engine", settings.engine, host.engines, host)
        await stack.enter_async_context(host)
        store = opened[settings.store] = await host.store(settings.store)
        engine = await host.engine(settings.engine)
        reaper = Reaper(state, host, store=settings.store, scratch=scratch, outgoing=data_dir / "outgoing")
        budgets = Budgets(settings.budget, state.sessions, state.tokens, personal=role.limited)
        gate = Gate(state, budgets)
        tools = Tools(
            state=state,
            plugins=host,
            chain=ProviderChain(host, gate, order=settings.providers),
            announcer=Announcer(
                state, host.hooks, fixes=any(not item.exact for item in host.providers.values())
            ),
            reaper=reaper,
            settings=PipelineSettings(
                timeout=settings.pipeline.timeout,
                max_attempts=settings.pipeline.max_attempts,
                store=settings.store,
                wait_hours=_wait_hours(settings, role),
                store_wait_hours=_store_wait_hours(settings, role),
            ),
            scratch=scratch,
            watching=Watching(state, scope=role.scope),
            platforms=platforms,
        )
        control = JobControl(tools, engine)
        allowances = Allowances(settings.limits if role.limited else None, state.sessions, state.tokens)
        submissions = Submissions(
            control,
            settings,
            renderers=host.renderers,
            providers=host.providers,
            scope=role.scope,
            allowances=allowances,
        )
        access = Access(settings.access if role.limited else None, state.sessions)
        linking = Linking(
            state,
            access,
            titles=partial(platform_title, host),
            anonymous={WEB},
            defaults=default_options(settings),
        )
        commands = Commands(
            state,
            control,
            submissions,
            linking,
            scope=role.scope,
            renderers=host.renderers,
            providers=host.providers,
            plugins=host.commands,
            platforms=platforms,
        )
        door = PictureDoor(state.pictures, allowances, providers=host.providers, scope=role.scope)
        answering = Answering(
            state, host.hooks, access, submissions, commands, host, door, options=default_options(settings)
        )
        yield App(
            settings=settings,
            role=role,
            host=host,
            state=state,
            store=store,
            engine=engine,
            gate=gate,
            pipeline=Pipeline(tools),
            control=control,
            submissions=submissions,
            remaking=commands.remaking,
            allowances=allowances,
            budgets=budgets,
            access=access,
            linking=linking,
            intake=Intake(state, Joiner(state.inbox, platforms), answering, scope=role.scope),
            pictures=PictureReader(
                state, tools.chain, host, scope=role.scope, longest=settings.limits.text_max
            ),
            outbox=OutboxRunner(
                state,
                host,
                platforms,
                scope=role.scope,
                store=settings.store,
                scratch=data_dir / "outgoing",
                public_url=settings.web.public_url,
            ),
            reaper=reaper,
            single_access=SingleAccess(
                state,
                tools.announcer,
                window=settings.video.window,
                grace=settings.video.grace,
                visited={WEB},
            ),
            adapters=adapters,
            renderer=renderer,
        )


def open_database(settings: Settings, data_dir: Path) -> AbstractAsyncContextManager[State]:
    """The state of this installation, migrated to the newest version when it opens."""
    return open_state(
        database_url(settings, data_dir),
        pool=settings.database.pool,
        session_lifetime=timedelta(days=settings.session.days),
        video_lifetime=timedelta(hours=settings.video.hours),
    )


def database_url(settings: Settings, data_dir: Path) -> str:
    """Where the state of this installation is kept; may hold a password."""
    return settings.database.url.get_secret_value() or sqlite_url(data_dir / DATABASE)


def platform_title(host: PluginHost, name: str) -> str:
    """What people call a platform."""
    if name == WEB:
        return "Web"
    adapter = host.adapters.get(name)
    return adapter.title if adapter is not None and adapter.title else name.capitalize()


def default_options(settings: Settings) -> RenderOptions:
    """The picture that a person gets who chose nothing."""
    return RenderOptions(quality=settings.render.quality, aspect=settings.render.aspect)


def prepare_data_dir(settings: Settings) -> Path:
    """The data folder, made if it is not there, readable by its owner alone.

    :raises EnvironmentFault: it cannot be made.
    """
    path = settings.data_dir.absolute()
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise EnvironmentFault(
            str(error),
            problem=f"the data folder {path} cannot be made ({error.strerror})",
            remedy="Make it writable, or set data_dir",
        ) from None
    return path


def _wait_hours(settings: Settings, role: Role) -> float:
    """How long a job waits for providers that are down; 0, as at a terminal: not at all."""
    waits = settings.generation.when_all_down == "wait" and role.limited
    return settings.generation.wait_hours if waits else 0.0


def _store_wait_hours(settings: Settings, role: Role) -> float:
    """How long a job waits for the store; the file's row lapses after ``video.hours``."""
    return min(settings.pipeline.store_wait_hours, settings.video.hours) if role.limited else 0.0


def check_parts(settings: Settings, host: PluginHost) -> str:
    """Check what the settings name; the name of the renderer that draws problems."""
    for name in settings.providers:
        require("provider", name, host.providers, host)
    if settings.renderer:
        require("renderer", settings.renderer, host.renderers, host)
        return settings.renderer
    return only_renderer(host.renderers).name


def require(kind: str, name: str, known: Iterable[str], host: PluginHost) -> None:
    """Make sure that what the settings name is there.

    :raises ConfigError: a plugin of that name is installed, and not set up.
    :raises UnknownPlugin: nothing of that name is installed.
    """
    if name in known:
        return
    for record in host.records:
        if record.name == name and record.outcome is Outcome.DISABLED:
            raise ConfigError(f"the {kind} “{name}” is {record.reason}")
    raise unknown(kind, name, known)


def _always(thing: T) -> Callable[[Any, PluginContext], AbstractAsyncContextManager[T]]:
    return _once(lambda: thing)


def _once(make: Callable[[], T]) -> Callable[[Any, PluginContext], AbstractAsyncContextManager[T]]:
    """A factory for a part of the core, which needs neither config nor closing."""

    @asynccontextmanager
    async def factory(_config: Any, _context: PluginContext) -> AsyncIterator[T]:
        yield make()

    return factory
