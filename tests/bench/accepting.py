"""How many webhook calls a second are taken in, each with its row committed before the answer.

``botcore serve`` with every part at work (inbox, engine, outbox, Telegram at a server of loopback) against
the few lines of aiohttp and aiosqlite in :mod:`tests.bench.bare_webhook`, each a process of its own, in turn
and each time anew: what one of them has left to do does not weigh on the other. It waits until the renderer's
processes are warm: for their first seconds they fill two cores.

The handler written by hand runs twice. On the event loop that Python brings, as such a program starts unless
somebody thinks of another: that is ``accept_ratio``, the figure that is wanted. And on uvloop, which
``botcore serve`` has chosen: ``accept_same_loop`` leaves the choice of the loop out, and so tells what all
that botcore does beyond those few lines costs. It is for information.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import sqlite3
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from statistics import median
from typing import Any

import psutil

from botcore.testing.telegram_server import TOKEN, TelegramServer

ROUNDS = 5
SECONDS = 4.0
WARM_UP = 0.5
"""Seconds of posting before a round counts."""
SECRET = "a-secret_of-the-bench"  # opens nothing
_START_SECONDS = 60.0
_LOOK_SECONDS, _IDLE = 0.5, 0.1
"""A process is warm once it and those below it took so little of a core between two looks."""

Figures = Mapping[str, float]


async def webhook(folder: Path, say: Any) -> dict[str, Any]:
    """Requests a second and latencies of all three, and the medians of the rounds' ratios."""
    ours: list[Figures] = []
    by_hand: list[Figures] = []
    same_loop: list[Figures] = []
    for number in range(ROUNDS):
        place = folder / str(number)
        place.mkdir()
        for loop, figures in (("asyncio", by_hand), ("uvloop", same_loop)):
            figures.append(await _round(_bare(place, loop), place / f"{loop}.db"))
        async with TelegramServer() as telegram:
            ours.append(await _round(_serve(place, telegram), place / "data" / "botcore.db"))
        say(
            f"accept, round {number + 1}: botcore {_words(ours[-1])}; "
            f"by hand on asyncio {_words(by_hand[-1])}; by hand on uvloop {_words(same_loop[-1])}"
        )
    ratio, same_loop_ratio = _ratio(ours, by_hand), _ratio(ours, same_loop)
    say(
        f"accept: {ratio:.2f} of what a bare aiohttp handler takes in as it starts by default (asyncio); "
        f"accept_same_loop, for information: {same_loop_ratio:.2f} of what it takes in on uvloop"
    )
    return {
        "accept_ratio": ratio,
        "errors": sum(each["refused"] + each["lost"] for each in ours + by_hand + same_loop),
        "botcore": _medians(ours),
        "by_hand_on_asyncio": _medians(by_hand),
        "accept_same_loop": {"ratio": same_loop_ratio, "by_hand_on_uvloop": _medians(same_loop)},
    }


def _ratio(ours: Sequence[Figures], theirs: Sequence[Figures]) -> float:
    """The median of the rounds, as what else the machine does changes from one to the next."""
    ratios = [a["requests_per_s"] / b["requests_per_s"] for a, b in zip(ours, theirs, strict=True)]
    return median(ratios)


def _medians(rounds: Sequence[Figures]) -> dict[str, float]:
    return {key: median(each[key] for each in rounds) for key in ("requests_per_s", "median_ms", "p99_ms")}


def _words(figures: Figures) -> str:
    return f"{figures['requests_per_s']:.0f}/s (p99 {figures['p99_ms']:.1f} ms)"


async def _round(server: Any, database: Path) -> dict[str, float]:
    async with server as port:
        before = await _post(port, WARM_UP, first=1)
        figures = await _post(port, SECONDS, first=10_000_000)
        with sqlite3.connect(database) as connection:
            (rows,) = connection.execute("SELECT COUNT(*) FROM inbox").fetchone()
        connection.close()
    return figures | {"lost": abs(before["posted"] + figures["posted"] - rows)}


async def _post(port: int, seconds: float, *, first: int) -> dict[str, float]:
    command = (sys.executable, "-m", "tests.bench.posting", str(port), str(seconds), str(first))
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, env=os.environ | {"BENCH_SECRET": SECRET}
    )
    out, _ = await process.communicate()
    figures: dict[str, float] = json.loads(out)
    return figures


@asynccontextmanager
async def _bare(folder: Path, loop: str) -> AsyncIterator[int]:
    command = (sys.executable, "-m", "tests.bench.bare_webhook", str(folder / f"{loop}.db"), loop)
    environ = os.environ | {"BENCH_SECRET": SECRET}
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE, env=environ)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_START_SECONDS):
            yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _serve(folder: Path, telegram: TelegramServer) -> AsyncIterator[int]:
    port = _free_port()
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BOTCORE_")} | {
        "BOTCORE_WEB__PUBLIC_URL": f"http://127.0.0.1:{port}",
        "BOTCORE_PLUGINS__TELEGRAM__TOKEN": TOKEN,
        "BOTCORE_PLUGINS__TELEGRAM__WEBHOOK_SECRET": SECRET,
        "BOTCORE_PLUGINS__TELEGRAM__API_URL": telegram.url,
        "BOTCORE_PLUGINS__TELEGRAM__MODE": "webhook",
    }
    botcore = Path(sys.executable).with_name("botcore")
    with (folder / "serve.log").open("wb") as log:
        process = await asyncio.create_subprocess_exec(
            botcore, "serve", "--port", str(port), cwd=folder, env=environ, stderr=log
        )
    try:
        await telegram.until(lambda: telegram.updates.webhook, seconds=_START_SECONDS)
        async with asyncio.timeout(_START_SECONDS):
            await _warm(psutil.Process(process.pid))
        yield port
    finally:
        for below in psutil.Process(process.pid).children(recursive=True):
            below.kill()
        process.kill()
        await process.wait()


async def _warm(process: psutil.Process) -> None:
    before = _cpu_seconds(process)
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        now = _cpu_seconds(process)
        if before.keys() == now.keys() and sum(now.values()) - sum(before.values()) < _IDLE * _LOOK_SECONDS:
            return
        before = now


def _cpu_seconds(process: psutil.Process) -> dict[int, float]:
    """By process: of this one and of those below it."""
    seconds = {}
    for each in (process, *process.children(recursive=True)):
        with suppress(psutil.NoSuchProcess):  # it ended meanwhile
            times = each.cpu_times()
            seconds[each.pid] = times.user + times.system
    return seconds


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
