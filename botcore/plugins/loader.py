"""Loads the installed plugins.

Each goes the same way: enabled? made for this version? import, register on trial, check the hooks, check its
section of the configuration, and only then is anything taken over. Whatever goes wrong on the way ends in
that plugin's :class:`PluginRecord`; the core and the other plugins go on.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib.metadata import version
from time import perf_counter
from typing import Any

import pluggy

from botcore.config import PluginSection, Settings, plugin_config
from botcore.config.sources import variable
from botcore.errors import ConfigError, PluginError
from botcore.hooks.deadline import deadline
from botcore.hooks.descriptors import PluginConfig
from botcore.hooks.manager import new_manager
from botcore.hooks.specs import EVENTS
from botcore.model import valid_name
from botcore.plugins.diagnosis import Outcome, PluginRecord, full_traceback, one_line
from botcore.plugins.discovery import FRAMEWORK, Candidate, discover
from botcore.plugins.guard import why_incompatible
from botcore.plugins.hook_checks import check_functions, check_registered
from botcore.plugins.host import PluginHost
from botcore.plugins.registration import (
    BUILTIN,
    KINDS,
    NAME_RULE,
    Catalogs,
    Stage,
    members,
    new_catalogs,
    shared_config,
)

LIMIT = 20.0
"""Seconds that importing and registering one plugin may take."""


def load_plugins(
    settings: Settings, candidates: Iterable[Candidate] | None = None, *, limit: float = LIMIT
) -> PluginHost:
    """Load every installed plugin. Never raises because of a plugin.

    :param candidates: what to load instead of what is installed.
    :param limit: seconds that one plugin may take to import and register.
    """
    candidates = discover() if candidates is None else tuple(candidates)
    loader = _Loader(settings, limit)
    for candidate in candidates:
        loader.load(candidate)
    loader.problems += _unknown_sections(settings, candidates)
    return PluginHost(
        settings,
        manager=loader.manager,
        catalogs=loader.catalogs,
        configs=loader.configs,
        records=tuple(loader.records),
        problems=tuple(loader.problems),
    )


def _unknown_sections(settings: Settings, candidates: Iterable[Candidate]) -> list[str]:
    known = {candidate.section for candidate in candidates}
    problems = []
    for name, section in settings.plugins.items():
        if name not in known and section.enabled:
            key = ("plugins", name)
            origin = section.raw.origin(key)
            near = difflib.get_close_matches(name, known, n=1)
            problems.append(
                (origin.names(key) if origin else ".".join(key))
                + ": no such plugin is installed"
                + (f"; did you mean “{near[0]}”?" if near else ".")
                + f" Installed: {', '.join(sorted(known)) or 'none'}"
            )
    return problems


class _Incompatible(Exception):
    """The version guard says no."""


class _Disabled(Exception):
    """The configuration says no, or too little; its text is the reason where that is not plain."""


class _Misconfigured(Exception):
    """The plugin's section is wrong. Not a ConfigError, which the plugin itself could raise: only the
    operator's own mistakes may keep the core from starting."""

    def __init__(self, problems: tuple[str, ...]) -> None:
        self.problems = problems
        super().__init__(*problems)


def _configure(name: str, section: PluginSection, model: type[PluginConfig]) -> PluginConfig:
    try:
        return plugin_config(name, section, model)
    except ConfigError as error:
        raise _Misconfigured(error.problems) from error


@dataclass(slots=True)
class _Trial:
    """What a plugin would add."""

    config: type[PluginConfig]
    things: list[tuple[str, str, Any]]
    events: list[str]

    @property
    def provides(self) -> tuple[str, ...]:
        return (
            *(f"{word} {name}" for word, name, _ in self.things),
            *(f"hook {name}" for name in self.events),
        )


