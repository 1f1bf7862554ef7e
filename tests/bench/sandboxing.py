"""What the sandbox itself costs: a job that does nothing, and a warm process that waits."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from botcore_manim.renderer import job_limits
from botcore_manim.sandbox.host import Launch, Zygote
from botcore_manim.sandbox.memory_file import memory_file
from botcore_manim.sandbox.wire import Kind
from botcore_manim.settings import ManimConfig

RUNS = 40


async def empty_job(_folder: Path, say: Any) -> dict[str, Any]:
    """Median milliseconds of a job without a scene (fork, namespaces, walls, verdict), and resident MB."""
    config = ManimConfig()
    limits = job_limits(config, wall=30.0, file_bytes=1 << 20)
    zygote = await Zygote.start(Launch(uid=config.uid))
    try:
        times = [await _one(zygote, limits) for _ in range(RUNS)]
    finally:
        await zygote.close()
    milliseconds, megabytes = 1000 * median(times), zygote.hello.resident / 1e6
    say(f"empty job: {milliseconds:.0f} ms, warm process: {megabytes:.0f} MB")
    return {
        "empty_job_ms": milliseconds,
        "warm_process_mb": megabytes,
        "warm_process_start_s": zygote.hello.seconds,
    }


async def _one(zygote: Zygote, limits: Any) -> float:
    with memory_file(b"{}\n") as payload, memory_file() as result:
        began = perf_counter()
        await zygote.run(Kind.RENDER, limits, payload=payload, result=result)
        return perf_counter() - began
