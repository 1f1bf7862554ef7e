"""From a model's answer to the code that is drawn, as the pipeline does it."""

from __future__ import annotations

import asyncio
from pathlib import Path

from botcore_manim.reading import read_answer
from botcore_manim.validators.api import ApiValidator
from botcore_manim.validators.scenes import SceneValidator
from botcore_manim.validators.syntax import SyntaxValidator

from botcore.model import Finding, Source
from botcore.pipeline import apply_fixes

ROUNDS = 8


async def findings_of(code: str, folder: Path) -> list[Finding]:
    """What the validators say, one after the other."""
    source = Source("manim", code)
    validators = (SyntaxValidator(), SceneValidator(), ApiValidator(folder))
    return [finding for validator in validators for finding in await validator.validate(source)]


async def fixed(code: str, folder: Path) -> tuple[str, list[str]]:
    """The code after all fixes, and what they mended in the order of the rounds."""
    told: list[str] = []
    for _ in range(ROUNDS):
        findings = await findings_of(code, folder)
        code, count = apply_fixes(code, findings)
        if not count:
            break
        told += [f"{finding.line}: {finding.message}" for finding in findings if finding.fix]
    return code, told


def mended(text: str, folder: Path) -> str:
    """The code in ``text`` after all deterministic fixes."""
    return asyncio.run(fixed(read_answer(text).code, folder))[0]
