"""The runner asks in pluggy's own order, whatever the plugins ask for."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import Any

import pluggy
from hypothesis import given
from hypothesis import strategies as st

from botcore.hooks.manager import new_manager
from botcore.hooks.results import Pass
from botcore.hooks.runner import HookRunner
from botcore.hooks.specs import PROJECT, hookimpl
from botcore.model import Message
from botcore.testing.samples import make_message

OPTIONS = st.sampled_from([{}, {"tryfirst": True}, {"trylast": True}])


def order_of_pluggy(options: list[dict[str, bool]]) -> list[int]:
    """What pluggy does with the same options on a hook that it calls itself."""

    class Spec:
        @pluggy.HookspecMarker(PROJECT)
        def told(self) -> None: ...

    manager = pluggy.PluginManager(PROJECT)
    manager.add_hookspecs(Spec)
    for number, option in enumerate(options):

        def told(number: int = number) -> int:
            return number

        manager.register(SimpleNamespace(told=hookimpl(**option)(told)))
    return list(manager.hook.told())


def order_of_runner(options: list[dict[str, bool]]) -> list[int]:
    asked: list[int] = []
    manager = new_manager()
    for number, option in enumerate(options):

        async def botcore_message_received(message: Message, number: int = number) -> Pass:
            asked.append(number)
            return Pass()

        plugin: Any = SimpleNamespace(botcore_message_received=hookimpl(**option)(botcore_message_received))
        manager.register(plugin)
    asyncio.run(HookRunner(manager, timeout=10).message_received(make_message()))
    return asked


@given(st.lists(OPTIONS, max_size=8))
def test_the_order_is_pluggys(options: list[dict[str, bool]]) -> None:
    assert order_of_runner(options) == order_of_pluggy(options)
