"""A renderer that is closed while its zygote is at any point of its start leaves nothing behind."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

_CYCLES = """
import asyncio, sys
from pathlib import Path
from botcore_manim.renderer import manim_renderer
from botcore_manim.settings import ManimConfig
from botcore.hooks.descriptors import PluginContext

async def cycle(seconds):
    context = PluginContext("manim", Path(sys.argv[1]), workers=1)
    async with manim_renderer(ManimConfig(zygotes=1), context):
        await asyncio.sleep(seconds)

for number in range(8):
    asyncio.run(cycle(0.05 * number))
"""


@pytest.mark.slow
def test_opening_and_closing_on_a_busy_machine_leaves_nothing_to_complain_about(tmp_path: Path) -> None:
    busy = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(3)]
    try:
        done = subprocess.run(
            [sys.executable, "-X", "dev", "-c", _CYCLES, str(tmp_path)],
            capture_output=True,
            text=True,
            timeout=200,
            check=False,
        )
    finally:
        for process in busy:
            process.kill()
            process.wait()
    assert done.returncode == 0, done.stderr
    assert not [line for line in done.stderr.splitlines() if "ignored" in line or "Error" in line]
