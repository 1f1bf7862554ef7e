"""Where a function's ``**kwargs`` go: what else it takes by name can be known only by following them."""

from __future__ import annotations

import ast
from dataclasses import dataclass, replace
from typing import Literal

_TAKING = frozenset({"pop", "get", "setdefault"})


@dataclass(frozen=True, slots=True)
class Target:
    """``super``: the next class's method ``name``; ``own``: a method of the same object; ``call``: a class or
    function of that name; ``init``: the constructor of the class of that name."""

    how: Literal["super", "own", "call", "init"]
    name: str
    given: frozenset[str] = frozenset()
    """Names that the call gives itself: nobody else may give them again."""


def forwarded(function: ast.FunctionDef) -> tuple[list[str], list[Target] | None]:
    """The names that the function takes out of its keyword arguments itself, and where it passes the rest;
    None when that cannot be followed. A function without ``**kwargs`` passes nothing on."""
    if function.args.kwarg is None:
        return [], []
    word = function.args.kwarg.arg
    taken: list[str] = []
    targets: list[Target] = []
    understood = 0
    for node in ast.walk(function):
        if isinstance(node, ast.Call):
            if any(k.arg is None and _is(k.value, word) for k in node.keywords):
                target = _target(node.func)
                if target is None:
                    return taken, None
                targets.append(replace(target, given=frozenset(k.arg for k in node.keywords if k.arg)))
                understood += 1
            elif isinstance(node.func, ast.Attribute) and _is(node.func.value, word):
                if node.func.attr not in _TAKING or not node.args:
                    return taken, None
                key = node.args[0]
                if not (isinstance(key, ast.Constant) and isinstance(key.value, str)):
                    return taken, None
                taken.append(key.value)
                understood += 1
        elif (
            isinstance(node, ast.Subscript) and _is(node.value, word) and isinstance(node.slice, ast.Constant)
        ):
            # what the function sets itself it need not be given: only reading tells of a name that it takes
            taken.append(str(node.slice.value))
            understood += 1
        elif isinstance(node, ast.Compare) and any(_is(other, word) for other in node.comparators):
            if not isinstance(node.left, ast.Constant):
                return taken, None
            taken.append(str(node.left.value))
            understood += 1
    mentioned = sum(1 for node in ast.walk(function) if _is(node, word))
    return taken, targets if mentioned == understood else None


def _is(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Name) and node.id == name


def _target(function: ast.expr) -> Target | None:
    if isinstance(function, ast.Name):
        return Target("call", function.id)
    if not isinstance(function, ast.Attribute):
        return None
    owner = function.value
    if isinstance(owner, ast.Call) and isinstance(owner.func, ast.Name) and owner.func.id == "super":
        return Target("super", function.attr)
    if isinstance(owner, ast.Name) and owner.id == "self":
        return Target("own", function.attr)
    if isinstance(owner, ast.Name) and function.attr == "__init__":
        return Target("init", owner.id)
    # another object's method: of the same name as one of this class, or nothing is known
    return Target("own", function.attr) if isinstance(owner, ast.Name) else None
