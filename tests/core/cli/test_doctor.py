"""The doctor's lines about messages that nobody works on any more, and about a full store."""

from __future__ import annotations

from pathlib import Path

from botcore.app import open_database, prepare_data_dir
from botcore.cli.doctor import _checked, _given_up, _line, _stuck
from botcore.errors import StoreFull
from botcore.model import Message, OutgoingKind
from botcore.state import NewOutgoing, Payload
from tests.core.surface import settings_for


async def test_messages_that_were_given_up_are_a_warning_and_no_failure(tmp_path: Path) -> None:
    settings = settings_for(tmp_path)
    fine = _stuck(await _given_up(settings))
    assert (fine.ok, fine.warning) == (True, False)
    assert _line(fine) == "ok    messages: 0 received and 0 outgoing messages were given up"

    async with open_database(settings, prepare_data_dir(settings)) as state:
        for number in range(2):
            await state.inbox.receive(Message("test", "c", "u", str(number), "hello"), "serve")
            item = await state.inbox.claim("serve")
            assert item is not None
            await state.inbox.failed(item, "internal", retry_in=None)
        await state.outbox.enqueue(
            NewOutgoing("k", "gone", "c", Payload(OutgoingKind.TEXT, "hello"), "serve")
        )
        letter = await state.sends.claim("w", "serve", ["gone"], lease=30.0)
        assert letter is not None
        await state.sends.bury(letter, "delivery_rejected")

    stuck = _stuck(await _given_up(settings))
    assert (stuck.ok, stuck.warning) == (True, True)
    line = _line(stuck)
    assert line.startswith("warn  messages: 2 received and 1 outgoing messages")
    assert "/health/relays" in line


def test_a_full_store_is_to_be_emptied_and_not_set_up_otherwise() -> None:
    def full() -> str:
        raise StoreFull("15 bytes would leave less than 200000000 free")

    result = _checked("store", full)
    assert not result.ok
    assert "15 bytes would leave" in result.seen
    assert result.remedy.startswith("Free at least 1 GiB")
