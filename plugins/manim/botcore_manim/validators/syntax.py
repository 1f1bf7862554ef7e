"""Is it Python at all?"""

from __future__ import annotations

from botcore.model import Finding, Severity, Source
from botcore_manim.validators.parsing import Unparsable, parse


class SyntaxValidator:
    """One error with line, column and what is wrong there, or nothing."""

    async def validate(self, source: Source) -> list[Finding]:
        """See :class:`botcore.ports.Validator`."""
        try:
            parse(source.code)
        except Unparsable as error:
            return [Finding(Severity.ERROR, "code_syntax", error.problem, error.line, error.column)]
        return []
