"""A finished video once more, in fewer bytes, in the sandbox."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import av
import pytest
import pytest_asyncio
from botcore_manim.renderer import ManimRenderer, manim_renderer
from botcore_manim.settings import ManimConfig

from botcore.errors import VideoInvalid, VideoTooLarge
from botcore.hooks.descriptors import PluginContext
from botcore.model import Artifact, Quality, RenderOptions, RenderProgress, Source
from botcore.ports import RenderLimits, Shrinks

pytestmark = pytest.mark.asyncio(loop_scope="module")

_BUSY = """
from manim import *

class Busy(Scene):
    def construct(self):
        rng = np.random.default_rng(1)
        dots = VGroup(*[Dot([x, y, 0], color=random_bright_color()) for x, y in rng.uniform(-4, 4, (60, 2))])
        self.play(Rotate(dots, PI, rate_func=linear), run_time=1)
"""


async def _silent(_: RenderProgress) -> None:
    pass


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ManimRenderer]:
    context = PluginContext("manim", tmp_path_factory.mktemp("data"), workers=1)
    async with manim_renderer(ManimConfig(zygotes=1), context) as renderer:
        yield renderer


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def drawn(renderer: ManimRenderer, tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    options, limits = RenderOptions(Quality.MEDIUM), RenderLimits(20_000_000, 60)
    return await renderer.render(
        Source("manim", _BUSY), options, limits, tmp_path_factory.mktemp("out"), _silent
    )


def _sides_and_seconds(path: Path) -> tuple[int, int, float]:
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        frames = sum(1 for _ in container.decode(stream))
        return stream.width, stream.height, frames / float(stream.average_rate or 1)


async def test_the_renderer_says_that_it_can(renderer: ManimRenderer) -> None:
    assert isinstance(renderer, Shrinks)


@pytest.mark.parametrize("share", [0.8, 0.4, 0.1])
async def test_a_video_fits_and_keeps_shape_and_length(
    renderer: ManimRenderer, drawn: Artifact, tmp_path: Path, share: float
) -> None:
    most = int(drawn.size * share)
    smaller = await renderer.shrink(drawn, RenderLimits(most, 60.0), tmp_path)
    assert smaller.size == smaller.path.stat().st_size <= most
    width, height, seconds = _sides_and_seconds(smaller.path)
    assert (width, height) == (smaller.width, smaller.height)
    assert width / height == pytest.approx(16 / 9, rel=0.02)
    assert seconds == pytest.approx(drawn.duration, abs=0.1) == smaller.duration
    assert smaller.thumbnail is not None
    assert drawn.path.exists()


async def test_what_cannot_be_so_small_is_said(
    renderer: ManimRenderer, drawn: Artifact, tmp_path: Path
) -> None:
    with pytest.raises(VideoTooLarge):
        await renderer.shrink(drawn, RenderLimits(2_000, 60.0), tmp_path)
    assert not (tmp_path / "video.mp4").exists()


async def test_a_file_that_is_no_video_does_no_harm(
    renderer: ManimRenderer, drawn: Artifact, tmp_path: Path
) -> None:
    hostile = tmp_path / "video.mp4"
    hostile.write_bytes(b"\x00\x00\x00\x18ftypisom" + b"\xff" * 100_000)
    fake = Artifact(hostile, "video/mp4", 100_000, 1.0, 1280, 720)
    with pytest.raises((VideoInvalid, VideoTooLarge)):
        await renderer.shrink(fake, RenderLimits(50_000, 60.0), tmp_path)
