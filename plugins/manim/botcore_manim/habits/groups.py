"""Groups of what cannot be grouped that way."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.habits.code import found, is_self
from botcore_manim.habits.subject import Subject

CODE = "manim_group"

_UNSTARRED = frozenset({"FadeOut", "FadeIn", "Group", "Union", "Intersection", "remove", "bring_to_front",
                        "bring_to_back", "add_foreground_mobjects", "add_fixed_in_frame_mobjects",
                        "add_fixed_orientation_mobjects"})  # fmt: skip
_NO_SHAPES = frozenset({"ImageMobject", "Group", "PMobject", "PGroup", "ImageMobjectFromCamera",
                        "ValueTracker", "ComplexValueTracker"})  # fmt: skip


def check(subject: Subject) -> Iterator[Finding]:
    """VGroup with pictures, texts or animations; lists where mobjects are wanted."""
    code = subject.code
    for call in code.all(ast.Call):
        function = subject.callee(call)
        if function is None:
            continue
        if function.name == "VGroup":
            yield from _vgroup(subject, call)
        elif function.name in _UNSTARRED:
            yield from _list(subject, call, function.name)
        elif function.name == "add" and isinstance(call.func, ast.Attribute):
            yield from _added(subject, call, call.func)
            if not subject.types.is_a(call.func.value, "VDict"):
                yield from _list(subject, call, function.name)
    for call in code.all(ast.Call):
        yield from _index(subject, call)


def _list(subject: Subject, call: ast.Call, name: str) -> Iterator[Finding]:
    code = subject.code
    for argument in call.args:
        if _is_mobjects(argument) or subject.types.one(argument) == "list":
            message = f"{name} takes mobjects, not a list of them: put * before it"
            yield found(code, argument, CODE, message, code.before(argument, "*"), sure=True)


def _is_mobjects(node: ast.expr) -> bool:
    return isinstance(node, ast.Attribute) and node.attr == "mobjects" and is_self(node.value)


def _is_no_vmobject(subject: Subject, node: ast.expr) -> bool:
    if isinstance(node, ast.Starred):
        # all that is on screen: shapes as a rule
        return _is_mobjects(node.value) and bool(subject.code.mentioned & _NO_SHAPES)
    classes = {subject.types.manim_base(cls) for cls in subject.types.of(node)}
    return bool(classes) and all(
        subject.index.derives(cls, "Mobject")
        and not subject.index.derives(cls, "VMobject")
        and not subject.index.derives(cls, "ValueTracker")
        for cls in classes
    )


def _vgroup(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    code = subject.code
    if any(_is_no_vmobject(subject, argument) for argument in call.args):
        message = "a VGroup holds drawn shapes alone: write Group, which holds pictures and other groups too"
        yield found(code, call, CODE, message, code.replace(call.func, "Group"), sure=True)
        return
    for argument in call.args:
        if isinstance(argument, ast.Constant):
            edit = code.without_argument(call, argument)
            message = f"{code.segment(argument)} is no mobject: leave it out of the group"
            if isinstance(argument.value, str) and argument.value.strip():
                edit = code.replace(argument, f"Text({code.segment(argument)})")
                message = f"a text is no mobject yet: write Text({code.segment(argument)})"
            yield found(code, argument, CODE, message, edit, sure=True)


def _added(subject: Subject, call: ast.Call, function: ast.Attribute) -> Iterator[Finding]:
    if subject.types.one(function.value) != "VGroup":
        return
    if any(_is_no_vmobject(subject, a) for a in call.args) and isinstance(function.value, ast.Name):
        bound = subject.scopes.bindings(function.value) or []
        made = bound[0].value if len(bound) == 1 else None
        if isinstance(made, ast.Call) and not made.args:
            message = (
                "a VGroup holds drawn shapes alone: write Group, which holds pictures and other groups too"
            )
            yield found(
                subject.code, made, CODE, message, subject.code.replace(made.func, "Group"), sure=True
            )


def _index(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    """``formula[3]`` of a formula that was given in one piece: its signs are in ``formula[0]``."""
    code = subject.code
    if (
        not isinstance(call.func, ast.Name)
        or not subject.is_manims(call.func, "MathTex")
        or len(call.args) != 1
    ):
        return
    text, statement = call.args[0], code.parent(call)
    if not (isinstance(text, ast.Constant) and isinstance(text.value, str)) or "{{" in text.value:
        return
    if any(k.arg in {"substrings_to_isolate", "tex_to_color_map", None} for k in call.keywords):
        return
    if not (isinstance(statement, ast.Assign) and isinstance(statement.targets[0], ast.Name)):
        return
    name = statement.targets[0]
    for node in code.all(ast.Subscript):
        if not (isinstance(node.value, ast.Name) and node.value.id == name.id):
            continue
        bound = subject.scopes.bindings(node.value) or []
        index = node.slice
        if (
            len(bound) == 1
            and isinstance(index, ast.Constant)
            and isinstance(index.value, int)
            and index.value > 0
        ):
            new = f"{name.id}[0]"
            message = f"{name.id} is one piece: its signs are {new}[0], {new}[1] and so on"
            yield found(code, node, CODE, message, code.replace(node.value, new), sure=True)
