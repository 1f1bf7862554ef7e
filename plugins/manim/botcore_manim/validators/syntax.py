"""Is it Python at all?"""

from __future__ import annotations

import asyncio

from botcore.model import Edit, Finding, Severity, Source
from botcore_manim.validators.mending import edits_between, mend
from botcore_manim.validators.parsing import Unparsable, parse


class SyntaxValidator:
    """One error with line, column and what is wrong there, or nothing; with a fix where small changes of
    single lines make it Python."""

    async def validate(self, source: Source) -> list[Finding]:
        """See :class:`botcore.ports.Validator`."""
        try:
            await asyncio.to_thread(parse, source.code)
        except Unparsable as error:
            fix = await asyncio.to_thread(_fix, source.code) if error.line else ()
            return [Finding(Severity.ERROR, "code_syntax", error.problem, error.line, error.column, fix)]
        return []


def _fix(code: str) -> tuple[Edit, ...]:
    if code.startswith("\ufeff") or "\r" in code or "\f" in code:
        return ()
    mended = mend(code)
    return () if mended is None else edits_between(code, mended)
