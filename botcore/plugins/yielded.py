"""Whether what a factory yields can be used as its kind: found when it is opened, and said in words that name
the method, instead of by whatever breaks first in the middle of somebody's job."""

from __future__ import annotations

import inspect
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from types import FunctionType, MethodType
from typing import Any

from botcore.errors import PluginError
from botcore.ports import Adapter, Deliverer, Engine, Provider, Renderer, Store, Validator

_PORTS: dict[str, type] = {
    "adapter": Adapter,
    "provider": Provider,
    "validator": Validator,
    "renderer": Renderer,
    "store": Store,
    "deliverer": Deliverer,
    "engine": Engine,
}


@asynccontextmanager
async def checked(kind: str, named: str, made: object) -> AsyncIterator[Any]:
    """Enter what a factory returned, and yield what it yields.

    :param kind: the word of its kind, such as ``provider``.
    :param named: what errors call it.
    :raises PluginError: it is no async context manager, or what it yields lacks a method of its port.
    """
    if not isinstance(made, AbstractAsyncContextManager):
        if inspect.iscoroutine(made):
            made.close()
        raise PluginError(
            f"{named}: its factory returned a {type(made).__name__} and no async context manager; "
            "write “@asynccontextmanager”, “async def”, and “yield” what it opened"
        )
    async with made as thing:
        if fault := fault_of(_PORTS[kind], thing):
            raise PluginError(f"{named}: {fault}")
        yield thing


def fault_of(port: type, thing: object) -> str | None:
    """What keeps ``thing`` from being used as ``port``; None when it has all methods, and they take what they
    get."""
    if thing is None or isinstance(thing, type):
        what = "nothing" if thing is None else f"the class {thing.__name__}"
        return f"its factory yields {what}, and has to yield an object with the methods of {port.__name__}"
    for name, wanted in vars(port).items():
        if isinstance(wanted, FunctionType) and not name.startswith("_"):
            method = getattr(thing, name, None)
            if fault := _fault_of_method(wanted, method):
                return f"{type(thing).__name__}{fault} (see botcore.ports.{port.__name__})"
    return None


def _fault_of_method(wanted: FunctionType, method: Any) -> str | None:
    """What follows the name of the class."""
    parameters = list(inspect.signature(wanted).parameters.values())[1:]
    shown = f"{wanted.__name__}({', '.join(each.name for each in parameters)})"
    if not callable(method):
        return f" has no method {shown}"
    if not _takes(method, parameters):
        return f".{wanted.__name__}() cannot be called as {shown}"
    is_async = inspect.iscoroutinefunction(inspect.unwrap(method))  # what decorates it may be a plain “def”
    if not is_async and not isinstance(method, FunctionType | MethodType):
        return None  # whatever it is, only calling it would tell what it returns
    if inspect.iscoroutinefunction(wanted) and not is_async:
        return f".{shown} is not “async def”"
    if is_async and not inspect.iscoroutinefunction(wanted):
        return f".{shown} is “async def”, and has to return at once"
    return None


def _takes(method: Callable[..., Any], parameters: list[inspect.Parameter]) -> bool:
    """Whether ``method`` can be called as the core calls it: in the port's order, named where it names."""
    by_name = {each.name: None for each in parameters if each.kind is inspect.Parameter.KEYWORD_ONLY}
    by_place = [each.name for each in parameters if each.name not in by_name]
    try:
        inspect.signature(method).bind(*by_place, **by_name)
    except TypeError:
        return False
    except ValueError:  # it has no signature that could be read
        return True
    return True
