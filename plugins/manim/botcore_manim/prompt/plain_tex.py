"""TeX as a line of plain text, for where it cannot be set."""

from __future__ import annotations

import re

_SIGNS = {
    "cdot": "·", "times": "×", "div": "÷", "pm": "±", "mp": "∓", "le": "≤", "leq": "≤", "ge": "≥", "geq": "≥",
    "ne": "≠", "neq": "≠", "approx": "≈", "equiv": "≡", "infty": "∞", "to": "→", "rightarrow": "→",
    "Rightarrow": "⇒", "implies": "⇒", "iff": "⇔", "Leftrightarrow": "⇔", "in": "∈", "notin": "∉",
    "subset": "⊂", "cup": "∪", "cap": "∩", "emptyset": "∅", "forall": "∀", "exists": "∃", "int": "∫",
    "sum": "∑", "prod": "∏", "partial": "∂", "nabla": "∇", "angle": "∠", "degree": "°", "circ": "°",
    "ldots": "…", "dots": "…", "cdots": "…", "mid": "|", "perp": "⊥", "parallel": "∥", "therefore": "∴",
    "alpha": "α", "beta": "β", "gamma": "γ", "delta": "δ", "epsilon": "ε", "varepsilon": "ε", "theta": "θ",
    "lambda": "λ", "mu": "μ", "pi": "π", "rho": "ρ", "sigma": "σ", "tau": "τ", "phi": "φ", "varphi": "φ",
    "omega": "ω", "Delta": "Δ", "Sigma": "Σ", "Omega": "Ω", "quad": "  ", "qquad": "   ",
}  # fmt: skip
_RAISED = str.maketrans("0123456789+-n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ")
_LOWERED = str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋")
_GROUP = r"\{([^{}]*)\}"


def plain_tex(text: str) -> str:
    """``text``, in which formulas may stand between dollars, without TeX: ``\\frac{1}{2}`` → ``1/2``."""
    text = text.replace(r"\$", "\0").replace("$", "")
    text = re.sub(r"\\(?:left|right|big|Big|bigl|bigr|displaystyle|limits)(?![A-Za-z])\.?", "", text)
    text = re.sub(r"\\(?:text|mathrm|mathbf|mathit|operatorname|boxed)\s*" + _GROUP, r" \1 ", text)
    for _ in range(4):  # from the inside out
        text = re.sub(r"\^\s*" + _GROUP, lambda found: _raised(found[1]), text)
        text = re.sub(r"_\s*" + _GROUP, lambda found: _lowered(found[1]), text)
        text = re.sub(
            r"\\[dt]?frac\s*" + _GROUP + r"\s*" + _GROUP,
            lambda found: f"{_whole(found[1])}/{_whole(found[2])}",
            text,
        )
        text = re.sub(r"\\sqrt\s*" + _GROUP, lambda found: f"√{_whole(found[1])}", text)
    text = re.sub(r"\^(\w)", lambda found: _raised(found[1]), text)
    text = re.sub(r"_(\w)", lambda found: _lowered(found[1]), text)
    text = re.sub(r"\\([A-Za-z]+)", lambda found: _SIGNS.get(found[1], found[1]), text)
    text = re.sub(r"\\[,;:! ]", " ", text).replace("\\\\", " ").replace("\\", "")
    text = re.sub(r"[{}&~]", " ", text).replace("\0", "$")
    return re.sub(r"\s+", " ", text).strip()


def _raised(text: str) -> str:
    plain = text.translate(_RAISED)
    return plain if re.fullmatch(r"[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻ⁿ]+", plain) else f"^{_whole(text)}"


def _lowered(text: str) -> str:
    plain = text.translate(_LOWERED)
    return plain if re.fullmatch(r"[₀₁₂₃₄₅₆₇₈₉₊₋]+", plain) else f"_{_whole(text)}"


def _whole(text: str) -> str:
    """In brackets where it is more than one sign or number."""
    return text if re.fullmatch(r"\w*", text.strip()) else f"({text.strip()})"
