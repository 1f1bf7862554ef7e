"""Drawings that would take longer than anybody waits: surfaces and arrows in space with too many pieces."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.habits.code import Code, arguments, found, keyword_of
from botcore_manim.habits.subject import Subject

CODE = "manim_slow"

_SURFACES = frozenset({"Surface", "Sphere", "Torus", "Cylinder", "Cone", "Dot3D", "Line3D"})
_SIDE = 20
"""Pieces along each side of a surface; 400 of them turn in some seconds."""
_TURNING = frozenset({"begin_ambient_camera_rotation", "move_camera", "Rotating", "Rotate"})
"""With these a surface is drawn anew for every frame."""
_MANY = 4
"""Of an arrow that is one of many."""
_FEW = 3
_TIP = 8
"""Sides of the tip of an arrow when there are so many, or one in a loop."""
_FIELD = 2
"""Loops around an arrow that make a field of it."""


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
        given = len(call.args) > 3 or any(k.arg is None for k in call.keywords)
        if name == "Surface" and not given and code.mentioned & _TURNING:
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
    solid = [arrow for arrow in arrows if _loops(code, arrow) < _FIELD]
    for arrow in arrows:
        if arrow not in solid:
            yield _flat(code, arrow)
    for arrow in solid:
        many = _loops(code, arrow) and not any(k.arg in {"resolution", None} for k in arrow.keywords)
        if many and arguments(arrow):
            last = max(arguments(arrow), key=code.end)
            message = f"many arrows in space take minutes to draw: write resolution={_MANY}"
            yield found(code, arrow, CODE, message, code.after(last, f", resolution={_MANY}"))
    repeated = len(solid) >= _FEW or any(_loops(code, arrow) for arrow in solid)
    function = code.function(solid[0]) if repeated else None
    if function is not None and "set_default" not in code.mentioned:
        new = f"Cone.set_default(resolution=(1, {_TIP}))"
        message = f"the tip of each arrow in space takes seconds to draw: write {new} before it"
        yield found(code, solid[0], CODE, message, code.line_before(function.body[0], new))


def _loops(code: Code, node: ast.AST) -> int:
    """How many loops run around it."""
    around = 0
    for above in code.above(node):
        if isinstance(above, ast.For | ast.While):
            around += 1
        elif isinstance(above, ast.ListComp | ast.GeneratorExp):
            around += len(above.generators)
    return around


def _flat(code: Code, arrow: ast.Call) -> Finding:
    kept = [code.segment(argument) for argument in arrow.args[:2]]
    kept += [code.segment(k) for k in arrow.keywords if k.arg in {"start", "end", "color"}]
    new = f"Arrow({', '.join([*kept, 'buff=0'])})"
    message = f"a whole field of solid arrows takes minutes to draw: write flat ones, {new}"
    return found(code, arrow, CODE, message, code.replace(arrow, new))
