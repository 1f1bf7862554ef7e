"""Where things may be: boxes, sizes of type, and the regions of a frame. Knows nothing of Manim.

Lengths are Manim units (the short side of a frame is 8 of them), sizes of type are Manim font sizes
(72 of them are one unit of em).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PanelKind = Literal["none", "graph", "strip"]

EM = 1 / 72
"""Units per font size."""


@dataclass(frozen=True, slots=True)
class Box:
    """An upright rectangle."""

    left: float
    bottom: float
    right: float
    top: float

    @property
    def width(self) -> float:
        return self.right - self.left

    @property
    def height(self) -> float:
        return self.top - self.bottom

    @property
    def x(self) -> float:
        return (self.left + self.right) / 2

    @property
    def y(self) -> float:
        return (self.bottom + self.top) / 2

    def inset(self, dx: float, dy: float | None = None) -> Box:
        """The box without a border of ``dx`` (and ``dy``) on each side; negative values grow it."""
        dy = dx if dy is None else dy
        return Box(self.left + dx, self.bottom + dy, self.right - dx, self.top - dy)

    def shifted(self, dx: float, dy: float) -> Box:
        return Box(self.left + dx, self.bottom + dy, self.right + dx, self.top + dy)

    def overlaps(self, other: Box, slack: float = 0.0) -> bool:
        """Whether the two share an area deeper than ``slack`` in both directions."""
        return (
            min(self.right, other.right) - max(self.left, other.left) > slack
            and min(self.top, other.top) - max(self.bottom, other.bottom) > slack
        )

    def holds(self, other: Box, slack: float = 0.0) -> bool:
        """Whether ``other`` lies inside, but for ``slack``."""
        return (
            other.left >= self.left - slack
            and other.right <= self.right + slack
            and other.bottom >= self.bottom - slack
            and other.top <= self.top + slack
        )


@dataclass(frozen=True, slots=True)
class Sizes:
    """Font sizes of one shape of frame. ``least`` is the smallest that a phone shows legibly."""

    title: float
    heading: float
    formula: float
    formula_alone: float
    why: float
    why_alone: float
    caption: float
    label: float
    tick: float
    least: float


_WIDE = Sizes(44, 34, 40, 46, 30, 33, 34, 30, 26, 26)
_TALL = Sizes(40, 32, 38, 46, 28, 31, 31, 28, 23, 21)
_SQUARE = Sizes(34, 28, 33, 42, 25, 28, 25, 24, 20, 19)


@dataclass(frozen=True, slots=True)
class Regions:
    """Boxes that never overlap. ``panel`` is None when no panel is open."""

    steps: Box
    panel: Box | None
    caption: Box


@dataclass(frozen=True, slots=True)
class Frame:
    """One shape of frame: 16:9, 9:16, 1:1 or anything between.

    ``width`` and ``height`` in units.
    """

    width: float
    height: float

    @property
    def unit(self) -> float:
        """1 for Manim's usual frames, whose short side is 8."""
        return min(self.width, self.height) / 8

    @property
    def shape(self) -> Literal["wide", "tall", "square"]:
        ratio = self.width / self.height
        return "wide" if ratio > 1.25 else "tall" if ratio < 0.8 else "square"

    @property
    def sizes(self) -> Sizes:
        base = {"wide": _WIDE, "tall": _TALL, "square": _SQUARE}[self.shape]
        scaled = (getattr(base, name) * self.unit for name in Sizes.__slots__)
        return Sizes(*scaled)

    @property
    def safe(self) -> Box:
        """The part that no player's buttons and no cropped screen edge covers."""
        margin = {"wide": (0.55, 0.4), "tall": (0.4, 0.95), "square": (0.35, 0.32)}[self.shape]
        whole = Box(-self.width / 2, -self.height / 2, self.width / 2, self.height / 2)
        return whole.inset(margin[0] * self.unit, margin[1] * self.unit)

    @property
    def gap(self) -> float:
        """The usual distance between two regions."""
        return 0.3 * self.unit

    def regions(self, head: float, panel: PanelKind = "none") -> Regions:
        """Divides what is under the head.

        :param head: the y coordinate of the lower edge of title and heading.
        :param panel: ``graph``: beside the steps in a wide frame, above them otherwise; ``strip``: a low
            one across the frame, for a number line.
        """
        safe, gap = self.safe, self.gap
        lines = 1 if self.shape == "wide" else 2
        band = 0.34 * self.unit + 1.4 * lines * self.sizes.caption * EM
        caption = Box(safe.left, safe.bottom, safe.right, safe.bottom + band)
        body = Box(safe.left, caption.top + gap * 0.7, safe.right, head - gap * 0.7)
        if panel == "none":
            return Regions(body, None, caption)
        if panel == "strip":
            low = min(2.5 * self.unit, body.height * 0.45)
            return Regions(
                Box(body.left, body.bottom + low + gap, body.right, body.top),
                Box(body.left, body.bottom, body.right, body.bottom + low),
                caption,
            )
        if self.shape == "wide":
            cut = body.left + body.width * 0.5
            return Regions(
                Box(body.left, body.bottom, cut - gap, body.top),
                Box(cut, body.bottom, body.right, body.top),
                caption,
            )
        cut = body.top - body.height * (0.6 if self.shape == "tall" else 0.72)
        return Regions(
            Box(body.left, body.bottom, body.right, cut - gap * 0.7),
            Box(body.left, cut, body.right, body.top),
            caption,
        )
