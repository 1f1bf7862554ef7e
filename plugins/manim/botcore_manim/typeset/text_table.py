"""``tabular``: columns, rules and cells of text."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from .drawing import Drawing, Shape, box
from .errors import TexError
from .maths import Maths
from .svg_elements import RULE
from .text_boxes import joined, pieces
from .text_items import Break, Cell, Item, Space, TableRule
from .text_style import Style

_SEPARATION = 600.0
_STRUT = (840.0, 360.0)
_COLUMN = re.compile(r"[lcr]|[pmb]\{[^}]*\}|\||@\{[^}]*\}|!\{[^}]*\}|\*\{(\d+)\}\{([^}]*)\}|[>< ]|\{[^}]*\}")
_ALIGN = {"l": 0.0, "c": 0.5, "r": 1.0}


@dataclass(slots=True)
class _Row:
    cells: list[list[Item]] = field(default_factory=lambda: [[]])
    rules: list[TableRule] = field(default_factory=list)
    """Above the row."""


def table(columns: str, items: Sequence[Item], style: Style, maths: Maths) -> Drawing:
    """The items of a ``tabular`` with these columns, centred on the axis of formulas."""
    aligns, bars = _columns(columns)
    rows, last_rules = _rows(items)
    cells = [[joined(pieces(_stripped(cell), maths)) for cell in row.cells] for row in rows]
    count = max([len(aligns), *(len(row) for row in cells)])
    if count > len(aligns):
        raise TexError(f"a row has {count} cells, the table has {len(aligns)} columns", columns)
    widths = [max((row[c].width for row in cells if c < len(row)), default=0.0) for c in range(count)]
    edges = [0.0]
    for width in widths:
        edges.append(edges[-1] + width + 2 * _SEPARATION)
    shapes: list[Shape] = []
    tops = [0.0]
    for row, drawings in zip(rows, cells, strict=True):
        top = tops[-1]
        shapes += _horizontal(row.rules, edges, top, style)
        height = max([_STRUT[0], *(cell.height for cell in drawings)])
        depth = max([_STRUT[1], *(cell.depth for cell in drawings)])
        tops.append(top - height - depth)
        shapes += _bars(bars, 0, edges, top, tops[-1], style)
        for c, cell in enumerate(drawings):
            x = edges[c] + _SEPARATION + (widths[c] - cell.width) * aligns[c]
            shapes += cell.moved(x, top - height)
            shapes += _bars(bars, c + 1, edges, top, tops[-1], style)
    shapes += _horizontal(last_rules, edges, tops[-1], style)
    half = -tops[-1] / 2
    lift = half + 250.0
    return Drawing(tuple(shape.moved(0, lift) for shape in shapes), edges[-1], half + 250.0, half - 250.0)


def _columns(text: str) -> tuple[list[float], list[int]]:
    """Alignment of each column, and the columns that a vertical rule stands before."""
    aligns: list[float] = []
    bars: list[int] = []
    for found in _COLUMN.finditer(text):
        sign = found.group()
        if found[1]:
            inner, inner_bars = _columns(found[2])
            for _ in range(min(int(found[1]), 100)):
                bars += [len(aligns) + bar for bar in inner_bars]
                aligns += inner
        elif sign == "|":
            bars.append(len(aligns))
        elif sign[0] in "lcr":
            aligns.append(_ALIGN[sign])
        elif sign[0] in "pmb":
            aligns.append(0.0)
    return aligns, bars


def _rows(items: Sequence[Item]) -> tuple[list[_Row], list[TableRule]]:
    rows = [_Row()]
    for item in items:
        if isinstance(item, TableRule):
            rows[-1].rules.append(item)
        elif isinstance(item, Break):
            rows.append(_Row())
        elif isinstance(item, Cell):
            rows[-1].cells.append([])
        else:
            rows[-1].cells[-1].append(item)
    last = rows[-1]
    if len(last.cells) == 1 and not _stripped(last.cells[0]):
        return rows[:-1], last.rules
    return rows, []


def _horizontal(rules: Sequence[TableRule], edges: Sequence[float], y: float, style: Style) -> list[Shape]:
    result = []
    for number, rule in enumerate(rules):
        left, right = edges[min(rule.first, len(edges)) - 1], edges[min(rule.last, len(edges) - 1)]
        points = box(left, y - RULE / 2 - number * 5 * RULE, right - left, RULE)
        result.append(Shape(points, style.colour, style.groups))
    return result


def _bars(
    bars: Sequence[int], column: int, edges: Sequence[float], top: float, bottom: float, style: Style
) -> list[Shape]:
    """The vertical rules of one row before ``column``; LaTeX draws them row by row."""
    points = box(edges[column] - RULE / 2, bottom, RULE, top - bottom)
    return [Shape(points, style.colour, style.groups) for bar in bars if bar == column]


def _stripped(items: Sequence[Item]) -> list[Item]:
    result = list(items)
    while result and isinstance(result[-1], Space):
        result.pop()
    while result and isinstance(result[0], Space):
        result.pop(0)
    return result
