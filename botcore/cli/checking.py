"""Runs the validators over code, and mends what they can mend."""

from __future__ import annotations

from dataclasses import replace

from botcore.model import Finding, Source
from botcore.pipeline import apply_fixes
from botcore.plugins import PluginHost

ROUNDS = 8
"""A fix may uncover what another one mends; fixes that undo each other must come to an end."""


async def findings_of(host: PluginHost, source: Source) -> list[Finding]:
    """What all validators of the source's language say, in the order of its lines."""
    findings: list[Finding] = []
    for name, descriptor in host.validators.items():
        if source.language in descriptor.languages:
            validator = await host.validator(name)
            findings += await validator.validate(source)
    return sorted(findings, key=lambda item: (item.line, item.column))


async def mended(host: PluginHost, source: Source) -> str:
    """The code of ``source`` after all deterministic fixes."""
    for _ in range(ROUNDS):
        code, count = apply_fixes(source.code, await findings_of(host, source))
        if count == 0:
            break
        source = replace(source, code=code)
    return source.code
