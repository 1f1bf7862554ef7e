"""Words and formulas: what is typeset, broken and matched."""

from __future__ import annotations

import pytest
from botcore_manim.lesson.formula import fit, parts
from botcore_manim.lesson.matching import match, sign_key
from botcore_manim.lesson.outlines import is_right_to_left, outline, printable
from botcore_manim.lesson.words import Words, paragraph
from hypothesis import example, given, settings
from hypothesis import strategies as st

ARABIC = "نطرح ثلاثة من الطرفين"


def test_words_stand_on_their_baseline() -> None:
    assert outline("xz").points[:, 1].min() == pytest.approx(0, abs=0.02)
    assert outline("pq").points[:, 1].min() < -0.15


def test_a_longer_line_is_wider_whatever_the_script() -> None:
    for words in ("solve it", ARABIC, "решить задачу", "समीकरण हल"):
        assert outline(words + " " + words).width > 1.8 * outline(words).width


def test_direction_comes_from_the_first_letter_that_has_one() -> None:
    assert is_right_to_left("12: " + ARABIC)
    assert not is_right_to_left("x " + ARABIC)
    assert not is_right_to_left("12")


@given(st.text(max_size=60))
def test_any_text_becomes_one_printable_line(text: str) -> None:
    shown = printable(text)
    assert shown == printable(shown)
    assert "\n" not in shown
    assert "\0" not in shown


@settings(max_examples=25, deadline=None)
@given(st.text(max_size=120), st.floats(1.5, 9.0))
@example("\xad", 2.0)
def test_a_paragraph_is_never_wider_than_it_may_be(text: str, width: float) -> None:
    assert paragraph(text.replace("$", ""), 30, width).width <= width + 1e-6


def test_an_arabic_paragraph_is_flush_right_and_reads_from_the_right() -> None:
    group = paragraph(ARABIC + " $x$ " + ARABIC, 30, 3.0)
    assert len(group) > 1
    assert len({round(float(line.get_right()[0]), 6) for line in group}) == 1
    line = paragraph("نطرح $x$ نقسم", 30, 9.0)[0]
    first, formula, last = line
    assert first.get_x() > formula.get_x() > last.get_x()


def test_formulas_among_words_share_the_baseline_and_keep_their_stop() -> None:
    (line,) = paragraph("divide by $x$.", 30, 9.0)
    words, formula, stop = line
    assert isinstance(stop, Words)
    assert stop.said == "."
    assert formula.get_bottom()[1] == pytest.approx(words.get_bottom()[1], abs=0.15)
    assert stop.get_left()[0] - formula.get_right()[0] < 0.05


def test_a_dollar_can_be_written() -> None:
    (line,) = paragraph(r"it costs \$5 or \$6", 30, 9.0)
    assert [item.said for item in line] == ["it costs $5 or $6"]


def test_a_formula_that_fits_is_left_alone() -> None:
    formula = fit("x = 2", 40, 10)
    assert (len(formula), formula.size) == (1, 40)


def test_a_wide_formula_is_shrunk_to_the_least_legible_size_then_broken() -> None:
    tex = "a + b = c + d + e + f + g + h + i + j"
    natural = fit(tex, 40, 100)
    shrunk = fit(tex, 40, natural.width * 0.8, least=26)
    assert len(shrunk) == 1
    assert shrunk.size >= 26
    broken = fit(tex, 40, natural.width * 0.5, least=26)
    assert len(broken) > 1
    assert broken.size >= 26
    assert broken.width <= natural.width * 0.5 + 1e-6


@pytest.mark.parametrize(
    ("tex", "marks", "expected"),
    [
        ("a=b+c", {"="}, ["a", "=b+c"]),
        ("x=-3+y", {"+", "-"}, ["x=-3", "+y"]),
        (r"\left(a=b\right)=c", {"="}, [r"\left(a=b\right)", "=c"]),
        ("f(x,y),z", {","}, ["f(x,y),", "z"]),
        (r"\frac{a=b}{c}", {"="}, [r"\frac{a=b}{c}"]),
        (r"\begin{cases}x=1\end{cases}", {"="}, [r"\begin{cases}x=1\end{cases}"]),
    ],
)
def test_formulas_break_only_outside_of_braces_and_fences(
    tex: str, marks: set[str], expected: list[str]
) -> None:
    assert parts(tex, frozenset(marks)) == expected


@given(st.lists(st.integers(0, 4), max_size=12), st.lists(st.integers(0, 4), max_size=12))
def test_matching_uses_every_sign_at_most_once_and_only_for_its_like(old: list[int], new: list[int]) -> None:
    pairs = match(old, new)
    assert all(old[a] == new[b] for a, b in pairs)
    assert len({a for a, _ in pairs}) == len(pairs) == len({b for _, b in pairs})
    assert len(pairs) == sum(min(old.count(key), new.count(key)) for key in set(old))


def test_equal_signs_are_known_in_any_size() -> None:
    small, large = fit("x+2", 20, 99).glyphs, fit("2+x", 50, 99).glyphs
    assert {sign_key(g) for g in small} == {sign_key(g) for g in large}
    assert len({sign_key(g) for g in large}) == 3
