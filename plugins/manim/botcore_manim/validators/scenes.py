"""Is there a scene to draw?"""

from __future__ import annotations

import ast
import asyncio

from botcore.model import Finding, Severity, Source
from botcore_manim.validators.parsing import Unparsable, parse, statements

_CODE = "scene_missing"


class SceneValidator:
    """One error when no class can be the scene, or not the one that was asked for.

    Bases that the code does not define itself are taken on trust: what they are shows when it runs. Code that
    does not parse is left to :class:`~botcore_manim.validators.syntax.SyntaxValidator`.
    """

    async def validate(self, source: Source) -> list[Finding]:
        """See :class:`botcore.ports.Validator`."""
        return await asyncio.to_thread(self._findings, source)

    def _findings(self, source: Source) -> list[Finding]:
        try:
            tree = parse(source.code)
        except Unparsable:
            return []
        classes = {node.name: node for node in statements(tree) if isinstance(node, ast.ClassDef)}
        if not classes:
            return [
                _error("there is no scene: write a class such as “class Demo(Scene)” with a construct method")
            ]
        if source.scene is not None and source.scene not in classes:
            there = ", ".join(list(classes)[:10])
            return [_error(f"there is no scene named {source.scene}; the classes here: {there}")]
        drawable = [name for name, node in classes.items() if node.bases and _has_construct(name, classes)]
        if source.scene in drawable or (source.scene is None and drawable):
            return []
        last = classes[source.scene or list(classes)[-1]]
        if not last.bases:
            return [_error(f"the class {last.name} does not derive from Scene", last)]
        return [_error(f"the scene {last.name} has no construct method", last)]


def _error(message: str, at: ast.ClassDef | None = None) -> Finding:
    return Finding(Severity.ERROR, _CODE, message, at.lineno if at else 0, at.col_offset + 1 if at else 0)


def _has_construct(name: str, classes: dict[str, ast.ClassDef]) -> bool:
    """Whether the class or a base of it in the code defines ``construct``, or a base is not Manim's own."""
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if current in seen:
            continue
        seen.add(current)
        node = classes.get(current)
        if node is None:
            if not current.endswith("Scene"):
                return True
            continue
        if any(isinstance(part, ast.FunctionDef) and part.name == "construct" for part in node.body):
            return True
        waiting += [
            base.attr if isinstance(base, ast.Attribute) else getattr(base, "id", "Scene")
            for base in node.bases
        ]
    return False
