"""Words of text: letters with Computer Modern's ligatures and kerns."""

from __future__ import annotations

import functools
import re
from dataclasses import replace

import numpy as np

from .drawing import Drawing, Shape
from .engine import MathJax
from .pango import outlined
from .paths import outline
from .text_style import Style

_EM = 1000.0
_LIGATURES = {"ffi": "ﬃ", "ffl": "ﬄ", "ff": "ﬀ", "fi": "ﬁ", "fl": "ﬂ"}
_LIGATURE = re.compile("ffi|ffl|ff|fi|fl")
_SMALL_CAPITAL = 0.77
_BOLD = 1.15

# Thousandths of an em of Computer Modern Roman, read off its metrics: letters before, letters after.
_KERNS: tuple[tuple[str, dict[int, str]], ...] = (
    ("f", {78: "'?!)]"}),
    ("kv", {-56: "a", -28: "eoc"}),
    ("w", {-28: "eaoc"}),
    ("P", {-83: "A.,", -28: "oea"}),
    ("y", {-83: ".,", -28: "oea"}),
    ("FVW", {-111: "A", -83: "oeura", -28: "OCGQ"}),
    ("KX", {-28: "OCGQ"}),
    ("T", {-83: "eoraAu", -28: "y"}),
    ("Y", {-83: "eoraAu"}),
    ("DO", {-28: "XWAVY"}),
    ("hmn", {-28: "tubyvw"}),
    ("c", {-28: "hk"}),
    ("bop", {-28: "xvyw", 28: "eodcq", 56: "j"}),
    ("a", {-28: "vyw", 56: "j"}),
    ("t", {-28: "yw"}),
    ("u", {-28: "w"}),
    ("AR", {-111: "VW", -83: "TY", -28: "tCOGUQ"}),
    ("L", {-111: "VW", -83: "TY"}),
    ("g", {28: "j"}),
    ("I", {28: "I"}),
)
_KERN = {
    (left, right): amount
    for lefts, after in _KERNS
    for amount, rights in after.items()
    for left in lefts
    for right in rights
}


def word(text: str, style: Style, engine: MathJax) -> Drawing:
    """Letters side by side, at the size and in the colour and groups of ``style``."""
    shapes: list[Shape] = []
    x = height = depth = 0.0
    previous = ""
    for letter, scale in _letters(text, style):
        glyph = _glyph(engine, letter, style.variant, style.code)
        size = style.size * scale
        x += _kern(previous, letter, style) * style.size
        for shape in glyph.shapes:
            points = shape.points * size + np.array((x, 0.0))
            shapes.append(replace(shape, points=points, colour=style.colour, groups=style.groups))
        x += glyph.width * size
        height, depth = max(height, glyph.height * size), max(depth, glyph.depth * size)
        previous = letter
    return Drawing(tuple(shapes), x, height, depth)


def _letters(text: str, style: Style) -> list[tuple[str, float]]:
    if style.capitals:
        return [(letter.upper(), _SMALL_CAPITAL if letter.islower() else 1.0) for letter in text]
    if style.family != "tt":
        text = _LIGATURE.sub(lambda found: _LIGATURES[found.group()], text)
    return [(letter, 1.0) for letter in text]


def _kern(left: str, right: str, style: Style) -> float:
    if style.family != "rm" or style.italic:
        return 0.0
    return _KERN.get((left, right), 0) * (_BOLD if style.bold else 1.0)


@functools.lru_cache(maxsize=2048)
def _glyph(engine: MathJax, letter: str, variant: str, code: str) -> Drawing:
    found = engine.glyph(letter, variant) or engine.glyph(letter, "normal")
    if found is None:
        return outlined(letter, code)
    width, height, depth, path = found
    shapes = (Shape(outline(f"M{path}Z"), None),) if path else ()
    return Drawing(shapes, width * _EM, height * _EM, depth * _EM)
