"""Items of text to drawings: each item a box with a width, a height and a depth."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from .drawing import Drawing, Shape, box
from .maths import Maths
from .source import is_right_to_left
from .svg_elements import RULE
from .text_glyphs import word
from .text_items import Box, Formula, Item, Kern, Rule, Run, Space, Word
from .text_style import Style

_FRAME = 300.0
_SPACES = {"normal": 333.3, "bold": 383.3, "-tex-mathit": 357.8, "monospace": 525.0}
_STOPS = {".": 111.1, "?": 111.1, "!": 111.1, ":": 111.1, ",": 0.0}


@dataclass(frozen=True, slots=True)
class Piece:
    """A box of a line; where ``glue`` is true the line may break, and the box is a space."""

    drawing: Drawing
    glue: bool = False
    right_to_left: bool = False


def pieces(items: Iterable[Item], maths: Maths) -> list[Piece]:
    """The boxes of horizontal material.

    :raises TexError: a formula in it is faulty.
    """
    return [piece for item in items if (piece := _piece(item, maths)) is not None]


def joined(parts: Sequence[Piece]) -> Drawing:
    """Boxes side by side on one baseline.

    Right-to-left words stand in their own order; the shapes come in the order of reading all the same.
    """
    lefts = [0.0] * len(parts)
    x = height = depth = 0.0
    for index in _visual_order(parts):
        drawing = parts[index].drawing
        lefts[index] = x
        x += drawing.width
        height, depth = max(height, drawing.height), max(depth, drawing.depth)
    shapes = (shape for part, left in zip(parts, lefts, strict=True) for shape in part.drawing.moved(left, 0))
    return Drawing(tuple(shapes), x, height, depth)


def scaled(drawing: Drawing, size: float) -> Drawing:
    """The drawing at another size of text."""
    if size == 1:
        return drawing
    shapes = tuple(replace(shape, points=shape.points * size) for shape in drawing.shapes)
    return Drawing(shapes, drawing.width * size, drawing.height * size, drawing.depth * size)


def painted(drawing: Drawing, style: Style) -> Drawing:
    """The drawing in the colour and the groups of ``style`` where its shapes have none of their own."""
    if style.colour is None and not style.groups:
        return drawing
    shapes = tuple(
        replace(shape, colour=shape.colour or style.colour, groups=shape.groups or style.groups)
        for shape in drawing.shapes
    )
    return replace(drawing, shapes=shapes)


def _piece(item: Item, maths: Maths) -> Piece | None:
    if isinstance(item, Word):
        return Piece(word(item.text, item.style, maths.engine))
    if isinstance(item, Space):
        return Piece(Drawing((), _space(item)), glue=True)
    if isinstance(item, Kern):
        return Piece(Drawing((), item.width))
    if isinstance(item, Run):
        drawing = maths.outlines(f"{item.number}:{item.style.code}")
        backwards = is_right_to_left(maths.runs[item.number])
        return Piece(painted(scaled(drawing, item.style.size), item.style), right_to_left=backwards)
    if isinstance(item, Formula):
        return Piece(formula(item, maths))
    if isinstance(item, Rule):
        points = box(0, item.lift, item.width, item.height)
        shape = Shape(points, item.style.colour, item.style.groups)
        return Piece(Drawing((shape,), item.width, max(0.0, item.lift + item.height), max(0.0, -item.lift)))
    if isinstance(item, Box):
        return Piece(_boxed(item, maths))
    return None


def formula(item: Formula, maths: Maths) -> Drawing:
    """A formula at the size, in the colour and in the groups of the text around it."""
    result = maths.set(item.tex, display=item.display, groups=item.style.groups).drawing
    if item.style.colour is not None:
        result = painted(result, replace(item.style, groups=()))
    return scaled(result, item.style.size)


def _space(item: Space) -> float:
    width = _SPACES.get(item.style.variant, 333.3) + _STOPS.get(item.after, 0.0)
    return width * item.style.size


def _boxed(item: Box, maths: Maths) -> Drawing:
    inner = joined(pieces(item.items, maths))
    style = item.style

    def rule(x: float, y: float, width: float, height: float, colour: str | None = None) -> Shape:
        return Shape(box(x, y, width, height), colour or style.colour, style.groups)

    if item.kind == "underline":
        y = -inner.depth - 3 * RULE
        shapes = (*inner.shapes, rule(0, y - RULE, inner.width, RULE))
        return Drawing(shapes, inner.width, inner.height, -y + 2 * RULE)
    if item.kind in ("frame", "fill"):
        edge = _FRAME + (RULE if item.kind == "frame" else 0)
        width, height, depth = inner.width + 2 * edge, inner.height + edge, inner.depth + edge
        content = inner.moved(edge, 0)
        if item.kind == "fill":
            shapes = (rule(0, -depth, width, height + depth, item.fill), *content)
        else:
            shapes = (
                rule(0, height - RULE, width, RULE),
                rule(0, -depth, RULE, height + depth),
                *content,
                rule(width - RULE, -depth, RULE, height + depth),
                rule(0, -depth, width, RULE),
            )
        return Drawing(shapes, width, height, depth)
    moved = inner.moved(0, item.lift)
    return Drawing(moved, inner.width, max(0.0, inner.height + item.lift), max(0.0, inner.depth - item.lift))


def _visual_order(parts: Sequence[Piece]) -> list[int]:
    """Indices of a line's boxes from left to right: the first word gives the line its direction."""
    if not any(part.right_to_left for part in parts):
        return list(range(len(parts)))
    words = [index for index, part in enumerate(parts) if not part.glue]
    base = parts[words[0]].right_to_left
    stretches: list[tuple[bool, list[int]]] = []
    for index, part in enumerate(parts):
        if part.glue:
            following = next((parts[word].right_to_left for word in words if word > index), base)
            before = stretches[-1][0] if stretches else base
            direction = before if before == following else base
        else:
            direction = part.right_to_left
        if stretches and stretches[-1][0] == direction:
            stretches[-1][1].append(index)
        else:
            stretches.append((direction, [index]))
    ordered = [indices[::-1] if direction else indices for direction, indices in stretches]
    return [index for indices in (ordered[::-1] if base else ordered) for index in indices]
