"""Faulty and hostile TeX ends in a clear error: no crash, no hang, no file, no trace in the next formula."""

from __future__ import annotations

import time

import pytest
from botcore_manim.typeset import TexError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from manim import MathTex, Tex, TexTemplate


@pytest.mark.parametrize(
    ("tex", "fault"),
    [
        (r"\frac{1}", r"Missing argument for \frac"),
        (r"\nosuchcommand x", r"\nosuchcommand"),
        (r"x^2^3", "Double exponent"),
        (r"x_1_2", "subscript"),
        (r"\begin{pmatrix} 1", "pmatrix"),
        ("x\x01", "control character"),
        (r"\begin{nonsense}x\end{nonsense}", "nonsense"),
        (r"\sqrt[3{x}", "]"),
        (r"\end{align*}", "align"),
        (r"a & b \limits", r"\limits"),
    ],
)
def test_the_fault_and_the_tex_are_named(tex: str, fault: str) -> None:
    with pytest.raises(TexError) as caught:
        MathTex(tex)
    assert fault in str(caught.value)
    assert "special" not in str(caught.value)
    assert tex[:5] in str(caught.value)


def test_the_error_is_the_one_that_manim_raises() -> None:
    with pytest.raises(ValueError, match="TeX cannot be typeset"):
        MathTex(r"\frac{1}")


@pytest.mark.parametrize(
    "tex",
    [
        r"\input{/etc/passwd}",
        r"\openin5=/etc/passwd",
        r"\include{secret}",
        r"\require{html}x",
        r"\immediate\write18{ls}",
        r"\csname input\endcsname",
        r"\includegraphics{/etc/passwd}",
        r"\style{fill: url(file:///etc/passwd)}{x}",
        r"\class{a}{x}",
        r"\cssId{root}{x}",
        r"\data{a=b}{x}",
    ],
)
@pytest.mark.parametrize("mobject", [MathTex, Tex])
def test_files_and_scripts_are_out_of_reach(mobject: type[MathTex], tex: str) -> None:
    with pytest.raises(TexError):
        mobject(tex)


def test_a_link_is_only_its_text() -> None:
    assert len(MathTex(r"\href{file:///etc/passwd}{x}")[0]) == 1
    assert len(Tex(r"\href{file:///etc/passwd}{x}")[0]) == 1


@pytest.mark.parametrize(
    "tex",
    [
        r"\def\x{\x\x}\x",
        r"\newcommand{\a}{\b}\newcommand{\b}{\a}\a",
        f"{'{' * 3000}x{'}' * 3000}",
        r"\frac{1}{" * 400 + "x" + "}" * 400,
        r"\sqrt{" * 500 + "x" + "}" * 500,
        "^{x" * 300 + "}" * 300,
    ],
    ids=["recursion", "mutual recursion", "braces", "fractions", "roots", "powers"],
)
def test_endless_and_deep_tex_ends_soon(tex: str) -> None:
    start = time.process_time()
    try:
        MathTex(tex)
    except TexError as error:
        assert len(str(error)) < 400  # noqa: PT017  # either outcome is right; the next formula matters
    assert time.process_time() - start < 60
    assert len(MathTex("x + y")[0]) == 3


def test_nothing_is_left_for_the_next_formula() -> None:
    assert len(MathTex(r"\newcommand{\mine}{xyz}\mine")[0]) == 3
    with pytest.raises(TexError):
        MathTex(r"\mine")
    MathTex(r"\label{a} x")
    MathTex(r"\label{a} y")


def test_a_template_defines_commands_for_its_formulas_only() -> None:
    template = TexTemplate()
    template.add_to_preamble(r"\newcommand{\R}{\mathbb{R}} \DeclareMathOperator{\sgn}{sgn}")
    assert len(MathTex(r"\sgn x \in \R", tex_template=template)[0]) == 6
    with pytest.raises(TexError):
        MathTex(r"\R")


def test_the_physics_package_is_on_only_where_it_is_asked_for() -> None:
    template = TexTemplate()
    template.add_to_preamble(r"\usepackage{physics}")
    assert len(MathTex(r"\dv{y}{x}", tex_template=template)[0]) == 5
    assert len(MathTex(r"\abs*{x}", tex_template=template)[0]) == 3
    assert len(MathTex(r"6 \div 2")[0]) == 3
    with pytest.raises(TexError):
        MathTex(r"\dv{y}{x}")


ATOMS = st.sampled_from(
    [
        "x",
        "2",
        "+",
        "-",
        "=",
        "(",
        ")",
        ",",
        r"\alpha",
        r"\pi",
        r"\infty",
        r"\sum",
        r"\int",
        r"\frac12",
        r"\sqrt{x}",
        "x^2",
        "a_{ij}",
        r"\left(",
        r"\right)",
        r"\text{ab}",
        r"\vec{v}",
        r"\cdot",
        r"\overline{x}",
        r"\hat{y}",
        r"\binom{n}{k}",
        r"\quad",
        r"\lim",
        r"\sin",
        r"\begin{matrix}a&b\end{matrix}",
    ]
)
# a blank after each brace: Manim takes a double one for a part of its own
PIECES = st.recursive(
    ATOMS,
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map(" ".join),
        st.tuples(inner, inner).map(lambda pair: rf"\frac{{ {pair[0]} }}{{ {pair[1]} }}"),
        inner.map(lambda tex: rf"\sqrt{{ {tex} }}"),
        inner.map(lambda tex: rf"{{ {tex} }}^{{ {tex} }}"),
        inner.map(lambda tex: rf"\left[ {tex} \right]"),
    ),
    max_leaves=8,
)
QUICK = settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(st.lists(PIECES, min_size=1, max_size=4))
def test_any_parts_of_good_tex_give_as_many_groups(parts: list[str]) -> None:
    try:
        formula = MathTex(*parts)
    except TexError as error:
        assert error.fault  # noqa: PT017  # unbalanced \left and \right are faults
        return
    assert len(formula) == len(parts)
    assert sum(len(part) for part in formula) == len(formula.id_to_vgroup_dict["root"])


SIGNS = [*"\\{}[]$&#^_~%x12+ \n", r"\frac", r"\text", r"\begin{", r"\left(", r"\unicode{x1}", "й", "\x1f"]


@QUICK
@given(st.lists(st.sampled_from(SIGNS), max_size=25).map("".join))
def test_noise_is_typeset_or_refused_with_a_sentence(tex: str) -> None:
    for mobject in (MathTex, Tex):
        try:
            mobject(tex)
        except TexError as error:
            assert error.fault  # noqa: PT017  # both outcomes are right


@QUICK
@given(st.text(max_size=30))
def test_any_text_is_drawn_or_refused_with_a_sentence(text: str) -> None:
    try:
        Tex(text)
    except TexError as error:
        assert error.fault  # noqa: PT017  # both outcomes are right
