"""How many of the broken answers give a video: as they are, and mended without asking a model.

``python -m tests.plugins.manim.broken.measuring [--heldout] [--as-they-are] [part of a name …]``
prints JSON lines.
"""

from __future__ import annotations

import asyncio
import json
import shutil
import sys
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path

from botcore_manim.renderer import ManimRenderer, manim_renderer
from botcore_manim.settings import ManimConfig

from botcore.errors import BotcoreError
from botcore.hooks.descriptors import PluginContext
from botcore.model import Quality, RenderOptions, RenderProgress, Source
from botcore.ports import RenderLimits
from tests.plugins.manim.broken.answers import Answer, broken, heldout
from tests.plugins.manim.broken.mending import mended

SECONDS = 60.0
"""What a drawing may take here: the limit under which the field's outputs were measured."""
_BYTES = 50_000_000


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one answer. ``code`` is ``ok`` or the code of the error."""

    name: str
    kind: str
    seconds: float
    code: str
    problem: str = ""


async def draw(answers: Sequence[Answer], read: Callable[[str], str]) -> AsyncIterator[Outcome]:
    """Draw ``read(text)`` of each answer at low quality, one after the other."""
    with tempfile.TemporaryDirectory() as folder:
        context = PluginContext("manim", Path(folder), workers=1)
        async with manim_renderer(ManimConfig(), context) as renderer:
            for answer in answers:
                code = await asyncio.to_thread(read, answer.text)
                yield await _draw(renderer, answer, code, Path(tempfile.mkdtemp(dir=folder)))


async def _draw(renderer: ManimRenderer, answer: Answer, text: str, out: Path) -> Outcome:
    async def progress(_: RenderProgress) -> None:
        await asyncio.sleep(0)

    start = time.monotonic()
    code, problem = "ok", ""
    try:
        await renderer.render(
            Source("manim", text),
            RenderOptions(quality=Quality.LOW),
            RenderLimits(_BYTES, SECONDS),
            out,
            progress,
        )
    except BotcoreError as error:
        code, problem = error.code, error.message
    shutil.rmtree(out)
    return Outcome(answer.name, answer.kind, round(time.monotonic() - start, 2), code, problem)


async def _report(arguments: Sequence[str]) -> None:
    words = [word for word in arguments if not word.startswith("--")]
    corpus = heldout() if "--heldout" in arguments else broken()
    chosen = [answer for answer in corpus if not words or any(word in answer.name for word in words)]
    good: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as folder:
        read: Callable[[str], str] = partial(mended, folder=Path(folder))
        if "--as-they-are" in arguments:
            read = str
        async for outcome in draw(chosen, read):
            good[outcome.kind] += outcome.code == "ok"
            print(json.dumps(asdict(outcome)), flush=True)
    kinds = Counter(answer.kind for answer in chosen)
    print(json.dumps({kind: f"{good[kind]}/{number}" for kind, number in kinds.items()}))
    print(json.dumps({"videos": good.total(), "of": len(chosen)}))


if __name__ == "__main__":
    asyncio.run(_report(sys.argv[1:]))
