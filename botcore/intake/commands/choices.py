"""/quality, /aspect and /provider: what holds for a person's next videos."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from enum import StrEnum
from typing import TypeVar

from botcore.errors import UnknownChoice
from botcore.hooks.descriptors import ProviderDescriptor
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.intake.submission import unknown
from botcore.languages import sentence, text
from botcore.model import Aspect, Button, Quality
from botcore.state import State

_AUTO = "auto"

E = TypeVar("E", bound=StrEnum)


class ChoiceCommands:
    """The commands that show and set a choice."""

    def __init__(self, state: State, providers: Mapping[str, ProviderDescriptor]) -> None:
        self._state = state
        self._providers = providers

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand(
                "quality", f"[{'|'.join(Quality)}]", sentence("see or choose the quality"), self._quality
            ),
            ChatCommand(
                "aspect",
                f"[{'|'.join(Aspect)}]",
                sentence("see or choose the shape of the picture"),
                self._aspect,
            ),
            ChatCommand(
                "provider",
                sentence("[name|auto]"),
                sentence("see or choose who writes the videos"),
                self._provider,
            ),
        )

    async def _quality(self, talk: Conversation, argument: str) -> Answer:
        options = talk.session.options
        if argument:
            quality = _one_of(Quality, argument)
            await self._state.sessions.set_picture(talk.session.id, quality=quality)
            return _said(talk, sentence("From now on your quality is {value}."), quality)
        shown = _said(talk, sentence("Your quality is {value}. Choose another one:"), options.quality)
        return replace(shown, buttons=_others("quality", Quality, options.quality))

    async def _aspect(self, talk: Conversation, argument: str) -> Answer:
        options = talk.session.options
        if argument:
            aspect = _one_of(Aspect, argument)
            await self._state.sessions.set_picture(talk.session.id, aspect=aspect)
            return _said(talk, sentence("From now on the shape of your picture is {value}."), aspect)
        shown = _said(
            talk, sentence("The shape of your picture is {value}. Choose another one:"), options.aspect
        )
        return replace(shown, buttons=_others("aspect", Aspect, options.aspect))

    async def _provider(self, talk: Conversation, argument: str) -> Answer:
        names = [_AUTO, *sorted(self._providers)]
        if not argument:
            chosen = await self._state.sessions.provider(talk.session.id) or _AUTO
            shown = _said(
                talk,
                sentence("Your videos are written by: {value}. Choose with /provider and a name: {names}."),
                chosen,
                names=", ".join(names),
            )
            return replace(
                shown, buttons=tuple(Button(name, f"/provider {name}") for name in names if name != chosen)
            )
        name = argument.lower()
        if name not in names:
            raise unknown("provider", argument[:40], self._providers)
        await self._state.sessions.set_provider(talk.session.id, None if name == _AUTO else name)
        return _said(talk, sentence("From now on your videos are written by: {value}."), name)


def _one_of(values: type[E], word: str) -> E:
    try:
        return values(word.lower())
    except ValueError:
        raise UnknownChoice(value=word[:40], choices=", ".join(values)) from None


def _said(talk: Conversation, message: str, value: str, **more: str) -> Answer:
    return Answer(text(talk.language, message, value=str(value), **more))


def _others(command: str, values: type[E], now: E) -> tuple[Button, ...]:
    """A button for each other value; values are typed words and are the same in every language."""
    return tuple(Button(value.value, f"/{command} {value}") for value in values if value is not now)
