"""/forget."""

from __future__ import annotations

from botcore.intake.commands.conversation import Answer, ChatCommand, Conversation
from botcore.pipeline import JobControl


class PeopleCommands:
    """The commands about the person."""

    def __init__(self, control: JobControl) -> None:
        self._control = control

    def all(self) -> tuple[ChatCommand, ...]:
        return (ChatCommand("forget", "[yes]", "delete everything that is kept about you", self._forget),)

    async def _forget(self, talk: Conversation, argument: str) -> Answer:
        if argument.lower() != "yes":
            return Answer(
                "This cancels what is on the way and deletes your videos, your history and your choices. "
                "Send /forget yes to do it."
            )
        await self._control.forget(talk.session.id)
        return Answer("Done. Nothing about you is kept any more.")
