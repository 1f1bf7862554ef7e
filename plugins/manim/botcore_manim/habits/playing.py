"""``play``, ``wait`` and ``animate``."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Edit, Finding
from botcore_manim.habits.code import called, found, is_self, keyword_of
from botcore_manim.habits.subject import Subject

CODE = "manim_play"

_ROUNDS = 3
"""Repetitions of a loop that has no end."""
_MOBJECTS = ("VMobject", "Mobject")


def check(subject: Subject) -> Iterator[Finding]:
    """What does not play, and what plays for ever."""
    code = subject.code
    for call in code.all(ast.Call):
        if not (isinstance(call.func, ast.Attribute) and is_self(call.func.value)):
            continue
        if call.func.attr == "play":
            yield from _play(subject, call)
        elif call.func.attr == "animate":
            name = Edit(*_attribute(subject, call.func), *code.end(call.func), "play")
            yield found(code, call, CODE, "a scene plays its animations: write self.play", name, sure=True)
        elif call.func.attr in {"wait", "pause"}:
            yield from _wait(subject, call)
        elif call.func.attr == "add" and len(call.args) == 1 and _is_animation(subject, call.args[0]):
            name = Edit(*_attribute(subject, call.func), *code.end(call.func), "play")
            yield found(
                code, call, CODE, "an animation is played, not added: write self.play", name, sure=True
            )
    for statement in code.all(ast.Expr):
        yield from _idle(subject, statement)
    for loop in code.all(ast.While):
        yield from _endless(subject, loop)


def _attribute(subject: Subject, node: ast.Attribute) -> tuple[int, int]:
    line, column = subject.code.end(node)
    return line, column - len(node.attr)


def _is_animation(subject: Subject, node: ast.expr) -> bool:
    return subject.types.is_a(node, "Animation")


def _play(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    code = subject.code
    statement = code.parent(call)
    if not call.args and isinstance(statement, ast.Expr):
        yield found(
            code, call, CODE, "play without an animation: leave it out", code.remove(statement), sure=True
        )
        return
    run_time = keyword_of(call, "run_time")
    if run_time is not None and isinstance(run_time.value, ast.Constant) and run_time.value.value == 0:
        edit = code.without_argument(call, run_time)
        yield found(code, run_time, CODE, "run_time must be more than 0: leave it out", edit, sure=True)
    place = 0
    while place < len(call.args):
        argument = call.args[place]
        if isinstance(argument, ast.Attribute) and _is_mutator(subject, argument):
            taken = place + 1
            while taken < len(call.args) and not _starts(subject, call.args[taken]):
                taken += 1
            yield _method_passed(subject, call.args[place:taken], argument)
            place = taken
            continue
        yield from _argument(subject, call, argument)
        place += 1


def _starts(subject: Subject, node: ast.expr) -> bool:
    """Whether a new animation begins here rather than an argument of the method before."""
    if isinstance(node, ast.Call | ast.Starred):
        return subject.types.one(node) not in {"number", "array"} and called_class(subject, node) != ""
    return isinstance(node, ast.Attribute) and _is_mutator(subject, node)


def called_class(subject: Subject, node: ast.expr) -> str:
    """The class that a call makes an object of, or ``animate``; empty for what makes no animation."""
    if isinstance(node, ast.Starred):
        return "animate"
    if isinstance(node, ast.Call) and any(
        isinstance(part, ast.Attribute) and part.attr == "animate" for part in ast.walk(node.func)
    ):
        return "animate"
    found_ = subject.types.one(node)
    return found_ if subject.index.derives(found_, "Animation") else ""


def _is_mutator(subject: Subject, node: ast.Attribute) -> bool:
    """Whether it is a method that changes a mobject and returns it, of something that may be a mobject."""
    if _is_animated(node):
        return False
    classes = subject.types.of(node.value)
    if any(cls.startswith(".") and node.attr in subject.types.own_members(cls) for cls in classes):
        return False
    if classes and not subject.types.is_a(node.value, "Mobject"):
        return False
    candidates = [subject.types.manim_base(cls) for cls in classes] or list(_MOBJECTS)
    if isinstance(node.value, ast.Name) and is_self(node.value):
        return False
    for cls in candidates:
        member = subject.index.member(cls, node.attr)
        if member is not None and member.function is not None and node.attr not in {"copy", "get_family"}:
            returns = member.function.returns
            return returns in {"Self", "typing.Self"} or (bool(classes) and returns == "None")
    return False


def _is_animated(node: ast.expr) -> bool:
    return any(isinstance(part, ast.Attribute) and part.attr == "animate" for part in ast.walk(node))


def _method_passed(subject: Subject, parts: list[ast.expr], method: ast.Attribute) -> Finding:
    code = subject.code
    arguments = ", ".join(code.segment(part) for part in parts[1:])
    new = f"{code.segment(method.value)}.animate.{method.attr}({arguments})"
    edit = Edit(*code.start(parts[0]), *code.end(parts[-1]), new)
    return found(code, method, CODE, f"play takes no methods any more: write {new}", edit, sure=True)


def _argument(subject: Subject, call: ast.Call, argument: ast.expr) -> Iterator[Finding]:
    code, types = subject.code, subject.types
    if isinstance(argument, ast.Call) and isinstance(argument.func, ast.Attribute):
        root = _root(subject, argument)
        if root is not None:
            shown = f"{code.segment(root)}.animate"
            edit = code.after(root, ".animate")
            message = f"what is done at once cannot be played: write {shown}"
            yield found(code, argument, CODE, message, edit, sure=True)
            return
        yield from _returns_nothing(subject, call, argument)
    if isinstance(argument, ast.List | ast.ListComp | ast.GeneratorExp) or types.one(argument) == "list":
        edits = [code.before(argument, "*")]
        if code.end(argument) == code.end(call):  # a generator alone has the brackets of the call for its own
            edits = [code.before(argument, "(*"), code.after(argument, ")")]
        yield found(
            code, argument, CODE, "play takes animations, not a list of them: put * before it", *edits
        )
    elif types.is_a(argument, "Mobject") and not _is_animated(argument):
        new = f"FadeIn({code.segment(argument)})"
        message = f"a mobject alone is no animation: write {new}"
        yield found(code, argument, CODE, message, code.replace(argument, new), sure=True)
    elif isinstance(argument, ast.Constant) and argument.value is None:
        edit = code.without_argument(call, argument)
        yield found(code, argument, CODE, "None cannot be played: leave it out", edit, sure=True)


def _root(subject: Subject, call: ast.Call) -> ast.expr | None:
    """``a`` in ``a.shift(UP).scale(2)`` when all of these change a mobject that exists already."""
    node: ast.expr = call
    while isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
        if not _is_mutator(subject, node.func):
            return None
        node = node.func.value
    return node if isinstance(node, ast.Name | ast.Attribute | ast.Subscript) and not is_self(node) else None


def _returns_nothing(subject: Subject, call: ast.Call, argument: ast.Call) -> Iterator[Finding]:
    """``self.play(self.helper())`` where the helper plays by itself."""
    code = subject.code
    function, statement = argument.func, code.parent(call)
    cls = code.cls(call)
    if (
        cls is None
        or not (isinstance(function, ast.Attribute) and is_self(function.value))
        or len(call.args) > 1
    ):
        return
    method = next((p for p in cls.body if isinstance(p, ast.FunctionDef) and p.name == function.attr), None)
    if method is None or not isinstance(statement, ast.Expr):
        return
    if not any((isinstance(p, ast.Return) and p.value) or isinstance(p, ast.Yield) for p in ast.walk(method)):
        new = code.segment(argument)
        message = f"{method.name} returns no animation: write {new} alone"
        yield found(code, call, CODE, message, code.replace(call, new), sure=True)


def _wait(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    code, statement = subject.code, subject.code.parent(call)
    if keyword_of(call, "run_time") is not None and not keyword_of(call, "duration") and not call.args:
        keyword = keyword_of(call, "run_time")
        if keyword is not None:
            edit = code.rename_keyword(keyword, "duration")
            yield found(
                code, keyword, CODE, "wait takes its seconds as duration: write wait(…)", edit, sure=True
            )
    first = call.args[0] if call.args else None
    if isinstance(first, ast.Constant) and first.value == 0 and isinstance(statement, ast.Expr):
        message = "wait must last longer than 0 seconds: leave it out"
        yield found(code, call, CODE, message, code.remove(statement), sure=True)


def _idle(subject: Subject, statement: ast.Expr) -> Iterator[Finding]:
    """Statements that say what to do and do nothing."""
    code, value = subject.code, statement.value
    if isinstance(value, ast.Attribute) and is_self(value.value) and value.attr in {"wait", "clear", "pause"}:
        message = f"“self.{value.attr}” alone does nothing: write self.{value.attr}()"
        yield found(code, value, CODE, message, code.after(value, "()"))
    elif isinstance(value, ast.Call) and isinstance(value.func, ast.Attribute) and called(value) != "animate":
        owner = value.func.value
        while isinstance(owner, ast.Call) and isinstance(owner.func, ast.Attribute):
            owner = owner.func.value
        cls = code.cls(statement)
        if not (isinstance(owner, ast.Attribute) and owner.attr == "animate") or is_self(owner.value):
            return
        if cls is not None and subject.is_scene(cls):
            new = f"self.play({code.segment(value)})"
            edits = (code.before(value, "self.play("), code.after(value, ")"))
            yield found(code, value, CODE, f"nothing moves until it is played: write {new}", *edits)


def _endless(subject: Subject, loop: ast.While) -> Iterator[Finding]:
    code = subject.code
    endless = isinstance(loop.test, ast.Constant) and bool(loop.test.value)
    leaves = any(isinstance(part, ast.Break | ast.Return | ast.Raise) for part in ast.walk(loop))
    plays = any(isinstance(part, ast.Call) and called(part) in {"play", "wait"} for part in ast.walk(loop))
    if endless and plays and not leaves:
        line, column = code.start(loop)
        edit = Edit(line, column, *code.end(loop.test), f"for _ in range({_ROUNDS})")
        message = f"this loop never ends, so there is no video: write for _ in range({_ROUNDS})"
        yield found(code, loop, CODE, message, edit)
