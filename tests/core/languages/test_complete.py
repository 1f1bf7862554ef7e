"""Every sentence that the code says to a person is in every catalogue, translated, and in one voice.

Red? Run ``make catalogues``, and fill in what it lists.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from botcore.errors import error_classes
from botcore.testing.catalogues import TRANSLATED, faults, sentences
from scripts.catalogues import ROOT, SKIP, packages

PACKAGES = packages()
OTHER_VOICES = {
    "es": r"\b(usted|ustedes|vos)\b",
    "ar": r"\b(حضرتك|سيدي)\b",
    "hi": r"(^|\s)(तू|तुम|तुम्हें|तुम्हारा|तुम्हारे|तेरा)(\s|$)",
    "pt": r"\b(tu|teu|teus|tua|tuas|senhor|senhora)\b",
    "ru": r"\b(ты|тебя|тебе|тобой|твой|твоё|твоя|твои)\b",
}
"""Words that speak to a person more or less politely than all other sentences of a language."""


@pytest.mark.parametrize("package", PACKAGES, ids=lambda package: package.name)
def test_every_sentence_is_translated_into_every_language(package: Path) -> None:
    assert faults(package, skip=SKIP) == []


def test_every_error_of_the_core_is_among_the_sentences() -> None:
    said = {sentence.one for sentence in sentences(ROOT / "botcore", skip=SKIP)}
    core = {cls.text for cls in error_classes() if cls.__module__.startswith("botcore.errors")}
    assert core <= said


def test_the_catalogues_that_are_there_belong_to_a_package_that_speaks() -> None:
    found = {path.parents[1] for path in ROOT.glob("*/*/*/catalogues/*.po")} | {ROOT / "botcore"}
    assert found == set(PACKAGES)


@pytest.mark.parametrize("language", TRANSLATED)
def test_a_language_speaks_with_one_voice(language: str) -> None:
    other = re.compile(OTHER_VOICES[language], re.IGNORECASE)
    for package in PACKAGES:
        with (package / "catalogues" / f"{language}.po").open("rb") as file:
            for entry in read_po(file, locale=language):
                forms = [entry.string] if isinstance(entry.string, str) else list(entry.string)
                if entry.id:
                    assert [form for form in forms if other.search(form)] == []
