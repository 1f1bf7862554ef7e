"""Paragraphs: words of any language with formulas between dollars among them, broken into lines."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from manim import VGroup, VMobject

from botcore_manim.lesson.formula import inline
from botcore_manim.lesson.frame import EM
from botcore_manim.lesson.outlines import is_right_to_left, outline, printable
from botcore_manim.lesson.theme import SOFT

Align = Literal["start", "center"]

SPACE = 0.34
"""From the ink of a word to that of a formula, in em."""
LEADING = 1.4
"""From baseline to baseline, in em; a line with a tall formula takes more."""
ASCENT, DESCENT = 0.78, 0.24
"""What a line of words keeps above and below its baseline, in em."""

_FORMULA = re.compile(r"(?<!\\)\$(.+?)(?<!\\)\$", re.DOTALL)
_ISOLATES = re.compile(r"[\u2066-\u2069]+(?=\$)|(?<=\$)[\u2066-\u2069]+")
"""Marks that keep a formula apart from the direction of the words around it: here it is an object anyway."""


class Words(VMobject):
    """Words on one baseline, as a single object: many letters cost no more to move than one.

    :param words: what it says; kept as ``said``.
    :param size: Manim font size.
    """

    def __init__(
        self, words: str, size: float, color: str = SOFT, *, bold: bool = False, right_to_left: bool = False
    ):
        super().__init__(stroke_width=0, fill_opacity=1, color=color)
        self.size = size
        self.bold = bold
        self.right_to_left = right_to_left
        self.say(words)

    def say(self, words: str) -> Words:
        """Says something else; the left end of its baseline goes back to the origin."""
        self.said = printable(words)
        self.set_points(
            outline(self.said, bold=self.bold, right_to_left=self.right_to_left).points * self.size * EM
        )
        return self


def reads_from_the_right(text: str) -> bool:
    """Whether the words of ``text`` are read from right to left; its formulas have no say."""
    return is_right_to_left(_FORMULA.sub(" ", text))


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words or a formula that touch the piece before them when ``glued``."""

    text: str
    formula: bool
    glued: bool


def paragraph(
    text: str,
    size: float,
    width: float,
    *,
    color: str = SOFT,
    formula_color: str | None = None,
    bold: bool = False,
    align: Align = "start",
) -> VGroup:
    """Words broken into lines no wider than ``width``, centred on the origin.

    :param text: may hold formulas between dollars; ``\\$`` is a dollar.
    :param align: ``start`` is left, or right where the text is read from right to left.
    :returns: a group of lines, each a group of :class:`Words` and formulas. A piece that is wider than
        ``width`` by itself is broken between letters, a formula is shrunk.
    """
    right_to_left = reads_from_the_right(text)
    lines = [
        _set(pieces, size, width, color, formula_color or color, bold, right_to_left)
        for pieces in _lines(_pieces(text), size, width, bold, right_to_left)
    ]
    group = VGroup(*(line for line in lines if len(line)))  # a lone soft hyphen shows nothing
    baseline = below = 0.0
    for number, line in enumerate(group):
        above = max(float(line.get_top()[1]), ASCENT * size * EM)
        if number:
            baseline -= max(LEADING * size * EM, above + below + 0.12 * size * EM)
        below = max(-float(line.get_bottom()[1]), DESCENT * size * EM)
        line.shift([0, baseline, 0])
        if align == "center":
            line.set_x(0)
        elif right_to_left:
            line.set_x(0, direction=[1, 0, 0])
        else:
            line.set_x(0, direction=[-1, 0, 0])
    return group.center()


def _pieces(text: str) -> list[_Piece]:
    pieces: list[_Piece] = []
    glued = False
    parts = _FORMULA.split(_ISOLATES.sub("", text))
    for number, part in enumerate(parts):
        if number % 2:
            pieces.append(_Piece(part.strip(), True, glued))
            glued = True
            continue
        plain = printable(part.replace(r"\$", "$"))
        if part[:1].isspace() or not plain:
            glued = glued and not part
        for word in plain.split():
            pieces.append(_Piece(word, False, glued))
            glued = False
        glued = bool(plain) and not part[-1].isspace()
    return pieces


def _lines(
    pieces: list[_Piece], size: float, width: float, bold: bool, right_to_left: bool
) -> list[list[_Piece]]:
    """Fills line after line; pieces that touch stay together while they fit a line at all."""
    clumps: list[list[_Piece]] = []
    for piece in pieces:
        if piece.glued and clumps:
            clumps[-1].append(piece)
        else:
            clumps.append([piece])
    lines: list[list[_Piece]] = [[]]
    for clump in clumps:
        if _width([*lines[-1], *clump], size, bold, right_to_left) <= width:
            lines[-1] += clump
            continue
        if lines[-1]:
            lines.append([])
        for piece in clump:
            for part in _cut(piece, size, width, bold, right_to_left):
                if lines[-1] and _width([*lines[-1], part], size, bold, right_to_left) > width:
                    lines.append([])
                lines[-1].append(part)
    return [line for line in lines if line]


def _cut(piece: _Piece, size: float, width: float, bold: bool, right_to_left: bool) -> list[_Piece]:
    """A word that no line can hold, cut between letters (how Chinese and Japanese break anyway)."""
    if piece.formula or _width([piece], size, bold, right_to_left) <= width:
        return [piece]
    parts: list[_Piece] = []
    rest = piece.text
    while rest:
        low, high = 1, len(rest)
        while low < high:
            middle = (low + high + 1) // 2
            fits = outline(rest[:middle], bold=bold, right_to_left=right_to_left).width * size * EM <= width
            low, high = (middle, high) if fits else (low, middle - 1)
        parts.append(_Piece(rest[:low], False, bool(parts)))
        rest = rest[low:]
    return parts


def _width(pieces: list[_Piece], size: float, bold: bool, right_to_left: bool) -> float:
    runs = _runs(pieces)
    total = 0.0
    for run in runs:
        if run.formula:
            total += inline(run.text, size).width
        else:
            total += outline(run.text, bold=bold, right_to_left=right_to_left).width * size * EM
        total += 0.0 if run.glued else SPACE * size * EM
    return total - (0.0 if not runs or runs[0].glued else SPACE * size * EM)


def _runs(pieces: list[_Piece]) -> list[_Piece]:
    """Neighbouring words joined, so that Pango orders and shapes them together."""
    runs: list[_Piece] = []
    for piece in pieces:
        if runs and not piece.formula and not runs[-1].formula:
            last = runs.pop()
            joined = last.text + ("" if piece.glued else " ") + piece.text
            runs.append(_Piece(joined, False, last.glued))
        else:
            runs.append(piece)
    return runs


def _set(
    pieces: list[_Piece],
    size: float,
    width: float,
    color: str,
    formula_color: str,
    bold: bool,
    right_to_left: bool,
) -> VGroup:
    """One line with its baseline at y = 0."""
    line = VGroup()
    at = 0.0
    for number, run in enumerate(_runs(pieces)):
        item = (
            inline(run.text, size).copy().set_color(formula_color)
            if run.formula
            else Words(run.text, size, color, bold=bold, right_to_left=right_to_left)
        )
        if not len(item.get_all_points()):
            continue
        at += 0.0 if number == 0 else (0.05 if run.glued else SPACE) * size * EM
        item.shift([at - item.get_left()[0], 0, 0])
        at += item.width
        line.add(item)
    if right_to_left:
        for item in line:
            item.shift([-item.get_left()[0] - item.get_right()[0], 0, 0])
    if line.width > width:
        line.scale(width / line.width, about_point=[0, 0, 0])
    return line
