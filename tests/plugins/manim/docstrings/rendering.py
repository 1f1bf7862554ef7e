"""Renders the corpus through the real, sandboxed renderer.

``python -m tests.plugins.manim.docstrings.rendering [part of a name …]`` prints a report as JSON lines.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from botcore_manim.renderer import ManimRenderer, manim_renderer
from botcore_manim.settings import ManimConfig

from botcore.errors import BotcoreError
from botcore.hooks.descriptors import PluginContext
from botcore.model import Quality, RenderOptions, RenderProgress, Source
from botcore.ports import RenderLimits
from tests.plugins.manim.docstrings.corpus import Example, examples

_SIDE_BY_SIDE = 2
_SECONDS = 120.0
_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one example."""

    name: str
    seconds: float
    code: str
    """``ok`` or the code of the error."""
    problem: str = ""


async def render_all(chosen: Sequence[Example]) -> AsyncIterator[Outcome]:
    """Render each at low quality; outcomes come as they end."""
    with tempfile.TemporaryDirectory() as folder:
        context = PluginContext("manim", Path(folder), workers=_SIDE_BY_SIDE)
        async with manim_renderer(ManimConfig(), context) as renderer:
            gate = asyncio.Semaphore(_SIDE_BY_SIDE)

            async def one(example: Example) -> Outcome:
                async with gate:
                    return await _render(renderer, example, Path(tempfile.mkdtemp(dir=folder)))

            tasks = [asyncio.create_task(one(example)) for example in chosen]
            for task in asyncio.as_completed(tasks):
                yield await task


async def _render(renderer: ManimRenderer, example: Example, out: Path) -> Outcome:
    async def progress(_: RenderProgress) -> None:
        await asyncio.sleep(0)

    start = time.monotonic()
    source = Source("manim", example.code, scene=example.scene)
    code, problem = "ok", ""
    try:
        await renderer.render(
            source, RenderOptions(quality=Quality.LOW), RenderLimits(_BYTES, _SECONDS), out, progress
        )
    except BotcoreError as error:
        code, problem = error.code, error.message
    shutil.rmtree(out)
    return Outcome(example.name, round(time.monotonic() - start, 2), code, problem)


async def _report(words: Sequence[str]) -> None:
    chosen = [e for e in examples() if not e.asset and (not words or any(word in e.name for word in words))]
    good = 0
    async for outcome in render_all(chosen):
        good += outcome.code == "ok"
        print(json.dumps(asdict(outcome)), flush=True)
    print(json.dumps({"videos": good, "of": len(chosen)}))


if __name__ == "__main__":
    asyncio.run(_report(sys.argv[1:]))
