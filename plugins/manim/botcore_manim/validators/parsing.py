"""Hostile text to a syntax tree, within bounds."""

from __future__ import annotations

import ast
import warnings
from collections import deque
from collections.abc import Iterator
from functools import lru_cache
from threading import Lock

MAX_CHARACTERS = 200_000
_KEPT_CHARACTERS = 50_000
"""The tree of a longer source takes too much memory to be kept."""
_MAX_BRACKETS = 90
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")

_BLOCKS = ("body", "handlers", "orelse", "finalbody", "cases")
"""The fields that hold statements, or what holds them."""

_one_at_a_time = Lock()


class Unparsable(Exception):
    """The text is no Python. ``line`` and ``column`` count from 1; 0 = not known."""

    def __init__(self, problem: str, line: int = 0, column: int = 0) -> None:
        super().__init__(problem)
        self.problem = problem
        self.line = line
        self.column = column


def parse(code: str) -> ast.Module:
    """The tree of ``code``. Raises :class:`Unparsable`, and nothing else, for whatever text.

    CPython's parser bounds its own depth and says so by MemoryError or RecursionError; the bounds here on
    length and on open brackets come first and keep the time short too. Walk the tree with :func:`ast.walk`
    only: it does not recurse. Do not change it: the last one is kept, because one validator asks for it after
    the other.
    """
    if len(code) > _KEPT_CHARACTERS:
        return _parse(code)
    with _one_at_a_time:  # validators ask from threads, and all for the same
        return _kept(code)


def statements(tree: ast.Module) -> Iterator[ast.stmt]:
    """Every statement of a tree, outer ones before what they hold. Several times quicker than
    :func:`ast.walk`, because expressions hold no statements."""
    waiting: deque[ast.AST] = deque([tree])
    while waiting:
        node = waiting.popleft()
        for field in _BLOCKS:
            block = getattr(node, field, None)
            if isinstance(block, list):  # the body of a lambda is an expression
                waiting.extend(block)
        if isinstance(node, ast.stmt):
            yield node


@lru_cache(maxsize=1)
def _kept(code: str) -> ast.Module:
    return _parse(code)


def _parse(code: str) -> ast.Module:
    if len(code) > MAX_CHARACTERS:
        raise Unparsable(f"the code is longer than {MAX_CHARACTERS} characters")
    _check_brackets(code)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # "invalid escape sequence" and the like are no errors
            return ast.parse(code.removeprefix("\ufeff"))
    except SyntaxError as error:
        raise Unparsable(error.msg or "invalid syntax", error.lineno or 0, error.offset or 0) from None
    except ValueError:
        raise Unparsable("the code contains a null character") from None
    except (RecursionError, MemoryError):
        raise Unparsable("the code is nested too deeply") from None


def _check_brackets(code: str) -> None:
    """Refuse what no person writes: more brackets open at once than the parser should have to try."""
    depth = 0
    for number, line in enumerate(code.split("\n"), start=1):
        for character in line:
            if character in _OPENING:
                depth += 1
                if depth > _MAX_BRACKETS:
                    raise Unparsable("more brackets are open here than can be read", number)
            elif character in _CLOSING and depth:
                depth -= 1
