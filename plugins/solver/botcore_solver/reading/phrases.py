"""Pieces of English from which the problem classes build their patterns, and the splitting of formulas."""

from __future__ import annotations

import re

from botcore_solver.reading.parser import parse
from botcore_solver.reading.syntax import Group, Node, Unary, variables, walk
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.wording import sentence

ASK = (
    r"(?:find|determine|calculate|compute|evaluate|work out|figure out|get|give(?: me)?|"
    r"state|show(?: me)?|what is|what's|whats|what are|"
    r"what're|what will be|which is|which are|do)"
)
"""Words that open a question, without a following article."""

LETTER = r"(?<![A-Za-z])[A-Za-z](?![A-Za-z])"


def pattern(text: str) -> re.Pattern[str]:
    """A pattern over a whole sentence, in which a blank stands for any white space and ``ASK`` for itself."""
    return re.compile(text.replace("ASK", ASK).replace(" ", r"\s+"), re.IGNORECASE | re.DOTALL)


def first(patterns: tuple[re.Pattern[str], ...], text: str) -> dict[str, str] | None:
    """The named parts of the first pattern that fits the whole text; missing parts are left out."""
    for candidate in patterns:
        if found := candidate.fullmatch(text):
            return {name: part.strip() for name, part in found.groupdict().items() if part is not None}
    return None


def equation(text: str) -> tuple[Node, Node]:
    """Both sides of one equation. Raises :class:`Unreadable`."""
    sides = text.split("=")
    if len(sides) != 2 or "<" in text or ">" in text or "!=" in text:
        raise Unreadable(sentence("I expected one equation with one equals sign."))
    return bare(parse(sides[0])), bare(parse(sides[1]))


_METHOD = re.compile(
    r"\s+(?:by|using|with|via|through)(?: the)?(?: method of)? "
    r"(?:factori[sz]ing|factoring|factori[sz]ation|elimination|substitution|graphing|completing the square|"
    r"(?:the )?quadratic formula)(?: method)?(?=[\s,:.]|$)",
    re.IGNORECASE,
)


def without_method(text: str) -> str:
    """The sentence without the method that it asks for: the answer is the same by every method."""
    return _METHOD.sub("", text)


def definition(text: str) -> tuple[str | None, str] | None:
    """The variable and the right side of ``f(x) = …`` or ``y = …`` (variable unknown: None); else None."""
    found = re.fullmatch(
        r"(?:y|[fghy]\s*\(\s*(?P<v>[A-Za-z])\s*\))\s*=\s*(?P<m>.+)", text, re.IGNORECASE | re.DOTALL
    )
    return (found.group("v"), found.group("m")) if found else None


def the_variable(node: Node, named: str | None = None) -> str:
    """The one variable of a function: the named one, or the only one there (``x`` for a constant)."""
    there = variables(node)
    if named is not None:
        if there and there != [named]:
            raise Unreadable(
                sentence("I can work with one variable only, and there is more than {name} in it.").filled(
                    name=named
                )
            )
        return named
    if len(there) > 1:
        raise Unreadable(
            sentence("I can work with one variable only; I read {names}.").filled(names=", ".join(there))
        )
    return there[0] if there else "x"


def bare(node: Node) -> Node:
    """Without brackets around the whole."""
    while isinstance(node, Group):
        node = node.inner
    return node


def has_sign(node: Node, sign: str) -> bool:
    """Whether the postfix or prefix ``sign`` occurs in it."""
    return any(isinstance(part, Unary) and part.op == sign for part in walk(node))


_BOUND = r"-?[^,;\[\]<>=]{1,40}?"
_END = r"-?(?:[^,;\[\]<>=]|(?<=\d),(?=\d)){1,40}?"
_FROM_TO = (
    rf"(?:in |over |on |for )?(?:the )?(?:interval |range |domain |limits? |bounds? "
    rf")?(?:(?:for|as|where|with|when|,) ?(?P<v>{LETTER}) )?(?:(?:goes |going |runs |"
    rf"running |ranging |being )?"
    rf"(?:from|between) )(?:(?:{LETTER})\s*=\s*)?(?P<a>{_END}) (?:to|and|until|up to|till) "
    rf"(?:(?:{LETTER})\s*=\s*)?(?P<b>{_END})"
)
_INTERVAL = r"(?:the )?(?:interval |range |domain )?"
_INSIDE = rf"(?P<a>{_BOUND})\s*[,;]\s*(?P<b>{_BOUND})"
_SQUARE = (
    rf"(?:(?:in|on|over|for|from|with) )?{_INTERVAL}(?:(?P<v>{LETTER}) (?:in|on|from|∈) "
    rf")?{_INTERVAL}\[\s*{_INSIDE}\s*\]"
)
_ROUND = (
    rf"(?:in|on|over|for|from) {_INTERVAL}(?:(?P<v>{LETTER}) (?:in|on|from|∈) "
    rf")?{_INTERVAL}\(\s*{_INSIDE}\s*\)"
)
_CHAIN = (
    rf"(?:(?:for|where|when|with|in|on|over|if) |,\s*)(?P<a>{_BOUND})\s*(?:<=|"
    rf"<)\s*(?P<v>{LETTER})\s*(?:<=|<)\s*(?P<b>{_BOUND})"
)
_RANGES = tuple(pattern(rf"(?P<m>.+?)[\s,]*(?<![\w]){part}") for part in (_FROM_TO, _SQUARE, _ROUND, _CHAIN))


def trailing_range(text: str) -> tuple[str, str | None, str, str] | None:
    """Cut ``… from a to b`` (and its relatives) off: formula, variable if named, lower and upper bound."""
    found = first(_RANGES, text)
    return None if found is None else (found["m"], found.get("v"), found["a"], found["b"])
