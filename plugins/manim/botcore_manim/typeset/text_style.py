"""How a stretch of text looks, and the commands that change it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

Family = Literal["rm", "sf", "tt"]


@dataclass(frozen=True, slots=True)
class Style:
    """Font, size and colour of a stretch of text, and the groups of manim that it belongs to."""

    family: Family = "rm"
    bold: bool = False
    italic: bool = False
    capitals: bool = False
    """Small capitals."""
    size: float = 1.0
    colour: str | None = None
    groups: tuple[str, ...] = ()

    @property
    def variant(self) -> str:
        """MathJax's name of the font."""
        return _VARIANTS[self.family, self.bold, self.italic]

    @property
    def code(self) -> str:
        """For :func:`~.pango.outlined`."""
        return "b" * self.bold + "i" * self.italic


_VARIANTS: dict[tuple[Family, bool, bool], str] = {
    ("rm", False, False): "normal",
    ("rm", True, False): "bold",
    ("rm", False, True): "-tex-mathit",
    ("rm", True, True): "bold-italic",
    ("sf", False, False): "sans-serif",
    ("sf", True, False): "bold-sans-serif",
    ("sf", False, True): "sans-serif-italic",
    ("sf", True, True): "sans-serif-bold-italic",
    ("tt", False, False): "monospace",
    ("tt", True, False): "monospace",
    ("tt", False, True): "monospace",
    ("tt", True, True): "monospace",
}

SIZES = {
    "tiny": 0.5,
    "scriptsize": 0.7,
    "footnotesize": 0.8,
    "small": 0.9,
    "normalsize": 1.0,
    "large": 1.2,
    "Large": 1.44,
    "LARGE": 1.728,
    "huge": 2.074,
    "Huge": 2.488,
}

_CHANGES: dict[str, dict[str, object]] = {
    "bf": {"bold": True, "italic": False, "capitals": False, "family": "rm"},
    "it": {"bold": False, "italic": True, "capitals": False, "family": "rm"},
    "rm": {"bold": False, "italic": False, "capitals": False, "family": "rm"},
    "sf": {"bold": False, "italic": False, "capitals": False, "family": "sf"},
    "tt": {"bold": False, "italic": False, "capitals": False, "family": "tt"},
    "sc": {"bold": False, "italic": False, "capitals": True, "family": "rm"},
    "sl": {"bold": False, "italic": True, "capitals": False, "family": "rm"},
    "bfseries": {"bold": True},
    "mdseries": {"bold": False},
    "itshape": {"italic": True, "capitals": False},
    "slshape": {"italic": True, "capitals": False},
    "upshape": {"italic": False, "capitals": False},
    "scshape": {"italic": False, "capitals": True},
    "rmfamily": {"family": "rm"},
    "sffamily": {"family": "sf"},
    "ttfamily": {"family": "tt"},
    "normalfont": {"bold": False, "italic": False, "capitals": False, "family": "rm"},
    "boldmath": {},
}
_ARGUMENT = {
    "textbf": "bfseries",
    "textmd": "mdseries",
    "textit": "itshape",
    "textsl": "slshape",
    "textup": "upshape",
    "textsc": "scshape",
    "textrm": "rmfamily",
    "textsf": "sffamily",
    "texttt": "ttfamily",
    "textnormal": "normalfont",
    "mathrm": "rmfamily",
}


def switched(style: Style, command: str) -> Style | None:
    r"""The style after a switch such as ``\bfseries`` or ``\Large``; ``None``: not a switch."""
    if command in SIZES:
        return replace(style, size=SIZES[command])
    if command == "em":
        return replace(style, italic=not style.italic)
    change = _CHANGES.get(command)
    return None if change is None else replace(style, **change)  # type: ignore[arg-type]  # keys are fields


def styled(style: Style, command: str) -> Style | None:
    r"""The style of the argument of ``\textbf`` and the like; ``None``: another command."""
    if command == "emph":
        return switched(style, "em")
    switch = _ARGUMENT.get(command)
    return None if switch is None else switched(style, switch)
