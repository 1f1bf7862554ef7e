"""Telegram's menu names what the core understands."""

from __future__ import annotations

import re
from pathlib import Path

from botcore_telegram.menu import MENU

from botcore.languages import LANGUAGES, Catalogue
from botcore.model import Message
from botcore.testing.doubles import ChatAdapter
from tests.core.surface import chat_platform, eventually, settings_for, working_app


async def test_the_menu_holds_the_commands_of_help_but_for_those_of_buttons(tmp_path: Path) -> None:
    adapter = ChatAdapter()
    async with working_app(settings_for(tmp_path), chat_platform(adapter)):
        await adapter.say(Message("test", "c", "u", "m", "/help"))

        async def look() -> str:
            return "\n".join(out.text for out in adapter.shown.values())

        listed = re.findall(r"^/(\w+)", await eventually(look), re.MULTILINE)
    assert set(MENU) == set(listed) - {"again"}


def test_every_description_fits_the_menu_in_every_language() -> None:
    words = Catalogue("botcore_telegram")
    for language in LANGUAGES:
        told = [words.text(language, what) for what in MENU.values()]
        assert len(set(told)) == len(MENU)
        assert all(1 <= len(description) <= 256 for description in told)
