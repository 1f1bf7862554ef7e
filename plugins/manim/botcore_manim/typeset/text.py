"""Text mode: items to lines, paragraphs, lists and centred formulas, as LaTeX's article class sets them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from .drawing import Drawing, Shape
from .errors import TexError
from .maths import Maths
from .source import Environment
from .text_boxes import Piece, formula, joined, pieces
from .text_items import Begin, Break, Cell, End, Formula, Item, ListItem, Paragraph, TableRule, Word
from .text_lengths import TEXT_WIDTH, length
from .text_parser import TextParser
from .text_style import Style
from .text_table import table

_BASELINE = 1200.0
_LINE_SKIP = 100.0
_LIST_INDENT = 2500.0
_LABEL_GAP = 500.0
_LIST_SKIP = 800.0
_DISPLAY_SKIP = 1000.0
_ALIGN = {"center": 0.5, "flushright": 1.0}
_BULLETS = ("•", "–", "∗", "·")


def set_text(source: str, frame: Environment | None, maths: Maths) -> Drawing:
    """Typeset text inside manim's environment ``frame``.

    :raises TexError: a fault; :raises MathOnly: mathematics outside ``$``.
    """
    if frame is not None:
        source = frame.wrap(source)
    return _Page(maths, TEXT_WIDTH).set(TextParser(source).parse())


@dataclass(slots=True)
class _Block:
    """An environment that is open: where its lines begin and end."""

    name: str
    left: float
    width: float
    align: float
    """0 left, 0.5 centred, 1 right."""
    style: Style
    number: int = 0
    bullets: int = 0


@dataclass(slots=True)
class _Page:
    maths: Maths
    width: float
    _shapes: list[Shape] = field(default_factory=list)
    _line: list[Item | _Made | _Label] = field(default_factory=list)
    _blocks: list[_Block] = field(default_factory=list)
    _y: float | None = None
    """Baseline of the last line; ``None`` before the first."""
    _top: float = 0.0
    _bottom: float = 0.0
    """Depth of the last line below its baseline."""
    _extra: float = 0.0
    _right: float = 0.0

    def set(self, items: Sequence[Item]) -> Drawing:
        self._blocks.append(_Block("", 0.0, self.width, 0.0, Style()))
        at = 0
        while at < len(items):
            item = items[at]
            if isinstance(item, Begin) and item.name in ("tabular", "tabular*", "minipage"):
                end = _end_of(items, at)
                self._line.append(_Made(self._nested(item, items[at + 1 : end])))
                at = end
            else:
                self._take(item)
            at += 1
        self._flush()
        return Drawing(tuple(self._shapes), self._right, self._top, self._bottom - (self._y or 0.0))

    def _take(self, item: Item) -> None:
        if isinstance(item, Begin):
            self._flush()
            self._open(item)
        elif isinstance(item, End):
            self._flush()
            self._shut(item)
        elif isinstance(item, Break):
            self._flush(item.skip, empty_line=True)
        elif isinstance(item, Paragraph):
            self._flush()
        elif isinstance(item, ListItem):
            self._flush()
            self._label(item)
        elif isinstance(item, Formula) and item.display:
            self._flush()
            self._extra += _DISPLAY_SKIP
            self._place(formula(item, self.maths), 0.5)
            self._extra += _DISPLAY_SKIP
        elif not isinstance(item, Cell | TableRule):
            self._line.append(item)

    def _nested(self, begin: Begin, items: Sequence[Item]) -> Drawing:
        if begin.name == "minipage":
            inner = _Page(self.maths, length(begin.arguments[0]) or self.width).set(items)
            half = (inner.height + inner.depth) / 2
            lift = half - inner.height + 250.0
            return Drawing(inner.moved(0, lift), inner.width, half + 250.0, half - 250.0)
        return table(begin.arguments[-1], items, begin.style, self.maths)

    # -- environments
    # --------------------------------------------------------------------------------------------

    def _open(self, begin: Begin) -> None:
        outer = self._blocks[-1]
        block = replace(outer, name=begin.name, style=begin.style, number=0)
        if begin.name in ("itemize", "enumerate", "description"):
            self._extra += _LIST_SKIP
            block.left, block.width, block.align = outer.left + _LIST_INDENT, outer.width - _LIST_INDENT, 0.0
            block.bullets = outer.bullets + (begin.name == "itemize")
        elif begin.name in ("quote", "quotation", "verse"):
            block.left, block.width, block.align = (
                outer.left + _LIST_INDENT,
                outer.width - 2 * _LIST_INDENT,
                0.0,
            )
        elif begin.name in ("center", "flushleft", "flushright"):
            block.align = _ALIGN.get(begin.name, 0.0)
            self._extra += _LIST_SKIP if self._y is not None else 0.0
        self._blocks.append(block)

    def _shut(self, end: End) -> None:
        if len(self._blocks) < 2 or self._blocks[-1].name != end.name:
            raise TexError(rf"\end{{{end.name}}} without its \begin", end.name)
        if self._blocks.pop().name in (
            "itemize",
            "enumerate",
            "description",
            "center",
            "flushleft",
            "flushright",
        ):
            self._extra += _LIST_SKIP

    def _label(self, item: ListItem) -> None:
        block = self._blocks[-1]
        if block.name not in ("itemize", "enumerate", "description"):
            raise TexError(r"\item outside a list", r"\item")
        block.number += 1
        self._extra += _LIST_SKIP if block.number > 1 else 0.0
        if item.label is not None:
            label: tuple[Item, ...] = item.label
        elif block.name == "enumerate":
            label = (Word(f"{block.number}.", item.style),)
        else:
            label = (Word(_BULLETS[min(block.bullets, len(_BULLETS)) - 1], item.style),)
        self._line.append(_Label(joined(pieces(label, self.maths))))

    # -- lines
    # ---------------------------------------------------------------------------------------------------

    def _flush(self, skip: float = 0.0, *, empty_line: bool = False) -> None:
        """Break what was gathered into lines and place them."""
        block = self._blocks[-1]
        gathered, self._line = self._line, []
        label = next((item.drawing for item in gathered if isinstance(item, _Label)), None)
        parts = [part for item in gathered for part in self._parts(item)]
        lines = _broken(parts, block.width)
        for index, line in enumerate(lines):
            drawing = joined(line)
            if index == 0 and label is not None:
                shift = -label.width - _LABEL_GAP
                drawing = replace(drawing, shapes=(*label.moved(shift, 0), *drawing.shapes))
            self._place(drawing, block.align)
        if not lines and empty_line and self._y is not None:
            self._extra += _BASELINE * block.style.size
        self._extra += skip

    def _parts(self, item: Item | _Made | _Label) -> list[Piece]:
        if isinstance(item, _Label):
            return []
        if isinstance(item, _Made):
            return [Piece(item.drawing)]
        return pieces((item,), self.maths)

    def _place(self, drawing: Drawing, align: float) -> None:
        block = self._blocks[-1]
        if self._y is None:
            self._y, self._top = 0.0, drawing.height
        else:
            apart = max(_BASELINE * block.style.size, self._bottom + drawing.height + _LINE_SKIP)
            self._y -= apart + self._extra
        self._extra = 0.0
        self._bottom = drawing.depth
        x = block.left + (block.width - drawing.width) * align
        self._shapes += drawing.moved(x, self._y)
        self._right = max(self._right, x + drawing.width)


@dataclass(frozen=True, slots=True)
class _Made:
    """A table or a small page among the words of a line."""

    drawing: Drawing


@dataclass(frozen=True, slots=True)
class _Label:
    """What stands before the first line of a list's item."""

    drawing: Drawing


def _end_of(items: Sequence[Item], start: int) -> int:
    depth = 0
    for at in range(start, len(items)):
        depth += isinstance(items[at], Begin) - isinstance(items[at], End)
        if depth == 0:
            return at
    begin = items[start]
    raise TexError(f"the environment {begin.name if isinstance(begin, Begin) else ''} is not closed", "")


def _broken(parts: Sequence[Piece], width: float) -> list[list[Piece]]:
    """Greedy lines no wider than ``width``; a word that is wider stands alone."""
    lines: list[list[Piece]] = []
    line: list[Piece] = []
    used = 0.0
    word: list[Piece] = []
    for part in (*parts, None):
        if part is not None and not part.glue:
            word.append(part)
            continue
        word_width = sum(piece.drawing.width for piece in word)
        if word and line and used + word_width > width:
            lines.append(_trimmed(line))
            line, used = [], 0.0
        line += word
        used += word_width
        word = []
        if part is not None and line:
            line.append(part)
            used += part.drawing.width
    lines.append(_trimmed(line))
    return [line for line in lines if line]


def _trimmed(line: Sequence[Piece]) -> list[Piece]:
    result = list(line)
    while result and result[-1].glue:
        result.pop()
    return result
