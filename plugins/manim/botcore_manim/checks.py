"""What ``botcore doctor`` shows of this plugin: system parts, the walls one by one, a warm start."""

from __future__ import annotations

import asyncio
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec

from botcore.errors import BotcoreError, EnvironmentFault
from botcore.hooks.descriptors import CheckResult, PluginContext
from botcore_manim.renderer import LATEX_REMEDY, job_limits, missing_programs
from botcore_manim.sandbox import landlock
from botcore_manim.sandbox.host import BWRAP_REMEDY, Launch, Zygote
from botcore_manim.sandbox.selfprobe import probe_walls
from botcore_manim.settings import ManimConfig

_LIBRARIES_REMEDY = (
    "apt install gcc pkg-config python3-dev libcairo2-dev libpango1.0-dev, then install botcore again"
)
_SECONDS = 30.0
_COMMAND_SECONDS = 20.0


def check_machine(config: ManimConfig, context: PluginContext) -> list[CheckResult]:
    """Every row; takes a few seconds, because the warm process is really started."""
    # a loop of its own: doctor may or may not run inside one
    with ThreadPoolExecutor(max_workers=1) as thread:
        walls = thread.submit(asyncio.run, _sandbox(config, context)).result()
    return [*_system(config), *walls]


def _system(config: ManimConfig) -> Iterator[CheckResult]:
    yield _program("bubblewrap", ["bwrap", "--version"], BWRAP_REMEDY)
    missing = [name for name in ("cairo", "manimpango") if find_spec(name) is None]
    seen = f"missing: {', '.join(missing)}" if missing else "installed"
    yield CheckResult(name="cairo and pango", ok=not missing, seen=seen, remedy=_LIBRARIES_REMEDY)
    yield _fonts()
    yield _east_asian_fonts()
    if config.latex == "system":
        missing = missing_programs()
        seen = f"missing: {', '.join(missing)}" if missing else "installed"
        yield CheckResult(name="latex", ok=not missing, seen=seen, remedy=LATEX_REMEDY)


def _program(name: str, command: list[str], remedy: str) -> CheckResult:
    if shutil.which(command[0]) is None:
        return CheckResult(name=name, ok=False, seen="not installed", remedy=remedy)
    done = subprocess.run(command, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False)
    first_line = (done.stdout or done.stderr).strip().partition("\n")[0]
    return CheckResult(name=name, ok=done.returncode == 0, seen=first_line, remedy=remedy)


def _fonts() -> CheckResult:
    remedy = "apt install fontconfig fonts-noto-core"
    if shutil.which("fc-list") is None:
        return CheckResult(name="fonts", ok=False, seen="fc-list is not installed", remedy=remedy)
    listed = subprocess.run(
        ["fc-list", ":", "family"], capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
    )
    families = {line for line in listed.stdout.splitlines() if line}
    return CheckResult(name="fonts", ok=bool(families), seen=f"{len(families)} families", remedy=remedy)


def _east_asian_fonts() -> CheckResult:
    """``make setup`` installs none: they are a download of 56 MB, and few need them."""
    command = ["fc-list", ":lang=zh", "family"]
    found = (
        shutil.which(command[0]) is not None
        and subprocess.run(
            command, capture_output=True, text=True, timeout=_COMMAND_SECONDS, check=False
        ).stdout.strip()
    )
    return CheckResult(
        name="fonts for Chinese, Japanese and Korean",
        ok=True,
        warning=not found,
        seen="installed" if found else "none: words in these scripts are drawn as empty boxes",
        remedy="apt install fonts-noto-cjk",
    )


async def _sandbox(config: ManimConfig, context: PluginContext) -> list[CheckResult]:
    limits = job_limits(config, wall=_SECONDS, file_bytes=config.video_mb * 1_000_000)
    try:
        zygote = await Zygote.start(Launch(uid=config.uid, latex=config.latex))
    except BotcoreError as error:
        return [_row("sandbox: warm process", error)]
    try:
        walls = await probe_walls(zygote, limits, (context.data_dir,))
    except BotcoreError as error:
        return [_row("sandbox: walls", error)]
    finally:
        await zygote.close()
    hello = zygote.hello
    started = f"warm in {hello.seconds:.1f} s, {hello.resident >> 20} MB, Landlock version {landlock.abi()}"
    rows = [CheckResult(name="sandbox: warm process", ok=True, seen=started)]
    rows += [
        CheckResult(
            name=f"sandbox: {wall.name}", ok=not wall.got, seen=wall.got or "holds", remedy=wall.remedy
        )
        for wall in walls
    ]
    return rows


def _row(name: str, error: BotcoreError) -> CheckResult:
    remedy = str(error.params.get("remedy", "")) if isinstance(error, EnvironmentFault) else ""
    return CheckResult(name=name, ok=False, seen=error.detail, remedy=remedy)
