"""From a problem's text to its scene's source, by the exact solver in a warm bot."""

from __future__ import annotations

from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

from botcore.config import Settings
from botcore.model import GenerationRequest, RenderOptions
from botcore.plugins import load_plugins

PROBLEMS = (
    "solve x^2 - 5x + 6 = 0",
    "solve 3(x - 2) = 2x + 7",
    "solve x^2 + 4x + 1 = 0",
    "solve 2x + 3y = 7 and x - y = 1",
    "solve the system x + y = 10, 2x - y = 2",
    "differentiate x^3 - 3x + 1",
    "find the derivative of x^2 sin x at x = 1",
    "d/dx of sqrt(x^2 + 1)",
    "integrate x^2 from 0 to 2",
    "find the integral of sin(x) from 0 to pi",
    "plot y = x^3 - 3x",
    "sketch the graph of 1/(x - 2)",
    "calculate 2/3 + 5/6 * 1.2",
    "what is (3/4)^2 - 1/8",
)


async def text_to_source(folder: Path, say: Any) -> dict[str, Any]:
    """Median and worst seconds over the problems, each asked for the first time."""
    times = {}
    async with load_plugins(Settings(data_dir=folder)) as host:
        provider = await host.provider("solver")
        await provider.generate(_request("what is 12 + 34 * 5"))
        for problem in PROBLEMS:
            began = perf_counter()
            await provider.generate(_request(problem))
            times[problem] = perf_counter() - began
    say(f"solver: {median(times.values()):.3f} s")
    return {"median_s": median(times.values()), "worst_s": max(times.values()), "problems": times}


def _request(problem: str) -> GenerationRequest:
    return GenerationRequest(problem, "manim", "en", RenderOptions(), deadline=30.0)
