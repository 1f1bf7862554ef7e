"""Letters that MathJax's font lacks are outlined by Pango, in every mode, and in their own order."""

from __future__ import annotations

import pytest
from botcore_manim.typeset.pango import outlined
from manim import MathTex, Tex


@pytest.mark.parametrize(
    "text", ["Скорость", "مرحبا", "हिन्दी", "שלום", "สวัสดี", "Γειά", "Tiếng Việt", "გამარჯობა", "Բարեւ"]
)
@pytest.mark.parametrize("mobject", [Tex, MathTex], ids=["Tex", "MathTex"])
def test_words_are_drawn(mobject: type[MathTex], text: str) -> None:
    source = text if mobject is Tex else rf"\text{{{text}}}"
    drawn = mobject(source)
    assert len(drawn[0]) >= len(text) // 2
    assert drawn.width > 0.1 * len(text)
    assert 0.2 < drawn.height < 0.8


def test_words_in_a_formula_take_their_real_width() -> None:
    formula = MathTex(r"\text{путь}", "=", "1")
    assert formula[0].get_right()[0] < formula[1].get_left()[0]
    assert formula[1].get_left()[0] - formula[0].get_right()[0] < 0.3


def test_letters_stand_on_the_baseline() -> None:
    text = Tex("n пиво")[0]
    assert text[0].get_bottom()[1] == pytest.approx(text[1].get_bottom()[1], abs=0.03)


def test_bold_reaches_pango() -> None:
    assert Tex(r"\textbf{Слово}").width > 1.03 * Tex("Слово").width
    assert MathTex(r"\textbf{Слово}").width > 1.03 * MathTex(r"\text{Слово}").width


def test_right_to_left_text_begins_at_the_right() -> None:
    text = Tex("حل ", "المعادلة ", "$x^2=4$ ", "ثم")
    lefts = [part.get_left()[0] for part in text]
    assert lefts == sorted(lefts, reverse=True)
    formula = text[2]
    assert formula[0].get_x() < formula[-1].get_x()


def test_a_foreign_word_in_a_latin_line_stays_in_its_place() -> None:
    text = Tex("Word ", "شكرا ", "جزيلا ", "end")
    first, thanks, much, last = (part.get_x() for part in text)
    assert first < much < thanks < last


def test_right_to_left_words_in_a_formula_are_ordered() -> None:
    joined = outlined("حل المعادلة")
    apart = outlined("حل"), outlined("المعادلة")
    assert joined.width > apart[0].width + apart[1].width
    formula = MathTex(r"\text{حل المعادلة}", "= 3")
    assert formula[0].get_right()[0] < formula[1].get_left()[0]


def test_text_without_any_glyph_is_empty() -> None:
    assert outlined(" ").shapes == ()
