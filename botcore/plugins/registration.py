"""What a registration hook may add, and the stage on which it is collected before anything is taken over."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from botcore.errors import PluginError
from botcore.hooks.descriptors import (
    AdapterDescriptor,
    Check,
    Command,
    DelivererDescriptor,
    Descriptor,
    EngineDescriptor,
    NoConfig,
    PluginConfig,
    ProviderDescriptor,
    RendererDescriptor,
    StoreDescriptor,
    ValidatorDescriptor,
)
from botcore.model import valid_name
from botcore.plugins.catalog import Catalog

NAME_RULE = "at most 32 lower-case letters, digits, “-” and “_”, and a letter first"
BUILTIN = "botcore"
"""The plugin name under which the core registers its own things."""


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing: what it is called, the hook that adds it, and the type that the hook must add."""

    word: str
    hook: str
    type: type
    reserved: frozenset[str] = frozenset()
    """Names of the core's own things, which are registered later."""


_COMMANDS = frozenset(
    {"start", "help", "status", "history", "cancel", "code", "quality", "aspect", "provider", "link"}
    | {"language", "forget"}
)
_CLI = frozenset(
    {"render", "validate", "chat", "serve", "worker", "plugins", "doctor", "new", "eval", "migrate", "token"}
    | {"forget", "render-server"}
)
_DELIVERERS = frozenset({"native", "owner", "file", "link"})

KINDS: tuple[Kind, ...] = (
    Kind("adapter", "botcore_register_adapters", AdapterDescriptor, frozenset({"web"})),
    Kind("provider", "botcore_register_providers", ProviderDescriptor),
    Kind("validator", "botcore_register_validators", ValidatorDescriptor),
    Kind("renderer", "botcore_register_renderers", RendererDescriptor),
    Kind("store", "botcore_register_stores", StoreDescriptor, frozenset({"local"})),
    Kind("deliverer", "botcore_register_deliverers", DelivererDescriptor, _DELIVERERS),
    Kind("engine", "botcore_register_engines", EngineDescriptor, frozenset({"embedded"})),
    Kind("command", "botcore_register_commands", Command, _COMMANDS),
    Kind("cli", "botcore_register_cli", object, _CLI),
    Kind("check", "botcore_register_checks", Check),
)

Catalogs = Mapping[str, Catalog[Any]]
"""The catalog of each kind, by the kind's word."""


def new_catalogs() -> Catalogs:
    return {kind.word: Catalog(kind.word) for kind in KINDS}


class Stage:
    """The registry that one hook of one plugin gets: checks each thing at once, keeps it apart."""

    def __init__(self, kind: Kind, taken: Catalog[Any]) -> None:
        self._kind = kind
        self._taken = taken
        self.items: dict[str, Any] = {}

    def add(self, item: object, /) -> None:
        """Take a thing in. Raises :class:`PluginError` where it is not what the hook is for."""
        word = self._kind.word
        if not isinstance(item, self._kind.type):
            article = "an" if self._kind.type.__name__[0] in "AE" else "a"
            raise PluginError(
                f"{self._kind.hook} takes {article} {self._kind.type.__name__}, and got {_named(item)}"
            )
        name = _cli_name(item) if word == "cli" else getattr(item, "name", None)
        if not isinstance(name, str) or not valid_name(name):
            raise PluginError(f"{word} name {name!r} is not valid: {NAME_RULE}")
        if name in self.items:
            raise PluginError(f"{word} {name!r} is registered twice")
        if name in self._kind.reserved:
            raise PluginError(f"{word} name {name!r} belongs to botcore itself")
        if name in self._taken:
            raise PluginError(
                f"{word} {name!r} is already registered by plugin {self._taken.plugin_of(name)!r}"
            )
        if isinstance(item, Descriptor):
            _check_descriptor(item)
        self.items[name] = item


def _check_descriptor(item: Descriptor[Any]) -> None:
    if not callable(item.factory):
        raise PluginError(f"{item.kind} {item.name!r}: its factory cannot be called")
    if isinstance(languages := getattr(item, "languages", ()), str):
        raise PluginError(f"{item.kind} {item.name!r}: its languages are a text; write ({languages!r},)")
    config: object = item.config
    if not (isinstance(config, type) and issubclass(config, PluginConfig)):
        raise PluginError(f"{item.kind} {item.name!r}: its config is not a subclass of PluginConfig")
    if "enabled" in config.model_fields:
        raise PluginError(
            f"{item.kind} {item.name!r}: its config names a field “enabled”, which is botcore's"
        )


def shared_config(items: Iterator[Any]) -> type[PluginConfig]:
    """The one config model of a plugin's descriptors. Raises :class:`PluginError` when they name several."""
    models = {item.config for item in items if isinstance(item, Descriptor)} - {NoConfig}
    if len(models) > 1:
        listed = ", ".join(sorted(model.__name__ for model in models))
        raise PluginError(f"its descriptors name several config models ({listed}); a plugin has one section")
    return models.pop() if models else NoConfig


def members(item: object, config: PluginConfig) -> Iterable[object]:
    """What is registered for ``item``: the family that the settings make of it, where it has one."""
    if not isinstance(item, Descriptor) or item.family is None:
        return (item,)
    family = list(item.family(config))
    for member in family:
        if type(member) is not type(item) or member.config not in {item.config, NoConfig}:
            raise PluginError(f"the family of {item.kind} {item.name!r} has {_named(member)} of another kind")
    return family


def _cli_name(item: object) -> str | None:
    """A Typer app is called by its own name, a function by its ``__name__``."""
    info = getattr(item, "info", None)
    if info is not None and hasattr(item, "registered_commands"):
        return info.name if isinstance(info.name, str) else None
    if not callable(item):
        raise PluginError(f"botcore_register_cli takes a typer.Typer or a function, and got {_named(item)}")
    name = getattr(item, "__name__", None)
    return name.replace("_", "-") if isinstance(name, str) else None


def _named(item: object) -> str:
    return f"the class {item.__name__}" if isinstance(item, type) else f"a {type(item).__name__}"
