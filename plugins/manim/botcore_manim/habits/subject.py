"""What every check is given."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field

from botcore_manim.api import ApiIndex, Callee
from botcore_manim.habits.code import Code
from botcore_manim.habits.scopes import Scopes
from botcore_manim.habits.types import Typing

_DRAWN = frozenset({"set_fill", "set_stroke"})
"""Methods that nothing but a drawn shape has: they tell what their owner is."""


@dataclass(frozen=True, slots=True)
class Subject:
    """A source, its scopes, and what its expressions are."""

    code: Code
    scopes: Scopes
    types: Typing
    _callees: dict[ast.Call, Callee | None] = field(default_factory=dict)

    @classmethod
    def of(cls, text: str, index: ApiIndex, tree: ast.Module | None = None) -> Subject:
        """Raises :class:`~botcore_manim.validators.parsing.Unparsable`."""
        code = Code(text, index, tree)
        scopes = Scopes(code)
        return cls(code, scopes, Typing(code, scopes))

    @property
    def index(self) -> ApiIndex:
        """The installed Manim."""
        return self.code.index

    def is_manims(self, node: ast.expr, name: str) -> bool:
        """Whether the expression is Manim's own ``name`` and no namesake of the source."""
        if isinstance(node, ast.Name):
            bound = self.scopes.bindings(node)
            return node.id == name and (bound is None or all(isinstance(b.at, ast.ImportFrom) for b in bound))
        return (
            isinstance(node, ast.Attribute)
            and node.attr == name
            and isinstance(node.value, ast.Name)
            and (node.value.id in {"manim", "mn", "m"})
        )

    def callee(self, call: ast.Call) -> Callee | None:
        """What is called, where that can be seen: a class of Manim, a function of Manim, or a method of an
        object that is known to be Manim's."""
        if call not in self._callees:
            self._callees[call] = self._callee(call)
        return self._callees[call]

    def _callee(self, call: ast.Call) -> Callee | None:
        function = call.func
        cls = self.types.class_name(function)
        if cls and not cls.startswith("."):
            return self.index.constructor(cls)
        if isinstance(function, ast.Name):
            return self.index.function(function.id) if self.is_manims(function, function.id) else None
        if not isinstance(function, ast.Attribute):
            return None
        owner = function.value
        # the methods of `x.animate` are those of x
        if isinstance(owner, ast.Attribute) and owner.attr == "animate":
            owner = owner.value
        classes = self.types.of(owner)
        if not classes and function.attr in _DRAWN and function.attr not in self.code.defined:
            classes = frozenset({"VMobject"})
        found = {self._method(cls, function.attr) for cls in classes}
        return found.pop() if len(found) == 1 else None

    def _method(self, cls: str, name: str) -> Callee | None:
        if cls.startswith(".") and name in self.types.own_members(cls):
            return None
        member = self.index.member(self.types.manim_base(cls), name)
        return None if member is None else member.function

    def is_scene(self, cls: ast.ClassDef) -> bool:
        """Whether the class derives from a scene of Manim's."""
        return self.index.derives(self.types.manim_base(f".{cls.name}"), "Scene") or any(
            self.index.derives(self.types.class_name(base), "Scene") for base in cls.bases
        )
