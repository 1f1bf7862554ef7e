"""In which language somebody writes of whom nothing is known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.intake.commands.greeting import EXAMPLES
from botcore.languages import LANGUAGES, guess, text


@given(st.text(max_size=60))
def test_whatever_is_written_gives_one_of_our_languages_or_none(anything: str) -> None:
    assert guess(anything) in {"", *LANGUAGES} - {"en"}


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("реши x^2 - 5x + 6 = 0", "ru"),
        ("حل المعادلة x^2 = 4", "ar"),
        ("हल करें x^2 = 4", "hi"),
        ("solve x^2 = 4", ""),
        ("∫ α dx = π", ""),
        ("х = 2", ""),
        ("розв'яжіть рівняння", ""),
        ("معادله را حل کنید", ""),
    ],
)
def test_a_script_tells_a_language_where_only_one_of_ours_is_written_so(written: str, language: str) -> None:
    assert guess(written) == language


@pytest.mark.parametrize(
    ("written", "language"),
    [
        ("resuelve x^2 = 4", "es"),
        ("¡Hola!", "es"),
        ("¿Cuánto es 3/4 + 1/8?", "es"),
        ("Halla la derivada de sin(x)", "es"),
        ("resolva x^2 = 4", "pt"),
        ("Olá, bom dia", "pt"),
        ("Encontre as raízes da equação x^2 = 9", "pt"),
        ("Encontre las raíces de la ecuación x^2 = 9", "es"),
    ],
)
def test_words_tell_spanish_from_portuguese(written: str, language: str) -> None:
    assert guess(written) == language


@pytest.mark.parametrize(
    "written",
    [
        "solve the system x + y = 3, x - y = 1",
        "Find the integral of x^2 dx from 0 to 2",
        "résous l'équation x^2 = 4",
        "risolvi l'equazione x^2 = 4",
        "löse die Gleichung x^2 = 4",
        "derivada x^2",
        "class Demo(Scene): pass",
    ],
)
def test_what_could_be_either_or_is_neither_is_not_guessed(written: str) -> None:
    assert guess(written) == ""


@pytest.mark.parametrize("language", sorted({*LANGUAGES} - {"en"}))
def test_whoever_copies_an_example_is_not_answered_in_a_third_language(language: str) -> None:
    guesses = {guess(text(language, example)) for example in EXAMPLES}
    assert guesses <= {language, ""}  # some are a formula alone
