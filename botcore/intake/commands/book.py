"""Every chat command by its name."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Mapping

from botcore.errors import UnknownCommand
from botcore.hooks.descriptors import Command, ProviderDescriptor, RendererDescriptor
from botcore.intake.commands.choices import ChoiceCommands
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.intake.commands.greeting import GreetingCommands
from botcore.intake.commands.jobs import JobCommands
from botcore.intake.commands.people import PeopleCommands
from botcore.intake.routing import CommandCall
from botcore.intake.submission import Submissions
from botcore.model import Message
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
        *,
        renderers: Mapping[str, RendererDescriptor],
        providers: Mapping[str, ProviderDescriptor],
        plugins: Mapping[str, Command],
    ) -> None:
        self._plugins = plugins
        own = (
            *GreetingCommands(self.own, plugins).all(),
            *JobCommands(state, control, submissions, renderers).all(),
            *ChoiceCommands(state, providers).all(),
            *PeopleCommands(control).all(),
        )
        self._own = {command.name: command for command in own}

    def own(self) -> tuple[ChatCommand, ...]:
        """The commands of the core, in the order in which help lists them."""
        return tuple(self._own.values())

    async def answer(self, call: CommandCall, talk: Conversation) -> Answer | None:
        """Run a command.

        :raises BotcoreError: with a sentence for the person.
        """
        own = self._own.get(call.name)
        if own is not None:
            return await own.run(talk, call.argument if own.verbatim else call.argument.strip())
        if call.name in self._plugins:
            return Answer(await _ask_plugin(self._plugins[call.name], talk.message, call.argument.strip()))
        raise UnknownCommand(command=f"/{call.name}"[:40])


async def _ask_plugin(command: Command, message: Message, argument: str) -> str:
    async with asyncio.timeout(PLUGIN_SECONDS):
        answer = command.answer(message, argument)
        return str(await answer if inspect.isawaitable(answer) else answer)
