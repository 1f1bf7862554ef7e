"""The scene itself: its base class, its ``construct``, and what only other scenes can do."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Edit, Finding
from botcore_manim.api import ApiIndex
from botcore_manim.habits.closest import closest
from botcore_manim.habits.code import found, is_self
from botcore_manim.habits.subject import Subject

CODE = "manim_scene"

_CAPABLE = ("ThreeDScene", "MovingCameraScene", "ZoomedScene", "LinearTransformationScene", "VectorScene")
"""Scenes that can do more than a plain one, in the order in which they are tried."""
_SHORT = {"add_fixed_in_frame": "add_fixed_in_frame_mobjects", "fix_in_frame": "add_fixed_in_frame_mobjects"}
_FLAT = frozenset({"Scene", "MovingCameraScene"})
_GONE_METHODS = frozenset({"embed", "interact", "interactive_embed", "checkpoint_paste", "setup_live"})
_MISSPELT = frozenset({"build", "create", "animate", "main", "render_scene", "run", "play_scene", "make"})


def check(subject: Subject) -> Iterator[Finding]:
    """What is wrong with each class that is, or should be, a scene."""
    yield from _bare_construct(subject)
    for cls in subject.code.all(ast.ClassDef):
        construct = _method(cls, "construct")
        if construct is not None and not cls.bases and _plays(cls):
            yield _baseless(subject, cls)
        elif subject.is_scene(cls):
            yield from _broken_base(subject, cls)
            yield from _construct(subject, cls, construct)
            yield from _capability(subject, cls)


def explains(index: ApiIndex, name: str) -> bool:
    """Whether this file tells of a scene that lacks the attribute."""
    return (
        name in _GONE_METHODS
        or name in _SHORT
        or name in {"camera_frame", "frame", "axes"}
        or any(name in index.members(scene) for scene in _CAPABLE)
    )


def _broken_base(subject: Subject, cls: ast.ClassDef) -> Iterator[Finding]:
    code = subject.code
    for base in cls.bases:
        if isinstance(base, ast.Name) and subject.is_manims(base, "SpecialThreeDScene"):
            message = "SpecialThreeDScene does not work in this Manim: write ThreeDScene"
            yield found(code, base, CODE, message, code.replace(base, "ThreeDScene"), sure=True)


def _method(cls: ast.ClassDef, name: str) -> ast.FunctionDef | None:
    return next((p for p in cls.body if isinstance(p, ast.FunctionDef) and p.name == name), None)


def _plays(node: ast.AST) -> bool:
    return any(
        isinstance(part, ast.Attribute) and part.attr in {"play", "add", "wait"} and is_self(part.value)
        for part in ast.walk(node)
    )


def _baseless(subject: Subject, cls: ast.ClassDef) -> Finding:
    code, line = subject.code, subject.code.lines[cls.lineno - 1]
    place = line.index(cls.name, line.index("class") + 5) + len(cls.name)
    rest = line[place:]
    end = place + len(rest) - len(rest.lstrip(" ()")) if rest.lstrip().startswith("(") else place
    edit = Edit(cls.lineno, place, cls.lineno, end, "(Scene)")
    message = f"the class {cls.name} has no base: write class {cls.name}(Scene)"
    return found(code, cls, CODE, message, edit, sure=True)


def _bare_construct(subject: Subject) -> Iterator[Finding]:
    code = subject.code
    functions = [p for p in code.tree.body if isinstance(p, ast.FunctionDef) and p.name == "construct"]
    if code.all(ast.ClassDef) or not functions or not functions[0].args.args:
        return
    function = functions[0]
    edits = [Edit(function.lineno, 0, function.lineno, 0, "class Demo(Scene):\n    ")]
    inside = {
        line
        for node in code.all(ast.Constant)
        if isinstance(node.value, str) and (node.end_lineno or 0) > node.lineno
        for line in range(node.lineno + 1, (node.end_lineno or 0) + 1)
    }
    edits += [
        Edit(line, 0, line, 0, "    ")
        for line in range(function.lineno + 1, (function.end_lineno or function.lineno) + 1)
        if code.lines[line - 1].strip() and line not in inside
    ]
    message = "construct belongs into a class: write class Demo(Scene) above it and indent it"
    yield found(code, function, CODE, message, *edits, sure=True)


def _construct(subject: Subject, cls: ast.ClassDef, construct: ast.FunctionDef | None) -> Iterator[Finding]:
    code = subject.code
    for method in cls.body:
        if isinstance(method, ast.FunctionDef) and not method.args.args and not method.args.posonlyargs:
            if method.decorator_list or method.args.vararg or "self" in code.mentioned - {"self"}:
                continue
            if method.name == "construct" or any(
                is_self(n) for n in ast.walk(method) if isinstance(n, ast.expr)
            ):
                line = code.lines[method.lineno - 1]
                place = line.index("(", line.index(method.name)) + 1
                more = ", " if method.args.kwonlyargs or method.args.kwarg else ""
                edit = Edit(method.lineno, place, method.lineno, place, f"self{more}")
                message = f"{method.name} needs self: write def {method.name}(self)"
                yield found(code, method, CODE, message, edit, sure=True)
    if construct is None and len(cls.bases) == 1 and isinstance(cls.bases[0], ast.Name):
        if subject.types.class_name(cls.bases[0]).startswith("."):
            return
        methods = [p for p in cls.body if isinstance(p, ast.FunctionDef) and _plays(p)]
        near = [m for m in methods if closest("construct", [m.name]) or m.name.lower() in _MISSPELT]
        if len(near) == 1 and near[0].name not in {n.attr for n in code.all(ast.Attribute)}:
            line = code.lines[near[0].lineno - 1]
            place = line.index(near[0].name, line.index("def") + 3)
            edit = Edit(near[0].lineno, place, near[0].lineno, place + len(near[0].name), "construct")
            message = f"what draws the scene must be called construct, not {near[0].name}"
            yield found(code, near[0], CODE, message, edit, sure=True)


def _capability(subject: Subject, cls: ast.ClassDef) -> Iterator[Finding]:
    """Methods of other kinds of scene: the base is exchanged, or the method is named what it is called."""
    code, index = subject.code, subject.index
    base = subject.types.manim_base(f".{cls.name}")
    own = subject.types.own_members(cls.name)
    named = next((b for b in cls.bases if subject.types.class_name(b) == base), None)
    for node in code.within(cls, ast.Attribute):
        if _is_camera_frame(node) and not index.derives(base, "MovingCameraScene") and base == "Scene":
            yield from _other_base(subject, cls, named, "MovingCameraScene", "self.camera.frame", node)
            return
        if not is_self(node.value) or node.attr in own or node.attr in index.members(base):
            continue
        if node.attr in {"camera_frame", "frame"} and base in _FLAT:
            message = f"“self.{node.attr}” is ManimGL: write self.camera.frame in a MovingCameraScene"
            yield found(code, node, CODE, message, code.replace(node, "self.camera.frame"), sure=True)
            continue
        attr = _SHORT.get(node.attr, node.attr)
        capable = next((name for name in _CAPABLE if attr in index.members(name)), None)
        if capable is not None and attr != node.attr and attr in index.members(base):
            message = f"“self.{node.attr}” is called self.{attr}"
            yield found(code, node, CODE, message, code.replace_attribute(node, attr), sure=True)
        elif capable is not None and base in _FLAT and not index.derives(base, capable):
            yield from _other_base(subject, cls, named, capable, f"self.{node.attr}", node)
            return
        elif node.attr in _GONE_METHODS:
            yield from _no_window(subject, node)
    for node in code.within(cls, ast.Attribute):
        if is_self(node.value) and node.attr in _GONE_METHODS - own:
            yield from _no_window(subject, node)


def _no_window(subject: Subject, node: ast.Attribute) -> Iterator[Finding]:
    code, call = subject.code, subject.code.parent(node)
    statement = code.parent(call) if call is not None else None
    if isinstance(call, ast.Call) and isinstance(statement, ast.Expr):
        message = f"“self.{node.attr}” needs a window, and there is none: leave it out"
        yield found(code, node, CODE, message, code.remove(statement), sure=True)


def _is_camera_frame(node: ast.Attribute) -> bool:
    inner = node.value
    return (
        node.attr == "frame"
        and isinstance(inner, ast.Attribute)
        and inner.attr == "camera"
        and is_self(inner.value)
    )


def _other_base(
    subject: Subject, cls: ast.ClassDef, base: ast.expr | None, wanted: str, what: str, at: ast.Attribute
) -> Iterator[Finding]:
    code = subject.code
    message = f"“{what}” works in a {wanted} only: write class {cls.name}({wanted})"
    edits = () if base is None else (code.replace(base, wanted),)
    yield found(code, at, CODE, message, *edits, sure=True)
