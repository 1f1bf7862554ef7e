"""What a text consists of, once its commands are read."""

from __future__ import annotations

from dataclasses import dataclass

from .text_style import Style


@dataclass(frozen=True, slots=True)
class Word:
    """Letters without a space."""

    text: str
    style: Style


@dataclass(frozen=True, slots=True)
class Run:
    """Letters that Pango outlines: ``Maths.runs[number]``."""

    number: int
    style: Style


@dataclass(frozen=True, slots=True)
class Space:
    """A space between words, where a line may break."""

    style: Style
    after: str = ""
    """The letter before it: LaTeX widens the space after a stop."""


@dataclass(frozen=True, slots=True)
class Kern:
    """A fixed distance, in thousandths of an em."""

    width: float


@dataclass(frozen=True, slots=True)
class Formula:
    """``$ … $`` or a displayed formula."""

    tex: str
    display: bool
    style: Style


@dataclass(frozen=True, slots=True)
class Box:
    """Content that no line break divides: a frame, an underline, a raised or smaller piece."""

    items: tuple[Item, ...]
    style: Style
    kind: str
    """``plain``, ``frame``, ``underline``, ``fill``."""
    lift: float = 0.0
    fill: str | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A black box."""

    width: float
    height: float
    lift: float
    style: Style


@dataclass(frozen=True, slots=True)
class Break:
    r"""``\\``; in a table the end of a row."""

    skip: float = 0.0


@dataclass(frozen=True, slots=True)
class Paragraph:
    """An empty line."""


@dataclass(frozen=True, slots=True)
class Cell:
    """``&``."""


@dataclass(frozen=True, slots=True)
class TableRule:
    r"""``\hline``, or from one column to another (``\cline``; counted from 1)."""

    first: int = 1
    last: int = 1000


@dataclass(frozen=True, slots=True)
class ListItem:
    r"""``\item``, with its own label."""

    label: tuple[Item, ...] | None
    style: Style


@dataclass(frozen=True, slots=True)
class Begin:
    """The start of an environment."""

    name: str
    arguments: tuple[str, ...]
    style: Style


@dataclass(frozen=True, slots=True)
class End:
    """The end of an environment."""

    name: str


Item = (
    Word
    | Run
    | Space
    | Kern
    | Formula
    | Box
    | Rule
    | Break
    | Paragraph
    | Cell
    | TableRule
    | ListItem
    | Begin
    | End
)
