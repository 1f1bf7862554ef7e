"""All checks, in the order in which their fixes win where two would change the same place."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from itertools import islice

from botcore.model import Finding
from botcore_manim.api import ApiIndex
from botcore_manim.habits import (
    assets,
    bases,
    byplace,
    cameras,
    colours,
    extras,
    groups,
    imports,
    keywords,
    members,
    names,
    numerics,
    oldcalls,
    oldscenes,
    playing,
    points,
    slow,
    strings,
    targets,
)
from botcore_manim.habits.subject import Subject

_CHECKS: tuple[Callable[[Subject], Iterator[Finding]], ...] = (
    imports.check,
    oldscenes.check,
    bases.check,
    cameras.check,
    strings.check,
    oldcalls.check,
    names.check,
    members.check,
    playing.check,
    keywords.check,
    extras.check,
    byplace.check,
    points.check,
    groups.check,
    targets.check,
    colours.check,
    numerics.check,
    assets.check,
    slow.check,
)
_MOST = 100
"""Findings for one source; nobody reads more."""


def examine(text: str, index: ApiIndex, tree: ast.Module | None = None) -> list[Finding]:
    """Every finding in the order of its lines. Raises
    :class:`~botcore_manim.validators.parsing.Unparsable` for what is no Python."""
    subject = Subject.of(text, index, tree)
    findings = [finding for check in _CHECKS for finding in islice(check(subject), _MOST)]
    return sorted(findings[:_MOST], key=lambda finding: (finding.line, finding.column))
