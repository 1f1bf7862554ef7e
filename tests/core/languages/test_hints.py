"""What a sentence tells people to write is understood, in the language of the sentence."""

from __future__ import annotations

import re

import pytest

from botcore.errors import CannotChange, error_text
from botcore.intake.commands.greeting import EXAMPLES
from botcore.intake.routing import parse_command
from botcore.intake.wishes import read_wish
from botcore.languages import LANGUAGES, text

QUOTED = re.compile(r"[“«](.+?)[”»]")


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_the_wishes_that_are_named_are_granted(language: str) -> None:
    named = QUOTED.findall(error_text(CannotChange(), language))
    assert len(named) == 3
    wishes = [read_wish(words) for words in named]
    assert [(wish.quality, wish.aspect) for wish in wishes if wish] == [
        ("high", None),
        (None, "9:16"),
        (None, "1:1"),
    ]


@pytest.mark.parametrize("language", list(LANGUAGES))
def test_an_example_is_no_command_and_long_enough_to_be_taken(language: str) -> None:
    for example in EXAMPLES:
        said = text(language, example)
        assert parse_command(said) is None
        assert len(said) >= 10
