"""The loaded plugins, as the rest of the core sees them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

import pluggy
from pydantic import BaseModel, SecretBytes, SecretStr

from botcore.config import Settings
from botcore.errors import ConfigError, PluginError
from botcore.hooks.deadline import deadline
from botcore.hooks.descriptors import (
    AdapterDescriptor,
    Check,
    CheckResult,
    Command,
    DelivererDescriptor,
    Descriptor,
    EngineDescriptor,
    NoConfig,
    PluginConfig,
    PluginContext,
    ProviderDescriptor,
    RendererDescriptor,
    StoreDescriptor,
    ValidatorDescriptor,
)
from botcore.plugins.catalog import Catalog
from botcore.plugins.diagnosis import Outcome, PluginRecord, one_line
from botcore.plugins.lifetimes import Lifetimes
from botcore.plugins.registration import BUILTIN, Catalogs
from botcore.plugins.yielded import checked
from botcore.ports import Adapter, Deliverer, Engine, Provider, Renderer, Store, Validator
from botcore.telemetry import get_logger, hide

if TYPE_CHECKING:
    from botcore.hooks.runner import HookRunner

_log = get_logger(__name__)

CHECK_LIMIT = 120.0
"""Seconds that one check of a plugin may take."""

T = TypeVar("T")


class PluginHost:
    """Look-ups by name, the event hooks, and the things that plugins open.

    Opening works inside ``async with host``; leaving it closes everything in reverse order of opening.
    """

    def __init__(
        self,
        settings: Settings,
        *,
        manager: pluggy.PluginManager,
        catalogs: Catalogs,
        configs: Mapping[str, PluginConfig],
        records: tuple[PluginRecord, ...],
        problems: tuple[str, ...],
    ) -> None:
        self.settings = settings
        self.records = records
        self.problems = problems
        self.adapters: Catalog[AdapterDescriptor] = catalogs["adapter"]
        self.providers: Catalog[ProviderDescriptor] = catalogs["provider"]
        self.validators: Catalog[ValidatorDescriptor] = catalogs["validator"]
        self.renderers: Catalog[RendererDescriptor] = catalogs["renderer"]
        self.stores: Catalog[StoreDescriptor] = catalogs["store"]
        self.deliverers: Catalog[DelivererDescriptor] = catalogs["deliverer"]
        self.engines: Catalog[EngineDescriptor] = catalogs["engine"]
        self.commands: Catalog[Command] = catalogs["command"]
        self.cli: Catalog[object] = catalogs["cli"]
        self.checks: Catalog[Check] = catalogs["check"]
        self._catalogs = catalogs
        self._manager = manager
        self._configs = configs
        self._lifetimes: Lifetimes | None = None

    @property
    def ok(self) -> bool:
        """Whether every plugin that is enabled is loaded, and every section is right."""
        return not self.problems and all(
            record.outcome in {Outcome.LOADED, Outcome.DISABLED} for record in self.records
        )

    @cached_property
    def hooks(self) -> HookRunner:
        """The event hooks of all loaded plugins."""
        from botcore.hooks.runner import HookRunner

        return HookRunner(self._manager, timeout=self.settings.hooks.timeout)

    def require_valid_config(self) -> None:
        """Raise :class:`ConfigError` with a line for each mistake in the plugins' sections."""
        if self.problems:
            raise ConfigError(*self.problems)

    def register_builtin(self, *descriptors: Descriptor[Any]) -> None:
        """Register the core's own things; their names are reserved (:mod:`botcore.plugins.registration`)."""
        for item in descriptors:
            catalog = self._catalogs[item.kind]
            if item.name in catalog:
                raise PluginError(f"{item.kind} {item.name!r} is already registered")
            catalog.include(item.name, item, BUILTIN)

    def config_of(self, plugin: str) -> PluginConfig:
        """The checked settings of a loaded plugin."""
        return self._configs.get(plugin) or NoConfig()

    def context_of(self, plugin: str) -> PluginContext:
        """What a factory of that plugin gets. Makes the plugin's folder."""
        folder = self.settings.data_dir
        if plugin != BUILTIN:
            folder = folder / "plugins" / plugin
        folder.mkdir(parents=True, exist_ok=True)
        return PluginContext(
            plugin=plugin,
            data_dir=folder,
            workers=self.settings.workers,
            public_url=self.settings.web.public_url,
        )

    def run_check(self, name: str) -> list[CheckResult]:
        """One plugin's lines of ``botcore doctor``; a check that raises is a line that is not ok."""
        check, plugin = self.checks[name], self.checks.plugin_of(name)
        try:
            with deadline(CHECK_LIMIT):
                return list(check.run(self.config_of(plugin), self.context_of(plugin)))
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  # isolation, from SystemExit too
            return [
                CheckResult(
                    name=name,
                    ok=False,
                    seen=f"the check itself failed: {one_line(error)}",
                    remedy=f"Report it to the authors of plugin {plugin}.",
                )
            ]

    # ------------------------------------------------------------------------------------------------ opening

    async def __aenter__(self) -> Self:
        for config in self._configs.values():
            for secret in _secrets(config):
                hide(secret)
        self._report()
        self._lifetimes = Lifetimes()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._lifetimes is not None:
            await self._lifetimes.close()
            self._lifetimes = None

    async def adapter(self, name: str) -> Adapter:
        return await self._open(self.adapters, name)

    async def provider(self, name: str) -> Provider:
        return await self._open(self.providers, name)

    async def validator(self, name: str) -> Validator:
        return await self._open(self.validators, name)

    async def renderer(self, name: str) -> Renderer:
        return await self._open(self.renderers, name)

    async def store(self, name: str) -> Store:
        return await self._open(self.stores, name)

    async def deliverer(self, name: str) -> Deliverer:
        return await self._open(self.deliverers, name)

    async def engine(self, name: str) -> Engine:
        return await self._open(self.engines, name)

    async def open_exact_providers(self) -> None:
        """Open what solves without a model and imports its library for seconds: done early, the first problem
        does not wait for it. One that fails is told to whoever asks for it."""
        for name, item in self.providers.items():
            if item.exact:
                try:
                    await self.provider(name)
                except PluginError:
                    continue  # whoever keeps what is open has said so
                except Exception as error:  # noqa: BLE001  # a plugin may raise anything
                    _log.warning("provider_not_opened", provider=name, reason=one_line(error))

    async def _open(self, catalog: Catalog[Descriptor[T]], name: str) -> T:
        if self._lifetimes is None:
            raise PluginError(f"{catalog.kind} {name!r} cannot be opened: the host is not running")
        descriptor, plugin = catalog[name], catalog.plugin_of(name)
        return await self._lifetimes.get(
            f"{catalog.kind} {name}",
            lambda: checked(
                catalog.kind,
                f"{catalog.kind} {name} of plugin {plugin}",
                descriptor.factory(self.config_of(plugin), self.context_of(plugin)),
            ),
        )

    def _report(self) -> None:
        from botcore.telemetry import metrics

        for outcome in Outcome:
            count = sum(record.outcome is outcome for record in self.records)
            metrics.plugins.labels(outcome.value).set(count)
        for record in self.records:
            say = _log.info if record.outcome in {Outcome.LOADED, Outcome.DISABLED} else _log.error
            say(
                f"plugin_{record.outcome}",
                plugin=record.name,
                distribution=record.distribution,
                version=record.version,
                seconds=round(record.seconds, 3),
                reason=record.reason,
            )


def _secrets(value: object) -> Iterator[str]:
    match value:
        case SecretStr():
            yield value.get_secret_value()
        case SecretBytes():
            yield value.get_secret_value().decode(errors="replace")
        case BaseModel():
            for name in type(value).model_fields:
                yield from _secrets(getattr(value, name))
        case Mapping():
            for each in value.values():
                yield from _secrets(each)
        case list() | tuple() | set() | frozenset():
            for each in value:
                yield from _secrets(each)
