"""The console keeps the contract of adapters, through a real pipe."""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from botcore_console.plugin import ConsoleConfig, botcore_register_adapters

from botcore.hooks.descriptors import AdapterDescriptor
from botcore.ports import Adapter
from botcore.testing.contracts import AdapterContract


class Collected:
    """A registry that keeps what is added."""

    def __init__(self) -> None:
        self.items: list[AdapterDescriptor] = []

    def add(self, item: AdapterDescriptor, /) -> None:
        self.items.append(item)


def descriptor_of_console() -> AdapterDescriptor:
    registry = Collected()
    botcore_register_adapters(registry)
    return registry.items[0]


class TestConsole(AdapterContract):
    descriptor = descriptor_of_console()
    chat_id = "terminal"

    @pytest.fixture(autouse=True)
    def pipe(self, monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> Iterator[None]:
        reader, self.writer = os.pipe()
        with os.fdopen(reader) as stdin:
            monkeypatch.setattr(sys, "stdin", stdin)
            monkeypatch.setattr(sys, "stderr", io.StringIO())
            monkeypatch.chdir(tmp_path)
            yield
        os.close(self.writer)

    async def say(self, adapter: Adapter, text: str) -> None:
        os.write(self.writer, f"{text}\n".encode())


def test_the_console_needs_the_terminal_and_takes_files_of_any_kind() -> None:
    descriptor = descriptor_of_console()
    assert descriptor.terminal
    assert descriptor.config is ConsoleConfig
    assert descriptor.capabilities.takes("video/mp4", 50_000_000)
    assert descriptor.capabilities.takes("image/gif", 1)
