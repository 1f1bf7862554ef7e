"""Text that MathJax's font lacks (Cyrillic, Arabic, Devanagari, Chinese, …), outlined by Pango.

Pango shapes it with the fonts of the machine and orders right-to-left text; cairo writes the outlines as SVG.
"""

from __future__ import annotations

import functools
import tempfile
from collections import Counter
from pathlib import Path
from xml.etree import ElementTree

import manimpango

from .drawing import Drawing, Matrix, Shape
from .paths import outline

FAMILIES = (
    "CMU Serif, Latin Modern Roman, Noto Serif, Noto Naskh Arabic, Noto Serif CJK SC, DejaVu Serif, serif"
)
"""Serif faces that go with Computer Modern, best first; fontconfig falls back further by itself."""

_SIZE = 750
"""Points; Pango draws at 96 dpi, so that an em becomes 1000 units."""
_BEARING = 30.0
"""White space beside the ink: the surface does not tell a run's advance."""
_CANVAS = 400_000
_SVG = "{http://www.w3.org/2000/svg}"
_HREF = "{http://www.w3.org/1999/xlink}href"


@functools.lru_cache(maxsize=512)
def outlined(text: str, style: str = "") -> Drawing:
    """Outline a run of text.

    :param style: ``"b"`` bold, ``"i"`` italic, both or neither.
    """
    slant = "ITALIC" if "i" in style else "NORMAL"
    weight = "BOLD" if "b" in style else "NORMAL"
    with tempfile.TemporaryDirectory(prefix="outlined-") as folder:
        file = Path(folder, "run.svg")
        markup = manimpango.escape(text)
        manimpango.MarkupUtils.text2svg(
            markup, FAMILIES, slant, weight, _SIZE, 0, False, str(file), 0, _SIZE, _CANVAS, 4 * _SIZE
        )
        root = ElementTree.parse(file).getroot()  # noqa: S314  # cairo wrote it a moment ago
    return _drawing(root)


def _drawing(root: ElementTree.Element) -> Drawing:
    symbols = {
        symbol.get("id"): [path.get("d", "") for path in symbol.iter(f"{_SVG}path")]
        for symbol in (*root.iter(f"{_SVG}symbol"), *(g for g in root.iter(f"{_SVG}g") if g.get("id")))
    }
    placed = [
        (float(use.get("x", "0")), float(use.get("y", "0")), symbols.get(use.get(_HREF, "")[1:], []))
        for use in root.iter(f"{_SVG}use")
    ]
    glyphs = [(x, y, path) for x, y, paths in placed for path in paths if path.strip()]
    if not glyphs:
        return Drawing(())
    baseline = Counter(y for _, y, _ in glyphs).most_common(1)[0][0]
    shapes = [Shape(Matrix(1, 0, 0, -1, x, baseline - y).apply(outline(path)), None) for x, y, path in glyphs]
    shapes = [shape for shape in shapes if len(shape.points)]
    left = min(shape.points[:, 0].min() for shape in shapes) - _BEARING
    right = max(shape.points[:, 0].max() for shape in shapes) + _BEARING
    return Drawing(
        tuple(shape.moved(-left, 0) for shape in shapes),
        width=float(right - left),
        height=float(max(0, *(shape.points[:, 1].max() for shape in shapes))),
        depth=float(max(0, *(-shape.points[:, 1].min() for shape in shapes))),
    )
