"""``botcore chat``: a conversation in this terminal."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from botcore.cli.options import load_host, prepare
from botcore.errors import EnvironmentFault

if TYPE_CHECKING:
    from botcore.config import Settings

MOST_CHATS = 100


def command(ctx: typer.Context) -> None:
    """Talk to the bot in this terminal."""
    asyncio.run(_chat(prepare(ctx)))


async def _chat(settings: Settings) -> None:
    from botcore.app import Role, open_app, prepare_data_dir

    with _own_scope(prepare_data_dir(settings)) as scope:
        role = Role(scope, terminal=True, limited=False)
        async with open_app(settings, role, host=load_host(settings)) as app:
            if not app.adapters:
                raise EnvironmentFault(
                    problem="no plugin speaks to a terminal",
                    remedy="Install one: pip install 'botcore-framework[console]'",
                )
            # Warm up while the person types; a wall that does not hold must be seen before that.
            await app.host.renderer(app.renderer)
            adapter = await app.host.adapter(app.adapters[0].name)
            async with app.working(run_adapters=False):
                await adapter.run(app.intake.receive)


@contextmanager
def _own_scope(data_dir: Path) -> Iterator[str]:
    """A scope that no other running chat has: ``chat``, or ``chat-2`` beside one. The next chat takes the
    freed one up, and with it what was left unfinished there."""
    folder = data_dir / "chats"
    folder.mkdir(exist_ok=True)
    for number in range(1, MOST_CHATS):
        scope = "chat" if number == 1 else f"chat-{number}"
        with (folder / scope).open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                continue
            yield scope
            return
    raise EnvironmentFault(problem=f"{MOST_CHATS - 1} chats run already", remedy="Close one of them.")
