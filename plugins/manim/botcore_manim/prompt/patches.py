"""Small changes to a program as a model writes them: search for these lines, put those in their place."""

from __future__ import annotations

import re
from dataclasses import dataclass

from botcore.errors import SourceError

_BLOCK = re.compile(
    r"^<{5,}[ \t]*SEARCH[ \t]*\n(?P<search>.*?)^={5,}[ \t]*\n(?P<replace>.*?)^>{5,}[ \t]*REPLACE[ \t]*$",
    re.MULTILINE | re.DOTALL,
)


class PatchFailed(SourceError):
    """What is to be replaced is not in the program, or is there more than once."""

    code = "patch_failed"
    text = "The change to the code could not be made: {problem}"


@dataclass(frozen=True, slots=True)
class Patch:
    """Replace the lines ``search`` by the lines ``replace``; both end with a line break or are empty."""

    search: str
    replace: str


def read_patches(answer: str) -> list[Patch]:
    """The patches in a model's answer, in order; none when it wrote something else."""
    return [Patch(match["search"], match["replace"]) for match in _BLOCK.finditer(answer)]


def apply_patches(code: str, patches: list[Patch]) -> str:
    """``code`` with each patch made. Lines match when they differ in nothing but the space at their ends;
    where there is no such place, also when all of them are indented by the same other amount.

    :raises PatchFailed: a patch fits nowhere, or in several places.
    """
    for number, patch in enumerate(patches, start=1):
        code = _apply(code, patch, number)
    return code


def _apply(code: str, patch: Patch, number: int) -> str:
    lines = code.split("\n")
    wanted = _lines(patch.search)
    if not any(line.strip() for line in wanted):
        raise PatchFailed(problem=f"block {number} searches for nothing")
    for shift in (False, True):
        places = [place for place in range(len(lines)) if _matches(lines, place, wanted, shift)]
        if len(places) > 1:
            raise PatchFailed(problem=f"block {number} fits in {len(places)} places")
        if places:
            place = places[0]
            new = _lines(patch.replace)
            if shift:
                new = _shifted(new, _indent(wanted), _indent(lines[place : place + len(wanted)]))
            return "\n".join([*lines[:place], *new, *lines[place + len(wanted) :]])
    raise PatchFailed(problem=f"block {number} is not in the program")


def _lines(text: str) -> list[str]:
    return text.removesuffix("\n").split("\n") if text else []


def _matches(lines: list[str], place: int, wanted: list[str], shift: bool) -> bool:
    there = lines[place : place + len(wanted)]
    if len(there) < len(wanted):
        return False
    if shift:
        there = _shifted(there, _indent(there), "")
        wanted = _shifted(wanted, _indent(wanted), "")
    return all(one.rstrip() == other.rstrip() for one, other in zip(there, wanted, strict=True))


def _indent(lines: list[str]) -> str:
    """The white space that every line which holds something begins with."""
    indents = [line[: len(line) - len(line.lstrip())] for line in lines if line.strip()]
    return min(indents, key=len, default="")


def _shifted(lines: list[str], before: str, after: str) -> list[str]:
    return [after + line.removeprefix(before) if line.strip() else line for line in lines]
