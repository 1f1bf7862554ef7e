"""Problems made from known answers, in many layouts; truth comes from how they were made."""

from __future__ import annotations

from fractions import Fraction

import mpmath
import pytest
import sympy
from botcore_solver.build import build
from botcore_solver.outcome import Solution
from botcore_solver.reading.normalise import normalise
from botcore_solver.reading.parser import parse
from botcore_solver.reading.phrases import equation
from botcore_solver.scenes.beats import Line
from botcore_solver.solve import solve
from botcore_solver.verify import numeric
from hypothesis import given, settings
from hypothesis import strategies as st

LIGHT = settings(max_examples=40, deadline=None)

small = st.integers(-9, 9)
nonzero = small.filter(bool)
unknown = st.sampled_from("xytnaz")
fractions = st.builds(Fraction, small, st.integers(1, 6))
asking = st.sampled_from(
    (
        "{e}",
        "solve {e}",
        "Solve for {x}: {e}",
        "solve {e} for {x}",
        "please solve {e}.",
        "find {x} if {e}",
        "{e}, find {x}",
        "What is {x} when {e}?",
        "hello, could you solve the equation {e}? thank you",
        "{e} {x}=?",
        "find the value of {x} such that {e}.",
        "Given {e}, solve for {x}",
    )
)


def _term(number: object, name: str, *, first: bool = False) -> str:
    """``+ 3x`` as a person writes it."""
    value = Fraction(str(number))
    sign = "-" if value < 0 else "" if first else "+"
    size = abs(value)
    shown = "" if size == 1 and name else str(size) if size.denominator == 1 else f"({size})"
    return f"{sign} {shown}{name}".strip() if first else f" {sign} {shown}{name}"


def _layout(draw: st.DrawFn, text: str) -> str:
    """Blanks, Unicode signs and stars, or none of them."""
    style = draw(st.integers(0, 3))
    if style == 1:
        return text.replace(" ", "")
    if style == 2:
        return text.replace("-", "−").replace("^2", "²")
    if style == 3:
        return text.replace("^", "**")
    return text


@st.composite
def linear(draw: st.DrawFn) -> tuple[str, str]:
    """A linear equation with the unknown on both sides, and its root."""
    x, root = draw(unknown), draw(fractions)
    a, c = draw(nonzero), draw(small)
    if a == c:
        c = a + 1
    b = draw(small)
    d = (a - c) * root + b
    left = f"{_term(a, x, first=True)}{_term(b, '') if b else ''}"
    right = f"{_term(c, x, first=True) if c else ''}{_term(d, '', first=not c)}"
    text = f"{left} = {right}"
    return draw(asking).format(e=_layout(draw, text), x=x), f"{{{root}}}"


@st.composite
def quadratic(draw: st.DrawFn) -> tuple[str, str]:
    """A quadratic equation with two rational roots in one of several shapes."""
    x, a = draw(unknown), draw(st.integers(1, 4))
    p, q = sorted((draw(small), draw(small)))
    b, c = -a * (p + q), a * p * q
    standard = f"{_term(a, x + '^2', first=True)}{_term(b, x) if b else ''}{_term(c, '') if c else ''}"
    rest = f"{_term(-b, x, first=True) if b else '0'}{_term(-c, '') if c and b else ''}"
    moved = f"{_term(a, x + '^2', first=True)} = {rest}"
    shapes = [f"{standard} = 0", f"0 = {standard}"]
    if b or not c:
        shapes.append(moved)
    shapes.append(f"{a}({x} {'-' if p >= 0 else '+'} {abs(p)})({x} {'-' if q >= 0 else '+'} {abs(q)}) = 0")
    text = draw(st.sampled_from(shapes))
    roots = ", ".join(map(str, sorted({p, q})))
    return draw(asking).format(e=_layout(draw, text), x=x), f"{{{roots}}}"


@given(linear())
@LIGHT
def test_a_linear_equation_gives_the_root_it_was_made_from(case: tuple[str, str]) -> None:
    text, answer = case
    assert solve(text).answer == answer


@given(quadratic())
@LIGHT
def test_a_quadratic_equation_gives_the_roots_it_was_made_from(case: tuple[str, str]) -> None:
    text, answer = case
    assert solve(text).answer == answer


@given(quadratic() | linear())
@settings(max_examples=25, deadline=None)
def test_every_line_of_a_derivation_holds_for_a_root(case: tuple[str, str]) -> None:
    solution = solve(case[0])
    roots = list(sympy.sympify(solution.answer))
    for line in _equations_in(solution):
        left, right = (build(side) for side in equation(normalise(line)))
        (x,) = (left - right).free_symbols
        assert any(sympy.simplify((left - right).subs(x, root)) == 0 for root in roots), line


