"""What can happen in a lesson, one type for each call of the kit. Numbers and functions are Python code."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Say:
    """A caption at the bottom of the picture."""

    words: str


@dataclass(frozen=True, slots=True)
class Line:
    """A new line of the derivation with its reason."""

    tex: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Note:
    """A line of words among the steps."""

    words: str


@dataclass(frozen=True, slots=True)
class Phase:
    """A fresh start on a cleared picture."""

    words: str


@dataclass(frozen=True, slots=True)
class Function:
    """A curve: ``code`` in the variable ``x``, ``label`` in LaTeX for the legend."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class OpenGraph:
    """The graph panel with its first curves; ``x`` and ``y`` are the window, as code."""

    functions: tuple[Function, ...]
    x: tuple[str, str]
    y: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Point:
    x: str
    y: str
    label: str = ""
    guides: bool = False


@dataclass(frozen=True, slots=True)
class Asymptote:
    """Vertical (``x``), horizontal (``y``) or oblique (``y`` and ``slope``)."""

    x: str | None = None
    y: str | None = None
    slope: str | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A straight line between two points."""

    p: tuple[str, str]
    q: tuple[str, str]


@dataclass(frozen=True, slots=True)
class Area:
    """The strip between the first curve and the x-axis."""

    a: str
    b: str
    label: str = ""


@dataclass(frozen=True, slots=True)
class Riemann:
    """Rectangles that become finer."""

    a: str
    b: str
    n: tuple[int, ...] = (4, 8, 16, 32)


@dataclass(frozen=True, slots=True)
class Tangent:
    """The tangent of the first curve at ``x``, gliding to ``to``; ``slope``: the derivative's code in x."""

    x: str
    to: str | None
    slope: str


@dataclass(frozen=True, slots=True)
class ClearGraph:
    """Everything but the curves goes."""


@dataclass(frozen=True, slots=True)
class HideGraph:
    """The panel closes."""


Beat = (
    Say
    | Line
    | Note
    | Phase
    | OpenGraph
    | Point
    | Asymptote
    | Segment
    | Area
    | Riemann
    | Tangent
    | ClearGraph
    | HideGraph
)
