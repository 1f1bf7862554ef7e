"""Ids, names and languages that no platform gives: each message is dealt with once, and none comes back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from botcore.model import Attachment, AttachmentKind, Message
from tests.core.intake.people import Chats, chatting
from tests.core.surface import eventually

STRANGE = ("x" * 10_000, "a\ud800b", "a\0b", "a\nb\r\u2028c", "'; DROP TABLE inbox; --", "👩‍👩‍👧" * 40, "")
FIELDS = ("chat_id", "user_id", "message_id", "reply_to", "language", "group")
PICTURE = Attachment(AttachmentKind.PICTURE, "image/jpeg")
WRITTEN: tuple[dict[str, Any], ...] = (
    {"text": "/link"},
    {"text": "solve x = 2 for x"},
    {"text": "", "attachments": (PICTURE,)},
)


@pytest_asyncio.fixture
async def chats(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Chats]:
    monkeypatch.setattr("botcore.intake.intake.RETRY_SECONDS", 0.02)
    async with chatting(tmp_path) as chats:
        yield chats


@pytest.mark.parametrize("field", FIELDS)
async def test_message_with_strange_names_is_settled_and_holds_up_nobody(chats: Chats, field: str) -> None:
    state, number = chats.app.state, 0
    for value in STRANGE:
        for written in WRITTEN:
            number += 1
            plain = Message(chats.adapter.platform, f"c{number}", f"u{number}", f"m{number}", "")
            await chats.adapter.say(replace(plain, **written, **{field: value}))
    assert "no videos yet" in (await chats.ask("/status", user="ada", chat="hers")).text

    async def settled() -> bool:
        return not await state.db.query("SELECT key FROM inbox WHERE status = ?", ["new"])

    await eventually(settled)
    # What no row can keep cannot be answered: the operator sees it, and that is all.
    unanswerable = len(WRITTEN) if field in {"chat_id", "user_id"} else 0
    assert len(await state.stuck.messages(limit=100)) == unanswerable
