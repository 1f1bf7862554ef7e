"""The pictures of an equation: a parabola and its vertex, or both sides as lines."""

from __future__ import annotations

from typing import Any

from botcore_solver.explain.typeset import code, flat, tex
from botcore_solver.lazy import sp
from botcore_solver.scenes.beats import Function, OpenGraph, Point
from botcore_solver.scenes.window import around, heights, nice, pair, span


def parabola(poly: Any, x: Any, roots: list[Any]) -> OpenGraph:
    """The window: roots and vertex in the middle, and room for their labels below the axis."""
    f = sp.lambdify(x, poly.as_expr(), "math")
    lowest = float(-poly.coeff_monomial(x) / (2 * poly.LC()))
    marks = [lowest, *(float(root) for root in roots if root.is_real)]
    a, b = span(marks, margin=0.6, least=3 if len(marks) > 2 else 4)
    depth, highest = f(lowest), max(heights(f, a, b))
    # The steep arms may leave the picture.
    top = max(-2 * depth, 0.45 * highest) if depth < 0 else max(3 * depth, 0.75 * highest)
    window = nice(min(1.2 * depth, -0.35 * top), top)
    shown = poly.as_expr().subs(x, sp.Symbol("x", real=True))
    return OpenGraph((Function(code(shown), f"y = {tex(poly.as_expr())}"),), pair((a, b)), pair(window))


def vertex(poly: Any, x: Any) -> Point:
    """The vertex of a parabola that never meets the axis."""
    place = -poly.coeff_monomial(x) / (2 * poly.LC())
    height = sp.simplify(poly.as_expr().subs(x, place))
    return Point(code(place), code(height), rf"\left({flat(place)},\, {flat(height)}\right)")


def two_lines(left: Any, right: Any, x: Any) -> OpenGraph | None:
    """Both sides as lines; None where one of them is no line."""
    sides = [sp.expand(left), sp.expand(right)]
    if any(not side.is_polynomial(x) or sp.degree(side, x) > 1 for side in sides if side.has(x)):
        return None
    value = sp.solve(sides[0] - sides[1], x)[0]
    height = sides[0].subs(x, value)
    a, b = span([0.0, float(value)], margin=0.5, least=4)
    f, g = (sp.lambdify(x, side, "math") for side in sides)
    near = [v for h in (f, g) for v in heights(h, float(value) - (b - a) / 3, float(value) + (b - a) / 3, 8)]
    window = around(near, keep=(0.0, float(height)), cut=0.0)
    drawn = sp.Symbol("x", real=True)
    shown = tuple(Function(code(side.subs(x, drawn)), f"y = {tex(side)}") for side in sides)
    return OpenGraph(shown, pair((a, b)), pair(window))
