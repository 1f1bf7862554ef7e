"""The engine lives through forks, threads and deep calls, and refuses a bundle that it does not know."""

from __future__ import annotations

import contextlib
import os
import sys
import threading

import pytest
from botcore_manim.typeset import EngineFault, TexError
from botcore_manim.typeset.engine import MathJax, _configured


@pytest.fixture(scope="module")
def engine() -> MathJax:
    return MathJax()


def test_a_forked_child_goes_on_where_the_parent_stood(engine: MathJax) -> None:
    before = engine.typeset("x^2").svg
    readable, writable = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writable, engine.typeset("x^2").svg.encode())
            os.write(writable, engine.typeset(r"\frac{a}{b}").svg.encode())
        finally:
            os._exit(0)
    os.close(writable)
    with os.fdopen(readable) as pipe:
        answer = pipe.read()
    os.waitpid(child, 0)
    assert answer.startswith(before)
    assert "<rect" in answer
    assert engine.typeset("x^2").svg == before


def test_it_works_from_shallow_and_from_deep_calls(engine: MathJax) -> None:
    def deep(levels: int) -> str:
        return deep(levels - 1) if levels else engine.typeset("x").svg

    assert deep(sys.getrecursionlimit() // 2) == engine.typeset("x").svg


def test_it_works_in_another_thread() -> None:
    answers: list[str] = []

    def work() -> None:
        own = MathJax()
        answers.append(own.typeset("x").svg)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert answers[0].startswith("<svg")


def test_open_groups_are_handed_on(engine: MathJax) -> None:
    result = engine.typeset(r"x\special{dvisvgm:raw </g>}y", groups=("one", "two"))
    assert result.groups == ("one",)
    assert 'data-groups="one two"' in result.svg


def test_the_engine_recovers_after_a_fault(engine: MathJax) -> None:
    with pytest.raises(TexError):
        engine.typeset(r"\frac{")
    assert "<path" in engine.typeset("x").svg


def test_letters_have_metrics(engine: MathJax) -> None:
    glyph = engine.glyph("n", "normal")
    assert glyph is not None
    assert glyph[0] == pytest.approx(0.556, abs=0.01)
    assert "ﬁ" in engine.known
    assert "й" not in engine.known


def test_an_unknown_bundle_is_refused_with_the_remedy() -> None:
    with pytest.raises(EngineFault, match=r"quickjax 0\.1\.0"):
        _configured("(()=>{ something else })();", ["base"])


_PROBES = (
    r"\frac{1}{2}+\color{red}{x}\textcolor{blue}{y}\norm{x}\abs{y}\sin x",
    r"\begin{array}{c}1\\222\end{array}\begin{matrix}1&2\end{matrix}\left(\frac12\right)\text{a \textbf{b}}",
)


@pytest.mark.parametrize(
    "tex",
    [
        r"\def\frac#1#2{#1}\frac12",
        r"\gdef\frac{x}\frac",
        r"\let\frac=\sqrt \frac{2}",
        r"\let( )\let\left\right",
        r"\newcommand{\abs}[1]{#1}\abs{x}",
        r"\renewcommand{\frac}[2]{#2}\frac12",
        r"\newenvironment{matrix}{(}{)}\begin{matrix}1\end{matrix}",
        r"\definecolor{red}{RGB}{0,0,255}\color{red}{x}",
        r"\DeclareMathOperator{\sin}{cos}\sin x",
        r"\DeclarePairedDelimiter{\abs}{(}{)}\abs{x}",
        r"\newcolumntype{c}{r}\begin{array}{c}1\end{array}",
        r"\mathtoolsset{prescript-sub-format=\mathbf}x",
        r"\text{\def\textbf#1{#1}\textbf{x}}",
        r"\def\frac{1}\begin{nonsense}",
    ],
)
def test_a_definition_ends_with_its_formula(engine: MathJax, tex: str) -> None:
    fresh = [MathJax().typeset(probe).svg for probe in _PROBES]
    with contextlib.suppress(TexError):
        engine.typeset(tex)
    assert [engine.typeset(probe).svg for probe in _PROBES] == fresh


def test_a_formula_that_is_too_deep_costs_the_next_one_nothing(engine: MathJax) -> None:
    fresh = [MathJax().typeset(probe).svg for probe in _PROBES]
    with pytest.raises(TexError, match="nested too deeply"):
        engine.typeset(r"\frac{" * 3000 + "}{1}" * 3000)
    assert [engine.typeset(probe).svg for probe in _PROBES] == fresh


def test_memory_that_earlier_formulas_took_is_given_back(engine: MathJax) -> None:
    tex = r"\text{" + "x " * 2000 + "}"
    fresh = engine.typeset(tex).svg
    engine._context.set_memory_limit(12 << 20)
    assert engine.typeset(tex).svg == fresh


def test_an_engine_that_was_broken_before_is_replaced_in_time(engine: MathJax) -> None:
    fresh = engine.typeset(r"\frac12").svg
    engine._context.eval("Object.prototype.hasOwnProperty = Array.prototype.map = undefined")
    assert engine.typeset(r"\frac12").svg == fresh


def test_the_command_that_prepares_the_engine_is_not_for_formulas(engine: MathJax) -> None:
    with pytest.raises(TexError, match="botcoreinit"):
        engine.typeset(r"\botcoreinit")
