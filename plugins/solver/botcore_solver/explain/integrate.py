"""Antiderivatives with their derivation: SymPy's rule tree, told in the words of school."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botcore_solver.explain.typeset import tex
from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained
from botcore_solver.scenes.beats import Line

WORDS = {
    "power": "Power rule: add $1$ to the exponent, divide by it.",
    "constant": "A constant $c$ has the antiderivative $c\\,{x}$.",
    "table": "A basic integral, from the table.",
    "reciprocal": "The antiderivative of $\\frac{{1}}{{{x}}}$ is the natural logarithm.",
    "sum": "Integrate term by term.",
    "factor": "The constant factor ${factor}$ stays in front.",
    "substitute": "Substitute ${u} = {inner}$.",
    "parts": "Integration by parts with $u = {u}$ and $dv = {dv}\\,d{x}$.",
    "rewrite": "Rewrite it in a form that is easier to integrate.",
    "other": "Integrate this part.",
}
UNSURE = "I could not find this antiderivative with the rules that I can explain."


@dataclass
class Antiderivation:
    """Lines that lead to an antiderivative of a function of ``x``."""

    x: Any
    lines: list[Line] = field(default_factory=list)

    def integrate(self, f: Any) -> Any:
        """An antiderivative without a constant. Raises :class:`Abstained`."""
        from sympy.integrals.manualintegrate import integral_steps

        rule = integral_steps(f, self.x)
        if rule.contains_dont_know():
            raise Abstained(UNSURE)
        return self._tell(rule)

    def _tell(self, rule: Any) -> Any:
        """Add the lines of a rule and of those below it, inner ones first."""
        name = type(rule).__name__
        if name == "AlternativeRule":
            return self._tell(rule.alternatives[0])
        if name == "AddRule":
            for part in rule.substeps:
                if not _plain(part):
                    self._tell(part)
            return self._line(rule, WORDS["power" if rule.integrand.is_polynomial(rule.variable) else "sum"])
        if name == "ConstantTimesRule":
            if not _plain(rule):
                self._tell(rule.substep)
            return self._line(
                rule,
                WORDS["factor"].format(factor=tex(rule.constant))
                if not _plain(rule)
                else self._why(rule.substep),
            )
        if name == "URule":
            u = sp.Symbol("u", real=True)
            why = WORDS["substitute"].format(u=tex(u), inner=tex(rule.u_func))
            return self._line(rule, why)
        if name == "PartsRule":
            return self._line(
                rule, WORDS["parts"].format(u=tex(rule.u), dv=tex(rule.dv), x=tex(rule.variable))
            )
        if name == "RewriteRule":
            left = rf"\int {_integrand(rule.integrand)}\,d{tex(rule.variable)}"
            self.lines.append(
                Line(rf"{left} = \int {_integrand(rule.rewritten)}\,d{tex(rule.variable)}", WORDS["rewrite"])
            )
            return self._tell(rule.substep)
        return self._line(rule, self._why(rule))

    def _why(self, rule: Any) -> str:
        key = {
            "ConstantRule": "constant",
            "PowerRule": "power",
            "ReciprocalRule": "reciprocal",
            "CyclicPartsRule": "other",
            "PiecewiseRule": "other",
        }.get(type(rule).__name__, "table")
        return WORDS[key].format(x=tex(self.x))

    def _line(self, rule: Any, why: str) -> Any:
        result = rule.eval()
        left = rf"\int {_integrand(rule.integrand)}\,d{tex(rule.variable)}"
        self.lines.append(Line(f"{left} = {tex(result)}", why))
        return result


def _plain(rule: Any) -> bool:
    """Whether one table entry settles the rule, so that it needs no line of its own."""
    name = type(rule).__name__
    if name == "ConstantTimesRule":
        return _plain(rule.substep)
    return name in {
        "ConstantRule",
        "PowerRule",
        "ReciprocalRule",
        "ExpRule",
        "SinRule",
        "CosRule",
        "Sec2Rule",
        "Csc2Rule",
    }


def _integrand(f: Any) -> str:
    return rf"\left({tex(f)}\right)" if f.is_Add else tex(f)
