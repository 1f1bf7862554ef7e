"""What an expression is, as far as that can be seen without running it."""

from __future__ import annotations

import ast

from botcore_manim.habits.code import Code, is_self
from botcore_manim.habits.scopes import Binding, Scopes

_MOST = 40
"""Depth at which following names ends, and values that one name may have; nobody writes more than a few."""
_SIMPLE: dict[type[ast.AST], str] = {
    ast.List: "list",
    ast.ListComp: "list",
    ast.Tuple: "tuple",
    ast.GeneratorExp: "generator",
    ast.Dict: "dict",
    ast.JoinedStr: "str",
    ast.Lambda: "lambda",
}

Types = frozenset[str]
"""Names of classes: Manim's, Python's, or the source's own with a ``.`` in front. Empty: not known."""

UNKNOWN: Types = frozenset()


class Typing:
    """Answers what expressions of one source are."""

    def __init__(self, code: Code, scopes: Scopes) -> None:
        self._code = code
        self._index = code.index
        self._scopes = scopes
        self.classes = {node.name: node for node in code.all(ast.ClassDef)}
        self._attributes: dict[tuple[str, str], list[ast.expr | None]] = {}
        self._known: dict[ast.expr, Types] = {}
        self._class_names: dict[ast.expr, str] = {}
        self._own: dict[str, set[str]] = {}
        for node in code.parents:
            if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and is_self(node.value):
                cls = code.cls(node)
                if cls is not None:
                    self._attributes.setdefault((cls.name, node.attr), []).append(_assigned(code, node))

    def of(self, node: ast.expr, depth: int = 0) -> Types:
        """The classes that the expression may be of; empty when that is not known."""
        if depth > _MOST:
            return UNKNOWN
        if node not in self._known:
            self._known[node] = UNKNOWN  # ends loops: what depends on itself is not known
            self._known[node] = self._of(node, depth + 1)
        return self._known[node]

    def one(self, node: ast.expr) -> str:
        """The class when there is only one it can be; else empty."""
        found = self.of(node)
        return next(iter(found)) if len(found) == 1 else ""

    def is_a(self, node: ast.expr, base: str) -> bool:
        """Whether it is for sure an object of the Manim class or of one that derives from it."""
        found = self.of(node)
        return bool(found) and all(self._index.derives(self.manim_base(cls), base) for cls in found)

    def is_number(self, node: ast.expr) -> bool:
        """Whether it is for sure a number."""
        return self.of(node) == {"number"}

    def elements(self, node: ast.expr) -> Types:
        """What is in a list, tuple or generator."""
        return self._elements(node, 0)

    def manim_base(self, cls: str) -> str:
        """For a class of the source the nearest class of Manim that it derives from; others as they are."""
        for _ in range(_MOST):
            node = self.classes.get(cls.removeprefix("."))
            if node is None or not cls.startswith("."):
                return cls
            bases = [self.class_name(base) for base in node.bases]
            cls = next((base for base in bases if self._index.line(base) or base.startswith(".")), "")
        return ""

    def own_members(self, cls: str) -> set[str]:
        """What a class of the source, and those of the source that it derives from, define or assign."""
        if cls not in self._own:
            self._own[cls] = self._own_members(cls)
        return self._own[cls]

    def _own_members(self, cls: str) -> set[str]:
        found: set[str] = set()
        waiting, seen = [cls.removeprefix(".")], set[str]()
        while waiting:
            name = waiting.pop()
            node = self.classes.get(name)
            if node is None or name in seen:
                continue
            seen.add(name)
            found.update(_defined(node))
            found.update(attr for owner, attr in self._attributes if owner == name)
            waiting += [self.class_name(base).removeprefix(".") for base in node.bases]
        return found

    def has_unknown_base(self, cls: str) -> bool:
        """Whether a class of the source derives from something that is neither the source's nor Manim's."""
        waiting, seen = [cls.removeprefix(".")], set[str]()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            for base in self.classes[name].bases:
                found = self.class_name(base)
                if found.startswith("."):
                    waiting.append(found.removeprefix("."))
                elif not self._index.line(found) and found != "object":
                    return True
        return False

    def class_name(self, node: ast.expr) -> str:
        """The class that an expression names: Manim's own, or with a ``.`` one of the source; else empty."""
        if node not in self._class_names:
            self._class_names[node] = self._class_name(node)
        return self._class_names[node]

    def _class_name(self, node: ast.expr) -> str:
        name = ""
        if isinstance(node, ast.Name):
            name = node.id
            if name in self.classes and not self._shadows(name):
                return f".{name}"
            bound = self._scopes.bindings(node)
            if bound is not None and not all(isinstance(b.at, ast.ImportFrom) for b in bound):
                return ""
        elif isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            bound = self._scopes.bindings(node.value)
            if bound and all(_imports_manim(b.at, node.value.id) for b in bound):
                name = node.attr
        return name if self._index.line(name) else ""

    def _shadows(self, name: str) -> bool:
        """A class called like its own base (``class Scene(Scene)``)."""
        return any(isinstance(base, ast.Name) and base.id == name for base in self.classes[name].bases)

    def _of(self, node: ast.expr, depth: int) -> Types:  # one answer for each kind
        simple = _SIMPLE.get(type(node))
        if simple is not None:
            return frozenset({simple})
        match node:
            case ast.Constant(value=value):
                return frozenset({"number" if isinstance(value, int | float) else type(value).__name__})
            case ast.Name():
                return self._name(node, depth)
            case ast.Call():
                return self._call(node, depth)
            case ast.Attribute(value=value, attr=attr) if is_self(value):
                return self._self_attribute(node, attr, depth)
            case ast.IfExp(body=body, orelse=other):
                return self._union([self.of(body, depth), self.of(other, depth)])
            case ast.BinOp(left=left, right=right):
                both = self.of(left, depth), self.of(right, depth)
                return both[0] if both[0] == both[1] == {"number"} else UNKNOWN
            case ast.UnaryOp(operand=operand):
                return self.of(operand, depth)
            case ast.Subscript(value=value, slice=ast.Constant() | ast.Name()):
                return self._elements(value, depth)
        return UNKNOWN

    def _name(self, node: ast.Name, depth: int) -> Types:
        bound = self._scopes.bindings(node)
        if node.id == "self":
            cls = self._code.cls(node)
            return frozenset({f".{cls.name}"}) if cls is not None else UNKNOWN
        if bound is None:
            return UNKNOWN
        # with every name bound so often, following each of them for each use would take minutes
        return UNKNOWN if len(bound) > _MOST else self._union([self._binding(one, depth) for one in bound])

    def _binding(self, bound: Binding, depth: int) -> Types:
        if bound.value is None:
            return UNKNOWN
        return self._elements(bound.value, depth) if bound.element else self.of(bound.value, depth)

    def _elements(self, node: ast.expr, depth: int) -> Types:
        if depth > _MOST:
            return UNKNOWN
        match node:
            case ast.List(elts=parts) | ast.Tuple(elts=parts):
                return self._union([self.of(part, depth + 1) for part in parts])
            case ast.ListComp(elt=part) | ast.GeneratorExp(elt=part):
                return self.of(part, depth + 1)
            case ast.Name():
                bound = self._scopes.bindings(node) or []
                if bound and all(one.value is not None and not one.element for one in bound):
                    return self._union([self._elements(one.value, depth + 1) for one in bound if one.value])
            case ast.Attribute(value=value, attr=attr) if is_self(value):
                cls = self._code.cls(node)
                values = self._attributes.get((cls.name if cls else "", attr), [])
                return self._union([self._elements(one, depth + 1) for one in values if one is not None])
            case ast.Call(func=ast.Name(id="range")):
                return frozenset({"number"})
        return UNKNOWN

    def _self_attribute(self, node: ast.Attribute, attr: str, depth: int) -> Types:
        cls = self._code.cls(node)
        values = self._attributes.get((cls.name, attr)) if cls is not None else None
        if not values or len(values) > _MOST:
            return UNKNOWN
        return self._union([UNKNOWN if value is None else self.of(value, depth) for value in values])

    def _call(self, node: ast.Call, depth: int) -> Types:
        if isinstance(node.func, ast.Name | ast.Attribute):
            cls = self.class_name(node.func)
            if cls:
                return frozenset({cls})
        if isinstance(node.func, ast.Name) and node.func.id in {"int", "float", "len", "abs", "round", "sum"}:
            return frozenset({"number"})
        if isinstance(node.func, ast.Attribute):
            owners = self.of(node.func.value, depth)
            return (
                self._union([self._returned(owner, node.func.attr) for owner in owners])
                if owners
                else UNKNOWN
            )
        return UNKNOWN

    def _returned(self, owner: str, method: str) -> Types:
        base = self.manim_base(owner)
        member = self._index.member(base, method)
        if member is None or member.function is None or method in self.own_members(owner):
            return UNKNOWN
        returns = member.function.returns
        if returns in {"Self", "typing.Self"}:
            return frozenset({owner})
        return frozenset({returns}) if self._index.line(returns) and returns not in {"Mobject"} else UNKNOWN

    @staticmethod
    def _union(parts: list[Types]) -> Types:
        return frozenset().union(*parts) if parts and all(parts) else UNKNOWN


def _imports_manim(node: ast.AST, name: str) -> bool:
    return isinstance(node, ast.Import) and any(
        alias.name == "manim" and (alias.asname or alias.name) == name for alias in node.names
    )


def _assigned(code: Code, target: ast.Attribute) -> ast.expr | None:
    """What ``self.x`` is set to; None where a tuple, a loop or ``+=`` sets it."""
    holder = code.parent(target)
    if isinstance(holder, ast.Assign | ast.AnnAssign):
        return holder.value
    return None


def _defined(node: ast.ClassDef) -> set[str]:
    found: set[str] = set()
    for part in node.body:
        if isinstance(part, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(part.name)
        elif isinstance(part, ast.Assign):
            found.update(target.id for target in part.targets if isinstance(target, ast.Name))
        elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
            found.add(part.target.id)
    return found
