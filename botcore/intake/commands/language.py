"""/language: what the person is answered in."""

from __future__ import annotations

import unicodedata
from functools import cache

from botcore.errors import UnknownLanguage
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.languages import LANGUAGES, best, sentence, text
from botcore.model import Button
from botcore.state import State


class LanguageCommands:
    """The command that shows and sets the language."""

    def __init__(self, state: State) -> None:
        self._state = state

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand(
                "language",
                f"[{'|'.join(LANGUAGES)}]",
                sentence("see or choose your language"),
                self._language,
            ),
        )

    async def _language(self, talk: Conversation, argument: str) -> Answer:
        if not argument:
            now = best(talk.language)
            shown = text(now, "Your language: {name}. Choose another one:", name=LANGUAGES[now])
            return Answer(
                shown,
                tuple(Button(name, f"/language {code}") for code, name in LANGUAGES.items() if code != now),
            )
        code = language_named(argument)
        if code is None:
            names = ", ".join(f"{name} ({code})" for code, name in LANGUAGES.items())
            raise UnknownLanguage(name=argument[:40], available=names)
        await self._state.sessions.set_language(talk.session.id, code)
        return Answer(text(code, "From now on I write to you in {name}.", name=LANGUAGES[code]))


def language_named(word: str) -> str | None:
    """The language that somebody means by a code, a tag or a name in any of the languages; None if none."""
    word = word.strip()
    code = word.replace("_", "-").partition("-")[0].lower()
    if code in LANGUAGES:
        return code
    return _names().get(_plain(word))


@cache
def _names() -> dict[str, str]:
    """Every language's name in every language, without accents."""
    from babel import Locale  # half a megabyte of names that few processes need

    names = {_plain(name): code for code, name in LANGUAGES.items()}
    for speaker in LANGUAGES:
        called = Locale(speaker).languages
        names |= {_plain(called[code]): code for code in LANGUAGES if code in called}
    return names


def _plain(word: str) -> str:
    letters = unicodedata.normalize("NFKD", word.strip().casefold())
    return "".join(letter for letter in letters if not unicodedata.combining(letter))
