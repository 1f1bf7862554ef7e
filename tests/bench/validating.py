"""What the validators take for 500 lines that a model wrote, in a warm bot."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from botcore.config import Settings
from botcore.model import Source
from botcore.pipeline import findings_of
from botcore.plugins import load_plugins

RUNS = 15
_LINES = 500
_SCENES = Path(__file__).parent / "scenes"


async def five_hundred_lines(folder: Path, say: Any) -> dict[str, Any]:
    """Median and worst milliseconds of all validators over a source of 500 lines; each time another one."""
    scenes = [path.read_text("utf-8") for path in sorted(_SCENES.glob("*.py"))]
    lines = "\n\n".join(scenes * (_LINES // sum(len(s.splitlines()) for s in scenes) + 1)).splitlines()
    times = []
    async with load_plugins(Settings(data_dir=folder)) as host:
        await findings_of(host, Source("manim", scenes[0]))
        for run in range(RUNS):
            source = Source("manim", "\n".join([*lines[: _LINES - 1], f"# {run}", ""]))
            began = perf_counter()
            await findings_of(host, source)
            times.append(1000 * (perf_counter() - began))
    say(f"validate: {median(times):.0f} ms for {_LINES} lines")
    return {"validate_ms": median(times), "worst_ms": max(times)}
