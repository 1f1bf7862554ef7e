"""Every chat command by its name."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

from botcore.errors import UnknownCommand
from botcore.hooks.descriptors import Command, ProviderDescriptor, RendererDescriptor
from botcore.intake.commands.choices import ChoiceCommands
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.intake.commands.drawing import DrawingCommands
from botcore.intake.commands.greeting import GreetingCommands
from botcore.intake.commands.jobs import JobCommands
from botcore.intake.commands.language import LanguageCommands
from botcore.intake.commands.naming import JobNames
from botcore.intake.commands.people import PeopleCommands
from botcore.intake.commands.picture import PictureCommands
from botcore.intake.commands.remaking import Remaking
from botcore.intake.linking import Linking
from botcore.intake.routing import CommandCall
from botcore.intake.submission import Submissions
from botcore.languages import text
from botcore.model import Button, Capabilities, Message
from botcore.pipeline import JobControl
from botcore.state import State

PLUGIN_SECONDS = 10.0


class Commands:
    """The commands of the core and of the plugins by name."""

    def __init__(
        self,
        state: State,
        control: JobControl,
        submissions: Submissions,
        linking: Linking,
        *,
        renderers: Mapping[str, RendererDescriptor],
        providers: Mapping[str, ProviderDescriptor],
        plugins: Mapping[str, Command],
        scope: str,
        platforms: Mapping[str, Capabilities],
    ) -> None:
        names = self.names = JobNames(state)
        self.remaking = Remaking(state, submissions)
        self._plugins = plugins
        own = (
            *GreetingCommands(self.own, plugins).all(),
            *JobCommands(state, control, names).all(),
            *DrawingCommands(
                state, submissions, names, self.remaking, renderers=renderers, platforms=platforms
            ).all(),
            *PictureCommands(state, submissions).all(),
            *ChoiceCommands(state, providers).all(),
            *LanguageCommands(state).all(),
            *PeopleCommands(control, linking, scope=scope).all(),
        )
        self._own = {command.name: command for command in own}

    def own(self) -> tuple[ChatCommand, ...]:
        """The commands of the core, in the order in which help lists those that it does."""
        return tuple(self._own.values())

    async def answer(self, call: CommandCall, talk: Conversation) -> Answer | None:
        """Run a command.

        :raises BotcoreError: with a sentence for the person.
        """
        own = self._own.get(call.name)
        if own is not None:
            return await own.run(talk, call.argument if own.verbatim else call.argument.strip())
        if call.name in self._plugins:
            message = replace(talk.message, language=talk.language)
            return Answer(await _ask_plugin(self._plugins[call.name], message, call.argument.strip()))
        return self._unknown(call.name, talk.language)

    def _unknown(self, name: str, language: str) -> Answer:
        """Name the command that was meant, if one is near."""
        known = [command.name for command in self.own()]
        near = get_close_matches(name, [*known, *self._plugins], n=1)
        typed = f"/{name}"[:40]
        if not near:
            raise UnknownCommand(command=typed)
        meant = text(language, "I do not know the command {command}. Did you mean this one?", command=typed)
        return Answer(meant, (Button(f"/{near[0]}", f"/{near[0]}"),))


async def _ask_plugin(command: Command, message: Message, argument: str) -> str:
    async with asyncio.timeout(PLUGIN_SECONDS):
        answer = command.answer(message, argument)
        return str(await answer if inspect.isawaitable(answer) else answer)
