"""Text mode: what people write in Tex."""

from __future__ import annotations

import pytest
from botcore_manim.typeset import TexError
from manim import Tex


def lines(text: Tex) -> int:
    """Number of lines: clusters of shapes that overlap in height."""
    spans = sorted((shape.get_bottom()[1], shape.get_top()[1]) for shape in text.family_members_with_points())
    count, top = 0, -100.0
    for bottom, upper in spans:
        count += bottom > top
        top = max(top, upper)
    return count


@pytest.mark.parametrize(
    ("tex", "shapes"),
    [
        ("Hello", 5),
        ("difficult", 7),
        (r"Caf\'e na\"ive \c{c}a", 11),
        ("1--2 --- 3", 5),
        ("``quoted''", 8),
        (r"A \& B 5\% \$1 \#2 a\_b", 12),
        (r"\textbf{\textit{ab}} \texttt{c} \textsc{Sc}", 5),
        (r"$x^2$ and \(y\) and $$z$$", 10),
        (r"\fbox{ab} \underline{cd}", 9),
        (r"a~b\quad c\hspace{1cm}d", 4),
        ("a % a comment", 1),
        (r"\verb|a_b|", 3),
        (r"\text{abc} \mbox{de}", 5),
    ],
)
def test_commands_draw_what_they_stand_for(tex: str, shapes: int) -> None:
    assert len(Tex(tex)[0]) == shapes


@pytest.mark.parametrize(
    ("tex", "count"),
    [
        (r"one\\two", 2),
        ("one\n\ntwo", 2),
        (r"one \newline two \par three", 3),
        (r"\begin{itemize}\item xxx\item yyy\end{itemize}", 2),
        (r"\begin{enumerate}\item xxx\begin{itemize}\item yyy\end{itemize}\end{enumerate}", 2),
        (r"\textbf{bold \\ bold}", 2),
        (r"\begin{center}xxx\end{center}", 1),
        ("word " * 40, 3),
    ],
)
def test_lines_break(tex: str, count: int) -> None:
    assert lines(Tex(tex)) == count


def test_lines_of_the_default_environment_are_centred() -> None:
    text = Tex(r"xx\\xxxxxx")[0]
    assert text[:2].get_x() == pytest.approx(text[2:].get_x(), abs=0.02)


def test_lines_flush_left_begin_together() -> None:
    text = Tex(r"xx\\xxxxxx", tex_environment="flushleft")[0]
    assert text[0].get_left()[0] == pytest.approx(text[2].get_left()[0], abs=0.01)


def test_a_minipage_is_as_wide_as_it_says() -> None:
    assert lines(Tex("word word word word", tex_environment="{minipage}{1.2cm}")) == 4


def test_sizes_scale() -> None:
    normal, large = Tex("x").height, Tex(r"\Huge x").height
    assert large == pytest.approx(2.488 * normal, rel=0.01)


def test_bold_and_italic_are_other_letters() -> None:
    widths = {
        round(float(Tex(rf"\{font}{{m}}").width), 3) for font in ("textrm", "textbf", "textit", "texttt")
    }
    assert len(widths) == 4


def test_a_table_has_rules_and_cells() -> None:
    table = Tex(r"\begin{tabular}{|c|r|} \hline a & $x$ \\ \hline bb & 2 \\ \hline \end{tabular}")[0]
    rules = [shape for shape in table if min(shape.width, shape.height) < 0.03]
    assert len(rules) == 3 + 2 * 3
    assert len(table) == len(rules) + 5


def test_colour_and_size_end_with_their_braces() -> None:
    first, second, third = Tex(r"a{\color{red}\Large a}a")[0]
    assert second.height > 1.3 * first.height
    assert first.height == pytest.approx(third.height)
    assert str(second.get_fill_color()).upper() == "#FF0000"
    assert str(third.get_fill_color()).upper() == "#FFFFFF"


def test_mathematics_without_dollars_is_understood_as_a_formula() -> None:
    assert len(Tex(r"\frac{1}{2} + x^2")[0]) == 6


@pytest.mark.parametrize(
    ("tex", "fault"),
    [
        ("$x", "Missing $"),
        (r"a \frac b $x$", r"\frac"),
        (r"\begin{nonsense}x\end{nonsense}", "nonsense"),
        (r"\item x", "outside a list"),
        (r"\begin{itemize}\item x", "Missing close brace"),
        (r"\textcolor{nosuchcolour}{x}", "nosuchcolour"),
        (r"\begin{tabular}{c}a & b\end{tabular}", "2 cells"),
        (r"$\frac{1$ and $x$", "Missing"),
    ],
)
def test_faults_are_named(tex: str, fault: str) -> None:
    with pytest.raises(TexError) as caught:
        Tex(tex)
    assert fault in str(caught.value)
