"""What every store has to keep."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta
from http import HTTPStatus
from pathlib import Path
from typing import ClassVar

import aiohttp
import pytest

from botcore.errors import ObjectMissing, StoreError
from botcore.hooks.descriptors import StoreDescriptor
from botcore.model import StoredObject
from botcore.ports import HoldsFiles, Prepares, Store
from botcore.testing.contracts.descriptor import DescriptorContract

_KEY = "jobs/4f8z0123456789ab/video.mp4"
_CONTENT = bytes(range(256)) * 1200  # more than one chunk of any sensible store


def _soon() -> datetime:
    return datetime.now(UTC) + timedelta(hours=1)


class StoreContract(DescriptorContract[Store]):
    """Nothing to set but the descriptor and its config."""

    descriptor: ClassVar[StoreDescriptor]

    async def put(self, store: Store, folder: Path, content: bytes, key: str = _KEY) -> StoredObject:
        """Put ``content`` through a file, as the pipeline does."""
        file = folder / "upload.bin"
        file.write_bytes(content)
        return await store.put(key, file, "video/mp4", expires=_soon(), job="4f8z0123456789ab")

    async def read(
        self, store: Store, key: str = _KEY, start: int = 0, end: int | None = None, etag: str = ""
    ) -> bytes:
        async with store.open(key, start, end, etag) as chunks:
            return b"".join([chunk async for chunk in chunks])

    async def test_what_is_put_can_be_read(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            stored = await self.put(store, tmp_path, _CONTENT)
            assert (stored.key, stored.size, stored.media_type) == (_KEY, len(_CONTENT), "video/mp4")
            assert await self.read(store) == _CONTENT

    async def test_what_is_put_is_there_after_reopening(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            await self.put(store, tmp_path, _CONTENT)
        async with self.opened(tmp_path) as store:
            assert await self.read(store) == _CONTENT

    async def test_ranges_end_before_their_end(self, tmp_path: Path) -> None:
        size = len(_CONTENT)
        async with self.opened(tmp_path) as store:
            await self.put(store, tmp_path, _CONTENT)
            for start, end in ((0, 1), (0, size), (1, 2), (65_535, 65_537), (size - 1, size), (100, None)):
                assert await self.read(store, start=start, end=end) == _CONTENT[start:end]

    async def test_behind_the_end_there_is_nothing(self, tmp_path: Path) -> None:
        size = len(_CONTENT)
        async with self.opened(tmp_path) as store:
            await self.put(store, tmp_path, _CONTENT)
            for start, end in ((size, None), (size, size + 1), (size + 10, None), (5, 5)):
                assert await self.read(store, start=start, end=end) == b""
            assert await self.read(store, start=size - 1, end=size + 10) == _CONTENT[-1:]

    async def test_an_empty_file_is_kept_too(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            assert (await self.put(store, tmp_path, b"")).size == 0
            assert await self.read(store) == b""
            assert await self.read(store, start=0, end=1) == b""

    async def test_the_etag_names_the_content(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            first = await self.put(store, tmp_path, _CONTENT)
            assert await self.read(store, start=7, end=9, etag=first.etag) == _CONTENT[7:9]
            second = await self.put(store, tmp_path, b"another")
            if first.etag:
                assert first.etag != second.etag
                with pytest.raises(ObjectMissing):
                    await self.read(store, etag=first.etag)
            assert await self.read(store, etag=second.etag) == b"another"

    async def test_a_file_is_where_the_store_says(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            if not isinstance(store, HoldsFiles):
                return
            await self.put(store, tmp_path, _CONTENT)
            with store.path(_KEY).open("rb") as file:
                await store.delete(_KEY)
                assert file.read() == _CONTENT
            assert not store.path(_KEY).exists()

    async def test_preparing_twice_says_the_same(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            if isinstance(store, Prepares):
                said = await store.prepare(timedelta(days=1))
                assert said
                assert await store.prepare(timedelta(days=1)) == said

    async def test_reading_may_stop_early(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            await self.put(store, tmp_path, _CONTENT)
            async with store.open(_KEY) as chunks:
                assert await anext(aiter(chunks))
            assert await self.read(store) == _CONTENT

    async def test_a_second_put_replaces_the_first(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            await self.put(store, tmp_path, b"a longer first version")
            await self.put(store, tmp_path, b"second")
            assert await self.read(store) == b"second"

    async def test_puts_side_by_side_never_mix(self, tmp_path: Path) -> None:
        contents = [bytes([65 + number]) * 300_000 for number in range(4)]
        async with self.opened(tmp_path) as store:

            async def put(number: int) -> None:
                folder = tmp_path / str(number)
                folder.mkdir()
                await self.put(store, folder, contents[number])

            await asyncio.gather(*(put(number) for number in range(4)))
            assert await self.read(store) in contents

    async def test_what_was_never_put_is_missing(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            with pytest.raises(ObjectMissing):
                await self.read(store, "jobs/none/video.mp4")

    async def test_what_is_deleted_is_missing_and_deleting_again_is_no_error(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            await self.put(store, tmp_path, b"x")
            await store.delete(_KEY)
            await store.delete(_KEY)
            with pytest.raises(ObjectMissing):
                await self.read(store)

    async def test_keys_do_not_touch_each_other(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            await self.put(store, tmp_path, b"video", "jobs/a/video.mp4")
            await self.put(store, tmp_path, b"thumbnail", "jobs/a/thumbnail.jpg")
            await store.delete("jobs/a/video.mp4")
            assert await self.read(store, "jobs/a/thumbnail.jpg") == b"thumbnail"

    async def test_a_key_cannot_reach_outside(self, tmp_path: Path) -> None:
        outside = tmp_path / "outside"
        outside.write_bytes(b"not yours")
        async with self.opened(tmp_path) as store:
            for key in (str(outside), "../outside", "../../outside", "jobs/../../../outside", "a\x00b", ""):
                with contextlib.suppress(StoreError, ValueError):  # refused, or kept like any other key
                    await self.put(store, tmp_path, b"mine", key)
                with contextlib.suppress(StoreError, ValueError):
                    assert await self.read(store, key) == b"mine"
                with contextlib.suppress(StoreError, ValueError):
                    await store.delete(key)
        assert outside.read_bytes() == b"not yours"

    async def test_a_file_that_is_not_there_leaves_the_old_content(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            await self.put(store, tmp_path, b"old")
            with pytest.raises((StoreError, OSError)):
                await store.put(_KEY, tmp_path / "absent", "video/mp4", expires=_soon(), job="j")
            assert await self.read(store) == b"old"

    async def test_a_place_to_upload_takes_the_file_from_somebody_without_keys(self, tmp_path: Path) -> None:
        async with self.opened(tmp_path) as store:
            size = len(_CONTENT)
            place = await store.presign_put(_KEY, "video/mp4", size=size, expires=_soon(), job="j")
            if place is None:
                return
            assert place.url not in repr(place)
            assert place.lapses <= datetime.now(UTC) + timedelta(hours=1)
            async with (
                aiohttp.ClientSession() as client,
                client.put(place.url, data=_CONTENT, headers=place.headers) as answer,
            ):
                assert answer.status == HTTPStatus.OK
            assert await self.read(store) == _CONTENT
