"""A source with its tree, and edits of its text by nodes of the tree."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import TypeVar

from botcore.model import Edit, Finding, Severity
from botcore_manim.api import ApiIndex
from botcore_manim.validators.parsing import parse

_Node = TypeVar("_Node", bound=ast.AST)
_Positioned = ast.expr | ast.stmt | ast.keyword | ast.alias

BOM = "\ufeff"


class Code:
    """Everything that the checks share, made in one walk over the tree.

    Raises :class:`~botcore_manim.validators.parsing.Unparsable` for what is no Python. ``tree`` saves
    parsing again where the caller has it.
    """

    def __init__(self, text: str, index: ApiIndex, tree: ast.Module | None = None) -> None:
        self.text = text
        self.index = index
        self.tree = parse(text) if tree is None else tree
        self.lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
        self.parents: dict[ast.AST, ast.AST] = {}
        self._by_type: dict[type[ast.AST], list[ast.AST]] = {}
        nodes: list[ast.AST] = [self.tree]
        for node in nodes:  # grows meanwhile: the order of ast.walk, in one pass
            self._by_type.setdefault(type(node), []).append(node)
            children = list(ast.iter_child_nodes(node))
            self.parents.update(dict.fromkeys(children, node))
            nodes += children

    def all(self, kind: type[_Node]) -> list[_Node]:
        """All nodes of exactly this type."""
        return self._by_type.get(kind, [])  # type: ignore[return-value]  # they were sorted by their type

    def within(self, block: ast.stmt, kind: type[_Node]) -> list[_Node]:
        """All nodes of exactly this type inside a statement, by its lines: without decorators."""
        last = block.end_lineno or block.lineno
        return [node for node in self.all(kind) if block.lineno <= node.lineno <= last]  # type: ignore[attr-defined]  # what is asked for stands somewhere

    def parent(self, node: ast.AST) -> ast.AST | None:
        """What holds the node."""
        return self.parents.get(node)

    def above(self, node: ast.AST) -> Iterator[ast.AST]:
        """What holds it, from the inside out."""
        found = self.parents.get(node)
        while found is not None:
            yield found
            found = self.parents.get(found)

    def statement(self, node: ast.AST) -> ast.stmt:
        """The innermost statement that the node is part of."""
        while not isinstance(node, ast.stmt):
            node = self.parents[node]
        return node

    def function(self, node: ast.AST) -> ast.FunctionDef | None:
        """The innermost ``def`` around the node."""
        return next((a for a in self.above(node) if isinstance(a, ast.FunctionDef)), None)

    def cls(self, node: ast.AST) -> ast.ClassDef | None:
        """The innermost class around the node."""
        return next((a for a in self.above(node) if isinstance(a, ast.ClassDef)), None)

    @cached_property
    def mentioned(self) -> frozenset[str]:
        """Every name and attribute that is read somewhere."""
        names = {node.id for node in self.all(ast.Name) if isinstance(node.ctx, ast.Load)}
        return frozenset(names | {node.attr for node in self.all(ast.Attribute)})

    @cached_property
    def defined(self) -> frozenset[str]:
        """The names of all functions and methods of the source."""
        return frozenset(node.name for node in self.all(ast.FunctionDef))

    @cached_property
    def mentioned_stores(self) -> frozenset[str]:
        """Every attribute that is assigned somewhere, on whatever."""
        return frozenset(node.attr for node in self.all(ast.Attribute) if isinstance(node.ctx, ast.Store))

    def is_sure(self, node: ast.AST) -> bool:
        """Whether the node is run when the scene is drawn: not tried, and in a function that is called."""
        for above in self.above(node):
            if isinstance(above, ast.Try | ast.If | ast.IfExp | ast.ExceptHandler):
                return False
            if isinstance(above, ast.FunctionDef | ast.AsyncFunctionDef) and not (
                above.name in {"construct", "setup", "__init__"} or above.name in self.mentioned
            ):
                return False
        return True

    # -------------------------------------------------------------------------------------------- positions

    def column(self, line: int, offset: int) -> int:
        """Characters before the byte ``offset`` of a line; the tree counts bytes."""
        text = self.lines[line - 1]
        if line == 1 and text.startswith(BOM):
            return len(text[1:].encode()[:offset].decode(errors="ignore")) + 1
        if text.isascii():
            return offset
        return len(text.encode()[:offset].decode(errors="ignore"))

    def start(self, node: _Positioned) -> tuple[int, int]:
        """Line from 1 and column from 0."""
        return node.lineno, self.column(node.lineno, node.col_offset)

    def end(self, node: _Positioned) -> tuple[int, int]:
        """The place behind its last character."""
        line, offset = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return line, self.column(line, offset)

    def segment(self, node: _Positioned) -> str:
        """Its text."""
        (line, column), (end_line, end_column) = self.start(node), self.end(node)
        if line == end_line:
            return self.lines[line - 1][column:end_column]
        middle = self.lines[line : end_line - 1]
        return "\n".join([self.lines[line - 1][column:], *middle, self.lines[end_line - 1][:end_column]])

    # ------------------------------------------------------------------------------------------------ edits

    def replace(self, node: _Positioned, text: str) -> Edit:
        """Its text by another one."""
        return Edit(*self.start(node), *self.end(node), text)

    def replace_attribute(self, node: ast.Attribute, name: str) -> Edit:
        """``x.old`` to ``x.name``; x stays as it is written."""
        line, column = self.end(node)
        return Edit(line, column - len(node.attr), line, column, name)

    def before(self, node: _Positioned, text: str) -> Edit:
        """Put a text in front of it."""
        return Edit(*self.start(node), *self.start(node), text)

    def after(self, node: _Positioned, text: str) -> Edit:
        """Put a text behind it."""
        return Edit(*self.end(node), *self.end(node), text)

    def indentation(self, statement: ast.stmt) -> str:
        """The white space in front of a statement."""
        line, column = self.start(statement)
        text = self.lines[line - 1][:column]
        return text if not text.strip() else " " * column

    def line_before(self, statement: ast.stmt, text: str) -> Edit:
        """A line of its own in front of a statement."""
        line = statement.lineno
        if isinstance(statement, ast.FunctionDef | ast.ClassDef) and statement.decorator_list:
            line = statement.decorator_list[0].lineno
        return Edit(line, 0, line, 0, f"{self.indentation(statement)}{text}\n")

    def remove(self, statement: ast.stmt) -> Edit:
        """Take a statement out: its lines when it has them for itself, ``pass`` in its place when not."""
        (line, column), (end_line, end_column) = self.start(statement), self.end(statement)
        holder = self.parents.get(statement)
        alone = holder is not None and any(
            part == [statement] for _, part in ast.iter_fields(holder) if isinstance(part, list)
        )
        rest = self.lines[end_line - 1][end_column:].strip()
        own_lines = not self.lines[line - 1][:column].strip() and (not rest or rest.startswith("#"))
        if alone or not own_lines or end_line >= len(self.lines):
            return self.replace(statement, "pass")
        return Edit(line, 0, end_line + 1, 0, "")

    def without_argument(self, call: ast.Call, argument: ast.expr | ast.keyword) -> Edit:
        """Take one argument out of a call, with one comma."""
        items = sorted(arguments(call), key=self.start)
        place = items.index(argument)
        if place + 1 < len(items):
            return Edit(*self.start(argument), *self.start(items[place + 1]), "")
        if place > 0:
            return Edit(*self.end(items[place - 1]), *self.end(argument), "")
        return self.replace(argument, "")

    def rename_keyword(self, keyword: ast.keyword, name: str) -> Edit:
        """``old=value`` to ``name=value``."""
        line, column = self.start(keyword)
        return Edit(line, column, line, column + len(keyword.arg or ""), name)


def found(
    code: Code,
    node: _Positioned,
    what: str,
    message: str,
    *edits: Edit,
    sure: bool = False,
) -> Finding:
    """A finding at ``node``. ``sure``: drawing fails there when it is reached; then it is an error."""
    line, column = code.start(node)
    severity = Severity.ERROR if sure and code.is_sure(node) else Severity.WARNING
    return Finding(severity, what, message, line, column + 1, edits)


def keyword_of(call: ast.Call, name: str) -> ast.keyword | None:
    """The argument given by this name."""
    return next((keyword for keyword in call.keywords if keyword.arg == name), None)


def arguments(call: ast.Call) -> list[ast.expr | ast.keyword]:
    """Those by place and those by name."""
    return [*call.args, *call.keywords]


def called(call: ast.Call) -> str:
    """The name of what is called: ``Circle(…)`` and ``m.Circle(…)`` give ``Circle``."""
    function = call.func
    if isinstance(function, ast.Name):
        return function.id
    return function.attr if isinstance(function, ast.Attribute) else ""


def is_self(node: ast.expr) -> bool:
    """Whether it is the name ``self``."""
    return isinstance(node, ast.Name) and node.id == "self"
