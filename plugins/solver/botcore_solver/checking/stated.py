"""An answer in SymPy syntax → expressions, by the solver's own reader. Hostile text: nothing is evaluated."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum

from botcore_solver.build import build, symbol
from botcore_solver.lazy import sp
from botcore_solver.reading.parser import parse
from botcore_solver.reading.unreadable import Unreadable

MAX_CHARACTERS = 500
_MOST = 12
"""Values of one answer."""
_CLOSING = {"(": ")", "[": "]", "{": "}"}
_NAMED = re.compile(r"[A-Za-z]\w{0,8}(?:\([a-z]\))?\s*=(?!=)\s*")
_EMPTY = frozenset({"EmptySet", "EmptySet()", "S.EmptySet", "set()", "{}", "[]", "FiniteSet()"})
_REALS = frozenset({"Reals", "S.Reals", "Interval(-oo, oo)", "Interval.open(-oo, oo)"})
_RATIONAL = re.compile(r"\b(?:Rational|S?Frac(?:tion)?)\(\s*(-?\d{1,40})\s*,\s*(\d{1,40})\s*\)")
_IMAGINARY = re.compile(r"\bI\b")
_STAND_IN = "j"
"""The reader refuses the letter I, which looks like too much else."""
_SPELLINGS = (
    (re.compile(r"\blog\("), "ln("),  # SymPy's log is the natural one, the reader's is not
    (re.compile(r"\bAbs\("), "abs("),
    (re.compile(r"\bE\b"), "e"),
    (re.compile(r"\b(?:Integer|S)\(\s*(-?\d{1,40})\s*\)"), r"(\1)"),
)


class Form(Enum):
    """What an answer is."""

    ONE = "one value or expression"
    SET = "values in no order"
    LIST = "values in order"
    REALS = "every real number"


@dataclass(frozen=True, slots=True)
class Stated:
    """``values`` as expressions; ``texts`` the same as they were written."""

    form: Form
    values: tuple[sp.Expr, ...] = ()
    texts: tuple[str, ...] = ()


def read_stated(text: str) -> Stated:
    """The answer in ``text``.

    :raises Unreadable: it is none, or not certainly one.
    :raises Abstained: it holds numbers too big to be worked with.
    :raises Undefined: it holds a division by zero or the like.
    """
    text = text.strip().rstrip(".;")
    if len(text) > MAX_CHARACTERS:
        raise Unreadable("too long")
    named = _NAMED.match(text)
    text = text[named.end() :] if named else text
    if text in _EMPTY:
        return Stated(Form.SET)
    if text in _REALS:
        return Stated(Form.REALS)
    if text.startswith("FiniteSet(") and _wraps(text, 9):
        text = "{" + text[10:-1] + "}"
    form = {"{": Form.SET, "[": Form.LIST, "(": Form.LIST}.get(text[:1], Form.ONE)
    if form is not Form.ONE and _wraps(text, 0):
        parts = _split(text[1:-1])
        if len(parts) == 1 and text[0] == "(":
            form = Form.ONE  # brackets around one expression
    else:
        form, parts = Form.ONE, [text]
    if len(parts) > _MOST:
        raise Unreadable("too many values")
    return Stated(form, tuple(map(_value, parts)), tuple(part.strip() for part in parts))


def _value(text: str) -> sp.Expr:
    named = _NAMED.match(text.strip())
    text = text.strip()[named.end() :] if named else text
    text = _RATIONAL.sub(r"((\1)/(\2))", text)
    for pattern, spelling in _SPELLINGS:
        text = pattern.sub(spelling, text)
    if "," in text:
        raise Unreadable("a comma within a value")
    if _IMAGINARY.search(text) is None:
        return build(parse(text))
    if _STAND_IN in text:
        raise Unreadable("j and I")
    value = build(parse(_IMAGINARY.sub(_STAND_IN, text)))
    return value.subs(symbol(_STAND_IN), sp.I)


def _wraps(text: str, start: int) -> bool:
    """Whether the bracket at ``start`` is closed by the last sign."""
    opened: list[str] = []
    for place in range(start, len(text)):
        sign = text[place]
        if sign in _CLOSING:
            opened.append(_CLOSING[sign])
        elif opened and sign == opened[-1]:
            opened.pop()
            if not opened:
                return place == len(text) - 1
    return False


def _split(text: str) -> list[str]:
    """At the commas outside of brackets."""
    parts, depth, start = [], 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "([{") - (sign in ")]}")
        if sign == "," and depth == 0:
            parts.append(text[start:place])
            start = place + 1
    return [*parts, text[start:]] if text.strip() else []
