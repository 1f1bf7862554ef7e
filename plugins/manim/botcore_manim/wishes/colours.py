"""“Make the circle red”, where a scene has one circle and nothing else says what colour it has."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace

from botcore.model import Source
from botcore_manim.wishes.words import read_recolouring

_ELSEWHERE = re.compile(
    r"set_(?:color|colour|fill|stroke|style|gradient|submobject_colors)|(?:fill|stroke)_colou?r|sheen|gradient|"
    r"match_(?:color|style)|become|Transform|FadeToColor|Recolor|\*\*"
)
"""What may colour a figure besides its making, or make another one of it."""
_MANY = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp, ast.SetComp, ast.DictComp, ast.Lambda)
"""What may make several figures of one call."""


def recoloured(source: Source, wish: str) -> Source | None:
    """``source`` with its one figure in the colour of ``wish``; None where that is not certain to be all."""
    wanted = read_recolouring(wish)
    if wanted is None or _ELSEWHERE.search(source.code) is not None:
        return None
    figure, colour = wanted
    try:
        tree = ast.parse(source.code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    call = _only_call(tree, figure)
    if call is None or not _has_all_of_manim(tree, {figure, colour}):
        return None
    code = _with_colour(source.code, call, colour)
    return None if code is None or code == source.code else replace(source, code=code)


def _only_call(tree: ast.Module, figure: str) -> ast.Call | None:
    """The one place where the class is named, if it is a call that runs once as far as one can see."""
    named = [node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == figure]
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call) and node.func in named]
    if len(named) != 1 or len(calls) != 1:
        return None
    many = any(calls[0] in ast.walk(outer) for outer in ast.walk(tree) if isinstance(outer, _MANY))
    own = any(
        isinstance(node, ast.FunctionDef) and node.name != "construct" for node in _above(tree, calls[0])
    )
    return None if many or own else calls[0]


def _above(tree: ast.Module, call: ast.Call) -> Iterator[ast.AST]:
    return (node for node in ast.walk(tree) if not isinstance(node, ast.Call) and call in ast.walk(node))


def _has_all_of_manim(tree: ast.Module, names: set[str]) -> bool:
    """Whether the names mean Manim's: they come with a star, and nothing else is called so."""
    starred = any(
        isinstance(node, ast.ImportFrom) and node.module == "manim" and node.names[0].name == "*"
        for node in tree.body
    )
    given = {
        node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
    }
    defined = {node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    return starred and not names & (given | defined)


def _with_colour(code: str, call: ast.Call, colour: str) -> str | None:
    """The text with the colour in the call. Columns of the tree count bytes."""
    lines = code.encode().splitlines(keepends=True)
    if (
        "\f" in code
        or len(code.splitlines()) != len(lines)
        or call.end_lineno is None
        or call.end_col_offset is None
    ):
        return None
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "color"), None)
    if given is not None and given.end_lineno == given.lineno and given.end_col_offset is not None:
        line = lines[given.lineno - 1]
        lines[given.lineno - 1] = line[: given.col_offset] + colour.encode() + line[given.end_col_offset :]
    elif given is not None:
        return None
    else:
        line, end = lines[call.end_lineno - 1], call.end_col_offset - 1
        before = line[:end].rstrip()
        between = b"" if before.endswith((b"(", b",")) else b", "
        if not before:
            return None  # the bracket stands on a line of its own
        lines[call.end_lineno - 1] = before + between + f"color={colour}".encode() + line[end:]
    return b"".join(lines).decode()
