"""``botcore serve``: the bot and its HTTP surface, until it is stopped."""

from __future__ import annotations

import asyncio
import gc
from typing import TYPE_CHECKING, Annotated

import typer

from botcore.cli.options import prepare
from botcore.cli.output import tell

if TYPE_CHECKING:
    from botcore.config import Settings

SCOPE = "serve"
_ALLOCATIONS = 20_000
"""New objects after which the collector looks at them: a request makes hundreds, nearly all gone with it."""


def command(
    ctx: typer.Context,
    host: Annotated[str | None, typer.Option(metavar="ADDRESS", help="Instead of web.host.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Instead of web.port; 0: any.")] = None,
) -> None:
    """Run the bot: the platforms that are installed and the HTTP API. Stop it with Ctrl-C or SIGTERM."""
    settings = prepare(ctx, quiet=False)
    given = {name: value for name, value in (("host", host), ("port", port)) if value is not None}
    if given:
        settings = settings.model_copy(update={"web": settings.web.model_copy(update=given)})
    import uvloop  # an eighth less CPU for each webhook; nobody else needs it

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_serve(settings))


async def _serve(settings: Settings) -> None:
    from botcore.app import Role, open_app, prepare_data_dir
    from botcore.cli.signals import stop_requested
    from botcore.engine import DataDirLock
    from botcore.telemetry import get_logger, spawn, watch_loop
    from botcore.web.server import serving

    log = get_logger(__name__)
    watch_loop()
    with stop_requested() as stop, DataDirLock(prepare_data_dir(settings)):
        async with open_app(settings, Role(SCOPE, terminal=False)) as app:
            # A wall that does not hold must be seen now, not by the first student.
            await app.host.renderer(app.renderer)
            async with serving(app, stop) as address, app.working():
                tell(f"botcore serves at {address} (stop with Ctrl-C)")
                log.info("serving", address=address)
                _settle()
                warming = spawn(app.host.open_exact_providers(), name="warming")
                await stop.wait()
                log.info("stopping")
                warming.cancel()


def _settle() -> None:
    """What is there now stays to the end: the collector need not look at it again and again, which holds up
    everybody for a tenth of a second each time."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(_ALLOCATIONS, *gc.get_threshold()[1:])
