"""The menu of commands that Telegram shows beside the input, in each person's language."""

from __future__ import annotations

from collections.abc import Mapping

from aiogram import Bot
from aiogram.methods import SetMyCommands
from aiogram.types import BotCommand

from botcore import LANGUAGES, Catalogue, sentence
from botcore_telegram.sending import SECONDS

MENU: Mapping[str, str] = {
    "start": sentence("What this bot does"),
    "help": sentence("Everything you can send"),
    "status": sentence("How far your video is"),
    "history": sentence("Your last videos"),
    "cancel": sentence("Stop a video that is on the way"),
    "code": sentence("The code of your last video"),
    "quality": sentence("Choose the quality"),
    "aspect": sentence("Choose the shape of the picture"),
    "provider": sentence("Choose who writes the videos"),
    "language": sentence("Choose the language of my answers"),
    "link": sentence("Connect your other chats with me"),
    "forget": sentence("Delete everything about you"),
}
"""What each command is for."""

_DEFAULT = "en"
_words = Catalogue("botcore_telegram")


async def show_menu(bot: Bot) -> None:
    """Set the menu in every language; English is what everybody else sees. Raises aiogram's errors."""
    for language in LANGUAGES:
        commands = [
            BotCommand(command=name, description=_words.text(language, what)) for name, what in MENU.items()
        ]
        code = None if language == _DEFAULT else language
        await bot(SetMyCommands(commands=commands, language_code=code), request_timeout=round(SECONDS))
