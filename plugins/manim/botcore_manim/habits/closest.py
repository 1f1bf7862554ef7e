"""The one name that was surely meant."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import SequenceMatcher

_NEAR, _STRICT = 0.84, 0.79
_LEAD = 0.04
"""By how much the best must be nearer than the second."""
_SHORTEST, _LONGEST = 4, 100
"""Letters of names that are compared: each comparison reads all of them, and no name of Manim's is longer."""
_LONG = 7
"""Letters that are enough to know a name by its beginning."""
_NUMBER = re.compile(r"(?:_?\d+|_[a-zA-Z])$")


def closest(name: str, candidates: Iterable[str], *, strict: bool = False) -> str | None:
    """The candidate that differs by case and underscores alone, or else is far nearer than any other.

    ``strict`` looks at spelling alone: a case that differs is another name.
    """
    wanted = _plain(name)
    pool = [candidate for candidate in candidates if candidate != name]
    if not strict:
        same = [candidate for candidate in pool if _plain(candidate) == wanted]
        if same:
            # ShowPassingFlash rather than showpassingflash: the first letter as it was written
            like = [candidate for candidate in same if candidate[0].isupper() == name[0].isupper()]
            return (like or same)[0] if len(like or same) == 1 else None
        longer = [candidate for candidate in pool if candidate.startswith(name)]
        if len(name) >= _LONG and len(longer) == 1:
            return longer[0]
    if not _SHORTEST <= len(name) <= _LONGEST:
        return None
    scored = []
    stem = _NUMBER.sub("", name)
    matcher = SequenceMatcher(None, b=name if strict else wanted, autojunk=False)
    for candidate in pool:
        if strict and candidate[:1].isupper() != name[:1].isupper():
            continue
        if _NUMBER.sub("", candidate) == stem:
            continue  # dot_1 is not dot_2 misspelt
        if not strict and candidate.isupper() != name.isupper():
            continue
        matcher.set_seq1(candidate if strict else _plain(candidate))
        if matcher.real_quick_ratio() > _STRICT and matcher.quick_ratio() > _STRICT:
            scored.append((matcher.ratio(), candidate))
    scored.sort(reverse=True)
    least = _STRICT if strict else _NEAR
    if not scored or scored[0][0] < least:
        return None
    if len(scored) > 1 and scored[0][0] - scored[1][0] < _LEAD:
        return None
    return scored[0][1]


def _plain(name: str) -> str:
    return name.replace("_", "").lower().replace("centre", "center").replace("colour", "color")
