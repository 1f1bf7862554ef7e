"""The default store: files on the local disk."""

from __future__ import annotations

import asyncio
import hashlib
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from botcore.errors import ObjectMissing, StoreFull, StoreUnavailable
from botcore.model import StoredObject, new_id

_CHUNK = 256 * 1024
MIN_FREE = 200 * 1024 * 1024


class LocalStore:
    """Keeps each file under ``root``, named by a hash of its key, written whole or not at all.

    :param min_free: bytes that stay free on the disk: a file that would leave less is refused.
    """

    def __init__(self, root: Path, *, min_free: int = MIN_FREE) -> None:
        self._root = root
        self._min_free = min_free

    async def put(self, key: str, path: Path, media_type: str, expires: datetime) -> StoredObject:  # noqa: ARG002  # retention deletes; the disk itself never does
        """Keep the file at ``path``. Raises :class:`StoreFull` or :class:`StoreUnavailable`."""
        return await asyncio.to_thread(self._put, key, path, media_type)

    @asynccontextmanager
    async def open(
        self, key: str, start: int = 0, end: int | None = None
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Read from ``start`` up to, not including, ``end``. Raises :class:`ObjectMissing`."""
        file = await asyncio.to_thread(self._open, key, start)
        try:
            yield _chunks(file, None if end is None else max(0, end - start))
        finally:
            file.close()

    async def delete(self, key: str) -> None:
        """Delete; a key that is not there is no error."""
        await asyncio.to_thread(self._delete, key)

    async def presign_put(self, key: str, media_type: str, max_bytes: int) -> str | None:  # noqa: ARG002  # the port's
        """None: nobody but this machine writes here."""
        return None

    def _where(self, key: str) -> Path:
        # A hash keeps every key, whatever its characters, inside the folder.
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._root / name[:2] / name[2:]

    def _put(self, key: str, path: Path, media_type: str) -> StoredObject:
        target = self._where(key)
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            size = path.stat().st_size
            if shutil.disk_usage(target.parent).free - size < self._min_free:
                raise StoreFull(f"{size} bytes would leave less than {self._min_free} free")
            draft = target.with_name(f"{target.name}.{new_id()}.part")
            try:
                _copy(path, draft)
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)
            _sync_folder(target.parent)
        except OSError as error:
            raise StoreUnavailable(f"put: {error}") from error
        return StoredObject(key, size, media_type, etag=_etag(target))

    def _open(self, key: str, start: int) -> BinaryIO:
        try:
            file = self._where(key).open("rb")
        except FileNotFoundError as error:
            raise ObjectMissing(f"key {key}") from error
        except OSError as error:
            raise StoreUnavailable(f"open: {error}") from error
        file.seek(start)
        return file

    def _delete(self, key: str) -> None:
        target = self._where(key)
        try:
            target.unlink(missing_ok=True)
            # A process that died in the middle of a put left its draft; every key is deleted in the end.
            for draft in target.parent.glob(f"{target.name}.*.part"):
                draft.unlink(missing_ok=True)
        except OSError as error:
            raise StoreUnavailable(f"delete: {error}") from error


def _copy(source: Path, draft: Path) -> None:
    with suppress(OSError):
        # On one file system the same bytes get a second name; nobody writes to a rendered file again.
        os.link(source, draft)
    if not draft.exists():
        shutil.copyfile(source, draft)
    with draft.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _etag(path: Path) -> str:
    status = path.stat()
    return f"{status.st_size:x}-{status.st_mtime_ns:x}"


async def _chunks(file: BinaryIO, left: int | None) -> AsyncIterator[bytes]:
    while left is None or left > 0:
        chunk = await asyncio.to_thread(file.read, _CHUNK if left is None else min(_CHUNK, left))
        if not chunk:
            return
        if left is not None:
            left -= len(chunk)
        yield chunk
