"""Applies the deterministic fixes that validators propose."""

from __future__ import annotations

import re
from collections.abc import Iterable

from botcore.model import Edit, Finding

_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")
"""A line with its end, as Python counts lines: form feeds and Unicode separators do not end one."""


def apply_fixes(code: str, findings: Iterable[Finding]) -> tuple[str, int]:
    """``code`` after the fixes of ``findings``, and how many findings were mended; see :func:`mend`."""
    code, mended = mend(code, findings)
    return code, len(mended)


def mend(code: str, findings: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """``code`` after the fixes of ``findings``, and the findings that were mended.

    The edits of one finding are applied together or not at all: those that overlap an earlier finding's, or
    point outside the code, wait for the next round. Columns count characters.
    """
    starts = _line_starts(code)
    taken: list[tuple[int, int, str]] = []
    mended: list[Finding] = []
    for finding in findings:
        spans = [_span(edit, starts, len(code)) for edit in finding.fix]
        placed = [span for span in spans if span is not None]
        if not placed or len(placed) < len(spans) or _overlaps(placed, taken):
            continue
        taken += placed
        mended.append(finding)
    for start, end, replacement in sorted(taken, reverse=True):
        code = code[:start] + replacement + code[end:]
    return code, mended


def _line_starts(code: str) -> list[int]:
    starts = [0]
    for match in _LINE.finditer(code):
        if match.end() > starts[-1]:
            starts.append(match.end())
    if starts[-1] == len(code) and code and code[-1] not in "\r\n":
        starts.pop()
    return starts


def _span(edit: Edit, starts: list[int], size: int) -> tuple[int, int, str] | None:
    start = _offset(edit.line, edit.column, starts, size)
    end = _offset(edit.end_line, edit.end_column, starts, size)
    if start is None or end is None or end < start:
        return None
    return start, end, edit.replacement


def _offset(line: int, column: int, starts: list[int], size: int) -> int | None:
    if not 1 <= line <= len(starts) or column < 0:
        return None
    offset = starts[line - 1] + column
    limit = starts[line] if line < len(starts) else size
    return offset if offset <= limit else None


def _overlaps(spans: list[tuple[int, int, str]], taken: list[tuple[int, int, str]]) -> bool:
    placed = list(taken)
    for start, end, _ in spans:
        for other_start, other_end, _ in placed:
            same_place = start == other_start
            if same_place or (start < other_end and other_start < end):
                return True
        placed.append((start, end, ""))
    return False
