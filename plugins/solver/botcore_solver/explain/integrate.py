"""Antiderivatives with their derivation: SymPy's rule tree, told in the words of school."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from botcore_solver.explain.typeset import tex
from botcore_solver.lazy import sp
from botcore_solver.outcome import Abstained
from botcore_solver.scenes.beats import Line
from botcore_solver.wording import sentence

WORDS = {
    "power": sentence("Power rule: add ${one}$ to the exponent, divide by it."),
    "constant": sentence("A constant ${c}$ has the antiderivative ${result}$."),
    "table": sentence("A basic integral, from the table."),
    "reciprocal": sentence("The antiderivative of ${function}$ is the natural logarithm."),
    "sum": sentence("Integrate term by term."),
    "factor": sentence("The constant factor ${factor}$ stays in front."),
    "substitute": sentence("Substitute ${equation}$."),
    "parts": sentence("Integration by parts with ${u}$ and ${dv}$."),
    "rewrite": sentence("Rewrite it in a form that is easier to integrate."),
    "other": sentence("Integrate this part."),
}
UNSURE = sentence("I could not find this antiderivative with the rules that I can explain.")


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
            key = "power" if rule.integrand.is_polynomial(rule.variable) else "sum"
            return self._line(rule, _table_rule(key, self.x))
        if name == "ConstantTimesRule":
            if not _plain(rule):
                self._tell(rule.substep)
            return self._line(
                rule,
                WORDS["factor"].filled(factor=tex(rule.constant))
                if not _plain(rule)
                else self._why(rule.substep),
            )
        if name == "URule":
            u = sp.Symbol("u", real=True)
            why = WORDS["substitute"].filled(equation=f"{tex(u)} = {tex(rule.u_func)}")
            return self._line(rule, why)
        if name == "PartsRule":
            return self._line(rule, _parts(rule))
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
        return _table_rule(key, self.x)

    def _line(self, rule: Any, why: str) -> Any:
        result = rule.eval()
        left = rf"\int {_integrand(rule.integrand)}\,d{tex(rule.variable)}"
        self.lines.append(Line(f"{left} = {tex(result)}", why))
        return result


def _table_rule(key: str, x: Any) -> str:
    match key:
        case "power":
            return WORDS[key].filled(one="1")
        case "constant":
            return WORDS[key].filled(c="c", result=rf"c\,{tex(x)}")
        case "reciprocal":
            return WORDS[key].filled(function=rf"\frac{{1}}{{{tex(x)}}}")
        case _:
            return WORDS[key]


def _parts(rule: Any) -> str:
    return WORDS["parts"].filled(u=f"u = {tex(rule.u)}", dv=rf"dv = {tex(rule.dv)}\,d{tex(rule.variable)}")


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
