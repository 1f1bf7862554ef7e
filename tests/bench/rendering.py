"""Drawing through the pipeline against the plain command: one scene at a time, and twenty at once."""

from __future__ import annotations

import asyncio
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.bot import SCENES, cold_draw, cold_draw_all, warm_bot

JOBS = 20
_BACKGROUNDS = ("#101820", "#1b1030", "#102a1e")


async def one_at_a_time(folder: Path, say: Any) -> dict[str, Any]:
    """Each scene by the command, then by the warm bot, in turn; ratios of wall time and of CPU time."""
    rows = {}
    async with warm_bot(folder) as bot:
        for scene in SCENES:
            media = folder / "media" / scene.stem
            media.mkdir(parents=True)
            cold = await asyncio.to_thread(cold_draw, scene, media)
            warm = await bot.draw([scene.read_text()])
            rows[scene.stem] = {
                "cold_wall_s": cold.wall,
                "warm_wall_s": warm.wall,
                "wall_ratio": warm.wall / cold.wall,
                "cold_cpu_s": cold.cpu,
                "warm_cpu_s": warm.cpu,
                "cpu_ratio": warm.cpu / cold.cpu,
            }
            say(f"{scene.stem}: wall {warm.wall / cold.wall:.2f}, CPU {warm.cpu / cold.cpu:.2f}")
    return {
        "median_wall_ratio": median(row["wall_ratio"] for row in rows.values()),
        "median_cpu_ratio": median(row["cpu_ratio"] for row in rows.values()),
        "scenes": rows,
    }


async def twenty_at_once(folder: Path, say: Any) -> dict[str, Any]:
    """Twenty different jobs of twenty sessions queued at once, against the command two at a time."""
    files = []
    for number in range(JOBS):
        scene = SCENES[number % len(SCENES)]
        colour = _BACKGROUNDS[number // len(SCENES)]
        path = folder / "jobs" / f"{number:02}_{scene.name}"
        path.parent.mkdir(exist_ok=True, parents=True)
        path.write_text(f'{scene.read_text()}\n\nconfig.background_color = "{colour}"\n')
        files.append(path)
    async with warm_bot(folder) as bot:
        warm = await bot.draw([path.read_text() for path in files])
    say(f"twenty jobs by the bot: {warm.wall:.0f} s")
    cold = await cold_draw_all(files, folder / "media", at_once=2)
    say(f"twenty jobs by the command: {cold:.0f} s")
    return {"cold_wall_s": cold, "warm_wall_s": warm.wall, "throughput_ratio": cold / warm.wall}
