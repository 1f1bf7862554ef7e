"""NumPy names that are gone, and texts where a function is wanted."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from botcore.model import Finding
from botcore_manim.habits.closest import closest
from botcore_manim.habits.code import found
from botcore_manim.habits.names import import_edit
from botcore_manim.habits.subject import Subject

CODE = "manim_name"

_GONE = {
    "math": "math",
    "float": "float",
    "int": "int",
    "bool": "bool",
    "object": "object",
    "str": "str",
    "product": "np.prod",
    "cumproduct": "np.cumprod",
    "sometrue": "np.any",
    "alltrue": "np.all",
    "round_": "np.round",
    "float_": "np.float64",
    "Inf": "np.inf",
    "Infinity": "np.inf",
    "NaN": "np.nan",
    "trapz": "np.trapezoid",
    "in1d": "np.isin",
    "row_stack": "np.vstack",
}


def check(subject: Subject) -> Iterator[Finding]:
    """Attributes of ``np``, and ``rate_func="smooth"``."""
    code = subject.code
    numpy = subject.index.module("numpy") or frozenset()
    maths = subject.index.module("math") or frozenset()
    wants_math: list[ast.Attribute] = []
    for node in code.all(ast.Attribute):
        if not (isinstance(node.value, ast.Name) and node.value.id in {"np", "numpy"}):
            continue
        if not numpy or node.attr in numpy:
            continue
        if node.attr == "math" or (node.attr not in _GONE and node.attr in maths):
            wants_math.append(node)
            continue
        near = closest(node.attr, numpy)
        new = _GONE.get(node.attr) or (f"np.{near}" if near else None)
        message = f"NumPy has no {node.attr}" + (f": write {new}" if new else "")
        yield found(code, node, CODE, message, *((code.replace(node, new),) if new else ()), sure=True)
    if wants_math:
        edits = [code.replace(n, "math" if n.attr == "math" else f"math.{n.attr}") for n in wants_math]
        if not any(alias.name == "math" for statement in code.all(ast.Import) for alias in statement.names):
            edits.append(import_edit(subject, ["import math"]))
        message = f"NumPy has no {wants_math[0].attr}: import math and write math"
        yield found(code, wants_math[0], CODE, message, *edits, sure=True)
    yield from _rate_functions(subject)


def _rate_functions(subject: Subject) -> Iterator[Finding]:
    code = subject.code
    names = subject.index.module("manim.utils.rate_functions") or frozenset()
    for keyword in code.all(ast.keyword):
        value = keyword.value
        if keyword.arg in {"rate_func", "rate_function"} and isinstance(value, ast.Constant):
            if not isinstance(value.value, str):
                continue
            name = value.value if value.value in names else closest(value.value, names) or "smooth"
            new = name if name in subject.index.names else f"rate_functions.{name}"
            message = f"rate_func takes a function, not a text: write {new}"
            yield found(code, value, CODE, message, code.replace(value, new), sure=True)
