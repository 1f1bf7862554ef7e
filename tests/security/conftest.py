"""One real renderer with one zygote, shared by every attack: what an attack leaves behind would be seen."""

from __future__ import annotations

import asyncio
import os
import textwrap
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from botcore_manim.renderer import ManimRenderer, manim_renderer
from botcore_manim.sandbox.host import Zygote
from botcore_manim.settings import ManimConfig

from botcore.errors import BotcoreError
from botcore.hooks.descriptors import PluginContext
from botcore.model import Artifact, Quality, RenderOptions, RenderProgress, Source
from botcore.ports import RenderLimits

SECRET = "corpus-secret-6f1d"
_SECONDS = 60.0

# Looks for traces of any job before it, then draws.
CANARY = """
import gc, os, sys, threading
from manim import *

class Canary(Scene):
    def construct(self):
        left = [name for name in os.listdir("/tmp") if not name.startswith("scene-")]
        assert not left, f"found files: {left}"
        assert not hasattr(Scene, "poisoned"), "found a changed class"
        assert not hasattr(sys, "poisoned"), "found a changed module"
        assert "poisoned" not in os.environ, "found a changed environment"
        assert threading.active_count() == 1, "found threads"
        mark = "left-by-an" + "-attack"
        marked = [o for o in gc.get_objects() if isinstance(o, dict) and o.get("mark") == mark]
        assert not marked, "found an object"
        self.add(Square())
        self.wait(0.2)
"""


class Arena:
    """The renderer under attack."""

    def __init__(self, renderer: ManimRenderer, out: Path) -> None:
        self.renderer = renderer
        self.out = out
        self._count = 0

    async def zygote(self) -> Zygote:
        return await self.renderer._pool.take()

    async def render(self, code: str, *, seconds: float = _SECONDS, max_bytes: int = 50_000_000) -> Artifact:
        """Render any code at low quality."""
        self._count += 1
        folder = self.out / str(self._count)
        folder.mkdir()

        async def progress(_: RenderProgress) -> None:
            await asyncio.sleep(0)

        return await self.renderer.render(
            Source("manim", code),
            RenderOptions(quality=Quality.LOW),
            RenderLimits(max_bytes, seconds),
            folder,
            progress,
        )

    async def attack(self, body: str, *, seconds: float = _SECONDS, max_bytes: int = 50_000_000) -> Artifact:
        """Run ``body`` as the scene's ``construct``."""
        scene = "from manim import *\nclass Attack(Scene):\n    def construct(self):\n"
        return await self.render(scene + textwrap.indent(body, " " * 8), seconds=seconds, max_bytes=max_bytes)

    async def outcome(self, body: str) -> str:
        """Run ``body``; ``ok`` or the code of the error."""
        try:
            await self.attack(body)
        except BotcoreError as error:
            return error.code
        return "ok"

    async def assert_untouched(self, zygote: Zygote) -> None:
        """The next job runs in the same zygote and finds nothing of those before it."""
        assert await self.zygote() is zygote, "the zygote was replaced"
        artifact = await self.render(CANARY)
        assert artifact.size > 0


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def arena(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Arena]:
    data = tmp_path_factory.mktemp("data")
    (data / "secret.txt").write_text(SECRET)
    os.environ["CORPUS_SECRET"] = SECRET
    try:
        async with manim_renderer(
            ManimConfig(zygotes=1), PluginContext("manim", data, workers=1)
        ) as renderer:
            yield Arena(renderer, tmp_path_factory.mktemp("out"))
    finally:
        del os.environ["CORPUS_SECRET"]
