"""Names of the installed Manim and of the lesson kit, for an editor."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import nsmallest
from itertools import chain

from botcore.model import Completion
from botcore_manim.api import ApiIndex, Callee

_SCENE = "Scene"
"""What ``self`` is taken for."""


def complete(index: ApiIndex, prefix: str, limit: int) -> list[Completion]:
    """At most ``limit`` names that begin with ``prefix``, whatever its case; after ``Class.`` or ``self.``
    the members of that class."""
    holder, dot, start = prefix.rpartition(".")
    if not dot:
        return _first(index, _names(index), start, limit, "")
    cls = _SCENE if holder == "self" else holder
    return _first(index, sorted(index.members(cls)), start, limit, cls)


def _first(index: ApiIndex, names: Iterable[str], start: str, limit: int, cls: str) -> list[Completion]:
    wanted = start.casefold()
    fitting = (name for name in names if name.casefold().startswith(wanted) and not name.startswith("_"))
    found = nsmallest(limit, fitting, key=lambda name: (name.casefold(), name))
    return [_member(index, cls, name) if cls else _name(index, name) for name in found]


def _names(index: ApiIndex) -> Iterator[str]:
    return chain(index.names, index.lesson - index.names.keys())


def _name(index: ApiIndex, name: str) -> Completion:
    kind = index.names.get(name, "class" if name in index.classes else "value")
    callee = index.constructor(name) if kind == "class" else index.function(name)
    return _completion(name, kind, callee)


def _member(index: ApiIndex, cls: str, name: str) -> Completion:
    member = index.member(cls, name)
    if member is None:  # its methods assign it
        return _completion(name, "value", None)
    kind = member.kind if member.kind in {"property", "value"} else "method"
    return _completion(name, kind, member.function)


def _completion(name: str, kind: str, callee: Callee | None) -> Completion:
    return Completion(
        name, kind, "" if callee is None else callee.signature, "" if callee is None else callee.doc
    )
