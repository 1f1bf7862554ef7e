"""Calls of things that are gone and were not merely renamed: their arguments changed too."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from botcore.model import Finding
from botcore_manim.habits.code import Code, found, keyword_of
from botcore_manim.habits.subject import Subject

CODE = "manim_name"


def _shifted(animation: str, sign: str, otherwise: str) -> Callable[[Code, ast.Call], str | None]:
    """``FadeInFrom(m, LEFT)`` as ``FadeIn(m, shift=-(LEFT))``."""

    def write(code: Code, call: ast.Call) -> str | None:
        if not call.args:
            return None
        direction = otherwise
        named = keyword_of(call, "direction")
        given = named.value if named is not None else call.args[1] if len(call.args) > 1 else None
        if given is not None:
            direction = code.segment(given)
        rest = [code.segment(k) for k in call.keywords if k.arg not in {"direction", "shift"}]
        shift = f"{sign}{direction}" if not sign or direction.isidentifier() else f"{sign}({direction})"
        return f"{animation}({', '.join([code.segment(call.args[0]), f'shift={shift}', *rest])})"

    return write


def _with(animation: str, keyword: str, otherwise: str) -> Callable[[Code, ast.Call], str | None]:
    """``FadeInFromLarge(m, 3)`` as ``FadeIn(m, scale=3)``."""

    def write(code: Code, call: ast.Call) -> str | None:
        if not call.args:
            return None
        value = code.segment(call.args[1]) if len(call.args) > 1 else otherwise
        named = [k for k in call.keywords if k.arg in {"scale_factor", "point", "scale"}]
        if named:
            value = code.segment(named[0].value)
        if not value:
            return None
        rest = [code.segment(k) for k in call.keywords if k not in named]
        return f"{animation}({', '.join([code.segment(call.args[0]), f'{keyword}={value}', *rest])})"

    return write


def _sign(text: str, colour: str) -> Callable[[Code, ast.Call], str | None]:
    def write(code: Code, call: ast.Call) -> str | None:
        rest = [code.segment(k) for k in call.keywords]
        if not any(k.arg == "color" for k in call.keywords):
            rest.append(f"color={colour}")
        return f"Text({', '.join([repr(text), *rest])})".replace("'", '"')

    return write


def _circled(code: Code, call: ast.Call) -> str | None:
    if not call.args:
        return None
    return f"Circumscribe({', '.join([code.segment(call.args[0]), 'shape=Circle'])})"


_CALLS: dict[str, Callable[[Code, ast.Call], str | None]] = {
    "FadeInFrom": _shifted("FadeIn", "-", "DOWN"),
    "FadeInFromDown": _shifted("FadeIn", "", "UP"),
    "FadeInFromUp": _shifted("FadeIn", "", "DOWN"),
    "FadeInFromLeft": _shifted("FadeIn", "", "RIGHT"),
    "FadeInFromRight": _shifted("FadeIn", "", "LEFT"),
    "FadeInUp": _shifted("FadeIn", "", "UP"),
    "FadeInDown": _shifted("FadeIn", "", "DOWN"),
    "FadeInLeft": _shifted("FadeIn", "", "LEFT"),
    "FadeInRight": _shifted("FadeIn", "", "RIGHT"),
    "FadeInAndShift": _shifted("FadeIn", "", "DOWN"),
    "FadeInAndShiftFrom": _shifted("FadeIn", "-", "DOWN"),
    "FadeOutAndShift": _shifted("FadeOut", "", "DOWN"),
    "FadeOutAndShiftDown": _shifted("FadeOut", "", "DOWN"),
    "FadeOutAndShiftUp": _shifted("FadeOut", "", "UP"),
    "FadeOutDown": _shifted("FadeOut", "", "DOWN"),
    "FadeOutUp": _shifted("FadeOut", "", "UP"),
    "FadeInFromLarge": _with("FadeIn", "scale", "2"),
    "FadeInFromSmall": _with("FadeIn", "scale", "0.5"),
    "FadeInFromPoint": _with("FadeIn", "target_position", ""),
    "FadeOutToPoint": _with("FadeOut", "target_position", ""),
    "CircleIndicate": _circled,
    "Checkmark": _sign("✓", "GREEN"),
    "CheckMark": _sign("✓", "GREEN"),
    "Exmark": _sign("✗", "RED"),
    "XMark": _sign("✗", "RED"),
}


def check(subject: Subject) -> Iterator[Finding]:
    """Calls that are written otherwise now."""
    code = subject.code
    for call in code.all(ast.Call):
        if not isinstance(call.func, ast.Name) or call.func.id not in _CALLS:
            continue
        if not subject.scopes.is_undefined(call.func) or any(k.arg is None for k in call.keywords):
            continue
        new = _CALLS[call.func.id](code, call)
        if new is not None:
            message = f"“{call.func.id}” is not part of Manim {subject.index.version}: write {new}"
            yield found(code, call, CODE, message, code.replace(call, new), sure=True)


NAMES = frozenset(_CALLS)
"""Names that this file mends when they are called."""
