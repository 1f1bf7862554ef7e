"""What every adapter has to keep."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import ClassVar

from botcore.hooks.descriptors import AdapterDescriptor
from botcore.model import Artifact, Message, Outgoing, OutgoingKind, Receipt
from botcore.ports import Adapter
from botcore.testing.contracts.descriptor import PATIENCE, DescriptorContract
from botcore.testing.samples import make_outgoing


class AdapterContract(DescriptorContract[Adapter]):
    """Set ``chat_id`` to a chat that the platform's double knows, and say in :meth:`say` how a person writes
    there. :meth:`video` gives a small file that the platform takes (None where it takes no media)."""

    descriptor: ClassVar[AdapterDescriptor]
    chat_id: ClassVar[str] = "chat-of-u1"

    async def say(self, adapter: Adapter, text: str) -> None:
        """Make a person write ``text`` on the platform while the adapter runs."""
        raise NotImplementedError  # only the author of the adapter knows how

    def video(self, folder: Path) -> Artifact | None:
        """A small video to send, where the platform takes any."""
        if not self.descriptor.capabilities.takes("video/mp4", 24):
            return None
        path = folder / "video.mp4"
        path.write_bytes(b"\x00\x00\x00\x18ftypisom\x00\x00\x02\x00isomiso2")
        return Artifact(path, "video/mp4", path.stat().st_size, 1.0, 854, 480)

    def outgoing(self, text: str, **fields: object) -> Outgoing:
        """A message to the chat."""
        base = make_outgoing(text, platform=self.descriptor.name)
        values = {name: getattr(base, name) for name in base.__dataclass_fields__}
        return Outgoing(**{**values, "chat_id": self.chat_id, **fields})

    async def test_the_capabilities_hang_together(self) -> None:
        can = self.descriptor.capabilities
        assert min(can.text_limit, can.caption_limit, can.buttons, can.button_label_limit) >= 0
        assert not can.text_to_media or (can.edit_text and can.media)
        assert all("/" in limit.media_type and limit.max_bytes > 0 for limit in can.media)

    async def test_what_a_person_writes_arrives_once_and_whole(self, tmp_path: Path) -> None:
        received: list[Message] = []
        arrived = asyncio.Event()

        async def receive(message: Message | Receipt) -> None:
            if isinstance(message, Message):
                received.append(message)
                arrived.set()

        async with self.opened(tmp_path) as adapter:
            running = asyncio.ensure_future(adapter.run(receive))
            try:
                await self.say(adapter, "solve x² − 5x + 6 = 0")
                await asyncio.wait_for(arrived.wait(), PATIENCE)
            finally:
                running.cancel()
                await asyncio.wait({running}, timeout=PATIENCE)
            assert running.done(), "run() has to end when it is cancelled"
        (message,) = received
        assert message.text == "solve x² − 5x + 6 = 0"
        assert message.platform == self.descriptor.name
        assert message.chat_id
        assert message.user_id
        assert message.message_id

    async def test_every_message_sent_has_an_id(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as adapter:
            for text in ("Hello!", "\u202eright to left\u202c 👩\u200d👧 <b>&amp; *bold* _under_ `code`"):
                sent = await asyncio.wait_for(adapter.send(self.outgoing(text)), PATIENCE)
                assert sent.message_ids
                assert all(sent.message_ids)

    async def test_a_status_message_can_be_replaced_where_the_platform_can_edit(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as adapter:
            first = await adapter.send(self.outgoing("Drawing…", kind=OutgoingKind.STATUS))
            again = self.outgoing("Done", kind=OutgoingKind.STATUS, edits=first.message_ids[0])
            second = await asyncio.wait_for(adapter.send(again), PATIENCE)
            if self.descriptor.capabilities.edit_text:
                assert second.message_ids[0] == first.message_ids[0]

    async def test_a_video_that_the_platform_takes_is_sent(self, tmp_path: Path) -> None:
        if (media := self.video(tmp_path)) is None:
            return
        async with self.opened(tmp_path) as adapter:
            video = self.outgoing("Your video", kind=OutgoingKind.VIDEO, media=media)
            assert (await asyncio.wait_for(adapter.send(video), PATIENCE)).message_ids
