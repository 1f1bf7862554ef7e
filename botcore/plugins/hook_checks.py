"""What is wrong with the hooks that a plugin implements: pluggy alone would ignore half of it, and say the
rest in words of its own."""

from __future__ import annotations

import difflib
import inspect

import pluggy

from botcore.errors import PluginError
from botcore.hooks import specs
from botcore.hooks.specs import EVENTS
from botcore.plugins.registration import KINDS

_REGISTRATION = frozenset(kind.hook for kind in KINDS)
_HOOKS = _REGISTRATION | set(EVENTS)


def check_functions(plugin: object) -> None:
    """Look at the functions before they are registered: marked as hooks, and with the right arguments.

    :raises PluginError: one is not as its hook wants it.
    """
    for name in dir(plugin):
        if name not in _HOOKS and not name.startswith("botcore_register_"):
            continue
        function = getattr(plugin, name)
        if not hasattr(function, "botcore_impl"):
            raise PluginError(f"{name} looks like a hook and is not marked with @hookimpl")
        if name in _HOOKS and callable(function):
            _check_arguments(name, list(inspect.signature(function).parameters))


def _check_arguments(name: str, given: list[str]) -> None:
    (known,) = inspect.signature(getattr(specs, name)).parameters
    given = [argument for argument in given if argument != "self"]
    if unknown := [argument for argument in given if argument != known]:
        raise PluginError(f"{name} has an argument “{unknown[0]}”; its one argument is named “{known}”")
    if not given and name in _REGISTRATION:
        raise PluginError(f"{name} has to take “{known}”, and to add() to it what it registers")


def check_registered(manager: pluggy.PluginManager, plugin: object) -> None:
    """What pluggy's check_pending does, for one plugin and with a hint; and what fits the runner.

    :raises PluginError: a hook does not exist, or is not implemented as it has to be.
    """
    for caller in manager.get_hookcallers(plugin) or ():
        if not caller.has_spec():
            near = difflib.get_close_matches(caller.name, _HOOKS, n=1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise PluginError(f"there is no hook {caller.name}{hint}")
        for impl in caller.get_hookimpls():
            if impl.hookwrapper or impl.wrapper:
                raise PluginError(f"{caller.name} is a wrapper; botcore's hooks take plain implementations")
            awaitable = inspect.iscoroutinefunction(impl.function)
            if awaitable is not (caller.name in EVENTS):
                wanted = "async def" if caller.name in EVENTS else "a plain def"
                raise PluginError(f"{caller.name} has to be {wanted}")
