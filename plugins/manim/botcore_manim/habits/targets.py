"""Set-ups that an animation needs and that were forgotten: a target, a saved state, an updater's argument."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Edit, Finding
from botcore_manim.habits.code import Code, found
from botcore_manim.habits.subject import Subject

CODE = "manim_setup"

_NEEDS = {"MoveToTarget": ("generate_target", "target"), "Restore": ("save_state", "saved_state")}


def check(subject: Subject) -> Iterator[Finding]:
    """MoveToTarget, Restore, and updaters that take nothing."""
    code = subject.code
    for call in code.all(ast.Call):
        if isinstance(call.func, ast.Name) and call.func.id in _NEEDS and call.args:
            yield from _set_up(code, call, *_NEEDS[call.func.id])
        elif isinstance(call.func, ast.Attribute) and call.func.attr == "add_updater" and call.args:
            yield from _updater(subject, call)


def _set_up(code: Code, call: ast.Call, method: str, attribute: str) -> Iterator[Finding]:
    owner, function = call.args[0], code.function(call)
    if not isinstance(owner, ast.Name | ast.Attribute) or function is None:
        return
    text = code.segment(owner)
    for node in code.all(ast.Attribute):
        # who saves it may be a loop or a helper with another name for it
        if node.attr == method and (code.segment(node.value) == text or code.function(node) is not function):
            return
        if node.attr == attribute and isinstance(node.ctx, ast.Store):
            return
    before = _first_use(code, function, text, attribute) if attribute == "target" else None
    if before is None:
        before = _after_made(code, function, owner, call)
    if before is None:
        return
    message = f"{code.segment(call)} needs {text}.{method}() before it"
    yield found(code, call, CODE, message, code.line_before(before, f"{text}.{method}()"), sure=True)


def _first_use(code: Code, function: ast.FunctionDef, text: str, attribute: str) -> ast.stmt | None:
    uses = [
        node
        for node in code.all(ast.Attribute)
        if node.attr == attribute and code.segment(node.value) == text and code.function(node) is function
    ]
    return code.statement(min(uses, key=code.start)) if uses else None


def _after_made(code: Code, function: ast.FunctionDef, owner: ast.expr, call: ast.Call) -> ast.stmt | None:
    """The first statement that uses it after it was made, at the level of the function's body."""
    text = code.segment(owner)
    body = function.body
    made = -1
    if isinstance(owner, ast.Name):
        for place, statement in enumerate(body):
            if isinstance(statement, ast.Assign) and any(code.segment(t) == text for t in statement.targets):
                made = place
        if made < 0:
            return None
    if made + 1 < len(body) and body[made + 1].lineno <= call.lineno:
        return body[made + 1]
    return None


def _updater(subject: Subject, call: ast.Call) -> Iterator[Finding]:
    code, given = subject.code, call.args[0]
    if isinstance(given, ast.Lambda):
        if not given.args.args and not given.args.vararg:
            line, column = code.start(given)
            edit = Edit(line, column, line, column + len("lambda"), "lambda _")
            yield found(
                code, given, CODE, "an updater is given its mobject: write lambda _: …", edit, sure=True
            )
        return
    if not isinstance(given, ast.Name):
        return
    bound = subject.scopes.bindings(given) or []
    if len(bound) != 1 or not isinstance(bound[0].at, ast.FunctionDef):
        return
    function = bound[0].at
    arguments = function.args
    if arguments.args or arguments.vararg or arguments.posonlyargs or arguments.kwonlyargs:
        return
    calls = [c for c in code.all(ast.Call) if isinstance(c.func, ast.Name) and c.func.id == given.id]
    line_text = code.lines[function.lineno - 1]
    place = line_text.find("()", line_text.find(given.id))
    if calls or place < 0:
        return
    edit = Edit(function.lineno, place + 1, function.lineno, place + 1, "_")
    message = f"an updater is given its mobject: write def {given.id}(_)"
    yield found(code, given, CODE, message, edit, sure=True)
