"""Greetings and orders in plain words."""

from __future__ import annotations

from pathlib import Path

import pytest

from botcore.intake.spoken import spoken_command
from tests.core.intake.people import chatting


@pytest.mark.parametrize(
    ("text", "command"),
    [
        ("hello", "start"),
        ("Hi! 👋🏽", "start"),
        ("  ¡Hola!  ", "start"),
        ("buenos dias", "start"),
        ("Привет", "start"),
        ("नमस्ते 🙏", "start"),
        ("مرحبا", "start"),
        ("What can you do?", "help"),
        ("Помощь", "help"),
        ("CANCEL", "cancel"),
        ("stop!", "cancel"),
        ("रद्द करो", "cancel"),
        ("إلغاء", "cancel"),
        ("Thanks!", "thanks"),
        ("ok 👍", "thanks"),
        ("👍🏽", "thanks"),
        ("❤️❤️", "thanks"),
        ("¡Muchas gracias!", "thanks"),
        ("شكراً", "thanks"),
    ],
)
def test_plain_words_mean_a_command(text: str, command: str) -> None:
    call = spoken_command(text)
    assert call is not None
    assert (call.name, call.argument) == (command, "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "hello world",
        "help me solve 2x = 4",
        "x",
        "2x = 4",
        "stop at x = 3",
        "👍 2x = 4",
        "12",
        "+",
        "⏳",
        "hi" * 30,
    ],
)
def test_whoever_says_more_means_something_else(text: str) -> None:
    assert spoken_command(text) is None


async def test_a_hello_is_greeted_and_a_stop_makes_no_job(tmp_path: Path) -> None:
    async with chatting(tmp_path) as chats:
        assert "Send me a maths problem" in (await chats.ask("Hello!")).text
        assert (await chats.ask("stop")).text == "There is no video on the way."
        assert "You are welcome" in (await chats.ask("thank you 🙏")).text
        assert await chats.jobs() == []
