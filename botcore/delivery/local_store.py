"""The default store: files on the local disk."""

from __future__ import annotations

import asyncio
import errno
import hashlib
import os
import shutil
import stat
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, TypeVar

from botcore.errors import ObjectMissing, StoreError, StoreFull, StoreUnavailable
from botcore.model import PresignedPut, StoredObject, new_id

T = TypeVar("T")

_CHUNK = 256 * 1024
MIN_FREE = 200 * 1024 * 1024
_NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT})


class LocalStore:
    """Keeps each file under ``root``, named by a hash of its key, written whole or not at all, and readable
    by nobody but this account.

    :param min_free: bytes that stay free on the disk: a file that would leave less is refused.
    """

    def __init__(self, root: Path, *, min_free: int = MIN_FREE) -> None:
        self._root = root
        self._min_free = min_free

    async def put(
        self,
        key: str,
        path: Path,
        media_type: str,
        *,
        expires: datetime,  # noqa: ARG002  # retention deletes; the disk itself never does
        job: str,  # noqa: ARG002  # the database knows it
    ) -> StoredObject:
        """Keep the file at ``path``: on one disk under a second name, else as a copy.

        Raises :class:`StoreFull` or :class:`StoreUnavailable`; cancelled, it ends after what it began.
        """
        return await _to_the_end(lambda: self._put(key, path, media_type))

    @asynccontextmanager
    async def open(
        self, key: str, start: int = 0, end: int | None = None, etag: str = ""
    ) -> AsyncIterator[AsyncIterator[bytes]]:
        """Read from ``start`` up to, not including, ``end``. Raises :class:`ObjectMissing`."""
        file = await asyncio.to_thread(self._open, key, start, etag)
        try:
            yield _chunks(file, None if end is None else max(0, end - start))
        finally:
            file.close()

    async def delete(self, key: str) -> None:
        """Delete; a key that is not there is no error."""
        await asyncio.to_thread(self._delete, key)

    async def presign_put(
        self,
        key: str,  # noqa: ARG002  # the port's, and so are those below
        media_type: str,  # noqa: ARG002
        *,
        size: int,  # noqa: ARG002
        expires: datetime,  # noqa: ARG002
        job: str,  # noqa: ARG002
    ) -> PresignedPut | None:
        """None: nobody but this machine writes here."""
        return None

    def path(self, key: str) -> Path:
        """Where the file lies. A hash keeps every key, whatever its characters, inside the folder."""
        name = hashlib.sha256(key.encode()).hexdigest()
        return self._root / name[:2] / name[2:]

    def _put(self, key: str, path: Path, media_type: str) -> StoredObject:
        target = self.path(key)
        size = _size(path)
        try:
            self._make_room(target.parent, size)
            draft = target.with_name(f"{target.name}.{new_id()}.part")
            try:
                etag = _copy(path, draft)
                draft.replace(target)
            finally:
                draft.unlink(missing_ok=True)
            _sync_folder(target.parent)
        except OSError as error:
            raise _as_store_error("put", error) from error
        return StoredObject(key, size, media_type, etag)

    def _make_room(self, folder: Path, size: int) -> None:
        if not folder.is_dir():
            self._root.mkdir(mode=0o700, parents=True, exist_ok=True)
            folder.mkdir(mode=0o700, exist_ok=True)
            _sync_folder(self._root)
        if shutil.disk_usage(folder).free - size < self._min_free:
            raise StoreFull(f"{size} bytes would leave less than {self._min_free} free")

    def _open(self, key: str, start: int, etag: str) -> BinaryIO:
        try:
            file = self.path(key).open("rb")
        except FileNotFoundError:
            raise ObjectMissing(f"key {key}") from None
        except OSError as error:
            raise _as_store_error("open", error) from error
        if etag and etag != _etag(file):
            file.close()
            raise ObjectMissing(f"key {key} holds another content")
        file.seek(start)
        return file

    def _delete(self, key: str) -> None:
        target = self.path(key)
        try:
            target.unlink(missing_ok=True)
            # A process that died in the middle of a put left its draft; every key is deleted in the end.
            for draft in target.parent.glob(f"{target.name}.*.part"):
                draft.unlink(missing_ok=True)
        except OSError as error:
            raise _as_store_error("delete", error) from error


async def _to_the_end(work: Callable[[], T]) -> T:
    """Run in a thread; when cancelled, wait for it first: who deletes the key then deletes it for good."""
    thread = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        return await asyncio.shield(thread)
    except asyncio.CancelledError:
        await asyncio.wait({thread})
        with suppress(StoreError):
            thread.result()
        raise


def _as_store_error(what: str, error: OSError) -> StoreError:
    return (StoreFull if error.errno in _NO_ROOM else StoreUnavailable)(f"{what}: {error}")


def _size(path: Path) -> int:
    """Bytes of a file; one that is none cannot be kept, however often it is tried."""
    try:
        status = path.lstat()
    except OSError as error:
        raise StoreError(f"{path.name}: {error.strerror}") from error
    if not stat.S_ISREG(status.st_mode):
        raise StoreError(f"{path.name} is no file")  # behind a symbolic link may lie anything
    return status.st_size


def _copy(source: Path, draft: Path) -> str:
    """Make ``draft`` a durable copy that only this account can read; its etag."""
    with suppress(OSError):
        # On one file system the same bytes get a second name; nobody writes to a rendered file again.
        os.link(source, draft)
    if not draft.exists():
        shutil.copyfile(source, draft)
    with draft.open("rb+") as file:
        os.fchmod(file.fileno(), 0o600)
        os.fsync(file.fileno())
        return _etag(file)


def _sync_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _etag(file: BinaryIO) -> str:
    status = os.fstat(file.fileno())
    return f"{status.st_size:x}-{status.st_mtime_ns:x}"


async def _chunks(file: BinaryIO, left: int | None) -> AsyncIterator[bytes]:
    while left is None or left > 0:
        chunk = await asyncio.to_thread(file.read, _CHUNK if left is None else min(_CHUNK, left))
        if not chunk:
            return
        if left is not None:
            left -= len(chunk)
        yield chunk