@dataclass(slots=True)
class _Loader:
    settings: Settings
    limit: float
    framework: str = field(default_factory=lambda: version(FRAMEWORK))
    manager: pluggy.PluginManager = field(default_factory=new_manager)
    catalogs: Catalogs = field(default_factory=new_catalogs)
    configs: dict[str, PluginConfig] = field(default_factory=dict)
    records: list[PluginRecord] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    _sections: dict[str, str] = field(default_factory=dict)

    def load(self, candidate: Candidate) -> None:
        started = perf_counter()
        provides: tuple[str, ...] = ()
        outcome, reason, trace = Outcome.LOADED, "", ""
        try:
            provides = self._take(candidate)
        except _Disabled as error:
            outcome, reason = Outcome.DISABLED, str(error)
        except _Incompatible as error:
            outcome, reason = Outcome.INCOMPATIBLE, str(error)
        except _Misconfigured as error:
            self.problems += error.problems
            outcome, reason = Outcome.FAILED, "; ".join(error.problems)
        except KeyboardInterrupt:
            raise
        except BaseException as error:  # noqa: BLE001  # isolation, from SystemExit too
            outcome, reason, trace = Outcome.FAILED, one_line(error), full_traceback(error)
        self.records.append(
            PluginRecord(
                name=candidate.name,
                outcome=outcome,
                distribution=candidate.owner,
                version=candidate.version,
                seconds=perf_counter() - started,
                reason=reason,
                traceback=trace,
                provides=provides,
            )
        )

    def _take(self, candidate: Candidate) -> tuple[str, ...]:
        if candidate.fault is not None:
            raise candidate.fault
        self._claim_name(candidate)
        section = self.settings.plugins.get(candidate.section, PluginSection())
        if not section.enabled:
            raise _Disabled
        if reason := why_incompatible(candidate.requirements, self.framework):
            raise _Incompatible(reason)
        with deadline(self.limit):
            plugin = candidate.load()
            trial = self._try(candidate.name, plugin)
            config = _configure(candidate.section, section, trial.config)
            missing = config.missing()
            if not missing:
                trial.things = self._families(trial.things, config)
        self.configs[candidate.name] = config
        if missing:
            raise _Disabled(f"not set up: it needs {variable(('plugins', candidate.section, missing))}")
        # From here on nothing of the plugin's runs any more.
        self.manager.register(plugin, candidate.name)
        for word, name, item in trial.things:
            self.catalogs[word].include(name, item, candidate.name)
        return trial.provides

    def _claim_name(self, candidate: Candidate) -> None:
        if not valid_name(candidate.name) or candidate.name == BUILTIN:
            raise PluginError(f"entry point name {candidate.name!r} is not valid: {NAME_RULE}")
        other = self._sections.setdefault(candidate.section, candidate.owner)
        if other != candidate.owner:
            raise PluginError(f"a plugin of that name is already there, from {other}")

    def _try(self, name: str, plugin: object) -> _Trial:
        """Register with a manager of its own, so that a plugin that fails leaves no trace in the real one."""
        manager = new_manager()
        check_functions(plugin)
        manager.register(plugin, name)
        check_registered(manager, plugin)
        things: list[tuple[str, str, Any]] = []
        for kind in KINDS:
            stage = Stage(kind, self.catalogs[kind.word])
            if getattr(manager.hook, kind.hook)(registry=stage):
                raise PluginError(f"{kind.hook} returns a value; what it registers goes to registry.add()")
            things += [(kind.word, item_name, item) for item_name, item in stage.items.items()]
        events = [event for event in EVENTS if getattr(manager.hook, event).get_hookimpls()]
        return _Trial(shared_config(item for _, _, item in things), things, events)

    def _families(
        self, things: list[tuple[str, str, Any]], config: PluginConfig
    ) -> list[tuple[str, str, Any]]:
        """The things, each descriptor that has a family replaced by what the settings make of it."""
        settled: list[tuple[str, str, Any]] = []
        for kind in KINDS:
            stage = Stage(kind, self.catalogs[kind.word])
            for word, _, item in things:
                if word == kind.word:
                    for member in members(item, config):
                        stage.add(member)
            settled += [(kind.word, name, item) for name, item in stage.items.items()]
        return settled
