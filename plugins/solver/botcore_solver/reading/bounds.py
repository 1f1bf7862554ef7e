"""Bounds of an interval: numbers written with signs, roots, pi or infinity, without variables."""

from __future__ import annotations

from botcore_solver.reading.parser import parse
from botcore_solver.reading.phrases import bare
from botcore_solver.reading.syntax import Node, variables
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.wording import sentence


def bound(text: str) -> Node:
    """Raises :class:`Unreadable` when it is not a plain number."""
    node = bare(parse(text))
    if variables(node):
        raise Unreadable(sentence("I expected a number instead of “{text}”.").filled(text=text.strip()[:30]))
    return node
