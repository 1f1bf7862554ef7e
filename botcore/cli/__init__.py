"""The ``botcore`` command. One file per sub-command; whatever is heavy is imported inside them."""

from __future__ import annotations

import sys


def main() -> None:
    """Entry point of the console script."""
    from botcore.cli.main import run

    sys.exit(run(sys.argv[1:]))
