"""How far a scene is, told a few times a second."""

from __future__ import annotations

import ast
import time
from collections.abc import Callable
from typing import Any

from botcore_manim.inside.milestones import Milestones

_INTERVAL_S = 0.25
_PLAYS = frozenset({"play", "wait", "pause", "wait_until"})
_BRANCHING = (ast.For, ast.AsyncFor, ast.While, ast.If, ast.Try, ast.With, ast.Match, ast.comprehension)


class Progress:
    """Counts animations and frames; tells ``report`` at most four times a second.

    ``total`` is the number of animations, None when it is not known; ``milestones`` tell the share then.
    """

    def __init__(
        self, report: Callable[[dict[str, Any]], None], total: int | None, milestones: Milestones | None
    ) -> None:
        self._report = report
        self._total = total
        self._milestones = milestones
        self._share = 0.0
        self._animation = 0
        self._next = 0.0

    def animation(self) -> None:
        """A new animation begins."""
        self._animation += 1
        if self._milestones is not None:
            self._milestones.animation()
        self.frame(0.0)

    def frame(self, part: float) -> None:
        """``part`` (0 to 1) of the current animation is drawn."""
        now = time.monotonic()
        if now < self._next:
            return
        self._next = now + _INTERVAL_S
        if self._total is not None and self._animation > self._total:
            self._total = None
        told = {"k": "progress", "n": self._animation, "of": self._total}
        self._report({**told, "f": self._fraction(min(max(part, 0.0), 1.0))})

    def _fraction(self, part: float) -> float | None:
        if self._total is not None:
            share = (self._animation - 1 + part) / self._total
        elif self._milestones is not None:
            share = self._milestones.share(part)
        else:
            return None
        self._share = max(self._share, share)
        return round(self._share, 3)


def count_animations(tree: ast.Module, scene: str) -> int | None:
    """How many animations the ``construct`` of class ``scene`` plays, where a look at the text can tell.

    It can when ``construct`` is a straight line of calls: none of them in a loop or a branch, and no
    method but Manim's own called on ``self``.
    """
    for node in tree.body:
        if isinstance(node, ast.ClassDef) and node.name == scene:
            methods = {part.name: part for part in node.body if isinstance(part, ast.FunctionDef)}
            bases = {base.id for base in node.bases if isinstance(base, ast.Name)}
            if "construct" not in methods or not bases <= {"Scene", "MovingCameraScene", "ZoomedScene"}:
                return None
            return _count(methods["construct"], frozenset(methods))
    return None


def _count(construct: ast.FunctionDef, own: frozenset[str]) -> int | None:
    total = 0
    for statement in construct.body:
        plays = 0
        for node in ast.walk(statement):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and _is_self(node.func.value)
            ):
                if node.func.attr in own:
                    return None
                plays += node.func.attr in _PLAYS
            elif isinstance(node, ast.Call) and any(_is_self(argument) for argument in node.args):
                return None  # a function that gets the scene may play anything
        if plays and any(isinstance(node, _BRANCHING) for node in ast.walk(statement)):
            return None
        total += plays
    return total or None


def _is_self(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "self"
