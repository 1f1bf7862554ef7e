"""A mobject and all below it, asked for many times per frame."""

from __future__ import annotations

import sys
from collections.abc import Hashable, Reversible
from typing import Any, TypeVar

from manim import Mobject
from manim.utils import iterables

H = TypeVar("H", bound=Hashable)

_manims_get_family = Mobject.get_family
_manims_remove_list_redundancies = iterables.remove_list_redundancies


def install() -> None:
    """See :func:`botcore_manim.inside.faster.install`."""
    Mobject.get_family = get_family
    for name, module in list(sys.modules.items()):
        # it was imported by name
        if name.startswith("manim.") and getattr(module, "remove_list_redundancies", None) is not None:
            module.remove_list_redundancies = remove_list_redundancies  # type: ignore[attr-defined]  # it has


def remove_list_redundancies(items: Reversible[H]) -> list[H]:
    """Each element once, at its last place."""
    kept = list(dict.fromkeys(reversed(items)))
    kept.reverse()
    return kept


def get_family(self: Any, recurse: bool = True) -> list[Any]:
    """The mobject, then its submobjects in depth-first order; a mobject that appears twice is rare."""
    if not self.submobjects:
        return [self]
    family: list[Any] = []
    seen: set[Any] = set()
    waiting = [self]
    while waiting:
        mobject = waiting.pop()
        if mobject in seen:
            return list(_manims_get_family(self, recurse))
        seen.add(mobject)
        family.append(mobject)
        if mobject.submobjects:
            waiting.extend(reversed(mobject.submobjects))
    return family
