"""From errors and findings to the failure that is kept with a job."""

from __future__ import annotations

from collections.abc import Sequence

from botcore.errors import BotcoreError, Param, SourceError, SourceInvalid, error_classes
from botcore.model import Failure, Finding

_LONGEST = 500
"""Characters of one value: messages of hostile code have no bounds of their own."""

INTERNAL = Failure(BotcoreError.code)
"""A fault of ours: the log has the traceback, the person gets a sentence."""


def failure_of(error: BotcoreError) -> Failure:
    """What is kept of an error."""
    return Failure(error.code, {name: _bounded(value) for name, value in error.params.items()})


def failure_of_findings(errors: Sequence[Finding]) -> Failure:
    """What is kept of the errors that validators found: the first one in the text speaks for all."""
    first = min(errors, key=lambda finding: (finding.line or 1_000_000, finding.column))
    params: dict[str, Param] = {
        "line": first.line,
        "column": first.column,
        "problem": _bounded(first.message),
    }
    return Failure(_code(first), params)


def _code(finding: Finding) -> str:
    if any(cls.code == finding.code for cls in error_classes(SourceError)):
        return finding.code
    return SourceInvalid.code if finding.line else SourceError.code


def _bounded(value: Param) -> Param:
    if isinstance(value, str) and len(value) > _LONGEST:
        return value[:_LONGEST] + "…"
    return value
