"""Linear and quadratic equations in one unknown, and fractions that lead to them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from botcore_solver import answers, verify
from botcore_solver.build import build
from botcore_solver.explain.equation_graphs import parabola, two_lines, vertex
from botcore_solver.explain.linear import linear_steps
from botcore_solver.explain.quadratic import conjugates, quadratic
from botcore_solver.explain.typeset import code, decimal, flat, plain, tex
from botcore_solver.explain.written import written
from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained, Solution, Status
from botcore_solver.reading.parser import parse
from botcore_solver.reading.peel import peel, words
from botcore_solver.reading.phrases import bare, definition, equation, without_method
from botcore_solver.reading.sentence import Sentence
from botcore_solver.reading.syntax import Node, Num, functions, variables
from botcore_solver.reading.unreadable import Unreadable
from botcore_solver.scenes.beats import Beat, Line, OpenGraph, Point, Say
from botcore_solver.wording import NO_SOLUTION, OR_TEX, either, joined, sentence

WORDS = {
    "title": sentence("Solve the equation"),
    "title_for": sentence("Solve for ${unknown}$"),
    "graph_lines": sentence("Each side is a line. They meet at the solution."),
    "graph_curve": sentence("A solution is where the curve meets the axis."),
    "graph_touch": sentence("This curve only touches the axis: one solution."),
    "graph_none": sentence("This curve never meets the axis."),
    "clear": sentence("Multiply by ${factor}$ to clear fractions."),
    "clear_unknown": sentence("Multiply by ${factor}$, which is not $0$."),
    "expand": sentence("Multiply out, collect like terms."),
    "never": sentence("The unknown is gone; this is false."),
    "always": sentence("The unknown is gone; this is true."),
    "no_solution": sentence("No number makes both sides equal."),
    "all_reals": sentence("Every real number is a solution."),
    "all_reals_but": sentence("Every real number is a solution, except where a denominator is zero."),
    "excluded": sentence("${value}$ makes a denominator zero, so it is no solution."),
    "checked": sentence("Checked by putting it in."),
    "checked_many": sentence("Checked by putting both in."),
    "complex": sentence("No real solution: both are complex."),
    "double": sentence("Checked. It is a double root."),
    "text_complex": sentence("No real solution; complex solutions: {roots}"),
    "text_none": sentence("No solution"),
    "text_all": sentence("Every real number is a solution"),
    "text_all_but": sentence("Every real number is a solution, except {values}"),
}

_HEAD = words(
    "solve find determine calculate compute get give me what what's whats is are which for "
    "the this these following given linear quadratic simple algebraic equation equality "
    "unknown variable value values solution solutions root roots zero zeros zeroes real all "
    "any both possible of to in if when where such that so suppose knowing know and then let "
    "satisfy satisfies satisfying equation's does do we number numbers evaluate work out "
    "polynomial expression function with from using below"
)
_TAIL = words(
    "for in find solve what what's whats is are the value values of unknown variable then and "
    "determine compute calculate to get solution solutions roots root equation"
)
_ASKERS = words("for of find is what which unknown variable determine calculate compute get value values")
_ROOT_WORDS = words("root roots zero zeros zeroes")


@dataclass(frozen=True, slots=True)
class EquationProblem:
    left: Node
    right: Node
    unknown: str
    named: bool


@dataclass(frozen=True, slots=True)
class _Equation:
    """An equation on its way: both sides as expressions of the unknown ``x``."""

    problem: EquationProblem
    x: Any
    left: Any
    right: Any


class Equation:
    kind = "equation"
    title: str = WORDS["title"]
    examples: tuple[str, ...] = (
        sentence("solve x^2 - 5x + 6 = 0"),
        "solve 3(x - 2) = x + 8",
        "find the roots of 2x^2 + 3x - 7",
    )
    topics: tuple[str, ...] = (
        "solve",
        "equation",
        "root",
        "roots",
        "zeros",
        "unknown",
        "=",
        "quadratic",
        "linear",
    )

    def read(self, given: Sentence) -> EquationProblem | None:
        parts = peel(without_method(given.line), _HEAD, _TAIL, _ASKERS)
        left: Node
        right: Node
        asked = bool(parts.seen) or bool(parts.asked)
        if "=" in parts.rest and parts.rest.count("=") == 1 and not set("<>!") & set(parts.rest):
            defined = definition(parts.rest)
            if defined is not None and parts.seen & _ROOT_WORDS and "y" not in parts.asked:
                left, right = bare(parse(defined[1])), Num("0", Fraction(0))
            else:
                if defined is not None and defined[0] is not None:
                    return None
                left, right = equation(parts.rest)
        elif parts.seen & _ROOT_WORDS and "=" not in parts.rest and parts.rest:
            left, right = bare(parse(parts.rest)), Num("0", Fraction(0))
        else:
            return None
        return self._problem(left, right, parts.asked, asked)

    @staticmethod
    def _problem(left: Node, right: Node, letters: tuple[str, ...], asked: bool) -> EquationProblem | None:
        there = variables(left, right)
        if not there:
            raise Unreadable(sentence("There is no unknown in that equation."))
        if len(letters) > 1 or (letters and letters[0] not in there):
            raise Unreadable(sentence("The unknown that you ask for does not fit the equation."))
        if len(there) > 1:
            if not asked:
                return None
            raise Unreadable(
                sentence(
                    "There is more than one unknown in this one equation: {names}. I can solve one "
                    "unknown, or two equations with two unknowns."
                ).filled(names=", ".join(there))
            )
        return EquationProblem(left, right, there[0], bool(letters))

    def task(self, problem: EquationProblem) -> str:
        return _equality_as_written(problem)

    def solve(self, problem: EquationProblem) -> Solution:
        if functions(problem.left, problem.right) - {"sqrt"}:
            raise Abstained(joined(" ", (_LIMITS, sentence("This one has another function in it."))))
        left, right = build(problem.left), build(problem.right)
        x = sp.Symbol(problem.unknown, real=True)
        return _solve(_Equation(problem, x, left, right))


_LIMITS = sentence("So far I solve linear and quadratic equations.")


def _solve(e: _Equation) -> Solution:
    difference = sp.together(e.left - e.right)
    above, _ = sp.fraction(sp.cancel(difference))
    if not above.is_polynomial(e.x):
        raise Abstained(_LIMITS)
    poly = sp.Poly(above, e.x)
    if poly.degree() > 2:
        raise Abstained(
            joined(" ", (_LIMITS, sentence("This one has degree {degree}.").filled(degree=poly.degree())))
        )
    forbidden = _zeros_of_denominators(e)
    script: list[Beat] = []
    if poly.degree() < 1:
        return _degenerate(e, bool(poly.is_zero), forbidden)
    left, right = e.left, e.right
    factor = _common_denominator(e)
    lines: list[Line] = []
    if factor != 1:
        key = "clear_unknown" if factor.has(e.x) else "clear"
        left, right = sp.expand(sp.cancel(left * factor)), sp.expand(sp.cancel(right * factor))
        lines.append(Line(_equality(left, right), WORDS[key].filled(factor=tex(sp.factor(factor)))))
    elif any(side != sp.expand(side) for side in (left, right)) or _uncollected(e):
        left, right = sp.expand(left), sp.expand(right)
        lines.append(Line(_equality(left, right), WORDS["expand"]))
    if sp.Poly(sp.expand(left - right), e.x).degree() > 1:
        return _quadratic(e, lines, left, right, forbidden)
    graph = two_lines(e.left, e.right, e.x)
    if graph is not None:
        script += [Say(WORDS["graph_lines"]), graph]
    value = sp.simplify(-poly.coeff_monomial(1) / poly.coeff_monomial(e.x))
    lines.extend(linear_steps(e.x, left, right))
    return _finish(e, [*script, *lines], [value], forbidden)


def _quadratic(e: _Equation, lines: list[Line], left: Any, right: Any, forbidden: list[Any]) -> Solution:
    poly = sp.Poly(sp.expand(left - right), e.x)
    content = (
        sp.gcd_list(poly.all_coeffs()) if all(c.is_Rational for c in poly.all_coeffs()) else sp.Integer(1)
    )
    if poly.LC() < 0:
        content = -content
    standard = sp.Poly(poly.as_expr() / content, e.x) if content not in (0, 1) else poly
    result = quadratic(
        standard, e.x, as_written=sp.expand(right) != 0 or content != 1, left=left, right=right
    )
    script: list[Beat] = [
        Say(WORDS[_meeting(result.roots)]),
        parabola(standard, e.x, result.roots),
        *lines,
        *result.lines,
    ]
    if not all(root.is_real for root in result.roots):
        script.append(vertex(standard, e.x))
    return _finish(e, script, result.roots, forbidden)


def _meeting(roots: list[Any]) -> str:
    """Which words say how the parabola meets the axis."""
    if not all(root.is_real for root in roots):
        return "graph_none"
    return "graph_curve" if len(roots) > 1 else "graph_touch"


def _finish(e: _Equation, script: list[Beat], roots: list[Any], forbidden: list[Any]) -> Solution:
    name = e.problem.unknown
    kept = [root for root in roots if not any(verify.is_zero(root - bad) for bad in forbidden)]
    for root in kept:
        _check_root(e, root)
    lines: list[Beat] = [*script]
    lines.extend(
        Line(rf"{name} \ne {tex(root)}", WORDS["excluded"].filled(value=f"{name} = {tex(root)}"))
        for root in roots
        if root not in kept
    )
    if not kept:
        return _none(e, lines)
    kept = answers.ascending(kept)
    real = all(root.is_real for root in kept)
    if any(isinstance(beat, OpenGraph) for beat in lines) and real:
        lines.extend(_marks(e, lines, kept))
    text = either([f"{name} = {plain(root)}" for root in kept])
    closing = "checked" if len(kept) == 1 else "checked_many"
    if len(kept) == 1 and len(roots) == 1 and _is_double(e):
        closing = "double"
    return Solution(
        kind=Equation.kind,
        status=Status.ANSWERED,
        title=_title(e),
        task=_equality_as_written(e.problem),
        answer=answers.several(kept),
        answer_text=text if real else WORDS["text_complex"].filled(roots=text),
        answer_tex=_choice(name, kept),
        closing=WORDS[closing] if real else WORDS["complex"],
        script=tuple(lines),
    )


def _is_double(e: _Equation) -> bool:
    above, _ = sp.fraction(sp.cancel(sp.together(e.left - e.right)))
    return bool(sp.degree(above, e.x) == 2)


def _marks(e: _Equation, lines: list[Beat], roots: list[Any]) -> Iterator[Point]:
    graph = next(beat for beat in lines if isinstance(beat, OpenGraph))
    for root in roots:
        height = e.left.subs(e.x, root) if len(graph.functions) == 2 else sp.Integer(0)
        yield Point(
            code(root),
            code(sp.simplify(height)),
            _label(e.problem.unknown, root),
            len(graph.functions) == 2,
        )


def _label(name: str, root: Any) -> str:
    """What stands beside a point: one with square roots in it would cover the curve, and is in the answer."""
    shown = flat(root)
    short = root.is_Rational and len(shown) <= 14
    return f"{name} = {shown}" if short else rf"{name} \approx {decimal(root, 2)}"


def _choice(name: str, roots: list[Any]) -> str:
    if len(roots) == 2 and not roots[0].is_rational:
        return f"{name} = {conjugates(roots[0], roots[1])}"
    return OR_TEX.join(f"{name} = {tex(root)}" for root in roots)


def _check_root(e: _Equation, root: Any) -> None:
    """Put the root into the sides as they were written, by numbers."""
    sides = [side.subs(e.x, sp.N(root, 60)) for side in (e.left, e.right)]
    verify.require(verify.is_zero(sides[0] - sides[1]))


def _zeros_of_denominators(e: _Equation) -> list[Any]:
    found: list[Any] = []
    for side in (e.left, e.right):
        for power in side.atoms(sp.Pow):
            if power.exp.is_negative and power.base.has(e.x):
                found.extend(
                    sp.roots(sp.Poly(power.base, e.x)) if power.base.is_polynomial(e.x) else _give_up()
                )
    return found


def _give_up() -> Any:
    raise Abstained(_LIMITS)


def _common_denominator(e: _Equation) -> Any:
    below = [sp.fraction(sp.together(side))[1] for side in (e.left, e.right)]
    factor = sp.lcm(*below)
    return factor if factor.is_polynomial(e.x) else sp.Integer(1)


def _uncollected(e: _Equation) -> bool:
    """Whether the person's text has more to tidy than SymPy shows: 2x + 3x was collected on the way in."""
    shown = written(e.problem.left), written(e.problem.right)
    return any(shown[i].count("x") > tex((e.left, e.right)[i]).count("x") for i in (0, 1))


