"""How fast a video leaves the local store: ``botcore serve``, with the grant looked up for every request,
against aiohttp's ``FileResponse`` in a process that does nothing else, on the same file, in turn."""

from __future__ import annotations

import asyncio
import os
import re
import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psutil

from botcore.app import DATABASE
from botcore.delivery import LocalStore
from botcore.model import Artifact, JobKind, RenderOptions, Status, new_id
from botcore.state import Checkpoint, NewJob, open_state, sqlite_url

SIZE = 50 * 1024 * 1024
ROUNDS = 9
_READ = 1024 * 1024
_START_SECONDS = 60.0
_WAY = (
    Status.CODE_VALIDATING,
    Status.RENDERING,
    Status.UPLOADING,
    Status.READY,
)


async def throughput(folder: Path, say: Any) -> dict[str, Any]:
    """Megabytes a second of both, and the median of the rounds' ratios."""
    file = folder / "film.mp4"
    await asyncio.to_thread(_fill, file)
    video_id, token = await _offered(folder / "data", file)
    ours, theirs = [], []
    async with _serve(folder) as port, _bare(file) as bare:
        place = f"/api/v1/video/{video_id}"
        cookie = await _take(port, f"{place}/access?t={token}")
        for _ in range(ROUNDS + 1):
            theirs.append(await _fetch(bare, "/", ""))
            ours.append(await _fetch(port, f"{place}/stream", cookie))
            say(f"stream: {ours[-1]:.0f} MB/s, FileResponse {theirs[-1]:.0f} MB/s")
    ours, theirs = ours[1:], theirs[1:]  # the first one reads from the disk
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return {
        "stream_ratio": median(ratios),
        "ratios": ratios,
        "mb_per_s": median(ours),
        "file_response_mb_per_s": median(theirs),
    }


def _fill(file: Path) -> None:
    file.write_bytes(os.urandom(SIZE))


async def _offered(data_dir: Path, file: Path) -> tuple[str, str]:
    """A video that waits in the store; its id, and the token of a link to it."""
    await asyncio.to_thread(data_dir.mkdir)
    async with open_state(sqlite_url(data_dir / DATABASE)) as state:
        session = await state.sessions.of("bench", "ada")
        new = NewJob(session.id, JobKind.CODE, "bench", "ada", "manim", RenderOptions(), "draw", "en")
        job, _ = await state.jobs.submit(new)
        video_id = new_id()
        film = Artifact(file, "video/mp4", SIZE, 60.0, 1280, 720)
        video = await state.videos.plan(video_id, job.id, film)
        kept = await LocalStore(data_dir / "videos").put(
            video.key, file, "video/mp4", expires=video.expires_at, job=job.id
        )
        for status in _WAY:
            job = await state.jobs.advance(job, status, Checkpoint(video_id=video_id))
        await state.videos.stored(video_id, kept.etag)
        await state.jobs.note(job, Checkpoint(offered_at=state.db.clock() - timedelta(seconds=1)))
        return video_id, await state.access.mint(video_id)


async def _take(port: int, path: str) -> str:
    """Take the access; the cookie that it was taken with."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 0\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    found = re.search(r"botcore_viewer=([\w-]+)", head)
    if found is None:
        raise RuntimeError(head)
    return found[0]


async def _fetch(port: int, path: str, cookie: str) -> float:
    """Megabytes a second of one whole answer. Read by hand, so that the client takes as little as it can."""
    return await asyncio.to_thread(_read_all, port, path, cookie)


def _read_all(port: int, path: str, cookie: str) -> float:
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nCookie: {cookie}\r\nConnection: close\r\n\r\n"
    buffer, seen = bytearray(_READ), 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        began = perf_counter()
        connection.sendall(request.encode())
        while count := connection.recv_into(buffer):
            seen += count
        took = perf_counter() - began
    if seen < SIZE:
        raise RuntimeError(bytes(buffer[:500]).decode("utf-8", "replace"))
    return seen / took / 1e6


@asynccontextmanager
async def _bare(file: Path) -> AsyncIterator[int]:
    command = (sys.executable, "-m", "tests.bench.bare_file", str(file))
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    assert process.stdout is not None
    try:
        async with asyncio.timeout(_START_SECONDS):
            yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.wait()


@asynccontextmanager
async def _serve(folder: Path) -> AsyncIterator[int]:
    environ = {name: value for name, value in os.environ.items() if not name.startswith("BOTCORE_")}
    botcore = Path(sys.executable).with_name("botcore")
    log = folder / "serve.log"
    with log.open("wb") as errors:
        process = await asyncio.create_subprocess_exec(
            botcore, "serve", "--port", "0", cwd=folder, env=environ, stderr=errors
        )
    try:
        async with asyncio.timeout(_START_SECONDS):
            while not (found := re.search(r"serves at http://[\d.]+:(\d+)", log.read_text())):  # noqa: ASYNC110  # another process writes it
                await asyncio.sleep(0.1)
        yield int(found[1])
    finally:
        for below in psutil.Process(process.pid).children(recursive=True):
            below.kill()
        process.kill()
        await process.wait()
