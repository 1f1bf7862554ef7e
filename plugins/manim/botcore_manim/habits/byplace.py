"""Arguments given by place where the installed Manim has another one there."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.api import Callee
from botcore_manim.habits.code import found, keyword_of
from botcore_manim.habits.subject import Subject

CODE = "manim_argument"

_DIRECTIONS = frozenset({"UP", "DOWN", "LEFT", "RIGHT", "UL", "UR", "DL", "DR", "IN", "OUT"})
_RECTANGLES = frozenset({"Rectangle", "RoundedRectangle"})
_COLOURS_TOO = frozenset({"VGroup", "Group", "VDict", "set_color_by_gradient", "interpolate_color"})
"""They may be given colours at any place."""


def check(subject: Subject) -> Iterator[Finding]:
    """Colours, directions and sizes that stand in the place of something else."""
    for call in subject.code.all(ast.Call):
        if not call.args or any(isinstance(argument, ast.Starred) for argument in call.args):
            continue
        function = subject.callee(call)
        if function is None:
            continue
        if function.name in {"FadeIn", "FadeOut"}:
            yield from _shift(subject, call, function)
        elif function.name in _RECTANGLES:
            yield from _sides(subject, call, function)
        if function.name not in _COLOURS_TOO:
            yield from _colour(subject, call, function)


def _colour(subject: Subject, call: ast.Call, function: Callee) -> Iterator[Finding]:
    """``Circle(BLUE)``: the radius comes first."""
    code, places, last = subject.code, function.positional, call.args[-1]
    if "color" not in function.likely or keyword_of(call, "color") or not places:
        return
    parameter = places[min(len(call.args), len(places)) - 1]
    if parameter.holds != "colour" and _is_colour(subject, last):
        message = f"{function.name} takes its colour by name: write color={code.segment(last)}"
        yield found(code, last, CODE, message, code.before(last, "color="), sure=True)


def _is_colour(subject: Subject, node: ast.expr) -> bool:
    return (
        isinstance(node, ast.Name)
        and subject.index.names.get(node.id) == "colour"
        and subject.scopes.bindings(node) is None
    )


def _shift(subject: Subject, call: ast.Call, function: Callee) -> Iterator[Finding]:
    """``FadeIn(m, UP)`` of ManimGL."""
    code, last = subject.code, call.args[-1]
    names = {part.id for part in ast.walk(last) if isinstance(part, ast.Name)}
    if len(call.args) < 2 or keyword_of(call, "shift") or not names or not names <= _DIRECTIONS:
        return
    message = f"{function.name} takes its direction by name: write shift={code.segment(last)}"
    yield found(code, last, CODE, message, code.before(last, "shift="), sure=True)


def _is_length(subject: Subject, node: ast.expr) -> bool:
    """A number, or a product or a quotient: no colour is written so."""
    return subject.types.is_number(node) or (
        isinstance(node, ast.BinOp) and isinstance(node.op, ast.Mult | ast.Div | ast.Sub | ast.Pow)
    )


def _sides(subject: Subject, call: ast.Call, function: Callee) -> Iterator[Finding]:
    """``Rectangle(4, 2)``: the colour comes first."""
    code = subject.code
    if len(call.args) > 2 or not all(_is_length(subject, argument) for argument in call.args):
        return
    if {"width", "height", None} & {keyword.arg for keyword in call.keywords}:
        return
    if function.positional[0].holds != "colour":
        return
    pairs = list(zip(("width", "height"), call.args, strict=False))
    new = ", ".join(f"{name}={code.segment(argument)}" for name, argument in pairs)
    edits = [code.before(argument, f"{name}=") for name, argument in pairs]
    yield found(code, call, CODE, f"{function.name} takes its sides by name: write {new}", *edits)
