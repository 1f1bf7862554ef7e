"""A disk that is full, read-only, or gone: the job ends in a sentence, and the next one works."""

from __future__ import annotations

import ctypes
import os
import shutil
import stat
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from botcore.delivery import LocalStore
from botcore.errors import StoreError, StoreFull, StoreUnavailable

EXPIRES = datetime(2030, 1, 1, tzinfo=UTC)
MIB = 1024 * 1024
_MS_RDONLY, _MS_REMOUNT, _MNT_DETACH = 1, 32, 2
_libc = ctypes.CDLL(None, use_errno=True)


def _mount(folder: Path, flags: int) -> None:
    if _libc.mount(b"tmpfs", os.fsencode(folder), b"tmpfs", flags, b"size=3m,mode=0700"):
        pytest.skip(f"a file system cannot be mounted here: {os.strerror(ctypes.get_errno())}")


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 3 MiB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    _mount(folder, 0)
    try:
        yield folder
    finally:
        _libc.umount2(os.fsencode(folder), _MNT_DETACH)


def _file(folder: Path, size: int) -> Path:
    path = folder / "file"
    path.write_bytes(b"x" * size)
    return path


async def _put(store: LocalStore, path: Path, key: str = "k") -> None:
    await store.put(key, path, "video/mp4", expires=EXPIRES, job="j")


async def _read(store: LocalStore, key: str = "k") -> bytes:
    async with store.open(key) as chunks:
        return b"".join([chunk async for chunk in chunks])


def _everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_a_disk_that_is_full_in_the_middle_of_a_copy_keeps_nothing_of_it(
    small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = LocalStore(small_disk / "store", min_free=0)
    await _put(store, _file(tmp_path, MIB))
    with monkeypatch.context() as patched:
        # Whoever else writes to the disk fills it after the look at what is free.
        plenty = shutil.disk_usage(tmp_path)
        patched.setattr(shutil, "disk_usage", lambda _: plenty)
        with pytest.raises(StoreFull) as caught:
            await _put(store, _file(tmp_path, 4 * MIB))
    assert "no room left" in caught.value.message
    assert len(_everything(small_disk)) == 1
    assert await _read(store) == b"x" * MIB

    await _put(store, _file(tmp_path, MIB), "next")
    assert len(await _read(store, "next")) == MIB


async def test_a_disk_with_too_little_room_is_seen_before_the_copy(small_disk: Path, tmp_path: Path) -> None:
    store = LocalStore(small_disk / "store", min_free=MIB)
    with pytest.raises(StoreFull):
        await _put(store, _file(tmp_path, int(2.5 * MIB)))
    await _put(store, _file(tmp_path, MIB))


async def test_a_read_only_disk_is_tried_again_and_works_once_it_is_mended(
    small_disk: Path, tmp_path: Path
) -> None:
    store = LocalStore(small_disk / "store", min_free=0)
    await _put(store, _file(tmp_path, 1000))
    _mount(small_disk, _MS_REMOUNT | _MS_RDONLY)
    with pytest.raises(StoreUnavailable):
        await _put(store, _file(tmp_path, 1000), "other")
    with pytest.raises(StoreUnavailable):
        await store.delete("k")
    assert len(await _read(store)) == 1000
    _mount(small_disk, _MS_REMOUNT)
    await _put(store, _file(tmp_path, 1000), "other")
    await store.delete("k")
    assert len(_everything(small_disk)) == 1


async def test_a_file_of_another_disk_is_copied_whole(small_disk: Path, tmp_path: Path) -> None:
    store = LocalStore(small_disk / "store", min_free=0)
    source = _file(tmp_path, 700_000)
    await _put(store, source)
    source.write_bytes(b"changed")
    assert await _read(store) == b"x" * 700_000


async def test_nobody_else_reads_what_is_kept(tmp_path: Path) -> None:
    source = _file(tmp_path, 10)
    source.chmod(0o644)
    await _put(LocalStore(tmp_path / "store"), source)
    modes = {path: stat.S_IMODE(path.stat().st_mode) for path in (tmp_path / "store").rglob("*")}
    assert {mode for path, mode in modes.items() if path.is_file()} == {0o600}
    assert {mode for path, mode in modes.items() if path.is_dir()} == {0o700}
    assert stat.S_IMODE((tmp_path / "store").stat().st_mode) == 0o700


async def test_a_folder_that_was_removed_meanwhile_is_made_again(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "store", min_free=0)
    await _put(store, _file(tmp_path, 10))
    shutil.rmtree(tmp_path / "store")
    await store.delete("k")
    await _put(store, _file(tmp_path, 10))
    assert await _read(store) == b"x" * 10


async def test_a_link_is_no_file_to_keep(tmp_path: Path) -> None:
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "link").symlink_to(tmp_path / "secret")
    store = LocalStore(tmp_path / "store")
    with pytest.raises(StoreError, match="no file"):
        await _put(store, tmp_path / "link")
    assert _everything(tmp_path / "store") == []
