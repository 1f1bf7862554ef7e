"""/start and /help."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from botcore.hooks.descriptors import Command
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation

EXAMPLES = (
    "solve x^2 - 5x + 6 = 0",
    "integrate x^2 from 0 to 2",
    "differentiate sin(x) * x",
)


class GreetingCommands:
    """The commands that say what the bot does.

    :param own: gives the commands of the core, once all are known.
    """

    def __init__(self, own: Callable[[], Sequence[ChatCommand]], plugins: Mapping[str, Command]) -> None:
        self._own = own
        self._plugins = plugins

    def all(self) -> tuple[ChatCommand, ...]:
        return (
            ChatCommand("start", "", "what this bot does", self._start),
            ChatCommand("help", "", "this list", self._help),
        )

    async def _start(self, _talk: Conversation, _argument: str) -> Answer:
        examples = "\n".join(f"  {example}" for example in EXAMPLES)
        return Answer(
            "Hello! Send me a maths problem and I answer with an animated video that shows each step.\n"
            f"Try one of these:\n{examples}\n"
            "You can also send animation code. /help shows what else I can do."
        )

    async def _help(self, _talk: Conversation, _argument: str) -> Answer:
        lines = [
            f"/{command.name} {command.usage}".rstrip() + f": {command.summary}" for command in self._own()
        ]
        lines += [f"/{name}: {command.summary}" for name, command in self._plugins.items()]
        return Answer(
            "Send a maths problem in words or as a formula, or animation code.\n" + "\n".join(lines)
        )
