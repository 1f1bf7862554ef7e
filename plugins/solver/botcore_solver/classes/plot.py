"""The graph of a function with its roots, extrema and asymptotes."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from botcore_solver import answers
from botcore_solver.build import build
from botcore_solver.explain.features import Feature, Features, features
from botcore_solver.explain.typeset import code, decimal, flat, plain, tex
from botcore_solver.explain.written import written
from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained, Solution, Status, Undefined
from botcore_solver.reading.bounds import bound
from botcore_solver.reading.parser import parse
from botcore_solver.reading.phrases import bare, definition, first, pattern, the_variable, trailing_range
from botcore_solver.reading.sentence import Sentence
from botcore_solver.reading.syntax import Node, variables
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.scenes.beats import Asymptote, Beat, Function, Line, OpenGraph, Point, Say
from botcore_solver.scenes.curve import Real, View, safe, survey, view
from botcore_solver.scenes.window import pair, span
from botcore_solver.wording import joined, sentence

WORDS = {
    "title": sentence("Draw the graph"),
    "curve": sentence("The curve's height is the function's value."),
    "roots": sentence("Zeros lie on the x-axis."),
    "no_roots": sentence("The function is never zero."),
    "extrema": sentence("It turns where ${equation}$."),
    "poles": sentence("Near it, values go to infinity."),
    "far": sentence("Far out, it nears this line."),
    "height": sentence("It meets the vertical axis here."),
    "closing": sentence("Checked: all marked points lie on it."),
    "zeros": sentence("Zeros: {list}"),
    "minima": sentence("Minimum: {list}"),
    "maxima": sentence("Maximum: {list}"),
    "lines": sentence("Asymptotes: {list}"),
    "text": sentence("Graph of y = {f}"),
    "text_roots": sentence("roots: {list}"),
    "text_minimum": sentence("minimum at {list}"),
    "text_maximum": sentence("maximum at {list}"),
    "text_asymptotes": sentence("asymptotes: {list}"),
}

_VERB = (
    r"(?:plot|graph|sketch|draw|visuali[sz]e|display|chart|(?:show|give)(?: me)?(?= (?:the |a "
    r")?(?:graph|plot|curve|picture|sketch)))"
)
_NOUN = r"(?:graph|curve|plot|function|line|parabola|equation|picture|sketch|hyperbola|expression)"
_PATTERNS = tuple(
    pattern(text)
    for text in (
        (
            rf"{_VERB}(?: me)?(?: the| a)?(?: {_NOUN})*(?: of| for)?(?: the)?(?: {_NOUN})*(?: "
            rf"where| when| given by| defined by)?\s*:? (?P<m>.+)"
        ),
        rf"(?:the )?(?:graph|plot|sketch|curve) (?:of|for)(?: the)?(?: {_NOUN})?\s*:? (?P<m>.+)",
        rf"(?:ASK )?(?:the )?(?:graph|plot|curve) of(?: the)?(?: {_NOUN})? (?P<m>.+)",
        rf"(?:what|how) does (?:the )?(?:{_NOUN} )*(?:of )?(?P<m>.+?) look(?: like)?",
    )
)
_EXTRAS = re.compile(
    r"[,.;\s]+(?:(?:and|with|showing|show|find|mark|label|its|the|all|give|including|include)[\s,]+)+"
    r"(?:(?:and|roots?|zeros?|zeroes|extrema|asymptotes?|minimum|maximum|minima|maxima|x|"
    r"y|intercepts?|x-intercepts?|y-intercepts?|turning|points?|vertex|"
    r"its|the|all|any|local|key|features)[\s,]*)+$",
    re.IGNORECASE,
)
_TURNS = {"minimum": sentence("minimum"), "maximum": sentence("maximum")}
_ASYMPTOTES = sentence("asymptotes")
_LABELS = 6


@dataclass(frozen=True, slots=True)
class PlotProblem:
    function: Node
    variable: str
    range: tuple[Node, Node] | None = None


class Plot:
    kind = "plot"
    title: str = WORDS["title"]
    examples: tuple[str, ...] = (
        sentence("plot x^3 - 3x"),
        "graph y = 1/(x - 2) + 1",
        "sketch sin(x) from 0 to 2pi",
    )
    topics: tuple[str, ...] = ("plot", "graph", "sketch", "draw", "curve", "function", "y =")

    def read(self, given: Sentence) -> PlotProblem | None:
        text = _EXTRAS.sub("", given.line)
        parts = first(_PATTERNS, text)
        formula = text if parts is None else parts["m"]
        if parts is None and (definition(formula) is None or formula.count("=") > 3):
            return None
        named, window = None, None
        if ranged := trailing_range(formula):
            formula, named, *ends = ranged
            window = (bound(ends[0]), bound(ends[1]))
        if defined := definition(formula.strip()):
            named, formula = named or defined[0], defined[1]
        if "=" in formula:
            if parts is None:
                return None
            raise Unreadable(sentence("I draw functions such as y = x^2. Solve it for y first."))
        node = bare(parse(formula))
        if parts is None and not variables(node):
            return None
        if named is None and variables(node) == ["y"]:
            raise Unreadable(sentence("I draw y as a function of x. Write it with x, please."))
        return PlotProblem(node, the_variable(node, named), window)

    def task(self, problem: PlotProblem) -> str:
        return f"y = {written(problem.function)}"

    def solve(self, problem: PlotProblem) -> Solution:
        x = sp.Symbol(problem.variable, real=True)
        f = build(problem.function)
        if f.has(sp.oo, sp.zoo, sp.nan, sp.I):
            raise Undefined(sentence("it has no real values"))
        curve = safe(sp.lambdify(x, f, "math"))
        asked = None if problem.range is None else _ends(problem.range)
        if asked is None and not survey(curve, -10, 10).stretches:
            raise Undefined(sentence("it has no real values between −10 and 10"))
        found = features(f, x, curve, asked)
        marks = [float(p.x) for p in (*found.roots, *found.extrema)] + [float(p) for p in found.poles]
        window = _window(curve, [m for m in marks if abs(m) < 50], found, asked)
        return _solution(problem, x, f, found, window)


def _window(curve: Real, marks: list[float], found: Features, asked: tuple[float, float] | None) -> View:
    """The view of the marks; around asymptotes there has to be room for the curve to approach them."""
    if not found.poles:
        return view(curve, marks, asked)
    poles = [float(pole) for pole in found.poles]
    across = asked or span([*marks, min(poles) - 3, max(poles) + 3], 0.1)
    flat = [float(height) for slope, height in found.far if slope == 0]
    heights = [0.0, *flat, *(float(p.y) for p in found.extrema if across[0] <= p.x <= across[1])]
    return View(across, span([min(heights) - 2.5, max(heights) + 2.5], 0.1))


def _ends(given: tuple[Node, Node]) -> tuple[float, float]:
    low, high = (build(end) for end in given)
    if not (low.is_finite and high.is_finite) or not bool(low < high) or float(high - low) > 1e6:
        raise Abstained(
            sentence("I need a range with a smaller and a larger end, for example: from -3 to 3.")
        )
    return float(low), float(high)


def _solution(problem: PlotProblem, x: Any, f: Any, found: Features, window: View) -> Solution:
    script: list[Beat] = [
        OpenGraph(
            (Function(code(f.subs(x, sp.Symbol("x", real=True))), _legend(problem)),),
            pair(window.x),
            pair(window.y),
        ),
        Say(WORDS["curve"]),
        *_roots(found, x),
        *_asymptotes(found, x),
        *_extrema(found, f, x),
        *_height(found, f, x, window),
    ]
    script = [beat for beat in script if not isinstance(beat, (Point, Asymptote)) or _in_view(beat, window)]
    return Solution(
        kind=Plot.kind,
        status=Status.ANSWERED,
        title=WORDS["title"],
        task=f"y = {written(problem.function)}",
        answer=answers.one(f),
        answer_text=_text(found, f),
        answer_tex=_headline(problem, found, x),
        closing=_closing(found, x),
        script=tuple(script),
    )


def _legend(problem: PlotProblem) -> str:
    """The curve's name above the plot; a tall one would take the curve's place, and is the title anyway."""
    name = f"y = {written(problem.function)}"
    return "" if r"\frac" in name else name


def _roots(found: Features, x: Any) -> Iterator[Beat]:
    if not found.roots:
        if found.surely_no_roots:
            yield Say(WORDS["no_roots"])
        return
    shown = r", \quad ".join(_equal(str(x), root) for root in found.roots[:_LABELS])
    more = r", \; \ldots" if found.endless or len(found.roots) > _LABELS else ""
    yield Line(shown + more, WORDS["roots"])
    for number, root in enumerate(found.roots):
        yield Point(_code(root.x), "0", _value(root.x, root.exact) if number < _LABELS else "")


def _extrema(found: Features, f: Any, x: Any) -> Iterator[Beat]:
    if not found.extrema:
        return
    shown = [rf"\text{{{_TURNS[p.kind]}}} \; {_pair(p)}" for p in found.extrema[:3]]
    if all(p.exact for p in found.extrema) and not f.has(sp.Abs):
        yield Line(f"y' = {tex(_slope(f, x))} = 0", WORDS["extrema"].filled(equation="y' = 0"))
    yield Line(r", \quad ".join(shown) + (r", \; \ldots" if found.endless or len(found.extrema) > 3 else ""))
    for number, p in enumerate(found.extrema):
        yield Point(_code(p.x), _code(p.y), _mark(p) if number < _LABELS else "")


def _slope(f: Any, x: Any) -> Any:
    """The derivative, of a fraction as one fraction that is multiplied out."""
    slope = sp.diff(f, x)
    return sp.factor(slope) if f.is_rational_function(x) and not f.is_polynomial(x) else sp.simplify(slope)


def _asymptotes(found: Features, x: Any) -> Iterator[Beat]:
    if found.poles:
        for pole in found.poles:
            yield Asymptote(x=code(pole))
        yield Line(r", \quad ".join(f"{x} = {tex(pole)}" for pole in found.poles[:4]), WORDS["poles"])
    for slope, height in found.far:
        flat = slope == 0
        yield Asymptote(y=code(height), slope=None if flat else code(slope))
        yield Line(f"y = {tex(slope * x + height)}", WORDS["far"])


def _height(found: Features, f: Any, x: Any, window: View) -> Iterator[Beat]:
    """Where nothing else is marked, at least the height at zero."""
    if found.roots or found.extrema or not window.x[0] <= 0 <= window.x[1]:
        return
    value = f.subs(x, 0)
    if value.is_real and value.is_finite:
        yield Line(rf"{x} = 0 \;\Rightarrow\; y = {tex(value)}", WORDS["height"])
        yield Point("0", code(value), tex(value))


def _in_view(beat: Point | Asymptote, window: View) -> bool:
    """Whether a mark lies inside the window; what lies outside is told by its line alone."""
    x = None if beat.x is None else float(sp.sympify(beat.x, evaluate=True))
    y = None if beat.y is None or isinstance(beat, Asymptote) else float(sp.sympify(beat.y))
    return all(v is None or low <= v <= high for v, (low, high) in ((x, window.x), (y, window.y)))


def _equal(name: str, p: Feature) -> str:
    return f"{name} = {tex(p.x)}" if p.exact else rf"{name} \approx {_short(p.x)}"


def _pair(p: Feature) -> str:
    return rf"\left({_value(p.x, p.exact)},\, {_value(p.y, p.exact)}\right)"


def _mark(p: Feature) -> str:
    """The label of a point: rounded where the exact numbers are too long to stand beside it."""
    exact = _pair(p)
    if len(re.sub(r"\\(left|right|,)|[{} ]", "", re.sub(r"\\(sqrt|pi)", "1", exact))) <= 9:
        return exact
    return rf"\left({_short(sp.N(p.x), 2)},\, {_short(sp.N(p.y), 2)}\right)"


def _value(value: Any, exact: bool) -> str:
    """A number for a label or a list; a fraction on one line."""
    return flat(value) if exact else _short(value)


def _short(value: Any, digits: int = 3) -> str:
    return decimal(value, digits)


def _code(value: Any) -> str:
    return code(value) if not value.is_Float else f"{float(value):.9g}"


def _closing(found: Features, x: Any) -> str:
    """What was found, in words for the answer."""
    parts: list[str] = []
    if found.roots:
        parts.append(
            WORDS["zeros"].filled(list=_listed((_value(r.x, r.exact) for r in found.roots), found.endless))
        )
    for kind, key in (("maximum", "maxima"), ("minimum", "minima")):
        points = [_pair(p) for p in found.extrema if p.kind == kind]
        if points:
            parts.append(WORDS[key].filled(list=_listed(points, found.endless)))
    if found.poles and parts:
        return joined("; ", parts)
    if lines := _lines(found, x):
        parts.append(WORDS["lines"].filled(list=_listed(lines, found.endless)))
    return joined("; ", parts) if parts else WORDS["closing"]


def _headline(problem: PlotProblem, found: Features, x: Any) -> str:
    """What the answer shows large: the function, or its asymptotes where other things are listed below."""
    if found.poles and (found.roots or found.extrema):
        return rf"\text{{{_ASYMPTOTES}}} \; " + r", \; ".join(_lines(found, x)[:4])
    return f"y = {written(problem.function)}"


def _lines(found: Features, x: Any) -> list[str]:
    """The asymptotes' equations."""
    return [f"{x} = {flat(pole)}" for pole in found.poles] + [
        f"y = {flat(slope * x + height)}" for slope, height in found.far
    ]


def _listed(values: Iterable[str], endless: bool) -> str:
    """The first few, each a formula of its own among words."""
    shown = list(values)
    return ", ".join(f"${value}$" for value in shown[:4]) + (", …" if endless or len(shown) > 4 else "")


def _text(found: Features, f: Any) -> str:
    parts: list[str] = [WORDS["text"].filled(f=plain(f))]
    if found.roots:
        values = ", ".join(plain(p.x) if p.exact else f"≈ {_short(p.x)}" for p in found.roots[:8])
        parts.append(WORDS["text_roots"].filled(list=values))
    for kind in ("minimum", "maximum"):
        points = [p for p in found.extrema if p.kind == kind][:4]
        if points:
            shown = ", ".join(
                f"({plain(p.x)}, {plain(p.y)})" if p.exact else f"≈ ({_short(p.x)}, {_short(p.y)})"
                for p in points
            )
            parts.append(WORDS[f"text_{kind}"].filled(list=shown))
    lines = [f"x = {plain(pole)}" for pole in found.poles] + [
        f"y = {plain(s * sp.Symbol('x') + h)}" for s, h in found.far
    ]
    if lines:
        parts.append(WORDS["text_asymptotes"].filled(list=", ".join(lines)))
    return joined("; ", parts)
