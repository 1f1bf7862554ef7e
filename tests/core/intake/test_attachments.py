"""Code files that a platform names by reference are fetched when their message is handled, within bounds."""

from __future__ import annotations

from dataclasses import replace

import pytest

from botcore.errors import TextTooLong
from botcore.intake.attachments import fetch_code
from botcore.model import Attachment, AttachmentKind, Message
from botcore.ports import Adapter
from botcore.testing.doubles import ChatAdapter
from botcore.testing.samples import make_message

CODE = Attachment(AttachmentKind.DOCUMENT, "text/x-python", "a.py", size=7, reference="F")
PICTURE = Attachment(AttachmentKind.PICTURE, "image/jpeg", reference="P")


class FileChat(ChatAdapter):
    """A platform that has files."""

    def __init__(self, content: bytes) -> None:
        super().__init__()
        self.content = content
        self.asked: list[tuple[str, int]] = []

    async def fetch(self, attachment: Attachment, max_bytes: int) -> bytes:
        self.asked.append((attachment.reference, max_bytes))
        return self.content[:max_bytes]


class Host:
    """One adapter, whatever it is asked for."""

    def __init__(self, adapter: Adapter) -> None:
        self._adapter = adapter

    async def adapter(self, name: str) -> Adapter:
        return self._adapter


def message(*attachments: Attachment) -> Message:
    return replace(make_message("look"), attachments=attachments)


async def test_the_code_file_is_filled_and_the_others_are_left_alone() -> None:
    chat = FileChat(b"x = 1\n#")
    filled = await fetch_code(message(PICTURE, CODE), Host(chat), maximum=100)
    assert filled.attachments == (replace(CODE, data=b"x = 1\n#"), PICTURE)
    assert [reference for reference, _ in chat.asked] == ["F"]


async def test_a_file_that_says_that_it_is_too_long_is_not_fetched() -> None:
    chat = FileChat(b"")
    with pytest.raises(TextTooLong):
        await fetch_code(message(replace(CODE, size=401)), Host(chat), maximum=100)
    assert chat.asked == []


async def test_a_file_that_lies_about_its_size_is_found_out() -> None:
    chat = FileChat(b"x" * 10_000)
    with pytest.raises(TextTooLong):
        await fetch_code(message(replace(CODE, size=None)), Host(chat), maximum=100)
    assert chat.asked == [("F", 401)]


async def test_what_is_there_or_cannot_be_fetched_stays_as_it_is() -> None:
    there = message(replace(CODE, data=b"x"))
    assert await fetch_code(there, Host(FileChat(b"y")), maximum=100) is there
    plain = message(CODE)
    assert await fetch_code(plain, Host(ChatAdapter()), maximum=100) is plain


async def test_a_message_without_files_asks_for_no_adapter() -> None:
    class Nobody:
        async def adapter(self, name: str) -> Adapter:
            raise AssertionError(name)

    plain = make_message("solve 2x = 4")
    assert await fetch_code(plain, Nobody(), maximum=100) is plain
