"""Brings every package's catalogues up to date with the sentences in its code; says what is left to do."""

from __future__ import annotations

import sys
from pathlib import Path

from botcore.testing.catalogues import faults, sentences, update

ROOT = Path(__file__).parents[1]
SKIP = ("cli", "testing")
"""Folders whose texts are for operators and authors, in English."""


def packages() -> list[Path]:
    """The packages that say something in a chat."""
    all_of_them = [
        ROOT / "botcore",
        *sorted(ROOT.glob("adapters/*/botcore_*")),
        *sorted(ROOT.glob("plugins/*/botcore_*")),
    ]
    return [package for package in all_of_them if package.is_dir() and sentences(package, skip=SKIP)]


if __name__ == "__main__":
    left = []
    for package in packages():
        update(package, skip=SKIP)
        left += [f"{package.name}: {fault}" for fault in faults(package, skip=SKIP)]
    sys.stdout.write("\n".join([*left, f"{len(left)} sentences to translate"]) + "\n")
