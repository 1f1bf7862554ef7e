"""What the entry point names: the description of the console. Nothing heavy is imported here."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from botcore import (
    AdapterDescriptor,
    Capabilities,
    MediaLimit,
    PluginConfig,
    PluginContext,
    Registry,
    hookimpl,
)

if TYPE_CHECKING:
    from botcore import Adapter

PLATFORM = "console"
ANY_SIZE = 2**63 - 1


class ConsoleConfig(PluginConfig):
    """``[plugins.console]``"""

    videos: Path = Path("videos")
    """Where videos are put; made when the first one comes."""


@asynccontextmanager
async def open_console(config: ConsoleConfig, context: PluginContext) -> AsyncIterator[Adapter]:
    """A console on stdin, stdout and stderr of this process."""
    from botcore_console.adapter import Console, terminal_language
    from botcore_console.keyboard import open_keyboard
    from botcore_console.screen import open_screen

    with open_keyboard(context.data_dir / "history") as keyboard, open_screen() as screen:
        yield Console(keyboard, screen, config.videos, terminal_language(os.environ))


@hookimpl
def botcore_register_adapters(registry: Registry[AdapterDescriptor]) -> None:
    """Add the platform ``console``."""
    registry.add(
        AdapterDescriptor(
            name=PLATFORM,
            summary="a conversation in the terminal",
            config=ConsoleConfig,
            factory=open_console,
            terminal=True,
            capabilities=Capabilities(
                caption_limit=4096,
                media=(MediaLimit("*/*", ANY_SIZE),),
                edit_text=True,
            ),
        )
    )