def _equations_in(solution: Solution) -> list[str]:
    """Lines and alternatives of lines that are plain equations."""
    lines = [beat.tex for beat in solution.script if isinstance(beat, Line)]
    parts = [part for line in lines for part in line.split(r"\quad\text{or}\quad")]
    return [part for part in parts if part.count("=") == 1 and r"\pm" not in part and r"\ne" not in part]


separators = st.sampled_from((", ", " and ", "; ", "\n", ",", " ;\n"))


@given(
    fractions,
    fractions,
    nonzero,
    small,
    small,
    nonzero,
    separators,
    st.sampled_from(("", "solve ", "Solve the system: ")),
)
@LIGHT
def test_a_system_gives_the_point_it_was_made_from(
    x: Fraction, y: Fraction, a: int, b: int, c: int, d: int, separator: str, opening: str
) -> None:
    if a * d == b * c or not (a or c) or not (b or d):
        return
    rows = [
        (_term(p, "x", first=True) if p else "")
        + (_term(q, "y", first=not p) if q else "")
        + f" = {p * x + q * y}"
        for p, q in ((a, b), (c, d))
    ]
    assert solve(opening + separator.join(rows)).answer == f"[{x}, {y}]"


coefficients = st.lists(small, min_size=2, max_size=5).filter(lambda c: any(c[:-1]))


def _polynomial(values: list[int]) -> str:
    degree = len(values) - 1
    text = ""
    for i, value in enumerate(values):
        power = degree - i
        name = "" if power == 0 else "x" if power == 1 else f"x^{power}"
        if value:
            text += _term(value, name, first=not text)
    return text


@given(
    coefficients,
    st.sampled_from(("derivative of {f}", "differentiate {f}", "d/dx ({f})", "find f'(x) if f(x) = {f}")),
)
@LIGHT
def test_the_derivative_of_a_polynomial_is_its_slope(values: list[int], asking: str) -> None:
    answer = sympy.sympify(
        solve(asking.format(f=_polynomial(values))).answer, locals={"x": sympy.Symbol("x")}
    )
    for place in (-1.3, 0.4, 2.2):
        slope = mpmath.diff(lambda t: mpmath.polyval(values, t), place)
        assert abs(numeric(answer, sympy.Symbol("x"))(place) - slope) < 1e-6 * (1 + abs(slope))


@given(
    coefficients,
    small,
    small,
    st.sampled_from(
        ("integrate {f} from {a} to {b}", "∫_({a})^({b}) ({f}) dx", "integral of {f} dx from x={a} to x={b}")
    ),
)
@LIGHT
def test_the_integral_of_a_polynomial_is_its_area(values: list[int], a: int, b: int, asking: str) -> None:
    answer = sympy.Rational(solve(asking.format(f=_polynomial(values), a=a, b=b)).answer)
    truth = mpmath.quad(lambda t: mpmath.polyval(values, t), [a, b])
    assert abs(float(answer) - float(truth)) < 1e-6 * (1 + abs(truth))


@pytest.mark.parametrize(
    "text",
    [
        "integrate - x^4 - 2x^3 + 9x^2 + x + 2 from 2 to 3",
        "integral of - 2x^4 + 9x^3 - 7x^2 - x + 2 dx from x=0 to x=9",
        "∫_(8)^(-3) (x^4 + 8x^3 + 2x^2 - 5x - 9) dx",
    ],
)
@pytest.mark.timeout(300)
def test_a_quartic_whose_roots_fill_a_page_is_integrated_all_the_same(text: str) -> None:
    assert solve(text).answer


@st.composite
def sums(draw: st.DrawFn, depth: int = 0) -> tuple[str, Fraction]:
    """Arithmetic as text, with its value by Python's fractions."""
    if depth > 2 or draw(st.booleans()):
        number = draw(st.integers(0, 20))
        return str(number), Fraction(number)
    (left, a), (right, b) = draw(sums(depth + 1)), draw(sums(depth + 1))
    op = draw(st.sampled_from("+-*/" if b else "+-*"))
    value = {"+": a + b, "-": a - b, "*": a * b, "/": a / b if b else a}[op]
    return f"({left} {op} {right})", value


@given(sums())
@settings(max_examples=80, deadline=None)
def test_arithmetic_agrees_with_pythons_fractions(case: tuple[str, Fraction]) -> None:
    text, value = case
    assert solve(text).answer == str(value)


@given(sums())
@settings(max_examples=60, deadline=None)
def test_every_line_of_a_calculation_has_the_same_value(case: tuple[str, Fraction]) -> None:
    text, value = case
    for beat in solve(text).script:
        if isinstance(beat, Line):
            shown = build(parse(normalise(beat.tex.removeprefix("="))))
            assert shown == sympy.Rational(value.numerator, value.denominator), beat.tex


@given(st.text(max_size=80) | st.text(alphabet="x0123456789+-*/^()=., sincoltd'", max_size=60))
@settings(max_examples=150, deadline=None)
def test_any_text_is_understood_or_refused(text: str) -> None:
    from botcore_solver.provider import recognises

    assert recognises(text) in (True, False)
