"""What every renderer has to keep."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

import pytest

from botcore.errors import RenderError, RenderTimeout, SourceError
from botcore.hooks.descriptors import RendererDescriptor
from botcore.model import Artifact, Aspect, Quality, RenderOptions, RenderProgress
from botcore.ports import Renderer, RenderLimits
from botcore.testing.contracts.descriptor import PATIENCE, DescriptorContract
from botcore.testing.samples import HOSTILE_TEXTS, make_source

_PICTURES = (b"\xff\xd8\xff", b"\x89PNG", b"RIFF")


class RendererContract(DescriptorContract[Renderer]):
    """Set ``code`` to a short source, ``broken`` to one that fails while it is drawn, and ``endless`` to one
    that never ends by itself (empty where the language has none)."""

    descriptor: ClassVar[RendererDescriptor]
    code: ClassVar[str]
    broken: ClassVar[str]
    endless: ClassVar[str] = ""
    max_bytes: ClassVar[int] = 50_000_000

    async def render(
        self,
        renderer: Renderer,
        code: str,
        out: Path,
        *,
        aspect: Aspect = Aspect.WIDE,
        seconds: float = PATIENCE,
        seen: list[RenderProgress] | None = None,
    ) -> Artifact:
        """Render at low quality into a fresh folder ``out``."""
        out.mkdir()

        async def progress(step: RenderProgress) -> None:
            if seen is not None:
                seen.append(step)

        return await asyncio.wait_for(
            renderer.render(
                make_source(code, language=self.descriptor.language),
                RenderOptions(quality=Quality.LOW, aspect=aspect),
                RenderLimits(max_bytes=self.max_bytes, deadline=seconds),
                out,
                progress,
            ),
            seconds + PATIENCE,
        )

    async def test_an_artifact_is_what_it_says(self, tmp_path: Path) -> None:
        seen: list[RenderProgress] = []
        out = tmp_path / "out"
        async with self.opened(tmp_path) as renderer:
            artifact = await self.render(renderer, self.code, out, seen=seen)
        assert artifact.path.parent == out
        assert artifact.path.stat().st_size == artifact.size > 0
        assert artifact.media_type
        assert artifact.duration >= 0
        assert artifact.thumbnail is not None
        assert artifact.thumbnail.parent == out
        assert artifact.thumbnail.read_bytes().startswith(_PICTURES)
        for step in seen:
            assert step.animation >= 0
            assert step.fraction is None or 0 <= step.fraction <= 1

    async def test_the_picture_has_the_shape_that_was_asked_for(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as renderer:
            for number, aspect in enumerate(Aspect):
                made = await self.render(renderer, self.code, tmp_path / f"out{number}", aspect=aspect)
                across, down = map(int, aspect.value.split(":"))
                assert made.width / made.height == pytest.approx(across / down, rel=0.02)

    async def test_a_broken_source_is_an_error_of_the_source_and_the_next_one_is_drawn(
        self, tmp_path: Path
    ) -> None:
        async with self.opened(tmp_path) as renderer:
            with pytest.raises((RenderError, SourceError)):
                await self.render(renderer, self.broken, tmp_path / "broken")
            assert (await self.render(renderer, self.code, tmp_path / "next")).size > 0

    async def test_an_endless_source_ends_at_the_deadline(self, tmp_path: Path) -> None:
        if not self.endless:
            pytest.skip("no endless source in this language")
        async with self.opened(tmp_path) as renderer:
            with pytest.raises(RenderTimeout):
                await self.render(renderer, self.endless, tmp_path / "out", seconds=3)

    async def test_a_cancelled_drawing_ends_and_the_next_one_is_drawn(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as renderer:
            drawing = asyncio.ensure_future(
                self.render(renderer, self.endless or self.code, tmp_path / "cancelled")
            )
            await asyncio.wait({drawing}, timeout=0.5)
            drawing.cancel()
            await asyncio.wait({drawing}, timeout=PATIENCE)
            assert drawing.done(), "a cancelled drawing has to end"
            assert (await self.render(renderer, self.code, tmp_path / "next")).size > 0

    async def test_its_own_code_is_detected_and_no_text_makes_detection_raise(self) -> None:
        detected = self.descriptor.detect(self.code)
        assert detected is not None
        assert detected.strip()
        assert self.descriptor.detect("solve x^2 - 5x + 6 = 0") is None
        for text in HOSTILE_TEXTS:
            assert isinstance(self.descriptor.detect(text), str | None)
