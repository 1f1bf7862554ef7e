"""Derivatives by the rules of school, each named where it is used."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botcore_solver.explain.typeset import tex, tex_factor
from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained
from botcore_solver.scenes.beats import Line
from botcore_solver.wording import sentence

WORDS = {
    "constant": sentence("The derivative of a constant is zero."),
    "power": sentence("Power rule: ${rule}$."),
    "sum": sentence("Sum rule: differentiate term by term."),
    "factor": sentence("Constant factor rule: the factor ${factor}$ stays."),
    "product": sentence("Product rule ${rule}$: ${u}$, ${v}$."),
    "quotient": sentence("Quotient rule ${rule}$ with ${u}$, ${v}$."),
    "chain": sentence("Chain rule: outer times inner derivative, inside ${inner}$."),
    "table": sentence("A basic derivative, from the table."),
    "exponential": sentence("Exponentials keep their form, times the log of the base."),
    "logarithmic": sentence("Write it as ${form}$."),
}


def _rule(key: str) -> str:
    return WORDS[key].filled(rule=r"(x^n)' = n\,x^{n-1}") if key == "power" else WORDS[key]


def _parts(key: str, rule: str, u: Any, v: Any) -> str:
    """A rule for two functions, and which they are."""
    return WORDS[key].filled(rule=rule, u=f"u = {tex(u)}", v=f"v = {tex(v)}")


@dataclass
class Derivation:
    """Lines of a derivation in ``x``, in the order in which they are shown. ``name`` is the derivative of
    ``whole``; parts of it are written out."""

    x: Any
    whole: Any
    name: str
    lines: list[Line] = field(default_factory=list)

    def derive(self, f: Any) -> Any:
        """The derivative of ``f``; each rule used adds a line."""
        if not f.has(self.x):
            return self._line(f, sp.Integer(0), WORDS["constant"])
        if f.is_Add:
            return self._sum(f)
        factor, rest = f.as_independent(self.x, as_Add=False)
        if factor != 1 and not self._simple(f):
            return self._factor(f, factor, rest)
        if self._simple(f):
            return self._line(f, sp.diff(f, self.x), _rule(self._rule_of(rest)))
        above, below = sp.fraction(f)
        if below.has(self.x) and above.has(self.x):
            return self._quotient(f, above, below)
        if f.is_Mul:
            return self._product(f)
        if f.is_Pow and f.exp.has(self.x) and f.base.has(self.x):
            return self._tower(f)
        return self._chain(f)

    # ------------------------------------------------------------------------------------------- the rules

    def _sum(self, f: Any) -> Any:
        terms = f.as_ordered_terms()
        hard = [term for term in terms if not self._simple(term) and term.has(self.x)]
        if not hard:
            powers = all(not t.has(self.x) or t.is_polynomial(self.x) for t in terms)
            return self._line(
                f,
                sum((sp.diff(t, self.x) for t in terms), sp.Integer(0)),
                _rule("power" if powers else "sum"),
            )
        parts = [self.derive(term) if term in hard else sp.diff(term, self.x) for term in terms]
        return self._line(f, sp.Add(*parts), WORDS["sum"])

    def _factor(self, f: Any, factor: Any, rest: Any) -> Any:
        inner = self.derive(rest)
        return self._line(f, factor * inner, WORDS["factor"].filled(factor=tex(factor)))

    def _product(self, f: Any) -> Any:
        factors = f.as_ordered_factors()
        u, v = factors[0], sp.Mul(*factors[1:])
        du, dv = self._inner(u), self._inner(v)
        shown = f"{tex_factor(du)} \\cdot {tex_factor(v)} + {tex_factor(u)} \\cdot {tex_factor(dv)}"
        return self._line(f, du * v + u * dv, _parts("product", "u'v + uv'", u, v), shown)

    def _quotient(self, f: Any, u: Any, v: Any) -> Any:
        du, dv = self._inner(u), self._inner(v)
        shown = (
            rf"\frac{{{tex_factor(du)} \cdot {tex_factor(v)} - {tex_factor(u)} \cdot {tex_factor(dv)}}}"
            rf"{{{tex_factor(v)}^{{2}}}}"
        )
        return self._line(
            f, (du * v - u * dv) / v**2, _parts("quotient", "(u/v)' = (u'v - uv')/v^2", u, v), shown
        )

    def _tower(self, f: Any) -> Any:
        form = f"e^{{{tex(f.exp * sp.log(f.base))}}}"
        inner = self._inner(f.exp * sp.log(f.base))
        return self._line(f, f * inner, WORDS["logarithmic"].filled(form=form))

    def _chain(self, f: Any) -> Any:
        inner = f.exp if f.is_Pow and f.exp.has(self.x) else f.base if f.is_Pow else f.args[0]
        if isinstance(f, sp.exp):
            inner = f.args[0]
        if len(f.args) != 1 and not f.is_Pow:
            raise Abstained(sentence("I do not know a rule for this derivative yet."))
        u = sp.Dummy("u", real=True)
        outer = sp.diff(f.subs(inner, u), u).subs(u, inner)
        if outer.has(sp.Derivative, sp.Subs):
            raise Abstained(sentence("I do not know a rule for this derivative yet."))
        slope = self._inner(inner)
        shown = rf"{tex_factor(outer)} \cdot {tex_factor(slope)}"
        return self._line(f, outer * slope, WORDS["chain"].filled(inner=tex(inner)), shown)

    def _inner(self, g: Any) -> Any:
        """The derivative of a part: a line of its own only where it is not plain."""
        if (
            not g.has(self.x)
            or self._simple(g)
            or (g.is_Add and all(self._simple(t) or not t.has(self.x) for t in g.args))
        ):
            return sp.diff(g, self.x)
        return self.derive(g)

    # ------------------------------------------------------------------------------------------------ parts

    def _simple(self, f: Any) -> bool:
        """Whether it is a number times a power of x, or a basic function of x itself."""
        _, rest = f.as_independent(self.x, as_Add=False)
        if rest == self.x or (rest.is_Pow and rest.base == self.x and not rest.exp.has(self.x)):
            return True
        if rest.is_Pow and rest.exp == self.x and not rest.base.has(self.x):
            return True
        return bool(rest.is_Function and rest.args == (self.x,) and not isinstance(rest, sp.Abs))

    def _rule_of(self, rest: Any) -> str:
        if rest == self.x or (rest.is_Pow and rest.base == self.x):
            return "power"
        return (
            "exponential" if rest.is_Pow and not isinstance(rest, sp.exp) and rest.base != sp.E else "table"
        )

    def _line(self, f: Any, result: Any, why: str, shown: str | None = None) -> Any:
        left = self.name if f == self.whole else rf"\frac{{d}}{{d{tex(self.x)}}} \left({tex(f)}\right)"
        right = tex(result) if shown is None else shown
        self.lines.append(Line(f"{left} = {right}", why))
        return result
