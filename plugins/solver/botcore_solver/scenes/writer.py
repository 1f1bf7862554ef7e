"""Beats → the code of a scene that a person likes to read and to change."""

from __future__ import annotations

from collections.abc import Iterator

from botcore_solver.outcome import Solution
from botcore_solver.scenes.beats import (
    Area,
    Asymptote,
    Beat,
    ClearGraph,
    HideGraph,
    Line,
    Note,
    OpenGraph,
    Phase,
    Point,
    Riemann,
    Say,
    Segment,
    Tangent,
)

SCENE = "Answer"
_WIDTH = 100


def write_scene(solution: Solution) -> str:
    """The source of one ``Lesson`` named :data:`SCENE`."""
    body = [
        _call("self.title", _words(solution.title), _tex(solution.task)),
        *(line for beat in solution.script for line in _beat(beat)),
        _call(
            "self.answer",
            _tex(solution.answer_tex),
            *([_words(solution.closing)] if solution.closing else []),
        ),
    ]
    lines = [
        "from botcore_manim.lesson import *",
        "",
        "",
        f"class {SCENE}(Lesson):",
        "    def construct(self):",
        *((" " * 8 + part).rstrip() for line in body for part in line.split("\n")),
    ]
    return "\n".join(lines) + "\n"


def _beat(beat: Beat) -> Iterator[str]:
    match beat:
        case Say(words):
            yield _call("self.say", _words(words))
        case Line(tex, why):
            yield _call("self.step", _tex(tex), *([_words(why)] if why else []))
        case Note(words):
            yield _call("self.note", _words(words))
        case Phase(words):
            yield _call("self.phase", _words(words))
        case OpenGraph():
            yield from _open(beat)
        case ClearGraph():
            yield "graph.clear()"
        case HideGraph():
            yield "graph.hide()"
        case _:
            yield _on_graph(beat)


def _open(beat: OpenGraph) -> Iterator[str]:
    names = ["f", "g", "h"]
    for name, function in zip(names, beat.functions, strict=False):
        yield f"\ndef {name}(x):\n    return {function.code}\n"
    window = [f"x=({beat.x[0]}, {beat.x[1]})"]
    if beat.y is not None:
        window.append(f"y=({beat.y[0]}, {beat.y[1]})")
    if any(function.label for function in beat.functions):
        window.append(f"labels=[{', '.join(_tex(function.label) for function in beat.functions)}]")
    yield "graph = " + _call("self.graph", *names[: len(beat.functions)], *window)


def _on_graph(beat: Point | Asymptote | Segment | Area | Riemann | Tangent) -> str:
    match beat:
        case Point(x, y, label, guides):
            return _call(
                "graph.point", x, y, *([_tex(label)] if label else []), *(["guides=True"] if guides else [])
            )
        case Asymptote(x, y, slope):
            given = (("x", x), ("y", y), ("slope", slope))
            return _call(
                "graph.asymptote", *(f"{name}={value}" for name, value in given if value is not None)
            )
        case Segment(p, q):
            return _call("graph.line", f"({p[0]}, {p[1]})", f"({q[0]}, {q[1]})")
        case Area(a, b, label):
            return _call("graph.area", a, b, *([f"label={_tex(label)}"] if label else []))
        case Riemann(a, b, n):
            return _call("graph.riemann", a, b, f"n={n}")
        case Tangent(x, to, slope):
            moves = [f"to={to}"] if to is not None else []
            return _call("graph.tangent", x, *moves, f"slope=lambda x: {slope}")


def _call(name: str, *arguments: str) -> str:
    """A call on one line, or on several where it would be too long."""
    line = f"{name}({', '.join(arguments)})"
    if len(line) <= _WIDTH:
        return line
    return "\n".join([f"{name}(", *(f"    {argument}," for argument in arguments), ")"])


def _tex(text: str) -> str:
    """A raw string literal where one can hold the text."""
    if '"' in text or text.endswith("\\") or "\n" in text:
        return repr(text)
    return f'r"{text}"' if "\\" in text else f'"{text}"'


def _words(text: str) -> str:
    return _tex(text)
