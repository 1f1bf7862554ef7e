"""Formulas that fit: typeset once, broken before a relation or a sign when too wide, then shrunk."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from manim import DOWN, LEFT, RIGHT, MathTex, VGroup

from botcore_manim.lesson.frame import EM
from botcore_manim.lesson.theme import INK

_BASE = 48.0
_MATCH = 1.42
"""Maths type is drawn smaller than words of the same font size; so much evens them out."""
_GAP = 0.42
"""Between the lines of a broken formula, in em."""

_TOKEN = re.compile(
    r"\\begin\{\w+\*?\}|\\end\{\w+\*?\}|\\left(?![a-zA-Z])|\\right(?![a-zA-Z])|\\[A-Za-z]+|\\.|\s+|.",
    re.DOTALL,
)
_RELATIONS = frozenset(
    ["=", "<", ">", r"\le", r"\ge", r"\leq", r"\geq", r"\ne", r"\neq", r"\approx", r"\equiv", r"\sim", r"\in"]
) | frozenset([r"\to", r"\Rightarrow", r"\Longrightarrow", r"\implies", r"\Leftrightarrow", r"\iff"])
_SUMS = frozenset(["+", "-", r"\pm", r"\mp", r"\cup", r"\cap", r"\lor", r"\land"])
_SIGNS = _SUMS | {r"\cdot", r"\times"}
_BLANKS = frozenset([r"\quad", r"\qquad"])


class Formula(VGroup):
    """One or more lines of maths, centred on the origin. ``tex`` is what it was made from, ``size`` the font
    size that it got."""

    def __init__(self, tex: str, lines: list[Any], size: float):
        super().__init__(*lines)
        self.tex = tex
        self.size = size

    def within(self, width: float, height: float) -> Formula:
        """Shrinks it to fit."""
        share = min(1.0, width / max(self.width, 1e-9), height / max(self.height, 1e-9))
        if share < 1:
            self.scale(share)
            self.size *= share
        return self

    @property
    def glyphs(self) -> list[Any]:
        """Signs in reading order."""
        return [glyph for line in self for glyph in line.family_members_with_points()]


@lru_cache(maxsize=512)
def _typeset(tex: str) -> Any:
    return MathTex(tex, font_size=_BASE * _MATCH)


def typeset(tex: str, size: float, color: str = INK) -> Any:
    """A fresh ``MathTex`` of ``tex``; typesetting the same again costs a copy only."""
    return _typeset(tex).copy().scale(size / _BASE).set_color(color).center()


@lru_cache(maxsize=512)
def inline(tex: str, size: float) -> Any:
    """A formula among words: baseline at y = 0, left end at x = 0. Copy it before changing it."""
    probe, formula = MathTex("x", "{" + tex + "}", font_size=size * _MATCH)
    formula.shift([-formula.get_left()[0], -probe.get_bottom()[1], 0])
    return formula


def fit(
    tex: str,
    size: float,
    width: float,
    height: float = float("inf"),
    *,
    least: float = 0.0,
    color: str = INK,
    center: bool = False,
) -> Formula:
    """A formula no wider than ``width`` and no taller than ``height`` units.

    Too wide: it is shrunk to no less than the font size ``least``, else broken into lines before relations,
    then signs; only what has no place to break is shrunk further.
    """
    whole = typeset(tex, size, color)
    if whole.width * min(least / size, 1.0) <= width:
        formula = Formula(tex, [whole], size)
    else:
        formula = _broken(tex, size, width, least, color, center)
    formula.within(width, height).center()
    return formula


def _broken(tex: str, size: float, width: float, least: float, color: str, center: bool) -> Formula:
    """Several lines. They are filled as for a size between the usual and the least, then set as large as
    their width allows."""
    at = (size + least) / 2
    indent = 0.0 if center else 0.9 * size * EM
    rows: list[str] = [tex]
    for marks in (_BLANKS | {","}, _RELATIONS, _SUMS, _SIGNS):
        rows = [part for row in rows for part in _fill(row, marks, at, width - indent)]
    lines = [typeset(row, size, color) for row in rows]
    formula = Formula(tex, lines, size)
    if center:
        formula.arrange(DOWN, buff=_GAP * size * EM)
    else:
        formula.arrange(DOWN, buff=_GAP * size * EM, aligned_edge=LEFT)
        for line in lines[1:]:
            line.shift(RIGHT * indent)
    return formula


def _fill(row: str, marks: frozenset[str], size: float, width: float) -> Iterator[str]:
    """Rows as long as ``width`` allows, broken only before ``marks``."""
    if _typeset(row).width * size / _BASE <= width:
        yield row
        return
    current = ""
    for part in parts(row, marks):
        if current.strip() and _typeset(current + part).width * size / _BASE > width:
            yield current.strip()
            current = part
        else:
            current += part
    if current.strip():
        yield current.strip()


def parts(tex: str, marks: frozenset[str]) -> list[str]:
    """``tex`` cut before each of ``marks`` (after it, for commas and blanks) that no brace, fence or
    environment holds."""
    cut: list[str] = [""]
    depth = 0
    previous = ""
    for sign in _TOKEN.findall(tex):
        if sign in {"{", "(", "["} or sign.startswith(r"\begin") or sign == r"\left":
            depth += 1
        elif sign in {"}", ")", "]"} or sign.startswith(r"\end") or sign == r"\right":
            depth -= 1
        after = sign in _BLANKS or sign == ","
        breaks = depth == 0 and sign in marks and previous not in {"", "^", "_", "("}
        # A sign right behind a relation belongs to its number: x = -3.
        breaks = breaks and not (sign in _SIGNS and (previous in _RELATIONS or previous in _SIGNS))
        if breaks and after:
            cut[-1] += sign if sign == "," else ""
            cut.append("")
        elif breaks:
            cut.append(sign)
        else:
            cut[-1] += sign
        if not sign.isspace():
            previous = sign
    return [part for part in cut if part.strip()]
