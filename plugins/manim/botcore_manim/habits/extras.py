"""Arguments of single classes that changed their meaning, not merely their name."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.habits.code import called, found, keyword_of
from botcore_manim.habits.subject import Subject

CODE = "manim_argument"

_TEXTS = frozenset({"Text", "MathTex", "Tex", "MarkupText", "Title"})
_MAPS = ("LaggedStartMap",)


def check(subject: Subject) -> Iterator[Finding]:
    """One habit after the other, for each call."""
    for call in subject.code.all(ast.Call):
        function = subject.callee(call)
        if function is None:
            continue
        name = function.name
        if name in _TEXTS:
            yield from _text(subject, call, name)
        elif name in _MAPS:
            yield from _swapped(subject, call)
        elif name.endswith("Table"):
            yield from _table(subject, call, name)
        elif name == "add_numbers" and len(call.args) > 1:
            yield from _varargs(subject, call, name)
        elif name == "always_redraw":
            yield from _redraw(subject, call)
        elif name == "DotCloud" and call.args:
            yield from _cloud(subject, call)


def _text(subject: Subject, call: ast.Call, name: str) -> Iterator[Finding]:
    """A number or a list where text is wanted, and styles in small letters."""
    code = subject.code
    for style in ("weight", "slant"):
        keyword = keyword_of(call, style)
        value = keyword.value if keyword is not None else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str) and value.value.islower():
            new = value.value.upper()
            if new in subject.index.names:
                message = f"there is no {style} {code.segment(value)}: write {new}"
                yield found(code, value, CODE, message, code.replace(value, new), sure=True)
    for argument in call.args[: None if name in {"MathTex", "Tex"} else 1]:
        if isinstance(argument, ast.Constant) and isinstance(argument.value, int | float):
            new = f'"{code.segment(argument)}"'
        elif isinstance(argument, ast.List) and name in {"MathTex", "Tex"}:
            new = f"*{code.segment(argument)}"
        elif subject.types.is_number(argument):
            new = f"str({code.segment(argument)})"
        else:
            continue
        message = f"{name} takes text: write {new}"
        yield found(code, argument, CODE, message, code.replace(argument, new), sure=True)


def _swapped(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    code = subject.code
    if len(call.args) < 2:
        return
    first, second = call.args[0], call.args[1]
    animation = subject.types.class_name(second)
    if subject.index.derives(animation, "Animation") and not subject.types.class_name(first):
        new = f"{code.segment(second)}, {code.segment(first)}"
        edits = (code.replace(first, code.segment(second)), code.replace(second, code.segment(first)))
        yield found(
            code, first, CODE, f"LaggedStartMap takes the animation first: write {new}", *edits, sure=True
        )


def _table(subject: Subject, call: ast.Call, name: str) -> Iterator[Finding]:
    code = subject.code
    for label in ("row_labels", "col_labels"):
        keyword = keyword_of(call, label)
        if keyword is not None and subject.types.elements(keyword.value) == {"str"}:
            new = f"[Text(label) for label in {code.segment(keyword.value)}]"
            message = f"{label} are mobjects, not texts: write {new}"
            yield found(code, keyword.value, CODE, message, code.replace(keyword.value, new), sure=True)
    if name != "Table" or not call.args or keyword_of(call, "element_to_mobject"):
        return
    rows = call.args[0]
    row = _row(subject, rows)
    if row is not None and {"number"} & {kind for part in row for kind in subject.types.of(part)}:
        new = f"[[str(entry) for entry in row] for row in {code.segment(rows)}]"
        message = f"Table takes texts: write {new}"
        yield found(code, rows, CODE, message, code.replace(rows, new), sure=True)


def _row(subject: Subject, rows: ast.expr) -> list[ast.expr] | None:
    """The entries of one row, where they can be seen."""
    if isinstance(rows, ast.Name):
        bound = subject.scopes.bindings(rows) or []
        if len(bound) != 1 or bound[0].value is None or bound[0].element:
            return None
        rows = bound[0].value
    if isinstance(rows, ast.List) and rows.elts:
        parts = [part for part in rows.elts if isinstance(part, ast.List | ast.Tuple)]
        return [entry for part in parts for entry in part.elts] if len(parts) == len(rows.elts) else None
    if isinstance(rows, ast.ListComp) and isinstance(rows.elt, ast.List | ast.Tuple):
        return rows.elt.elts
    return None


def _cloud(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    """``DotCloud(points)`` of ManimGL: here it is drawn by OpenGL alone."""
    code, colour = subject.code, keyword_of(call, "color")
    if subject.types.one(call.args[0]) in {"str", "number"} or len(call.args) > 1:
        return
    given = [code.segment(argument) for argument in (call.args[0], colour) if argument is not None]
    new = f"PMobject().add_points({', '.join(given)})"
    yield found(
        code, call, CODE, f"DotCloud is not drawn here: write {new}", code.replace(call, new), sure=True
    )


def _varargs(subject: Subject, call: ast.Call, name: str) -> Iterator[Finding]:
    code = subject.code
    if all(subject.types.is_number(argument) for argument in call.args):
        listed = ", ".join(code.segment(argument) for argument in call.args)
        edits = (code.before(call.args[0], "["), code.after(call.args[-1], "]"))
        yield found(code, call, CODE, f"{name} takes one list: write [{listed}]", *edits, sure=True)


def _redraw(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    code = subject.code
    if call.args and isinstance(call.args[0], ast.Call):
        made = call.args[0]
        if subject.types.is_a(made, "Mobject") and called(made) not in {"partial"}:
            new = f"lambda: {code.segment(made)}"
            message = f"always_redraw takes a function that makes the mobject: write {new}"
            yield found(code, made, CODE, message, code.before(made, "lambda: "), sure=True)
