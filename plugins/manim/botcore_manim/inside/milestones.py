"""How far a scene is, by the statement of ``construct`` that it has come to.

For scenes whose animations cannot be counted beforehand: lessons, loops, helper methods.
"""

from __future__ import annotations

import ast
import inspect
from bisect import bisect_right
from types import CodeType
from typing import Any

_BLOCKS = (ast.With, ast.If, ast.Try)
_UNHURRIED = 2
"""The more animations a statement has played, the nearer it is to its end, which it never reaches this way:
after this many it counts as half done."""


class Milestones:
    """The statements that draw, as the lines that they begin in.

    :param code: the code object of ``construct``; the position is read from the frame that runs it.
    """

    def __init__(self, code: CodeType, lines: list[int]) -> None:
        self._code = code
        self._lines = lines
        self._reached = 0
        self._played = 0

    def animation(self) -> None:
        """A new animation begins: called from within the scene, in its thread."""
        reached = bisect_right(self._lines, self._current_line())
        if reached > self._reached:
            self._reached, self._played = reached, 0
        else:
            self._played += 1

    def share(self, part: float) -> float:
        """The share of the scene that is done, from 0 to 1; it never falls. ``part`` of the current animation
        is drawn, from 0 to 1."""
        played = self._played + part
        return (max(self._reached - 1, 0) + played / (played + _UNHURRIED)) / len(self._lines)

    def _current_line(self) -> int:
        frame = inspect.currentframe()
        while frame is not None and frame.f_code is not self._code:
            frame = frame.f_back
        return 0 if frame is None else frame.f_lineno


def find_milestones(tree: ast.Module, scene: type) -> Milestones | None:
    """The milestones of the class ``scene``, None when its ``construct`` is not in ``tree`` or draws nothing
    that can be seen in the text."""
    code: Any = getattr(getattr(scene, "construct", None), "__code__", None)
    if not isinstance(code, CodeType):
        return None
    for node in ast.walk(tree):
        if (
            isinstance(node, ast.FunctionDef)
            and node.name == code.co_name
            and _first_line(node) == code.co_firstlineno
        ):
            lines = _drawing_lines(node.body, {node.args.args[0].arg} if node.args.args else set())
            return Milestones(code, lines) if lines else None
    return None


def _first_line(function: ast.FunctionDef) -> int:
    return min([function.lineno, *(decorator.lineno for decorator in function.decorator_list)])


def _drawing_lines(body: list[ast.stmt], scene: set[str]) -> list[int]:
    """The first lines of the statements that call the scene, or call what it gave (``graph.point(…)`` after
    ``graph = self.graph(…)``). ``scene`` holds the names of both and grows on the way."""
    lines = []
    for statement in body:
        if isinstance(statement, ast.FunctionDef | ast.ClassDef):
            continue
        if isinstance(statement, _BLOCKS):
            lines += _drawing_lines(statement.body, scene)
        elif any(isinstance(node, ast.Call) and _names(node) & scene for node in ast.walk(statement)):
            lines.append(statement.lineno)
            if isinstance(statement, ast.Assign):
                for target in statement.targets:
                    scene |= _names(target)
    return lines


def _names(tree: ast.AST) -> set[str]:
    return {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
