"""Drawings that would take longer than anybody waits: surfaces and arrows in space with too many pieces."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.habits.code import arguments, found, keyword_of
from botcore_manim.habits.subject import Subject

CODE = "manim_slow"

_SURFACES = frozenset({"Surface", "Sphere", "Torus", "Cylinder", "Cone", "Dot3D", "Line3D"})
_SIDE = 20
"""Pieces along each side of a surface; 400 of them turn in some seconds."""
_MANY = 4
"""Of an arrow that is one of many."""
_FEW = 3
_TIPS = "Cone.set_default(resolution=(1, 6))"
_LOOPS = (ast.For, ast.While, ast.ListComp, ast.GeneratorExp)


def check(subject: Subject) -> Iterator[Finding]:
    """Resolutions that are too high, and arrows in loops without one."""
    for call in subject.code.all(ast.Call):
        function = subject.callee(call)
        if function is None:
            continue
        if function.name in _SURFACES:
            yield from _surface(subject, call, function.name)
    yield from _arrows(subject)


def _surface(subject: Subject, call: ast.Call, name: str) -> Iterator[Finding]:
    code, keyword = subject.code, keyword_of(call, "resolution")
    if keyword is None:
        if name == "Surface" and not any(k.arg is None for k in call.keywords) and len(call.args) < 4:
            new = f"resolution=({_SIDE}, {_SIDE})"
            message = f"a surface of 32 × 32 pieces takes long to draw: write {new}"
            last = max(arguments(call), key=code.end, default=None)
            if last is not None:
                yield found(code, call, CODE, message, code.after(last, f", {new}"))
        return
    value = keyword.value
    sides = value.elts if isinstance(value, ast.Tuple | ast.List) else [value]
    numbers = [n.value for n in sides if isinstance(n, ast.Constant) and isinstance(n.value, int)]
    if len(numbers) != len(sides) or not numbers or max(numbers) <= _SIDE:
        return
    lower = [str(min(number, _SIDE)) for number in numbers]
    new = f"({', '.join(lower)})" if len(lower) > 1 else lower[0]
    message = f"a resolution of {code.segment(value)} takes minutes to draw: write {new}"
    yield found(code, value, CODE, message, code.replace(value, new))


def _arrows(subject: Subject) -> Iterator[Finding]:
    """The tip of an arrow in space is a cone of 1024 pieces, whatever the arrow's resolution."""
    code = subject.code
    arrows = [c for c in code.all(ast.Call) if subject.types.class_name(c.func) == "Arrow3D"]
    many = [arrow for arrow in arrows if any(isinstance(above, _LOOPS) for above in code.above(arrow))]
    if not many and len(arrows) < _FEW:
        return
    for arrow in many:
        if not any(k.arg in {"resolution", None} for k in arrow.keywords) and arguments(arrow):
            last = max(arguments(arrow), key=code.end)
            message = f"many arrows in space take minutes to draw: write resolution={_MANY}"
            yield found(code, arrow, CODE, message, code.after(last, f", resolution={_MANY}"))
    function = code.function(arrows[0])
    if "set_default" not in code.mentioned and function is not None:
        message = f"the tips of so many arrows take minutes to draw: write {_TIPS} before them"
        yield found(code, arrows[0], CODE, message, code.line_before(function.body[0], _TIPS))
