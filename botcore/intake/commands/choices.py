"""/quality, /aspect and /provider: what holds for a person's next videos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from botcore.errors import InputError
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.intake.submission import unknown
from botcore.model import Aspect, Quality
from botcore.state import State

E = TypeVar("E", bound=StrEnum)


class ChoiceCommands:
    """The commands that show and set a choice."""

    def __init__(self, state: State, providers: Mapping[str, ProviderDescriptor]) -> None:
        self._state = state
        self._providers = providers

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand("quality", "[low|medium|high]", "see or choose the quality", self._quality),
            ChatCommand("aspect", "[16:9|9:16|1:1]", "see or choose the shape of the picture", self._aspect),
            ChatCommand("provider", "[name|auto]", "see or choose who writes the videos", self._provider),
        )

    async def _quality(self, talk: Conversation, argument: str) -> Answer:
        options = talk.session.options
        if argument:
            options = replace(options, quality=_one_of(Quality, "quality", argument))
            await self._state.sessions.set_options(talk.session.id, options)
        return _choice("quality", Quality, options.quality, chosen=bool(argument))

    async def _aspect(self, talk: Conversation, argument: str) -> Answer:
        options = talk.session.options
        if argument:
            options = replace(options, aspect=_one_of(Aspect, "aspect", argument))
            await self._state.sessions.set_options(talk.session.id, options)
        return _choice("aspect", Aspect, options.aspect, chosen=bool(argument))

    async def _provider(self, talk: Conversation, argument: str) -> Answer:
        names = ", ".join(sorted(self._providers)) or "none"
        if not argument:
            chosen = await self._state.sessions.provider(talk.session.id) or "auto"
            return Answer(f"Provider: {chosen}. Choose one with /provider NAME: auto, {names}.")
        name = argument.lower()
        if name != "auto" and name not in self._providers:
            raise unknown("provider", argument[:40], self._providers)
        await self._state.sessions.set_provider(talk.session.id, None if name == "auto" else name)
        return Answer(f"From now on: {name}.")


def _one_of(values: type[E], what: str, word: str) -> E:
    try:
        return values(word.lower())
    except ValueError:
        raise InputError(problem=f"“{word[:40]}” is no {what}. Choose one of {', '.join(values)}.") from None


def _choice(what: str, values: type[E], value: E, *, chosen: bool) -> Answer:
    if chosen:
        return Answer(f"From now on your {what} is {value}.")
    return Answer(f"Your {what}: {value}. Choose one with /{what}: {', '.join(values)}.")
