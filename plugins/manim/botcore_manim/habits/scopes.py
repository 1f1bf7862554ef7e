"""Which names are bound where, and to what."""

from __future__ import annotations

import ast
import builtins
from collections.abc import Iterator
from dataclasses import dataclass, field

from botcore_manim.habits.code import Code

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (ast.Module, ast.ClassDef, *_FUNCTIONS, *_COMPREHENSIONS)
_MODULE_NAMES = frozenset({"__name__", "__file__", "__doc__", "__builtins__", "__spec__", "__package__"})


@dataclass(frozen=True, slots=True)
class Binding:
    """``value``: the expression that is bound, None where it cannot be seen. ``element``: the name runs over
    its elements. ``at``: the node that binds."""

    at: ast.AST
    value: ast.expr | None = None
    element: bool = False


@dataclass(slots=True)
class Scope:
    """One scope with the names that it binds."""

    node: ast.AST
    names: dict[str, list[Binding]] = field(default_factory=dict)


class Scopes:
    """All scopes of a source."""

    def __init__(self, code: Code) -> None:
        self._code = code
        self._scopes: dict[ast.AST, Scope] = {code.tree: Scope(code.tree)}
        self._uses: dict[str, list[ast.Name]] = {}
        self.dynamic = False
        """Whether names may come from where they cannot be seen: exec, globals(), a star import."""
        for node in code.parents:
            self._visit(node)

    def scope(self, node: ast.AST) -> Scope:
        """The scope that a name at ``node`` is looked up in first."""
        child: ast.AST = node
        for above in self._code.above(node):
            if isinstance(above, _SCOPES) and not self._is_outside(child, above):
                return self._scope(above)
            child = above
        return self._scopes[self._code.tree]

    def bindings(self, node: ast.Name) -> list[Binding] | None:
        """What the name is bound to where it is read; None when no scope of the source binds it."""
        scope = self.scope(node)
        first = True
        while True:
            # the names of a class body are not seen from its methods
            if (first or not isinstance(scope.node, ast.ClassDef)) and node.id in scope.names:
                return scope.names[node.id]
            if isinstance(scope.node, ast.Module):
                return None
            scope, first = self.scope(scope.node), False

    def uses(self, name: str) -> list[ast.Name]:
        """Everywhere that a name is read, in whatever scope."""
        if not self._uses:
            for node in self._code.all(ast.Name):
                if isinstance(node.ctx, ast.Load):
                    self._uses.setdefault(node.id, []).append(node)
        return self._uses.get(name, [])

    def visible(self, node: ast.AST) -> Iterator[str]:
        """The names that the source itself binds around a node."""
        scope = self.scope(node)
        while True:
            yield from scope.names
            if isinstance(scope.node, ast.Module):
                return
            scope = self.scope(scope.node)

    def is_undefined(self, node: ast.Name) -> bool:
        """Whether a name that is read comes from nowhere: not the source, not Manim, not Python."""
        return not (
            node.id in self._code.index.names
            or hasattr(builtins, node.id)
            or node.id in _MODULE_NAMES
            or self.bindings(node) is not None
        )

    def _scope(self, node: ast.AST) -> Scope:
        return self._scopes.setdefault(node, Scope(node))

    @staticmethod
    def _is_outside(child: ast.AST, scope: ast.AST) -> bool:
        """Decorators, defaults, bases and the first iterable belong to the scope around."""
        if isinstance(scope, _COMPREHENSIONS):
            return False
        if isinstance(scope, _FUNCTIONS):
            return not _in_body(child, scope)
        return isinstance(scope, ast.ClassDef) and child not in scope.body

    def _bind(
        self, node: ast.AST, name: str, value: ast.expr | None = None, *, element: bool = False
    ) -> None:
        scope = self.scope(node)
        scope.names.setdefault(name, []).append(Binding(node, value, element))

    def _visit(self, node: ast.AST) -> None:  # one case for each way to bind a name
        match node:
            case ast.Assign(targets=targets, value=value):
                for target in targets:
                    self._target(target, value)
            case ast.AnnAssign(target=target, value=value):
                self._target(target, value)
            case ast.NamedExpr(target=target, value=value):
                self._bind(self._code.statement(node), target.id, value)
                self._target(target, value)
            case ast.AugAssign(target=ast.Name(id=name)):
                self._bind(node, name)
            case ast.For(target=target, iter=iterated) | ast.AsyncFor(target=target, iter=iterated):
                self._target(target, iterated, element=True)
            case ast.comprehension(target=target, iter=iterated):
                self._target(target, iterated, element=True)
            case ast.withitem(optional_vars=ast.expr() as target):
                self._target(target, None)
            case ast.ExceptHandler(name=str(name)):
                self._bind(node, name)
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self._bind(node, name)
            case ast.arg(arg=name):
                self._argument(node, name)
            case ast.Import(names=names):
                for alias in names:
                    self._bind(node, alias.asname or alias.name.partition(".")[0])
            case ast.ImportFrom(module=module, names=names):
                for alias in names:
                    if alias.name == "*":
                        self._star(node, module or "")
                    else:
                        self._bind(node, alias.asname or alias.name)
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                self._bind(node, name)
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                for name in names:
                    self._bind(node, name)
                    self._scopes[self._code.tree].names.setdefault(name, []).append(Binding(node))
            case ast.Call(func=ast.Name(id="exec" | "eval" | "globals" | "locals" | "vars")):
                self.dynamic = True

    def _star(self, node: ast.AST, module: str) -> None:
        names = self._code.index.module(module)
        if module.startswith("botcore_manim"):
            names = self._code.index.lesson
        for name in names or ():
            self._bind(node, name)
        if names is None:
            self.dynamic |= module.partition(".")[0] not in {"manim", "manimlib", "manimgl"}

    def _argument(self, node: ast.AST, name: str) -> None:
        arguments = self._code.parents[node]
        function = self._code.parents[arguments]
        self._scope(function).names.setdefault(name, []).append(Binding(node))

    def _target(self, target: ast.expr, value: ast.expr | None, *, element: bool = False) -> None:
        match target:
            case ast.Name(id=name):
                self._bind(target, name, value, element=element)
            case ast.Starred(value=inner):
                self._target(inner, None)
            case ast.Tuple(elts=parts) | ast.List(elts=parts):
                values: list[ast.expr | None] = [None] * len(parts)
                if isinstance(value, ast.Tuple | ast.List) and len(value.elts) == len(parts) and not element:
                    values = list(value.elts)
                for part, single in zip(parts, values, strict=True):
                    self._target(part, single)


def _in_body(child: ast.AST, scope: ast.AST) -> bool:
    body = getattr(scope, "body", None)
    return child in body if isinstance(body, list) else child is body
