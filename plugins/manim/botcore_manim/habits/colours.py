"""Colours written in a way that Manim does not read."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.habits.closest import closest
from botcore_manim.habits.code import found
from botcore_manim.habits.palette import NAMED
from botcore_manim.habits.subject import Subject

CODE = "manim_colour"

_KEYWORDS = frozenset(
    [
        "color",
        "fill_color",
        "stroke_color",
        "background_stroke_color",
        "checkerboard_colors",
        "sheen_color",
        "line_color",
        "background_color",
        "dot_color",
    ]
)
_METHODS = frozenset({"set_color", "set_fill", "set_stroke", "set_color_by_gradient"})
_HOLDERS = frozenset({"Color", "Colors", "COLORS", "Colours", "ManimColor", "Colour"})
_HEX = re.compile(r"(?:[0-9A-Fa-f]{6}|[0-9A-Fa-f]{8})\Z")
_GOOD = re.compile(r"(?:#|0x)[0-9A-Fa-f]{3,8}\Z")


def check(subject: Subject) -> Iterator[Finding]:
    """Texts, tuples of bytes, and attributes of what is no palette."""
    code = subject.code
    for call in code.all(ast.Call):
        for keyword in call.keywords:
            if keyword.arg in _KEYWORDS:
                yield from _value(subject, keyword.value)
        if isinstance(call.func, ast.Attribute) and call.func.attr in _METHODS:
            for argument in call.args[: None if call.func.attr == "set_color_by_gradient" else 1]:
                yield from _value(subject, argument)
    for listed in code.all(ast.List):
        texts = [e for e in listed.elts if isinstance(e, ast.Constant) and isinstance(e.value, str)]
        if any(_GOOD.match(str(text.value)) for text in texts):
            for text in texts:
                if _HEX.match(str(text.value)):
                    yield from _value(subject, text)
    for node in code.all(ast.Attribute):
        owner = node.value
        if isinstance(owner, ast.Name) and owner.id in _HOLDERS and isinstance(node.ctx, ast.Load):
            colour = _named(subject, node.attr)
            foreign = subject.scopes.is_undefined(owner) or owner.id == "ManimColor"
            if foreign and colour and node.attr.isupper():
                message = f"there is no {code.segment(node)}: write {colour}"
                yield found(code, node, CODE, message, code.replace(node, colour), sure=True)


def _named(subject: Subject, name: str) -> str | None:
    """How to write a colour of this name."""
    word = re.sub(r"[ \-]+", "_", name.strip()).upper()
    if subject.index.names.get(word) == "colour":
        return word
    word = word.replace("GRAY", "GREY")
    if subject.index.names.get(word) == "colour":
        return word
    for candidate in (word, word.replace("_", "")):
        if candidate in NAMED:
            new = NAMED[candidate]
            return f'"{new}"' if new.startswith("#") else new
    colours = [n for n, kind in subject.index.names.items() if kind == "colour"]
    return closest(word, colours)


def _value(subject: Subject, node: ast.expr) -> Iterator[Finding]:
    code = subject.code
    if isinstance(node, ast.List):
        for part in node.elts:
            yield from _value(subject, part)
    elif isinstance(node, ast.Constant) and isinstance(node.value, str):
        if _GOOD.match(node.value) or subject.index.names.get(node.value.upper()) == "colour":
            return
        new = f'"#{node.value}"' if _HEX.match(node.value) else _named(subject, node.value)
        if new is None:
            yield found(code, node, CODE, f"{code.segment(node)} is no colour that Manim knows")
            return
        message = f"{code.segment(node)} is no colour that Manim knows: write {new}"
        yield found(code, node, CODE, message, code.replace(node, new), sure=True)
    elif isinstance(node, ast.Tuple) and len(node.elts) == 3:
        parts = [p.value for p in node.elts if isinstance(p, ast.Constant) and isinstance(p.value, int)]
        if len(parts) == 3 and max(parts) > 1 and max(parts) < 256:
            new = '"#{:02X}{:02X}{:02X}"'.format(*parts)
            message = f"the parts of a colour go from 0 to 1: write {new}"
            yield found(code, node, CODE, message, code.replace(node, new))
