"""A whole conversation in each language: not one sentence of it is English."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

import botcore
from botcore.languages import LANGUAGES, text
from botcore.model import Attachment, AttachmentKind, Message, Outgoing, Sent
from botcore.testing.catalogues import Sentence, sentences
from botcore.testing.doubles import ChatAdapter
from tests.core.surface import chat_platform, ended, eventually, settings_for, working_app

TAGS = {"es": "es-MX", "ar": "ar", "hi": "hi-IN", "pt": "pt-BR", "ru": "ru"}
SAID = (
    "/start", "/help", "/status", "/history", "/cancel", "/code", "/again", "/language", "/link",
    "/link 0000", "/quality", "/quality low", "/quality blue", "/aspect", "/aspect 1:1", "/provider",
    "/provider echo", "/provider nobody", "/unheard_of", "/status abcdef", "/forget", "hm",
    "x" * 5001, "a \0 b and so on", " ",
)  # fmt: skip
"""What is answered at once."""
MADE = (
    "solve x = 2 for x",
    "what is the weather like",
    "fail, as it was told to",
    "draw something\nforbidden",
)
"""What a job is made of."""


class Listener(ChatAdapter):
    """Keeps everything that was ever shown."""

    def __init__(self) -> None:
        super().__init__()
        self.told: list[Outgoing] = []

    async def send(self, out: Outgoing) -> Sent:
        self.told.append(out)
        return await super().send(out)


@cache
def in_the_code() -> list[Sentence]:
    return sentences(Path(botcore.__file__).parent, skip=("cli", "testing"))


def english(language: str) -> list[re.Pattern[str]]:
    """What would give an English sentence away: each line of each one that differs in ``language``."""
    found = []
    for sentence in in_the_code():
        for form in (sentence.one, sentence.many or sentence.one):
            if text(language, form) == form and sentence.many is None:
                continue  # a usage such as “[yes]”
            for line in form.split("\n"):
                if len(re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", line))) > 1:
                    parts = (re.escape(part) for part in re.split(r"\{\w+\}", line))
                    found.append(re.compile(rf"\b{'.+?'.join(parts)}"))
    return found


@pytest.mark.parametrize("language", [language for language in LANGUAGES if language != "en"])
async def test_a_conversation_holds_no_english_sentence(tmp_path: Path, language: str) -> None:
    adapter = Listener()
    platform = chat_platform(adapter)
    platform = replace(platform, capabilities=replace(platform.capabilities, buttons=10))
    settings = settings_for(tmp_path, limits={"per_minute": 100, "unfinished": 1})
    async with working_app(settings, platform) as app:
        count = 0

        async def say(words: str, *attachments: Attachment) -> str:
            nonlocal count
            count += 1
            await adapter.say(
                Message("test", "c", "u", f"m{count}", words, attachments, language=TAGS[language])
            )
            return f"m{count}"

        async def answered(message_id: str) -> None:
            async def look() -> bool:
                return any(out.reply_to == message_id for out in adapter.told)

            await eventually(look)

        async def job() -> str:
            session = await eventually(lambda: app.state.sessions.find("test", "u"))
            return (await app.state.jobs.of_session(session.id))[0].id

        for words in SAID:
            await answered(await say(words))
        for kind in AttachmentKind:
            await answered(await say("", Attachment(kind, "application/zip", "a.zip")))
        for words in MADE:
            await answered(await say(words))
            await ended(app, await job())
        await answered(await say("wait for ever and ever"))
        for words in ("/status", "/history", "solve x = 3 for x", "/cancel", "/forget yes"):
            await answered(await say(words))

    assert len(adapter.told) > len(SAID) + 2 * len(MADE)
    assert {out.language for out in adapter.told} <= {language, TAGS[language]}
    told = [line for out in adapter.told for line in (out.text, *(button.label for button in out.buttons))]
    patterns = english(language)
    given_away = [(line, pattern.pattern) for line in told for pattern in patterns if pattern.search(line)]
    assert given_away == []
    assert text(language, "Cancel") in told
