"""How much memory 500 listeners of one ``botcore serve`` take, while events go out to all of them.

The process that serves is measured alone (its resident set, read from the kernel): the sandbox's warm
processes draw, and would be there without listeners. There are 25 callers with 20 streams each, those of one
caller to one job, which is drawn meanwhile or waits.
"""

from __future__ import annotations

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from time import perf_counter
from typing import Any

import aiohttp
import psutil

CALLERS, STREAMS = 25, 20
SECONDS = 20.0
"""How long it is listened once all are there."""
_START_SECONDS = 120.0
_EVERY = 0.2
"""Seconds between two looks at the memory."""
_SCENE = """\
class Demo(Scene):
    def construct(self):
        square = Square()
        for number in range({count}):
            self.play(Rotate(square, PI / 8), run_time=0.2)
"""
_MARKER = "botcore serves at "


async def five_hundred(folder: Path, say: Any) -> dict[str, Any]:
    """Megabytes before anybody listened and at most while all did, and how many events they heard."""
    async with _serve(folder) as (process, address):
        await _warm(address)
        before = _megabytes(process)
        heard = await _listen(process, address)
    say(f"listen: {heard['rss_mb']:.0f} MB with {heard['listeners']} listeners, {before:.0f} MB before")
    return {"before_mb": before, **heard}


async def _listen(process: psutil.Process, address: str) -> dict[str, float]:
    events = [0]
    peaks: list[float] = []
    connector = aiohttp.TCPConnector(limit=0)
    async with aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar()) as client:
        streams = [await _submit(client, address, number) for number in range(CALLERS)]
        opened = [await client.get(url, headers={"Cookie": cookie}) for url, cookie in streams * STREAMS]
        refused = sum(response.status != 200 for response in opened)
        tasks = [asyncio.create_task(_hear(response, events)) for response in opened]
        used = process.cpu_times()
        began = perf_counter()
        while perf_counter() - began < SECONDS:
            await asyncio.sleep(_EVERY)
            peaks.append(_megabytes(process))
        now = process.cpu_times()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for response in opened:
            response.close()
    spent = now.user + now.system - used.user - used.system
    return {
        "rss_mb": max(peaks),
        "listeners": len(opened) - refused,
        "refused": refused,
        "events": events[0],
        "cpu_share": spent / SECONDS,
    }


async def _submit(client: aiohttp.ClientSession, address: str, number: int) -> tuple[str, str]:
    body = {"code": _SCENE.format(count=60 + number), "quality": "low"}
    async with client.post(f"{address}/api/v1/code", json=body) as response:
        response.raise_for_status()
        cookie = "; ".join(f"{name}={morsel.value}" for name, morsel in response.cookies.items())
        return address + (await response.json())["links"]["events"], cookie


async def _hear(response: aiohttp.ClientResponse, events: list[int]) -> None:
    async for line in response.content:
        events[0] += line.startswith(b"event:")


async def _warm(address: str) -> None:
    """Return once a job was drawn: what is loaded for the first one is no listener's."""
    async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
        url, cookie = await _submit(client, address, -50)
        async with client.get(url, headers={"Cookie": cookie}) as response:
            await _hear(response, [0])


def _megabytes(process: psutil.Process) -> float:
    resident: int = process.memory_info().rss
    return resident / 1e6


@asynccontextmanager
async def _serve(folder: Path) -> AsyncIterator[tuple[psutil.Process, str]]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BOTCORE_")}
    # all come from one address
    environ |= {"BOTCORE_LIMITS__PER_MINUTE": "1000", "BOTCORE_LIMITS__UNFINISHED": "1000"}
    log = folder / "serve.log"
    with log.open("wb") as stderr:
        process = await asyncio.create_subprocess_exec(
            Path(sys.executable).with_name("botcore"),
            "serve",
            "--port",
            "0",
            cwd=folder,
            env=environ,
            stderr=stderr,
        )
    try:
        async with asyncio.timeout(_START_SECONDS):
            while _MARKER not in (text := log.read_text()):
                if process.returncode is not None:
                    raise RuntimeError(text)
                await asyncio.sleep(0.1)
        yield psutil.Process(process.pid), text.partition(_MARKER)[2].split()[0]
    finally:
        for below in psutil.Process(process.pid).children(recursive=True):
            below.kill()
        process.kill()
        await process.wait()
