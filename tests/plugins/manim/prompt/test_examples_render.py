"""What models are shown, and what is written for them, through the real renderer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from importlib.resources import files
from pathlib import Path

import pytest
import pytest_asyncio
from botcore_manim.prompt.outline import lesson_of, plainer, read_outline
from botcore_manim.renderer import ManimRenderer, manim_renderer
from botcore_manim.settings import ManimConfig

from botcore.hooks.descriptors import PluginContext
from botcore.model import Artifact, Aspect, Quality, RenderOptions, RenderProgress, Source
from botcore.ports import RenderLimits

pytestmark = [pytest.mark.slow, pytest.mark.asyncio(loop_scope="module")]

_OUTLINE = json.dumps(
    {
        "title": "لماذا الجذر موجب؟",
        "task": r"x^2 = 4,\ x > 0",
        "steps": [
            {"tex": r"x = \pm\sqrt{4}", "why": "Take roots on both sides; there are always two of them."},
            {"tex": "", "why": r"The task wants $x > 0$, so $-2$ falls away."},
        ],
        "answer": "x = 2",
        "answer_words": "Check: $2^2 = 4$.",
    }
)
_BROKEN_TEX = _OUTLINE.replace("x = 2", r"\\frac{1}{")


async def _silent(_: RenderProgress) -> None:
    pass


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def renderer(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[ManimRenderer]:
    context = PluginContext("manim", tmp_path_factory.mktemp("data"), workers=1)
    async with manim_renderer(ManimConfig(zygotes=1), context) as renderer:
        yield renderer


async def _draw(renderer: ManimRenderer, code: str, aspect: Aspect, out: Path) -> Artifact:
    options, limits = RenderOptions(Quality.LOW, aspect), RenderLimits(20_000_000, 120)
    return await renderer.render(Source("manim", code), options, limits, out, _silent)


@pytest.mark.parametrize("aspect", list(Aspect))
@pytest.mark.parametrize("name", ["lesson", "figure"])
async def test_the_worked_examples_render_and_nothing_overlaps(
    renderer: ManimRenderer, tmp_path: Path, name: str, aspect: Aspect
) -> None:
    code = files("botcore_manim.prompt").joinpath("examples", f"{name}.txt").read_text()
    assert (await _draw(renderer, code, aspect, tmp_path)).findings == ()


@pytest.mark.parametrize("aspect", list(Aspect))
async def test_an_outline_renders(renderer: ManimRenderer, tmp_path: Path, aspect: Aspect) -> None:
    code = lesson_of(read_outline(_OUTLINE))
    assert (await _draw(renderer, code, aspect, tmp_path)).findings == ()


@pytest.mark.parametrize("aspect", list(Aspect))
async def test_a_formula_that_cannot_be_set_is_words_on_the_still_picture(
    renderer: ManimRenderer, tmp_path: Path, aspect: Aspect
) -> None:
    still = plainer(Source("manim", lesson_of(read_outline(_BROKEN_TEX))))
    assert still is not None
    artifact = await _draw(renderer, still.code, aspect, tmp_path)
    assert artifact.duration > 8
    noticed = {finding.code for finding in artifact.findings}
    assert not noticed & {"out-of-frame", "text-overlap"}
