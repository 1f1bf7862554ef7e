"""Sizes agree with LaTeX's: width and height in manim's units at font size 48, measured with texlive 2022."""

from __future__ import annotations

import pytest
from manim import MathTex, Tex

FORMULAS = {
    r"x^2 - 5x + 6 = 0": (3.388, 0.479),
    r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}": (4.393, 1.119),
    r"\int_a^b f(x)\,dx = F(b) - F(a)": (5.604, 1.254),
    r"\sum_{n=1}^{\infty} \frac{1}{n^2} = \frac{\pi^2}{6}": (2.708, 1.362),
    r"\sqrt[3]{x}": (0.663, 0.498),
    r"\boxed{x}": (0.623, 0.553),
    r"\cdots": (0.496, 0.053),
    r"1, 2, \ldots, n": (2.067, 0.428),
    r"f''(x) = 2": (2.086, 0.525),
    r"\left\{ x \mid x > 0 \right\}": (2.324, 0.498),
    r"\text{if } x > 0": (1.618, 0.371),
}
TEXTS = {
    "difficult office": (2.902, 0.357),
    "Hello $x^2$": (1.731, 0.418),
    r"First line\\ second, longer line": (3.986, 1.046),
    r"\textbf{Bold} \textit{italic} \texttt{code}": (3.610, 0.351),
    "AVATAR Type": (3.283, 0.459),
}


@pytest.mark.parametrize("tex", FORMULAS)
def test_formulas_are_as_large_as_latex_sets_them(tex: str) -> None:
    width, height = FORMULAS[tex]
    formula = MathTex(tex)
    assert formula.width == pytest.approx(width, rel=0.05)
    assert formula.height == pytest.approx(height, rel=0.06)


@pytest.mark.parametrize("tex", TEXTS)
def test_texts_are_as_large_as_latex_sets_them(tex: str) -> None:
    width, height = TEXTS[tex]
    text = Tex(tex)
    assert text.width == pytest.approx(width, rel=0.02)
    assert text.height == pytest.approx(height, rel=0.03)


def test_letters_of_words_and_formulas_share_a_baseline() -> None:
    text = Tex("nx $x$")[0]
    bottoms = [shape.get_bottom()[1] for shape in text]
    assert max(bottoms) - min(bottoms) < 0.02


def test_rules_are_thin_and_equally_thick() -> None:
    bars = [
        MathTex(r"\frac{a}{b}")[0][1],
        MathTex(r"\sqrt{x}")[0][1],
        MathTex(r"\overline{x}")[0][0],
        MathTex(r"\boxed{x}")[0][0],
    ]
    for bar in bars:
        assert bar.height == pytest.approx(0.0199, rel=0.02)


def test_a_bar_is_as_wide_as_the_wider_part() -> None:
    numerator, bar, _ = MathTex(r"\frac{m}{i}")[0]
    assert bar.width == pytest.approx(numerator.width, rel=0.15)


def test_brackets_grow_with_their_content() -> None:
    small = MathTex(r"\left( x \right)")[0][0]
    large = MathTex(r"\left( \frac{\frac{a}{b}}{c} \right)")[0][0]
    assert large.height > 1.5 * small.height
