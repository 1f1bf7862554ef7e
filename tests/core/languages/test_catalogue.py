"""A person reads their language, or English; nothing raises, whatever is in a catalogue."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from botcore.errors import (
    BotcoreError,
    EmptyText,
    InputError,
    ProviderAbstained,
    ProvidersExhausted,
    TextTooLong,
    error_text,
    text_of,
)
from botcore.languages import LANGUAGES, Catalogue, best, plural, sentence, text

HEADER = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n'
THREE_FORMS = '"Plural-Forms: nplurals=3; plural=(n==1 ? 0 : n<5 ? 1 : 2);\\n"\n'

Make = Callable[[str], Catalogue]


@pytest.fixture
def spanish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, request: pytest.FixtureRequest) -> Make:
    """Makes the catalogue of a package that has these entries in Spanish."""
    package = f"speaks_{abs(hash(request.node.name))}"

    def make(entries: str) -> Catalogue:
        folder = tmp_path / package / "catalogues"
        folder.mkdir(parents=True)
        (folder.parent / "__init__.py").touch()
        folder.joinpath("es.po").write_text(entries, encoding="utf-8")
        monkeypatch.syspath_prepend(tmp_path)
        return Catalogue(package)

    return make


def entry(english: str, translated: str) -> str:
    return f'\nmsgid "{english}"\nmsgstr "{translated}"\n'


def test_a_sentence_is_told_in_the_language_of_the_person(spanish: Make) -> None:
    words = spanish(HEADER + entry("Line {line} is wrong.", "La línea {line} está mal."))
    assert words.text("es", "Line {line} is wrong.", line=3) == "La línea 3 está mal."
    assert words.text("es-MX", "Line {line} is wrong.", line=3) == "La línea 3 está mal."
    assert words.text("en", "Line {line} is wrong.", line=3) == "Line 3 is wrong."
    assert words.text("tlh", "Line {line} is wrong.", line=3) == "Line 3 is wrong."


@pytest.mark.parametrize(
    "translated",
    [
        "La línea {linea} está mal.",
        "La línea {} está mal.",
        "La línea {line está mal.",
        "{line.x}",
        "{line:%}",
        "",
    ],
)
def test_a_translation_that_does_not_fit_its_values_is_told_in_english(
    spanish: Make, translated: str
) -> None:
    words = spanish(HEADER + entry("Line {line} is wrong.", translated))
    assert words.text("es", "Line {line} is wrong.", line="x") == "Line x is wrong."


def test_a_missing_value_leaves_its_placeholder_and_raises_nothing(spanish: Make) -> None:
    words = spanish(HEADER + entry("Line {line} is wrong.", "La línea {line} está mal."))
    assert words.text("es", "Line {line} is wrong.") == "Line {line} is wrong."
    assert words.text("en", "Line {line} of {many", line=1) == "Line {line} of {many"


def test_what_a_person_wrote_is_never_a_template(spanish: Make) -> None:
    words = spanish(HEADER + entry("Cancelled: {title}", "Cancelado: {title}"))
    hostile = "{title.__class__} {0} }{ %s"
    assert words.text("es", "Cancelled: {title}", title=hostile) == f"Cancelado: {hostile}"
    assert words.text("en", "Cancelled: {title}", title=hostile) == f"Cancelled: {hostile}"


def test_a_fuzzy_translation_is_not_used(spanish: Make) -> None:
    words = spanish(HEADER + '\n#, fuzzy\nmsgid "Wait."\nmsgstr "Corre."\n')
    assert words.text("es", "Wait.") == "Wait."


@pytest.mark.parametrize(
    "broken",
    [
        "",
        "rubbish \0 \ufffd",
        'msgid "a',
        HEADER.replace("utf-8", "utf-99") + entry("Wait.", "Espera."),
        HEADER + '"Plural-Forms: nplurals=x; plural=(;\\n"\n' + entry("Stop.", "Alto."),
    ],
)
def test_a_broken_catalogue_leaves_the_person_with_english(
    spanish: Make, broken: str, caplog: pytest.LogCaptureFixture
) -> None:
    words = spanish(broken)
    assert words.text("es", "Wait.") in {"Wait.", "Espera."}
    assert words.plural("es", "{count} day", "{count} days", 2) == "2 days"


def test_a_package_without_catalogues_speaks_english() -> None:
    assert Catalogue("json").text("es", "Wait.") == "Wait."
    assert Catalogue("no_such_package_at_all").text("es", "Wait.") == "Wait."


def test_the_number_chooses_the_form(spanish: Make) -> None:
    words = spanish(
        HEADER
        + THREE_FORMS
        + '\nmsgid "{count} day"\nmsgid_plural "{count} days"\n'
        + 'msgstr[0] "un día"\nmsgstr[1] "{count} días"\nmsgstr[2] "muchos días ({count})"\n'
    )
    told = [words.plural("es", "{count} day", "{count} days", count) for count in (1, 2, 9)]
    assert told == ["un día", "2 días", "muchos días (9)"]
    assert words.plural("en", "{count} day", "{count} days", 1) == "1 day"
    assert words.plural("en", "{count} day", "{count} days", 0) == "0 days"


@given(st.text(max_size=60))
def test_whatever_is_asked_for_is_answered(anything: str) -> None:
    assert best(anything) in LANGUAGES
    assert text(anything, anything) == text("en", anything)


@pytest.mark.parametrize(
    ("tag", "language"),
    [
        ("", "en"),
        ("pt-BR", "pt"),
        ("pt_BR", "pt"),
        ("ES", "es"),
        ("zh-Hans-CN", "en"),
        ("hi", "hi"),
        ("e", "en"),
    ],
)
def test_a_tag_asks_for_the_nearest_language(tag: str, language: str) -> None:
    assert best(tag) == language


def test_an_error_speaks_the_language_of_the_person() -> None:
    error = TextTooLong(length=6000, maximum=5000)
    assert (
        error.message
        == "That is too long: 6000 characters, and 5000 is the limit. Send one problem at a time."
    )
    for language in LANGUAGES:
        told = error_text(error, language)
        assert "6000" in told
        assert "5000" in told
        assert told == text_of(error.code, language, error.params)
        assert (told == error.message) is (language == "en")


def test_an_unknown_code_is_told_as_a_fault_of_ours() -> None:
    assert text_of("never_heard_of", "ru", {}) == text("ru", BotcoreError.text)


def test_providers_that_all_failed_speak_with_the_most_helpful_voice() -> None:
    error = ProvidersExhausted(
        [("solver", ProviderAbstained(advice="Дайте число.")), ("other", InputError())]
    )
    assert error_text(error, "ru").endswith("Дайте число.")
    assert error_text(error, "ru") == text_of(error.code, "ru", error.params)
    nested = ProvidersExhausted([("chain", error)])
    assert error_text(nested, "en") == text_of(nested.code, "en", nested.params)


def test_an_error_of_a_plugin_speaks_from_the_catalogue_of_the_plugin(spanish: Make) -> None:
    package = spanish(HEADER + entry("My part is tired.", "Mi parte está cansada."))._package
    tired = type(
        "Tired",
        (BotcoreError,),
        {"code": "tired", "text": "My part is tired.", "__module__": f"{package}.parts"},
    )
    assert error_text(tired(), "es") == "Mi parte está cansada."
    assert error_text(EmptyText(), "es") != EmptyText.text


def test_a_marked_sentence_is_the_sentence() -> None:
    assert sentence("Wait.") == "Wait."


def test_english_needs_no_babel_and_other_languages_load_it_once() -> None:
    code = (
        "import sys; from botcore.languages import text; text('en', 'No'); text('xx', 'No');"
        "print('babel' in sys.modules); text('ru', 'No'); print('babel' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["False", "True"]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_every_count_has_a_form(language: str) -> None:
    for count in range(201):
        told = plural(language, "{count} other is before it.", "{count} others are before it.", count)
        assert "{" not in told
        assert str(count) in told or (language == "ar" and count < 3)
