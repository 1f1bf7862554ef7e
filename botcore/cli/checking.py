"""Mends of code what the validators can mend."""

from __future__ import annotations

from dataclasses import replace

from botcore.model import Source
from botcore.pipeline import apply_fixes, findings_of
from botcore.plugins import PluginHost

ROUNDS = 8
"""A fix may uncover what another one mends; fixes that undo each other must come to an end."""


async def mended(host: PluginHost, source: Source) -> str:
    """The code of ``source`` after all deterministic fixes."""
    for _ in range(ROUNDS):
        code, count = apply_fixes(source.code, await findings_of(host, source))
        if count == 0:
            break
        source = replace(source, code=code)
    return source.code
