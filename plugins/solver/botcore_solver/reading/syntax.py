"""What was read, as a tree: it keeps what was written (brackets, order, decimals) and computes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True, slots=True)
class Num:
    """A number as it was written. ``value`` is exact: 2.5 is 5/2."""

    text: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class Var:
    name: str


@dataclass(frozen=True, slots=True)
class Const:
    """``pi``, ``e`` or ``oo`` (infinity)."""

    name: str


@dataclass(frozen=True, slots=True)
class Unary:
    """``op`` is ``-``, ``!`` (factorial), ``%`` or ``deg`` (an angle in degrees)."""

    op: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Binary:
    """``op`` is ``+ - * / ^``; ``implicit`` for a product without a sign, ``mixed`` for 1 1/2."""

    op: str
    left: Node
    right: Node
    implicit: bool = False
    mixed: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """A pair of brackets."""

    inner: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function and its argument; ``base`` is a logarithm's base or a root's degree."""

    name: str
    argument: Node
    base: Node | None = None


Node = Num | Var | Const | Unary | Binary | Group | Call


def children(node: Node) -> tuple[Node, ...]:
    """The parts of a node, from left to right."""
    match node:
        case Unary(_, operand):
            return (operand,)
        case Binary(_, left, right):
            return (left, right)
        case Group(inner):
            return (inner,)
        case Call(_, argument, None):
            return (argument,)
        case Call(_, argument, base) if base is not None:
            return (base, argument)
        case _:
            return ()


def walk(node: Node) -> Iterator[Node]:
    """The node and everything below it."""
    stack = [node]
    while stack:
        top = stack.pop()
        yield top
        stack.extend(reversed(children(top)))


def variables(*nodes: Node) -> list[str]:
    """Names of the variables, sorted, each once."""
    return sorted({part.name for node in nodes for part in walk(node) if isinstance(part, Var)})


def constants(*nodes: Node) -> set[str]:
    """Names of the constants."""
    return {part.name for node in nodes for part in walk(node) if isinstance(part, Const)}


def functions(*nodes: Node) -> set[str]:
    """Names of the functions."""
    return {part.name for node in nodes for part in walk(node) if isinstance(part, Call)}
