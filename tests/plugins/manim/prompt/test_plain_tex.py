"""TeX as plain text."""

from __future__ import annotations

import pytest
from botcore_manim.prompt.plain_tex import plain_tex
from hypothesis import given
from hypothesis import strategies as st


@pytest.mark.parametrize(
    ("tex", "plain"),
    [
        (r"x^2 - 5x + 6 = 0", "x² - 5x + 6 = 0"),
        (r"\frac{1}{2}", "1/2"),
        (r"\frac{x+1}{\sqrt{2}}", "(x+1)/(√2)"),
        (r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}", "x = (-b ± √(b² - 4ac))/2a"),
        (r"x_1 = 2 \quad\text{or}\quad x_2 = 3", "x₁ = 2 or x₂ = 3"),
        (r"e^{-x^{2}}", "e^(-x²)"),
        (r"\left(x - 2\right)\left(x - 3\right)", "(x - 2)(x - 3)"),
        (r"\int_0^2 x^2\,dx", "∫₀² x² dx"),
        (r"It costs \$5, so $x \le 5$.", "It costs $5, so x ≤ 5."),
        (r"\unknown{x}", "unknown x"),
    ],
)
def test_formulas_stay_readable(tex: str, plain: str) -> None:
    assert plain_tex(tex) == plain


@given(st.text(alphabet="\\{}^_$frac sqrtx12+-", max_size=80))
def test_no_tex_is_too_broken(tex: str) -> None:
    assert "\\" not in plain_tex(tex)
