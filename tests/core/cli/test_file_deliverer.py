"""The file of a render: whole or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from botcore.cli.file_deliverer import PLATFORM, FileDeliverer
from botcore.errors import DeliveryRejected, ObjectMissing
from botcore.model import Delivered, Job, JobKind, NotMine, RenderOptions, Status, StoredObject
from botcore.state import utc_now
from botcore.testing.doubles import MemoryStore

NOW = utc_now()
JOB = Job(
    id="j",
    session_id="s",
    kind=JobKind.CODE,
    platform=PLATFORM,
    chat_id="c",
    renderer="flat",
    options=RenderOptions(),
    status=Status.READY,
    version=1,
    text="draw",
    user_language="en",
    created_at=NOW,
    updated_at=NOW,
)


async def stored(folder: Path, content: bytes) -> tuple[MemoryStore, StoredObject]:
    store = MemoryStore()
    path = folder / "rendered"
    path.write_bytes(content)
    return store, await store.put("key", path, "video/mp4", expires=NOW + timedelta(days=1), job="j")


async def test_the_video_takes_the_place_of_what_was_there(tmp_path: Path) -> None:
    store, item = await stored(tmp_path, b"new")
    out = tmp_path / "out" / "video.mp4"
    out.parent.mkdir()
    out.write_bytes(b"old")
    assert await FileDeliverer(store, out).deliver(JOB, item) == Delivered((str(out),))
    assert out.read_bytes() == b"new"
    assert list(out.parent.iterdir()) == [out]


async def test_what_was_there_survives_a_failure(tmp_path: Path) -> None:
    store, item = await stored(tmp_path, b"new")
    await store.delete("key")
    out = tmp_path / "out" / "video.mp4"
    out.parent.mkdir()
    out.write_bytes(b"old")
    with pytest.raises(ObjectMissing):
        await FileDeliverer(store, out).deliver(JOB, item)
    assert out.read_bytes() == b"old"
    assert list(out.parent.iterdir()) == [out]


async def test_a_folder_that_went_away_is_final(tmp_path: Path) -> None:
    store, item = await stored(tmp_path, b"new")
    with pytest.raises(DeliveryRejected) as caught:
        await FileDeliverer(store, tmp_path / "gone" / "video.mp4").deliver(JOB, item)
    assert "gone/video.mp4: No such file or directory" in caught.value.message


async def test_jobs_of_other_platforms_are_left_to_others(tmp_path: Path) -> None:
    store, item = await stored(tmp_path, b"new")
    out = tmp_path / "video.mp4"
    assert isinstance(await FileDeliverer(store, out).deliver(replace(JOB, platform="web"), item), NotMine)
    assert not out.exists()