def _degenerate(e: _Equation, true: bool, forbidden: list[Any]) -> Solution:
    left, right = sp.simplify(sp.expand(e.left)), sp.simplify(sp.expand(e.right))
    lines: list[Beat] = [
        Line(_equality(left, right), WORDS["expand"]),
    ]
    rest = sp.simplify(left - right)
    lines.append(Line(f"{tex(rest)} = 0", WORDS["always" if true else "never"]))
    if not true:
        verify.require(all(not verify.is_zero((e.left - e.right).subs(e.x, v)) for v in _probes(forbidden)))
        return _none(e, lines)
    verify.require(all(verify.is_zero((e.left - e.right).subs(e.x, v)) for v in _probes(forbidden)))
    domain = r" \setminus ".join(
        [r"\mathbb{R}", *([rf"\{{{', '.join(map(tex, forbidden))}\}}"] if forbidden else [])]
    )
    real = [value for value in forbidden if value.is_real]
    return Solution(
        kind=Equation.kind,
        status=Status.ALL_REALS,
        title=_title(e),
        task=_equality_as_written(e.problem),
        answer=str(sp.S.Reals - sp.FiniteSet(*real)) if real else "Reals",
        answer_text=_all_reals(real),
        answer_tex=rf"{e.problem.unknown} \in {domain}",
        closing=WORDS["all_reals_but" if real else "all_reals"],
        script=tuple(lines),
    )


def _all_reals(but: list[Any]) -> str:
    if not but:
        return WORDS["text_all"]
    return WORDS["text_all_but"].filled(values=", ".join(map(plain, but)))


def _probes(forbidden: list[Any]) -> list[Any]:
    values = [sp.Rational(n, 7) for n in (-31, -9, 3, 8, 40)]
    return [value for value in values if value not in forbidden]


def _none(e: _Equation, lines: list[Beat]) -> Solution:
    return Solution(
        kind=Equation.kind,
        status=Status.NO_SOLUTION,
        title=_title(e),
        task=_equality_as_written(e.problem),
        answer="EmptySet",
        answer_text=WORDS["text_none"],
        answer_tex=rf"\text{{{NO_SOLUTION}}}",
        closing=WORDS["no_solution"],
        script=tuple(lines),
    )


def _title(e: _Equation) -> str:
    return (
        WORDS["title_for"].filled(unknown=e.problem.unknown) if e.problem.unknown != "x" else WORDS["title"]
    )


def _equality_as_written(problem: EquationProblem) -> str:
    return f"{written(problem.left)} = {written(problem.right)}"


def _equality(left: Any, right: Any) -> str:
    return f"{tex(left)} = {tex(right)}"
