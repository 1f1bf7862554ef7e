"""Points with two coordinates, and lists where points are wanted one by one."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Edit, Finding
from botcore_manim.api import Callee, Parameter
from botcore_manim.habits.code import found
from botcore_manim.habits.subject import Subject

CODE = "manim_point"

_DIRECTIONS = frozenset({"UP", "DOWN", "LEFT", "RIGHT", "UL", "UR", "DL", "DR", "ORIGIN", "IN", "OUT"})
_FLAT = frozenset({"Vector", "c2p", "coords_to_point", "Matrix"})
"""They take two coordinates."""
_LISTS = frozenset({"set_points_as_corners", "set_points_smoothly", "add_points_as_corners"})
_ENDS = {"Arrow": ("start", "end"), "Line": ("start", "end"), "DashedLine": ("start", "end"),
         "DoubleArrow": ("start", "end"), "CurvedArrow": ("start_point", "end_point"),
         "CurvedDoubleArrow": ("start_point", "end_point"), "ArcBetweenPoints": ("start", "end")}  # fmt: skip
"""Those that hand their ends on."""


_MOST_USES = 50
"""Of one name; who reads it more often is left alone."""
_FIELDS = frozenset({"VectorField", "ArrowVectorField", "StreamLines"})


def check(subject: Subject) -> Iterator[Finding]:
    """Every argument that must be a place in space, and what the function of a vector field returns."""
    told: set[tuple[int, int]] = set()
    for finding in _all(subject):
        if (finding.line, finding.column) not in told:
            told.add((finding.line, finding.column))
            yield finding


def _all(subject: Subject) -> Iterator[Finding]:
    for call in subject.code.all(ast.Call):
        function = subject.callee(call)
        if function is not None and function.name in _FIELDS and call.args:
            yield from _field(subject, call.args[0], function.name)
        name = function.name if function is not None else _method(subject, call)
        if not name or name in _FLAT:
            continue
        if name == "move_to" and len(call.args) == 2 and all(subject.types.is_number(a) for a in call.args):
            yield _two_numbers(subject, call)
            continue
        if name in _LISTS and call.args and isinstance(call.args[0], ast.List | ast.Tuple):
            for point in call.args[0].elts:
                yield from _place(subject, point, name)
            continue
        for argument, star in _places(subject, call, function, name):
            if star and len(call.args) == 1 and _is_list_of_points(subject, argument):
                new = f"*{subject.code.segment(argument)}"
                message = f"{name} takes its points one by one: write {name}({new}, …)"
                edit = subject.code.before(argument, "*")
                yield found(subject.code, argument, CODE, message, edit, sure=True)
            else:
                yield from _place(subject, argument, name)


def _field(subject: Subject, given: ast.expr, name: str) -> Iterator[Finding]:
    """A field is added to points of three coordinates: each vector of it needs three."""
    bound = subject.scopes.bindings(given) or [] if isinstance(given, ast.Name) else []
    made = bound[0].at if len(bound) == 1 else None
    if isinstance(given, ast.Lambda):
        yield from _place(subject, given.body, name)
    elif isinstance(made, ast.FunctionDef):
        for node in subject.code.all(ast.Return):
            if node.value is not None and subject.code.function(node) is made:
                yield from _place(subject, node.value, name)


def _method(subject: Subject, call: ast.Call) -> str:
    """The name of a method that only mobjects have, of something that is not known."""
    function = call.func
    if not isinstance(function, ast.Attribute) or subject.types.of(function.value):
        return ""
    return function.attr if function.attr in {"move_to", "shift", "next_to", *_LISTS} else ""


def _places(
    subject: Subject, call: ast.Call, function: Callee | None, name: str
) -> Iterator[tuple[ast.expr, bool]]:
    if function is None:
        function = _mobject_method(subject, name)
    if function is None:
        return
    by_name = {p.name: p for p in function.parameters}
    positional = function.positional
    ends = _ENDS.get(name, ())
    for place, argument in enumerate(call.args):
        if isinstance(argument, ast.Starred):
            return
        parameter: Parameter | None = positional[min(place, len(positional) - 1)] if positional else None
        if place < len(ends):
            yield argument, False
        elif parameter is None or parameter.holds != "place":
            continue
        elif place < len(positional) or parameter.kind == "*":
            yield argument, parameter.kind == "*"
    for keyword in call.keywords:
        named = by_name.get(keyword.arg or "")
        if (named is not None and named.holds == "place") or keyword.arg in {
            *ends,
            "about_point",
            "arc_center",
        }:
            yield keyword.value, False


def _mobject_method(subject: Subject, name: str) -> Callee | None:
    member = subject.index.member("VMobject", name)
    return None if member is None else member.function


def _two_numbers(subject: Subject, call: ast.Call) -> Finding:
    code = subject.code
    x, y = (code.segment(argument) for argument in call.args)
    new = f"[{x}, {y}, 0]"
    edit = Edit(*code.start(call.args[0]), *code.end(call.args[1]), new)
    return found(code, call, CODE, f"move_to takes one point: write move_to({new})", edit, sure=True)


def _place(subject: Subject, node: ast.expr, name: str) -> Iterator[Finding]:
    code = subject.code
    node = _named(subject, node)
    pair = _pair(node)
    if pair is not None:
        new = ", 0" if not code.segment(node).rstrip("]) ").endswith(",") else " 0"
        point = f"[{code.segment(pair[0])}, {code.segment(pair[1])}, 0]"
        message = f"{name} needs a point of three coordinates: write {point}"
        yield found(code, node, CODE, message, code.after(pair[1], new), sure=True)
    elif isinstance(node, ast.Constant) and str(node.value).upper() in _DIRECTIONS:
        new = str(node.value).upper()
        yield found(
            code, node, CODE, f"{name} needs a direction: write {new}", code.replace(node, new), sure=True
        )


def _named(subject: Subject, node: ast.expr) -> ast.expr:
    """What a name stands for when it is a pair that nothing takes apart again; else the node itself."""
    bound = subject.scopes.bindings(node) or [] if isinstance(node, ast.Name) else []
    if len(bound) != 1 or bound[0].element or bound[0].value is None or _pair(bound[0].value) is None:
        return node
    uses = subject.scopes.uses(node.id) if isinstance(node, ast.Name) else []
    if len(uses) > _MOST_USES or not all(_is_place(subject, use) for use in uses):
        return node
    return bound[0].value


def _is_place(subject: Subject, use: ast.Name) -> bool:
    """Whether a third coordinate does no harm where the name is read."""
    holder = subject.code.parent(use)
    if isinstance(holder, ast.Call):
        return _takes_points(subject, holder)
    return isinstance(holder, ast.keyword | ast.Subscript)


def _takes_points(subject: Subject, call: ast.Call) -> bool:
    """Whether it is a call of Manim's that does not count coordinates."""
    function = subject.callee(call)
    name = function.name if function is not None else _method(subject, call)
    return bool(name) and name not in _FLAT


def _pair(node: ast.expr) -> list[ast.expr] | None:
    """Two numbers written out as a tuple, a list or an array."""
    if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "array":
        if len(node.args) != 1 or node.keywords:
            return None
        node = node.args[0]
    if not isinstance(node, ast.Tuple | ast.List) or len(node.elts) != 2:
        return None
    more = any(isinstance(part, ast.Starred) or _is_point(part) for part in node.elts)
    return None if more else node.elts


def _is_point(node: ast.expr) -> bool:
    """Whether it is more than a number, as far as can be seen."""
    if isinstance(node, ast.List | ast.Tuple):
        return True
    names = {part.id for part in ast.walk(node) if isinstance(part, ast.Name)}
    return bool(names & _DIRECTIONS)


def _is_list_of_points(subject: Subject, node: ast.expr) -> bool:
    if isinstance(node, ast.List | ast.Tuple):
        return len(node.elts) > 2 and all(isinstance(p, ast.List | ast.Tuple | ast.Call) for p in node.elts)
    return subject.types.one(node) == "list"
