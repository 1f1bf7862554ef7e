"""What a program that failed used of Manim, as it really is: signatures and the first line about each."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from botcore_manim.api import ApiIndex, Callee

_MOST = 8
_LONGEST = 300
"""Characters of one line."""
_NAME = re.compile(r"[A-Za-z_]\w*")
_CALLED = re.compile(r"\b([A-Za-z_]\w*)\.([A-Za-z_]\w*)")
_MISSING = re.compile(r"'([A-Z]\w*)' object|([A-Z]\w*)(?:\.__init__)?\(\) (?:got|missing|takes)")


def descriptions(code: str, line: str, told: Iterable[str], index: ApiIndex) -> list[str]:
    """One line for each name of Manim in ``line``, the line that failed, and in the messages ``told``.

    Names that do not exist have none; the findings say what is there in their place.
    """
    found: dict[str, str] = {}
    for about, callee in _used(code, line, " ".join(told), index):
        text = f"{about}{callee.signature}" + (f": {callee.doc}" if callee.doc else "")
        found.setdefault(about + callee.name, text[:_LONGEST])
        if len(found) == _MOST:
            break
    return list(found.values())


def _used(code: str, line: str, told: str, index: ApiIndex) -> Iterator[tuple[str, Callee]]:
    for variable, name in _CALLED.findall(line):
        cls = _class_of(variable, code)
        member = index.member(cls, name) if cls else None
        if member is not None and member.function is not None:
            yield f"{cls}.", member.function
    about = [one or other for one, other in _MISSING.findall(told)]
    quoted = _NAME.findall(" ".join(re.findall(r"[“'`\"]([^”'`\"]{1,80})[”'`\"]", told)))
    for name in [*_NAME.findall(line), *about, *quoted]:
        callee = index.constructor(name) if name in index.classes else index.function(name)
        if callee is not None:
            yield "", callee


def _class_of(variable: str, code: str) -> str:
    """The class whose object a variable is given in the code; empty where it is given several or none."""
    given = re.findall(rf"\b{re.escape(variable)}\s*=\s*([A-Z]\w*)\(", code)
    return given[0] if len(set(given)) == 1 else ""
