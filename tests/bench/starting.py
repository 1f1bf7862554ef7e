"""What starting costs: ``botcore --help`` against importing one of its dependencies."""

from __future__ import annotations

import sys
from pathlib import Path
from statistics import median
from typing import Any

from tests.bench.cpu import run

RUNS = 9


async def help_text(_folder: Path, say: Any) -> dict[str, Any]:
    """CPU of ``botcore --help`` over CPU of ``python -c "import aiohttp"``, in turn; the median of each."""
    ours, theirs = [], []
    for _ in range(RUNS):
        theirs.append(run([sys.executable, "-c", "import aiohttp"]).cpu)
        ours.append(run([str(Path(sys.executable).with_name("botcore")), "--help"]).cpu)
    ratio = median(ours) / median(theirs)
    say(f"botcore --help: {ratio:.2f} × import aiohttp")
    return {"help_cpu_s": median(ours), "aiohttp_cpu_s": median(theirs), "help_cpu_ratio": ratio}
