"""``make bench [FIGURES="solver help"]``: measure, and write bench.json."""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import tempfile
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from botcore.telemetry import configure_logging
from tests.bench import (
    accepting,
    chaining,
    listening,
    rendering,
    sandboxing,
    solving,
    starting,
    streaming,
    uploading,
    validating,
)

Figure = Callable[[Path, Callable[[str], None]], Coroutine[Any, Any, dict[str, Any]]]

FIGURES: dict[str, tuple[Figure, dict[str, str]]] = {
    "help": (starting.help_text, {"help_cpu_ratio": "<= 2"}),
    "sandbox": (sandboxing.empty_job, {"empty_job_ms": "<= 60", "warm_process_mb": "<= 250"}),
    "solver": (solving.text_to_source, {"median_s": "<= 0.3"}),
    "chain": (chaining.overhead, {"median_ms": "<= 5"}),
    "validate": (validating.five_hundred_lines, {"validate_ms": "<= 50"}),
    "accept": (accepting.webhook, {"accept_ratio": ">= 0.7", "errors": "<= 0"}),
    "stream": (streaming.throughput, {"stream_ratio": ">= 0.8"}),
    "listening": (listening.five_hundred, {"rss_mb": "<= 150", "refused": "<= 0", "events": ">= 5000"}),
    "upload": (uploading.memory, {"s3_above_idle_mb": "<= 32", "local_above_idle_mb": "<= 32"}),
    "render": (rendering.one_at_a_time, {"median_wall_ratio": "<= 0.5", "median_cpu_ratio": "<= 0.55"}),
    "throughput": (rendering.twenty_at_once, {"throughput_ratio": ">= 1.7"}),
}
"""Each figure, and what it has to reach."""


def main(names: list[str]) -> int:
    """Measure the named figures, or all; 1 when one is missed, 2 when there is none of a name."""
    if unknown := [name for name in names if name not in FIGURES]:
        _say(f"There is no figure {', '.join(unknown)}. There are: {', '.join(FIGURES)}.")
        return 2
    configure_logging(level="error")
    result: dict[str, Any] = {
        "machine": {
            "cores": os.cpu_count(),
            "python": platform.python_version(),
            "kernel": platform.release(),
        }
    }
    missed = []
    for name in names or FIGURES:
        measure, wanted = FIGURES[name]
        with tempfile.TemporaryDirectory(prefix="botcore-bench-") as folder:
            figures = asyncio.run(measure(Path(folder), _say))
        result[name] = {**figures, "wanted": wanted}
        missed += [
            f"{name}.{key} is {figures[key]:.3g}, wanted {bound}"
            for key, bound in wanted.items()
            if not _reached(figures[key], bound)
        ]
    result["missed"] = missed
    text = json.dumps(result, indent=2)
    Path("bench.json").write_text(text + "\n")
    sys.stdout.write(text + "\n")
    return 1 if missed else 0


def _reached(value: float, bound: str) -> bool:
    sign, limit = bound.split()
    return value <= float(limit) if sign == "<=" else value >= float(limit)


def _say(line: str) -> None:
    sys.stderr.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
