"""The renderer port, kept as any renderer has to keep it, and what is Manim's own about it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import ClassVar

import botcore_manim.plugin
import pytest
import pytest_asyncio
from botcore_manim.checks import check_machine
from botcore_manim.renderer import ManimRenderer, manim_renderer
from botcore_manim.sandbox.attacks import WALLS
from botcore_manim.settings import ManimConfig

from botcore.hooks.descriptors import CheckResult, PluginContext, RendererDescriptor
from botcore.model import Format, Quality, RenderOptions, RenderProgress, Source
from botcore.ports import Renderer, RenderLimits
from botcore.testing.contracts import RendererContract

shares_the_loop = pytest.mark.asyncio(loop_scope="module")


class _Registry:
    def __init__(self) -> None:
        self.items: list[RendererDescriptor] = []

    def add(self, item: RendererDescriptor, /) -> None:
        self.items.append(item)


def _descriptor() -> RendererDescriptor:
    registry = _Registry()
    botcore_manim.plugin.botcore_register_renderers(registry)
    return registry.items[0]


_SCENE = """
from manim import *

class Demo(Scene):
    def construct(self):
        square = Square()
        self.play(Create(square), run_time=0.3)
        self.play(FadeOut(square), run_time=0.3)
"""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def shared(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ManimRenderer]:
    """One warm process for the tests below."""
    context = PluginContext("manim", tmp_path_factory.mktemp("data"), workers=1)
    async with manim_renderer(ManimConfig(zygotes=1), context) as renderer:
        yield renderer


class TestManimRenderer(RendererContract):
    descriptor: ClassVar[RendererDescriptor] = _descriptor()
    code: ClassVar[str] = _SCENE
    broken: ClassVar[str] = _SCENE + "        1 / 0\n"
    endless: ClassVar[str] = _SCENE + "        while True: pass\n"

    @asynccontextmanager
    async def opened(self, folder: Path) -> AsyncIterator[Renderer]:
        """Warm: the deadlines of the contract are for drawing."""
        async with super().opened(folder) as renderer:
            assert isinstance(renderer, ManimRenderer)
            await renderer._pool.take()
            yield renderer


async def _draw(
    renderer: Renderer, out: Path, picture: Format, seen: list[RenderProgress] | None = None
) -> tuple[str, bytes]:
    async def progress(step: RenderProgress) -> None:
        if seen is not None:
            seen.append(step)

    options = RenderOptions(quality=Quality.LOW, format=picture)
    artifact = await renderer.render(
        Source("manim", _SCENE), options, RenderLimits(10_000_000, 60), out, progress
    )
    assert artifact.duration == pytest.approx(0.6, abs=0.15)
    return artifact.media_type, artifact.path.read_bytes()


@shares_the_loop
async def test_each_format_is_what_it_says_and_progress_counts_the_animations(
    shared: ManimRenderer, tmp_path_factory: pytest.TempPathFactory
) -> None:
    seen: list[RenderProgress] = []
    media_type, file = await _draw(shared, tmp_path_factory.mktemp("out"), Format.MP4, seen)
    assert media_type == "video/mp4"
    assert file[4:8] == b"ftyp"
    media_type, file = await _draw(shared, tmp_path_factory.mktemp("out"), Format.WEBM)
    assert media_type == "video/webm"
    assert file.startswith(b"\x1aE\xdf\xa3")
    media_type, file = await _draw(shared, tmp_path_factory.mktemp("out"), Format.GIF)
    assert media_type == "image/gif"
    assert file.startswith(b"GIF89a")
    assert seen
    assert max(step.animation for step in seen) <= 2


@shares_the_loop
async def test_a_progress_bar_that_breaks_costs_no_video(shared: ManimRenderer, tmp_path: Path) -> None:
    async def broken(_: RenderProgress) -> None:
        raise RuntimeError("the bar broke")

    artifact = await shared.render(
        Source("manim", _SCENE), RenderOptions(Quality.LOW), RenderLimits(10_000_000, 60), tmp_path, broken
    )
    assert artifact.size > 0


def test_doctor_shows_each_wall_and_what_else_is_needed(tmp_path: Path) -> None:
    rows = {
        row.name: row for row in check_machine(ManimConfig(), PluginContext("manim", tmp_path, workers=1))
    }
    assert {"bubblewrap", "cairo and pango", "fonts", "sandbox: warm process"} <= set(rows)
    assert {f"sandbox: {wall}" for wall in WALLS} <= set(rows)
    assert not [row for row in rows.values() if not row.ok]


def test_doctor_says_how_to_mend_what_is_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    rows = check_machine(ManimConfig(), PluginContext("manim", tmp_path, workers=1))
    failed: list[CheckResult] = [row for row in rows if not row.ok]
    assert {"bubblewrap", "fonts", "sandbox: warm process"} <= {row.name for row in failed}
    assert all("apt install" in row.remedy for row in failed)
