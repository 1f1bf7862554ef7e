"""The chat commands, a file for each subject; :class:`Commands` knows them all."""

from botcore.intake.commands.book import Commands
from botcore.intake.commands.conversation import Answer, Conversation, submit_message

__all__ = ["Answer", "Commands", "Conversation", "submit_message"]
