"""The memory that keeping a large video takes: 50 MB into each store, in a process of its own.

The S3 server is a SeaweedFS on loopback. ``idle`` is the peak of a process that opened the store and put a
small file, so that libraries and connections are no part of the difference.
"""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

SIZE = 50 * 1024 * 1024


async def memory(folder: Path, say: Callable[[str], None]) -> dict[str, Any]:
    """Peak memory of a put of 50 MB above that of an idle process, for each store."""
    from tests.plugins.s3 import weed

    large, small = folder / "large", folder / "small"
    with large.open("wb") as file:
        for number in range(SIZE // 1024 // 1024):
            file.write(bytes([number]) * 1024 * 1024)
    small.write_bytes(b"small")
    figures: dict[str, Any] = {}
    with weed.running(folder / "weed") as server:
        await weed.make_bucket(server)
        settings = json.dumps(server.values())
        for name, config in (("s3", settings), ("local", str(folder / "store"))):
            idle, peak = (_peak_mb(name, config, file) for file in (small, large))
            say(f"{name}: idle {idle:.1f} MB, with a video of 50 MB {peak:.1f} MB")
            figures |= {f"{name}_idle_mb": round(idle, 1), f"{name}_above_idle_mb": round(peak - idle, 1)}
    return figures


def _peak_mb(store: str, config: str, file: Path) -> float:
    command = [sys.executable, "-m", "tests.bench.uploading", store, config, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=120)
    return float(done.stdout)


def _opened(store: str, config: str) -> AbstractAsyncContextManager[Any]:
    if store == "local":
        from botcore.delivery import LocalStore, local_store

        # A file on another disk than the store's is copied; here a link would do, and cost nothing at all.
        local_store.os.link = _on_another_disk  # type: ignore[attr-defined]  # the process is for this alone
        return nullcontext(LocalStore(Path(config), min_free=0))
    from botcore_s3.plugin import S3Config, open_s3

    from botcore.hooks.descriptors import PluginContext

    context = PluginContext(plugin="s3", data_dir=Path(), workers=1)
    return open_s3(S3Config.model_validate_json(config), context)


def _on_another_disk(*_: object) -> None:
    raise OSError("cross-device link")


async def _put(store: str, config: str, file: Path) -> None:
    expires = datetime.now(UTC) + timedelta(days=1)
    async with _opened(store, config) as opened:
        await opened.put("video", file, "video/mp4", expires=expires, job="bench")
        await opened.delete("video")


def _high_water_mb() -> float:
    """The most memory that this process had since its program began (proc_pid_status(5)). ``ru_maxrss`` will
    not do: it goes on counting from what the parent had when it forked."""
    (line,) = (
        line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM")
    )
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    asyncio.run(_put(sys.argv[1], sys.argv[2], Path(sys.argv[3])))
    sys.stdout.write(f"{_high_water_mb()}\n")
