"""LaTeX → the plain spelling that the tokens are made for. Unknown commands are refused, not dropped."""

from __future__ import annotations

import re

from botcore_solver.reading.names import FUNCTIONS
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.wording import sentence

_SPACING = re.compile(
    r"\\(?:[,;:! ]|quad\b|qquad\b|displaystyle\b|left\b\s?\.?|right\b\s?\.?|limits\b|big[lr]?\b|Big[lr]?\b)"
)
_PLAIN = {
    "cdot": "*", "times": "*", "div": "/", "pm": "±", "le": "<=", "leq": "<=", "ge": ">=",
    "geq": ">=", "ne": "!=", "neq": "!=", "pi": " pi ",
    "infty": " infinity ", "lvert": "|", "rvert": "|", "vert": "|",
    "mid": "|", "lbrace": "{", "rbrace": "}",
    "theta": " theta ", "alpha": " alpha ", "degree": "°", "circ": "°",
    "int": "∫", "prime": "'", "to": "→", "ldots": "…", "dots": "…",
}  # fmt: skip
_WORDY = frozenset({"text", "mathrm", "operatorname", "mathit", "textrm", "mathbf", "mbox"})
_MATH_MARKS = re.compile(r"\$\$?|\\[()\[\]]")
_CASES = re.compile(r"\\begin\{(cases|aligned|align\*?|array)\}(?:\{[lcr]*\})?(.*?)\\end\{\1\}", re.DOTALL)


def from_latex(text: str) -> str:
    """The text with its LaTeX spelt plainly; text without a backslash or a dollar comes back as it is."""
    if "\\" not in text and "$" not in text:
        return text
    text = _CASES.sub(lambda found: " " + found.group(2).replace("&", " ") + " ", text)
    text = _MATH_MARKS.sub(" ", text)
    text = text.replace(r"\{", "{").replace(r"\}", "}").replace(r"\%", "%").replace(r"\|", "|")
    text = re.sub(r"\\\\", " ; ", text)
    text = _SPACING.sub(" ", text)
    return _commands(text, 0)


def _commands(text: str, depth: int) -> str:
    if depth > 12:
        raise Unreadable(sentence("That LaTeX is nested too deeply for me."))
    out: list[str] = []
    at = 0
    while at < len(text):
        if text[at] != "\\":
            out.append(text[at])
            at += 1
            continue
        found = re.compile(r"\\([A-Za-z]+)").match(text, at)
        if found is None:
            raise Unreadable(sentence("I cannot read a backslash there."))
        plain, at = _command(found.group(1), text, found.end(), depth)
        out.append(plain)
    return "".join(out)


def _command(name: str, text: str, at: int, depth: int) -> tuple[str, int]:
    """The plain spelling of one command and where its arguments end."""
    if name in ("frac", "dfrac", "tfrac"):
        above, at = _argument(text, at)
        below, at = _argument(text, at)
        return f"(({_commands(above, depth + 1)})/({_commands(below, depth + 1)}))", at
    if name == "sqrt":
        return _root(text, at, depth)
    if name in _WORDY:
        inner, at = _argument(text, at)
        return f" {_commands(inner, depth + 1)} " if len(inner) != 1 else inner, at
    if name in FUNCTIONS:
        return f" {name}", at
    if name in _PLAIN:
        return _PLAIN[name], at
    raise Unreadable(sentence("I do not know the LaTeX command {command}.").filled(command=f"\\{name[:30]}"))


def _root(text: str, at: int, depth: int) -> tuple[str, int]:
    degree = re.compile(r"\s*\[\s*(\d{1,3})\s*\]").match(text, at)
    at = degree.end() if degree else at
    inner, at = _argument(text, at)
    head = f"rootof[{degree.group(1)}]" if degree else "sqrt"
    return f" {head}({_commands(inner, depth + 1)})", at


def _argument(text: str, at: int) -> tuple[str, int]:
    """``{…}`` with its brackets matched, or the single sign that stands there."""
    while at < len(text) and text[at].isspace():
        at += 1
    if at >= len(text):
        raise Unreadable(sentence("That LaTeX stops in the middle."))
    if text[at] != "{":
        return text[at], at + 1
    depth = 0
    for end in range(at, len(text)):
        depth += {"{": 1, "}": -1}.get(text[end], 0)
        if depth == 0:
            return text[at + 1 : end], end + 1
    raise Unreadable(sentence("A brace of the LaTeX is not closed."))
