"""/language, /help, /start and mistyped commands in a person's language."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
import pytest_asyncio

from botcore.intake.commands.language import language_named
from botcore.languages import LANGUAGES, text
from tests.core.intake.people import PHONE, Chats, chatting

ROOMY = replace(PHONE, text_limit=4000, buttons=10)


@pytest_asyncio.fixture
async def chats(tmp_path: Path) -> AsyncIterator[Chats]:
    async with chatting(tmp_path, capabilities=ROOMY) as running:
        yield running


@pytest.mark.parametrize(
    ("word", "code"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("pt-BR", "pt"),
        ("pt_br", "pt"),
        ("Spanish", "es"),
        ("español", "es"),
        ("espanol", "es"),
        ("испанский", "es"),
        ("الإسبانية", "es"),
        ("Русский", "ru"),
        ("russo", "ru"),
        ("inglés", "en"),
        ("हिन्दी", "hi"),
        (" العربية ", "ar"),
        ("", None),
        ("klingon", None),
        ("de", None),
    ],
)
def test_languages_are_known_by_code_and_by_name_in_any_of_them(word: str, code: str | None) -> None:
    assert language_named(word) == code


async def test_language_shows_the_others_as_buttons_in_their_own_names(chats: Chats) -> None:
    shown = await chats.ask("/language")
    assert "English" in shown.text
    assert {button.label: button.data for button in shown.buttons} == {
        name: f"/language {code}" for code, name in LANGUAGES.items() if code != "en"
    }


async def test_a_chosen_language_holds_for_answers_and_jobs(chats: Chats) -> None:
    chosen = await chats.ask("/language Português")
    assert chosen.text == text("pt", "From now on I write to you in {name}.", name="Português")
    assert chosen.text != "From now on I write to you in Português."
    assert (await chats.ask("/quality")).text.startswith(
        text("pt", "Your quality is {value}. Choose another one:", value="medium")
    )
    await chats.say("solve x = 2 for x")
    assert (await chats.job()).user_language == "pt"


async def test_an_unknown_language_names_the_known_ones(chats: Chats) -> None:
    answer = (await chats.ask("/language tlhIngan")).text
    assert "tlhIngan" in answer
    assert all(name in answer for name in LANGUAGES.values())


@pytest.mark.parametrize("language", LANGUAGES)
async def test_help_lists_the_commands_in_the_language_of_the_person(chats: Chats, language: str) -> None:
    answer = (await chats.ask("/help", language=language)).text
    assert text(language, "delete everything that is kept about you") in answer
    for name in ("start", "status", "history", "cancel", "code", "quality", "aspect", "provider", "link"):
        assert f"/{name}" in answer


@pytest.mark.parametrize("typed", ["/start", "/start abc", "/start ref_42-x"])
async def test_start_greets_wherever_somebody_comes_from(chats: Chats, typed: str) -> None:
    assert (await chats.ask(typed)).text.startswith("Hello!")


@pytest.mark.parametrize(
    ("typed", "meant"), [("/statsu", "/status"), ("/hlep", "/help"), ("/langauge es", "/language")]
)
async def test_a_mistyped_command_gets_the_one_that_was_meant(chats: Chats, typed: str, meant: str) -> None:
    answer = await chats.ask(typed)
    assert typed.split(maxsplit=1)[0] in answer.text
    assert [button.data for button in answer.buttons] == [meant]


async def test_a_command_like_no_other_gets_the_way_to_help(chats: Chats) -> None:
    answer = await chats.ask("/xyzzy")
    assert "/help" in answer.text
    assert answer.buttons == ()
