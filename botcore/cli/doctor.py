"""``botcore doctor``: whether this machine and its configuration will do, and how to mend what will not."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from botcore.cli.options import options_of
from botcore.cli.output import ExitCode, print_json, say
from botcore.cli.provider_lines import provider_lines, standings
from botcore.errors import (
    BotcoreError,
    ConfigError,
    EnvironmentFault,
    StoreFull,
    StoreMisconfigured,
    StoreUnavailable,
)

if TYPE_CHECKING:
    from botcore.config import Settings
    from botcore.hooks.descriptors import CheckResult
    from botcore.plugins import PluginHost

OLDEST_PYTHON = (3, 11)
NEEDED_FREE = 1024**3
"""Bytes that a busy day of videos may fill before the reaper has been."""


def command(
    ctx: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
) -> None:
    """Say what is wrong with this machine, and how to mend it.

    Looks at Python, settings, plugins, database, store, disk, and what plugins need.
    """
    from botcore.telemetry import configure_logging

    configure_logging(level="critical")  # the table says it, in better words
    results = []
    for result in _all_results(options_of(ctx).config):
        results.append(result)
        if not as_json:
            say(_line(result))
    good = all(result.ok for result in results)
    if as_json:
        shown = [
            {
                "name": item.name,
                "ok": item.ok,
                "warning": item.warning,
                "seen": item.seen,
                "remedy": item.remedy,
            }
            for item in results
        ]
        print_json({"ok": good, "checks": shown})
    else:
        failed = sum(not result.ok for result in results)
        say("Everything is fine." if good else f"{failed} of {len(results)} checks failed.")
    raise typer.Exit(ExitCode.OK if good else ExitCode.ENVIRONMENT)


def _all_results(config: Path | None) -> Iterator[CheckResult]:
    from botcore.config import load_settings
    from botcore.hooks.descriptors import CheckResult
    from botcore.plugins import load_plugins

    yield _python()
    try:
        settings = load_settings(config)
    except ConfigError as error:
        for problem in error.problems:
            yield CheckResult(
                name="settings", ok=False, seen=problem, remedy="Correct it; the other checks need it first."
            )
        return
    yield CheckResult(name="settings", ok=True, seen="valid")
    host = load_plugins(settings)
    yield from _plugins(host)
    folder = _checked("data folder", lambda: _data_folder(settings))
    yield folder
    if not folder.ok:  # all that follows needs it, and would only say the same again
        return
    yield _checked("disk", lambda: _disk(settings))
    yield _checked("database", lambda: asyncio.run(_database(settings)))
    yield _stuck(asyncio.run(_given_up(settings)))
    yield from provider_lines(asyncio.run(standings(settings, host)))
    yield _checked("store", lambda: asyncio.run(_store(settings)))
    for name in host.checks:
        yield from host.run_check(name)


def _checked(name: str, run: Callable[[], str]) -> CheckResult:
    """Run a check of the core, which says what it saw or raises."""
    from botcore.hooks.descriptors import CheckResult

    try:
        return CheckResult(name=name, ok=True, seen=run())
    except (EnvironmentFault, StoreMisconfigured) as error:
        problem, remedy = str(error.params.get("problem", error)), str(error.params.get("remedy", ""))
        return CheckResult(name=name, ok=False, seen=problem, remedy=remedy)
    except StoreUnavailable as error:
        remedy = "Look whether it runs and can be reached from here."
        return CheckResult(name=name, ok=False, seen=error.detail, remedy=remedy)
    except StoreFull as error:
        remedy = "Free at least 1 GiB where videos are kept, or keep them elsewhere (data_dir, store)."
        return CheckResult(name=name, ok=False, seen=error.detail or "it is full", remedy=remedy)
    except BotcoreError as error:
        return CheckResult(name=name, ok=False, seen=error.message, remedy="Correct the settings.")
    except Exception as error:  # noqa: BLE001  # a doctor that falls over helps nobody
        return CheckResult(
            name=name,
            ok=False,
            seen=f"{type(error).__name__}: {error}",
            remedy="Run “botcore -v” with the command that fails, and read the log.",
        )


def _python() -> CheckResult:
    from botcore.hooks.descriptors import CheckResult

    return CheckResult(
        name="python",
        ok=sys.version_info >= OLDEST_PYTHON and sys.platform == "linux",
        seen=f"{platform.python_version()} on {platform.system()} {platform.release()}",
        remedy="Use Python 3.11 or newer on Linux (WSL2 will do).",
    )


def _plugins(host: PluginHost) -> Iterator[CheckResult]:
    from botcore.hooks.descriptors import CheckResult
    from botcore.plugins import Outcome

    for record in host.records:
        provides = ", ".join(record.provides) or "nothing"
        yield CheckResult(
            name=f"plugin {record.name}",
            ok=record.outcome in {Outcome.LOADED, Outcome.DISABLED},
            seen=record.reason or f"{record.outcome.value}, provides {provides}",
            remedy=f"Mend or upgrade {record.distribution}, or switch it off: set "
            f"BOTCORE_PLUGINS__{record.name.replace('-', '_').upper()}__ENABLED=false",
        )
    for problem in host.problems:
        yield CheckResult(name="plugin settings", ok=False, seen=problem, remedy="Correct it.")


def _data_folder(settings: Settings) -> str:
    from botcore.app import prepare_data_dir

    folder = prepare_data_dir(settings)
    try:
        with tempfile.TemporaryFile(dir=folder) as file:
            file.write(b"x")
    except OSError as error:
        raise EnvironmentFault(
            problem=f"{folder} cannot be written to ({error.strerror})",
            remedy=f"Make it writable (chown or chmod), or set data_dir; you run as {_who()}.",
        ) from None
    return f"{folder} is writable"


def _disk(settings: Settings) -> str:
    from botcore.app import prepare_data_dir

    folder = prepare_data_dir(settings)
    free = shutil.disk_usage(folder).free
    seen = f"{free / 1024**3:.1f} GiB free at {folder}"
    if free < NEEDED_FREE:
        raise EnvironmentFault(problem=seen, remedy="Free at least 1 GiB, or set data_dir to another disk.")
    return seen


async def _database(settings: Settings) -> str:
    from botcore.app import open_database, prepare_data_dir

    folder = prepare_data_dir(settings)
    async with open_database(settings, folder) as state:
        jobs = sum((await state.jobs.by_status()).values())
        name = state.db.name
    return f"{name} is up to date and writable, {jobs} jobs"


async def _given_up(settings: Settings) -> tuple[int, int]:
    """How many messages were parked, and how many letters are dead."""
    from botcore.app import open_database, prepare_data_dir

    async with open_database(settings, prepare_data_dir(settings)) as state:
        parked = sum((await state.stuck.parked_by_platform()).values())
        return parked, sum((await state.stuck.dead_by_platform()).values())


def _stuck(given_up: tuple[int, int]) -> CheckResult:
    """Nothing is wrong with this machine when messages are stuck, but somebody should look."""
    from botcore.hooks.descriptors import CheckResult

    parked, dead = given_up
    return CheckResult(
        name="messages",
        ok=True,
        warning=bool(parked or dead),
        seen=f"{parked} received and {dead} outgoing messages were given up",
        remedy="GET /health/relays on this machine names them and says why.",
    )


async def _store(settings: Settings) -> str:
    from botcore.app import Role, open_app
    from botcore.model import new_id
    from botcore.state import utc_now

    probe = b"botcore doctor"
    async with open_app(settings, Role("doctor")) as app:
        key = f"doctor/{new_id()}"
        with tempfile.NamedTemporaryFile(dir=app.settings.data_dir) as file:
            file.write(probe)
            file.flush()
            soon = utc_now() + timedelta(minutes=1)
            await app.store.put(key, Path(file.name), "text/plain", expires=soon, job="")
        try:
            async with app.store.open(key) as chunks:
                if b"".join([chunk async for chunk in chunks]) != probe:
                    raise StoreUnavailable("what was read is not what was written")
        finally:
            await app.store.delete(key)
        return f"{settings.store} keeps, gives back and deletes a file"


def _who() -> str:
    import getpass

    return getpass.getuser()


def _line(result: CheckResult) -> str:
    mark = "FAIL" if not result.ok else "warn" if result.warning else "ok  "
    line = f"{mark}  {result.name}: {result.seen}"
    fine = result.ok and not result.warning
    return line if fine or not result.remedy else f"{line}\n      → {result.remedy}"
