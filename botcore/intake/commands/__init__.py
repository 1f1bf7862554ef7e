"""The chat commands, a file for each subject; :class:`Commands` knows them all."""

from botcore.intake.commands.book import Commands
from botcore.intake.commands.conversation import Answer, Conversation, submit_message
from botcore.intake.commands.remaking import Remaking

__all__ = ["Answer", "Commands", "Conversation", "Remaking", "submit_message"]
