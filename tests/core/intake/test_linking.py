"""/link as two chats of one student see it, and /forget after it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from botcore.app import App
from botcore.hooks.descriptors import AdapterDescriptor
from botcore.model import Message, Outgoing
from botcore.state import Identity
from botcore.testing.doubles import ChatAdapter, made_by
from tests.core.intake.people import PHONE
from tests.core.surface import eventually, settings_for, working_app

ROOMY = replace(PHONE, text_limit=4000)
_NUMBERS = count(1)


@dataclass
class Person:
    """Somebody in a private chat of a platform."""

    adapter: ChatAdapter
    user: str
    language: str = "en"
    read: set[str] = field(default_factory=set)

    @property
    def identity(self) -> Identity:
        return Identity(self.adapter.platform, self.user)

    async def ask(self, text: str) -> Outgoing:
        """Write, and read what answers this message."""
        number = str(next(_NUMBERS))
        await self.adapter.say(
            Message(
                self.adapter.platform, f"chat of {self.user}", self.user, number, text, language=self.language
            )
        )
        return await self._read(lambda out: out.reply_to == number)

    async def hear(self) -> Outgoing:
        """Read what the bot says of itself next."""
        return await self._read(lambda out: out.reply_to is None)

    async def _read(self, wanted: object) -> Outgoing:
        async def look() -> Outgoing | None:
            for out in self.adapter.shown.values():
                if out.chat_id == f"chat of {self.user}" and out.id not in self.read and wanted(out):  # type: ignore[operator]  # a lambda from above
                    self.read.add(out.id)
                    return out
            return None

        return await eventually(look)

    async def code(self) -> str:
        found = re.search(r"[2-9A-Z]{4}-[2-9A-Z]{4}", (await self.ask("/link")).text)
        assert found is not None
        return found[0]


@dataclass
class Platforms:
    app: App
    first: ChatAdapter
    second: ChatAdapter

    async def together(self, one: Person, other: Person) -> bool:
        sessions = self.app.state.sessions
        ids = [await sessions.id_of(each.identity) for each in (one, other)]
        return ids[0] is not None and ids[0] == ids[1]


@pytest_asyncio.fixture
async def platforms(tmp_path: Path) -> AsyncIterator[Platforms]:
    first, second = ChatAdapter("test"), ChatAdapter("other")
    descriptors = [
        AdapterDescriptor(
            name=adapter.platform, title=title, capabilities=ROOMY, factory=made_by(lambda a=adapter: a)
        )
        for adapter, title in ((first, "TestGram"), (second, ""))
    ]
    async with working_app(settings_for(tmp_path), *descriptors) as app:
        yield Platforms(app, first, second)


async def linked(one: Person, other: Person) -> None:
    question = await other.ask(f"/link {await one.code()}")
    await other.ask(question.buttons[0].data)
    await one.ask((await one.hear()).buttons[0].data)
    await other.hear()


async def test_the_whole_dialogue(platforms: Platforms) -> None:
    here, there = Person(platforms.first, "ada123456"), Person(platforms.second, "lovelace", "es")
    question = await there.ask(f"/link {await here.code()}")
    assert "TestGram" in question.text
    assert "…456" in question.text
    assert [button.data.split()[1] for button in question.buttons] == ["yes", "no"]
    assert question.text.startswith("¿"), "each side reads its own language"
    thanks = await there.ask(question.buttons[0].data)
    assert "TestGram" in thanks.text
    assert not await platforms.together(here, there)

    asked = await here.hear()
    assert "Other (account …ace)" in asked.text
    done = await here.ask(asked.buttons[0].data)
    assert done.text.startswith("Done: this chat and Other (account …ace) are linked.")
    told = await there.hear()
    assert (told.text.startswith("Done"), told.language) == (True, "en"), "the older session's language holds"
    assert "TestGram" in told.text
    assert await platforms.together(here, there)


async def test_yes_may_be_typed_too(platforms: Platforms) -> None:
    here, there = Person(platforms.first, "ada"), Person(platforms.second, "lovelace")
    await there.ask(f"/link {(await here.code()).lower()}")
    await there.ask("/link yes")
    await here.hear()
    await here.ask("/link YES")
    assert await platforms.together(here, there)


async def test_choices_and_jobs_are_seen_in_both_chats(platforms: Platforms) -> None:
    here, there = Person(platforms.first, "ada"), Person(platforms.second, "lovelace")
    await here.ask("/quality low")
    await linked(here, there)
    assert "low" in (await there.ask("/quality")).text
    await here.ask("solve x = 2 for x")
    assert "solve x = 2 for x" in (await there.ask("/history")).text


@pytest.mark.parametrize("by_maker", [True, False])
async def test_one_no_is_heard_on_the_other_side(platforms: Platforms, by_maker: bool) -> None:
    here, there = Person(platforms.first, "ada"), Person(platforms.second, "lovelace")
    question = await there.ask(f"/link {await here.code()}")
    refusing, other = there, here
    if by_maker:
        await there.ask(question.buttons[0].data)
        question = await here.hear()
        refusing, other = here, there
    assert "Nothing was linked" in (await refusing.ask(question.buttons[1].data)).text
    assert "Nothing was linked" in (await other.hear()).text
    assert "nothing to confirm" in (await refusing.ask(question.buttons[0].data)).text
    assert not await platforms.together(here, there)


@pytest.mark.parametrize(
    ("typed", "words"),
    [("/link ABCD-2345", "wrong"), ("/link nonsense", "wrong"), ("/link yes", "nothing to confirm")],
)
async def test_what_leads_nowhere_is_said(platforms: Platforms, typed: str, words: str) -> None:
    assert words in (await Person(platforms.first, "ada").ask(typed)).text


async def test_ones_own_code_is_for_the_other_chat(platforms: Platforms) -> None:
    here = Person(platforms.first, "ada")
    assert "Type it in your other chat" in (await here.ask(f"/link {await here.code()}")).text


async def test_forget_in_one_chat_forgets_the_person_in_both(platforms: Platforms) -> None:
    here, there = Person(platforms.first, "ada"), Person(platforms.second, "lovelace")
    await linked(here, there)
    asked = await there.ask("/forget")
    assert "every chat that you linked" in asked.text
    assert "Nothing about you is kept" in (await there.ask(asked.buttons[0].data)).text
    for person in (here, there):
        assert await platforms.app.state.sessions.id_of(person.identity) is None
