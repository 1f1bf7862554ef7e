"""What a student reads about a solved problem is in their language, also inside of formulas."""

from __future__ import annotations

import re
from functools import cache

import pytest
from botcore_solver.outcome import Abstained, Solution, Step
from botcore_solver.scenes.beats import Line, Note, Phase, Say
from botcore_solver.scenes.writer import write_scene
from botcore_solver.solve import solve
from botcore_solver.told import told
from botcore_solver.wording import OR, joined, sentence, spoken, spoken_tex
from botcore_solver.worker.answering import reply_to

from botcore.testing.catalogues import TRANSLATED

PROBLEMS = (
    "x^2 - 5x + 6 = 0",
    "x^2 + 4x + 1 = 0",
    "3x^2 + 2x - 7 = 0",
    "x^2 + 1 = 0",
    "x^2 = 3x",
    "3(x - 2) = x + 8",
    "2x + 1 = 2x + 1",
    "1/(x-1) = 2/(x-1)",
    "2x + 3y = 7 and 5x - 2y = 8",
    "x + y = 2 and 2x + 2y = 4",
    "x + y = 2 and x + y = 3",
    "derivative of x^2 sin(x)",
    "derivative of sin(x)/x at x = 2",
    "derivative of (3x^2+1)^5",
    "integrate x^2 from 0 to 2",
    "integrate x e^x from 0 to 1",
    "area under sin(x) from 0 to 2pi",
    "plot 1/(x-2) + x",
    "plot sin(x)",
    "plot e^x",
    "3/4 + 5/6 - (1/2)^2",
    "sqrt(8) + sqrt(2)",
    "1/0",
)

FORMULA = re.compile(r"(?<!\\)\$.+?(?<!\\)\$")
WORD = re.compile(r"(?<![\\\w])[A-Za-z]{4,}")
NAMES = frozenset({"sqrt", "Manim", "LaTeX"})
SCRIPTS = {"ar": "\u0600-\u06ff", "hi": "\u0900-\u097f", "ru": "\u0400-\u04ff"}


@cache
def _solved(problem: str) -> Solution:
    return solve(problem)


def _words(solution: Solution) -> list[str]:
    """Everything that is said, without what is in formulas."""
    spoken_ones = [solution.title, solution.closing]
    tex = [solution.answer_tex]
    for beat in solution.script:
        if isinstance(beat, (Say, Note, Phase)):
            spoken_ones.append(beat.words)
        elif isinstance(beat, Line):
            spoken_ones.append(beat.why)
            tex.append(beat.tex)
    spoken_ones += [text for formula in tex for text in re.findall(r"\\text\{([^{}]*)\}", formula)]
    return [words for words in spoken_ones if re.search(r"[^\W\d_]{2}", FORMULA.sub("", words))]


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_no_english_sentence_is_left(problem: str, language: str) -> None:
    english, other = _solved(problem), told(_solved(problem), language)
    same = set(_words(english)) & set(_words(other))
    assert same == set()
    if language in SCRIPTS:
        for words in _words(other):
            plain = FORMULA.sub("", words)
            assert re.search(f"[{SCRIPTS[language]}]", plain)
            assert set(WORD.findall(plain)) <= NAMES


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("problem", PROBLEMS)
def test_only_the_words_change(problem: str, language: str) -> None:
    english, other = _solved(problem), told(_solved(problem), language)
    assert (other.kind, other.status, other.answer) == (english.kind, english.status, english.answer)
    assert [_formulas(step) for step in other.steps] == [_formulas(step) for step in english.steps]
    assert write_scene(other).count("self.") == write_scene(english).count("self.")


def _formulas(step: Step) -> tuple[str, list[str]]:
    """The formulas of a step and of its reason; a language may name them in another order."""
    return re.sub(r"\\text\{[^{}]*\}|\\;|\s", "", step.tex), sorted(FORMULA.findall(step.why))


@pytest.mark.parametrize("problem", PROBLEMS)
def test_english_stays_as_it_is_written(problem: str) -> None:
    assert told(_solved(problem), "en") == _solved(problem)


@pytest.mark.parametrize(
    "text", ["solve x^2 =", "sin(30", "2e3 + 1", "∫ x dx", "plot x y", "x^3 = 8", "tell me a joke"]
)
@pytest.mark.parametrize("language", TRANSLATED)
def test_advice_is_in_the_language_too(text: str, language: str) -> None:
    with pytest.raises(Abstained) as refused:
        solve(text)
    english, other = spoken(refused.value.advice, "en"), spoken(refused.value.advice, language)
    assert english == refused.value.advice
    assert other != english
    for part in english.split(". "):
        assert part not in other


def test_a_reply_speaks_one_language() -> None:
    reply = reply_to("x^2 - 5x + 6 = 0", "es-MX")
    assert reply.answer == "{2, 3}"
    assert reply.answer_text == "x = 2 o x = 3"
    assert "Resuelve la ecuación" in reply.scene
    assert r"\text{o}" in reply.scene


def test_an_unknown_language_is_english() -> None:
    assert reply_to("x^2 - 5x + 6 = 0", "fi") == reply_to("x^2 - 5x + 6 = 0", "en")


def test_a_sentence_within_a_sentence_is_translated() -> None:
    whole = sentence("There is no answer: {why}.").filled(why=sentence("division by zero has no value"))
    assert whole == "There is no answer: division by zero has no value."
    assert spoken(whole, "pt") == "Não há resposta: não se pode dividir por zero."
    assert spoken(joined("; ", (OR, OR)), "ru") == "или; или"


def test_plain_strings_and_formulas_stay() -> None:
    assert spoken("x = 2", "ar") == "x = 2"
    assert spoken_tex(r"x = \frac{1}{2} \quad\text{or}\quad x = 3", "hi") == (
        r"x = \frac{1}{2} \quad\text{या}\quad x = 3"
    )


def test_a_word_stands_where_reading_begins() -> None:
    listed = r"\text{maximum} \; (1, 0), \quad \text{minimum} \; (3, 4)"
    assert spoken_tex(listed, "es") == r"\text{máximo} \; (1, 0), \quad \text{mínimo} \; (3, 4)"
    assert spoken_tex(listed, "ar") == r"(1, 0) \; \text{قيمة عظمى}, \quad (3, 4) \; \text{قيمة صغرى}"
