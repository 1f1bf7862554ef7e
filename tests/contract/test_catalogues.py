"""The check of catalogues finds every sentence, and everything that is wrong with a translation."""

from __future__ import annotations

from pathlib import Path

import pytest

from botcore.testing.catalogues import TRANSLATED, Sentence, faults, sentences, update

CODE = """
from botcore import Button, Catalogue, sentence

words = Catalogue("speaks")
TABLE = {1: sentence("In a table.")}

class Broken(BotcoreError):
    code = "broken"
    text = "Broken in line {line}."

class Inherits(Broken):
    code = "inherits"
    text = Broken.text

def answer(language, done, other):
    words.text(language, "Done: {title}" if done else "Not done.", title=1)
    words.plural(language, "{count} day", "{count} days", 3)
    Button(words.text(language, "Stop it"), "/stop")
    words.text(language, other)
    words.text("one argument")
    words.text(language, "{nothing} {but} {values}")
    words.text(language, "Not "
               "done.")
"""
FOUND = {
    "In a table.",
    "Broken in line {line}.",
    "Done: {title}",
    "Not done.",
    "{count} day",
    "Stop it",
}


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "speaks"
    folder.mkdir()
    folder.joinpath("__init__.py").write_text(CODE)
    folder.joinpath("cli").mkdir()
    folder.joinpath("cli", "words.py").write_text('text(language, "For operators.")')
    return folder


def translate(package: Path, language: str, pairs: dict[str, str]) -> None:
    """Fill the catalogue in; sentences that are not in ``pairs`` are said in English."""
    path = package / "catalogues" / f"{language}.po"
    header, *entries = path.read_text(encoding="utf-8").strip().split("\n\n")
    done = []
    for entry in entries:
        lines = entry.strip().split("\n")
        english = next(line for line in lines if line.startswith("msgid "))[7:-1]
        said = pairs.get(english, english)
        if language == "ar":
            said = said.replace("{", "\u2068{").replace("}", "}\u2069") if english not in pairs else said
        done.append(
            "\n".join(line.replace('""', f'"{said}"') if "msgstr" in line else line for line in lines)
        )
    path.write_text("\n\n".join([header, *done]) + "\n", encoding="utf-8")


def translated(package: Path, **wrong: str) -> list[str]:
    """The faults of a package whose Arabic has these translations, and whose other languages are right."""
    update(package, skip=("cli",))
    pairs = {
        "In a table.": wrong.get("table", "x"),
        "Broken in line {line}.": wrong.get("line", "\u2068{line}\u2069"),
    }
    pairs["Stop it"] = wrong.get("label", "x")
    for language in TRANSLATED:
        translate(package, language, pairs if language == "ar" else {})
    return faults(package, skip=("cli",))


def test_every_sentence_is_found_where_it_is_said(package: Path) -> None:
    found = sentences(package, skip=("cli",))
    assert {sentence.one for sentence in found} == FOUND
    assert Sentence("{count} day", "{count} days", False, "__init__.py") in found
    assert [sentence.one for sentence in found if sentence.label] == ["Stop it"]
    assert {sentence.one for sentence in sentences(package)} == FOUND | {"For operators."}


def test_what_is_translated_has_no_fault(package: Path) -> None:
    assert translated(package) == []


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"table": ""}, "not translated"),
        ({"table": "x {line}"}, "other placeholders"),
        ({"table": " x"}, "white space"),
        ({"table": "/help"}, "isolates"),
        ({"table": "\u2068/help\u2069"}, "other commands"),
        ({"line": "x"}, "other placeholders"),
        ({"line": "x {line}"}, "isolates"),
        ({"line": "\u2068{linea}\u2069"}, "other placeholders"),
        ({"line": "\u2068{line\u2069"}, "other placeholders"),
        ({"label": "x" * 21}, "longer than a button"),
    ],
)
def test_a_wrong_translation_is_named(package: Path, wrong: dict[str, str], fault: str) -> None:
    found = translated(package, **wrong)
    assert found
    assert all(line.startswith("ar: ") for line in found)
    assert any(fault in line for line in found)


def test_a_formula_of_a_video_needs_no_isolates(package: Path) -> None:
    assert translated(package, line="x ${line}$") == []


def test_an_english_label_that_is_too_long_for_a_button_is_named(package: Path) -> None:
    package.joinpath("long.py").write_text(f'Button(label=text(language, "{"x" * 21}"))')
    assert any(line.startswith("en: longer than a button") for line in translated(package))


def test_a_package_without_catalogues_lacks_each_language(package: Path) -> None:
    assert faults(package, skip=("cli",)) == [f"{language}: there is no catalogue" for language in TRANSLATED]


def test_sentences_come_and_go_and_translations_stay(package: Path) -> None:
    assert translated(package) == []
    update(package, skip=("cli",))
    update(package, skip=("cli",))
    assert faults(package, skip=("cli",)) == []
    package.joinpath("__init__.py").write_text(CODE.replace("In a table.", "In the table."))
    found = faults(package, skip=("cli",))
    assert any("not in the catalogue" in line for line in found)
    assert any("no longer in the code" in line for line in found)
    update(package, skip=("cli",))
    changed = faults(package, skip=("cli",))
    assert {line.split(": ", 1)[1] for line in changed} <= {
        "fuzzy: In the table.",
        "not translated: In the table.",
    }
    assert len(changed) == len(TRANSLATED)


def test_writing_them_again_changes_nothing(package: Path) -> None:
    translated(package)
    update(package, skip=("cli",))
    once = {path.name: path.read_bytes() for path in package.joinpath("catalogues").iterdir()}
    update(package, skip=("cli",))
    assert {path.name: path.read_bytes() for path in package.joinpath("catalogues").iterdir()} == once
    assert set(once) == {f"{language}.po" for language in TRANSLATED}
