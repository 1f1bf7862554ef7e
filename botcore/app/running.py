"""The opened parts, at work until they are stopped."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from time import monotonic

from botcore.config import Settings
from botcore.delivery import OutboxRunner, Reaper, SingleAccess
from botcore.errors import ProviderMisconfigured
from botcore.generation import Budgets, Gate
from botcore.hooks.descriptors import AdapterDescriptor
from botcore.intake.access import Access, Allowances
from botcore.intake.commands import Remaking
from botcore.intake.intake import Intake
from botcore.intake.linking import Linking
from botcore.intake.pictures import PictureReader
from botcore.intake.submission import Submissions
from botcore.model import RenderOptions
from botcore.pipeline import JobControl, Pipeline
from botcore.plugins import PluginHost
from botcore.ports import Deliverer, Engine, Store
from botcore.state import State
from botcore.telemetry import get_logger

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds before an adapter that failed is started again; doubled each time."""

log = get_logger(__name__)


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


def default_options(settings: Settings) -> RenderOptions:
    """The picture that a person gets who chose nothing."""
    return RenderOptions(quality=settings.render.quality, aspect=settings.render.aspect)
