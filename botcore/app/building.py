"""Builds every part from the settings and checks that they fit."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from functools import partial
from typing import Any, TypeVar

from botcore.app.naming import WEB, check_parts, platform_title, require
from botcore.app.places import open_database, prepare_data_dir
from botcore.app.running import App, Role, default_options
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
from botcore.generation import Budgets, Gate, ProviderChain
from botcore.hooks.descriptors import (
    DelivererDescriptor,
    EngineDescriptor,
    PluginContext,
    StoreDescriptor,
)
from botcore.intake.access import Access, Allowances
from botcore.intake.answering import Answering
from botcore.intake.commands import Commands
from botcore.intake.intake import Intake
from botcore.intake.joining import Joiner
from botcore.intake.linking import Linking
from botcore.intake.pictures import PictureDoor, PictureReader
from botcore.intake.submission import Submissions
from botcore.pipeline import JobControl, Pipeline, PipelineSettings, Tools, Watching
from botcore.plugins import PluginHost, load_plugins
from botcore.ports import Store

T = TypeVar("T")


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
                factory=_always(EmbeddedEngine(state.claims, scope=role.scope, workers=settings.workers)),
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
            intake=Intake(
                state, Joiner(state.inbox, platforms), answering, platforms=platforms, scope=role.scope
            ),
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


def _wait_hours(settings: Settings, role: Role) -> float:
    """How long a job waits for providers that are down; 0, as at a terminal: not at all."""
    waits = settings.generation.when_all_down == "wait" and role.limited
    return settings.generation.wait_hours if waits else 0.0


def _store_wait_hours(settings: Settings, role: Role) -> float:
    """How long a job waits for the store; the file's row lapses after ``video.hours``."""
    return min(settings.pipeline.store_wait_hours, settings.video.hours) if role.limited else 0.0


def _always(thing: T) -> Callable[[Any, PluginContext], AbstractAsyncContextManager[T]]:
    return _once(lambda: thing)


def _once(make: Callable[[], T]) -> Callable[[Any, PluginContext], AbstractAsyncContextManager[T]]:
    """A factory for a part of the core, which needs neither config nor closing."""

    @asynccontextmanager
    async def factory(_config: Any, _context: PluginContext) -> AsyncIterator[T]:
        yield make()

    return factory
