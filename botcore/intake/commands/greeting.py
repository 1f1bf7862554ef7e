"""/start, /help, and what is said to thanks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from botcore.hooks.descriptors import Command
from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.languages import sentence, text

EXAMPLES = (
    sentence("solve x^2 - 5x + 6 = 0"),
    sentence("integrate x^2 from 0 to 2"),
    sentence("differentiate sin(x) * x"),
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
            ChatCommand("start", "", sentence("what this bot does"), self._start),
            ChatCommand("help", "", sentence("this list"), self._help),
            ChatCommand("thanks", "", "", self._thanks, listed=False),
        )

    async def _start(self, talk: Conversation, _argument: str) -> Answer:
        """Greet. The argument of a deep link (“t.me/bot?start=abc”) says where somebody comes from."""
        return Answer(
            text(
                talk.language,
                "Hello! Send me a maths problem and I answer with an animated video that shows each step.\n"
                "Try one of these:\n{examples}\n"
                "You can also send animation code. /help shows what else I can do.",
                examples="\n".join(f"  {text(talk.language, example)}" for example in EXAMPLES),
            )
        )

    async def _thanks(self, talk: Conversation, _argument: str) -> Answer:
        return Answer(text(talk.language, "You are welcome! Send me the next problem whenever you like."))

    async def _help(self, talk: Conversation, _argument: str) -> Answer:
        lines = [
            text(talk.language, "Send a maths problem in words or as a formula, or animation code."),
            *(_line(command, talk.language) for command in self._own() if command.listed),
            *(f"/{name}: {_summary(command, talk.language)}" for name, command in self._plugins.items()),
        ]
        return Answer("\n".join(lines))


def _line(command: ChatCommand, language: str) -> str:
    usage = f" {text(language, command.usage)}" if command.usage else ""
    return f"/{command.name}{usage}: {text(language, command.summary)}"


def _summary(command: Command, language: str) -> str:
    if command.catalogue is None:
        return command.summary
    return command.catalogue.text(language, command.summary)
