from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from botcore.delivery import LocalStore
from botcore.errors import ObjectMissing, StoreFull, StoreUnavailable
from botcore.hooks.descriptors import PluginContext, StoreDescriptor
from botcore.testing.contracts import StoreContract


@asynccontextmanager
async def _local(_config: object, context: PluginContext) -> AsyncIterator[LocalStore]:
    yield LocalStore(context.data_dir / "videos", min_free=0)


class TestLocalStore(StoreContract):
    descriptor = StoreDescriptor(name="local", factory=_local)


EXPIRES = datetime(2030, 1, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> LocalStore:
    return LocalStore(tmp_path / "store", min_free=0)


def _file(folder: Path, content: bytes) -> Path:
    path = folder / "file"
    path.write_bytes(content)
    return path


async def _read(store: LocalStore, key: str, start: int = 0, end: int | None = None) -> bytes:
    async with store.open(key, start, end) as chunks:
        return b"".join([chunk async for chunk in chunks])


def _everything(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


async def test_file_comes_back_although_its_source_is_gone(store: LocalStore, tmp_path: Path) -> None:
    source = _file(tmp_path, b"video" * 200_000)
    stored = await store.put("k", source, "video/mp4", expires=EXPIRES, job="j")
    source.unlink()

    assert stored.size == 1_000_000
    assert await _read(store, "k") == b"video" * 200_000


@settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(st.integers(0, 120), st.none() | st.integers(0, 120))
async def test_ranges_are_those_of_slices(tmp_path: Path, start: int, end: int | None) -> None:
    store = LocalStore(tmp_path / "store", min_free=0)
    content = bytes(range(100))
    await store.put("k", _file(tmp_path, content), "video/mp4", expires=EXPIRES, job="j")
    assert await _read(store, "k", start, end) == content[start:end]


async def test_second_put_replaces_the_first(store: LocalStore, tmp_path: Path) -> None:
    first = await store.put("k", _file(tmp_path, b"one"), "video/mp4", expires=EXPIRES, job="j")
    (tmp_path / "file").unlink()
    second = await store.put("k", _file(tmp_path, b"other"), "video/mp4", expires=EXPIRES, job="j")

    assert await _read(store, "k") == b"other"
    assert first.etag != second.etag
    assert len(_everything(tmp_path / "store")) == 1


async def test_reader_keeps_the_file_that_is_deleted_meanwhile(store: LocalStore, tmp_path: Path) -> None:
    await store.put("k", _file(tmp_path, b"x" * 600_000), "video/mp4", expires=EXPIRES, job="j")
    async with store.open("k") as chunks:
        first = await anext(aiter(chunks))
        await store.delete("k")
        rest = b"".join([chunk async for chunk in chunks])
    assert len(first + rest) == 600_000


async def test_missing_key_is_an_error_to_read_and_none_to_delete(store: LocalStore) -> None:
    with pytest.raises(ObjectMissing):
        await _read(store, "nothing")
    await store.delete("nothing")


@pytest.mark.parametrize("key", ["../escape", "/etc/passwd", "a/../../b", "", "x" * 500, "ü\x00"])
async def test_no_key_leaves_the_folder_or_names_a_file(store: LocalStore, tmp_path: Path, key: str) -> None:
    await store.put(key, _file(tmp_path, b"content"), "video/mp4", expires=EXPIRES, job="j")

    files = _everything(tmp_path)
    assert len(files) == 2  # the source, and one inside the store
    assert sum((tmp_path / "store") in path.parents for path in files) == 1
    assert not any("escape" in path.name or "passwd" in path.name for path in files)
    assert await _read(store, key) == b"content"


async def test_file_that_would_fill_the_disk_is_refused_and_leaves_nothing(tmp_path: Path) -> None:
    store = LocalStore(tmp_path / "store", min_free=10**18)
    with pytest.raises(StoreFull):
        await store.put("k", _file(tmp_path, b"x"), "video/mp4", expires=EXPIRES, job="j")
    assert _everything(tmp_path / "store") == []


async def test_put_that_fails_keeps_the_old_file(
    store: LocalStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    await store.put("k", _file(tmp_path, b"old"), "video/mp4", expires=EXPIRES, job="j")

    def broken(_: int) -> None:
        raise OSError("disk")

    monkeypatch.setattr(os, "fsync", broken)
    (tmp_path / "file").unlink()
    with pytest.raises(StoreUnavailable):
        await store.put("k", _file(tmp_path, b"new"), "video/mp4", expires=EXPIRES, job="j")

    assert await _read(store, "k") == b"old"
    assert len(_everything(tmp_path / "store")) == 1


async def test_draft_of_a_process_that_died_goes_with_the_key(store: LocalStore, tmp_path: Path) -> None:
    await store.put("k", _file(tmp_path, b"old"), "video/mp4", expires=EXPIRES, job="j")
    (stored,) = _everything(tmp_path / "store")
    stored.with_name(stored.name + ".0123.part").write_bytes(b"half")

    await store.delete("k")
    assert _everything(tmp_path / "store") == []


async def test_many_files_at_once(store: LocalStore, tmp_path: Path) -> None:
    async def put(number: int) -> None:
        path = tmp_path / str(number)
        path.write_bytes(str(number).encode())
        await store.put(f"k{number}", path, "video/mp4", expires=EXPIRES, job="j")

    await asyncio.gather(*(put(number) for number in range(30)))
    assert [await _read(store, f"k{number}") for number in range(30)] == [
        str(number).encode() for number in range(30)
    ]
