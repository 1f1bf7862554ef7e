"""Pictures and sounds from files: there are none where scenes are drawn."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import PurePosixPath

from botcore.model import Finding
from botcore_manim.habits.code import found, is_self
from botcore_manim.habits.subject import Subject

CODE = "manim_asset"

_PICTURES = {"ImageMobject": 3.0, "SVGMobject": 2.0}
"""Height of the frame that is drawn in place of one."""
_NAME = re.compile(r"[^\w ]+")


def check(subject: Subject) -> Iterator[Finding]:
    """A picture becomes a frame with its name, a sound is left out."""
    code = subject.code
    for call in code.all(ast.Call):
        function = call.func
        if isinstance(function, ast.Attribute) and function.attr == "add_sound" and is_self(function.value):
            statement = code.parent(call)
            if isinstance(statement, ast.Expr) and call.args and isinstance(call.args[0], ast.Constant):
                message = (
                    f"there is no file {code.segment(call.args[0])} where scenes are drawn: leave it out"
                )
                yield found(code, call, CODE, message, code.remove(statement), sure=True)
        elif isinstance(function, ast.Name) and function.id in _PICTURES:
            yield from _picture(subject, call, function)


def _picture(subject: Subject, call: ast.Call, function: ast.Name) -> Iterator[Finding]:
    code = subject.code
    named = [k.value for k in call.keywords if k.arg in {"file_name", "filename_or_array"}]
    file = next(iter([*call.args, *named]), None)
    if not (isinstance(file, ast.Constant) and isinstance(file.value, str)):
        return
    if not subject.is_manims(function, function.id):
        return
    name = _NAME.sub(" ", PurePosixPath(file.value).stem).replace("_", " ").strip() or "picture"
    height = _PICTURES[function.id]
    frame = f"RoundedRectangle(corner_radius=0.2, width={height * 1.4:g}, height={height:g})"
    new = f'VGroup({frame}, Text("{name}", font_size=28))'
    message = f"there is no file {code.segment(file)} where scenes are drawn: draw it, or write {new}"
    yield found(code, call, CODE, message, code.replace(call, new), sure=True)
