"""SymPy → LaTeX, → a line of plain text, → Python code of a curve."""

from __future__ import annotations

import re
from typing import Any

from botcore_solver.lazy import sp

_SETTINGS = {"ln_notation": True, "inv_trig_style": "full", "fold_short_frac": False, "mul_symbol": None}


def tex(expression: Any) -> str:
    """LaTeX of an expression, an equation or a number."""
    return str(sp.latex(expression, **_SETTINGS))


def flat(expression: Any) -> str:
    """LaTeX for a label: fractions on one line."""
    return str(sp.latex(expression, **{**_SETTINGS, "fold_short_frac": True}))


def tex_factor(expression: Any) -> str:
    """LaTeX that can stand as a factor: bracketed where it is a sum or starts with a minus."""
    text = tex(expression)
    return rf"\left({text}\right)" if expression.is_Add or text.startswith("-") else text


def signed(expression: Any) -> str:
    """LaTeX with its sign in front, to be appended to something: ``+ 3`` or ``- 3``."""
    text = tex(expression)
    return f"- {text[1:].lstrip()}" if text.startswith("-") else f"+ {text}"


def in_brackets(expression: Any) -> str:
    """LaTeX, bracketed when it starts with a minus or is a sum."""
    return tex_factor(expression)


def plain(expression: Any) -> str:
    """A line of text for people: ``x^2 - 3/2``, ``2√5``."""
    text = str(expression)
    text = re.sub(
        r"\bexp\(([^()]+)\)",
        lambda e: f"e^{e.group(1)}" if len(e.group(1)) == 1 else f"e^({e.group(1)})",
        text,
    )
    text = re.sub(r"\bsqrt\((\w+)\)", r"√\1", text).replace("sqrt(", "√(")
    text = text.replace("**", "^").replace("log(", "ln(").replace("oo", "∞")
    text = re.sub(r"\bE\b", "e", re.sub(r"\bpi\b", "π", re.sub(r"\bI\b", "i", text)))
    text = re.sub(r"(?<=[0-9])\*(?=[A-Za-z√π(])", "", text)
    return text.replace("*", "·").replace("-", "−")


def decimal(value: Any, digits: int = 4) -> str:
    """A rounded decimal for ``\\approx``, without trailing zeros."""
    text = f"{float(value):.{digits}f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def code(expression: Any) -> str:
    """Python code with the names that the lesson kit offers (``sin``, ``sqrt``, ``pi``, ``e`` …)."""
    return str(_printer().doprint(expression))


def _printer() -> Any:
    from sympy.printing.pycode import PythonCodePrinter

    class _Code(PythonCodePrinter):  # type: ignore[misc]  # SymPy is untyped for mypy
        def _print_cot(self, e: Any) -> str:
            return f"1/tan({self._print(e.args[0])})"

        def _print_sec(self, e: Any) -> str:
            return f"1/cos({self._print(e.args[0])})"

        def _print_csc(self, e: Any) -> str:
            return f"1/sin({self._print(e.args[0])})"

        def _print_acot(self, e: Any) -> str:
            return f"atan(1/({self._print(e.args[0])}))"

        def _print_Exp1(self, _: Any) -> str:  # noqa: N802  # SymPy looks printers up by class name
            return "e"

    return _Code({"fully_qualified_modules": False})
