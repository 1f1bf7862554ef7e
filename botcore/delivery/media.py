"""Gives a stored file a place and a name on the disk for the time of a send."""

from __future__ import annotations

import asyncio
import mimetypes
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from botcore.errors import ObjectMissing
from botcore.model import Artifact
from botcore.ports import HoldsFiles, Store
from botcore.state import Video


@asynccontextmanager
async def on_disk(video: Video, store: Store, folder: Path) -> AsyncIterator[Artifact]:
    """The file of ``video`` and its thumbnail in ``folder``, which is made here and removed at the end.

    Raises :class:`~botcore.errors.ObjectMissing`.
    """
    await asyncio.to_thread(_fresh, folder)
    try:
        path = folder / f"video{mimetypes.guess_extension(video.media_type) or ''}"
        await _fetch(store, video.key, path, video.etag)
        yield Artifact(
            path=path,
            media_type=video.media_type,
            size=video.size,
            duration=video.duration,
            width=video.width,
            height=video.height,
            thumbnail=await _thumbnail(store, video.thumb_key, folder),
        )
    finally:
        await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


async def _thumbnail(store: Store, key: str | None, folder: Path) -> Path | None:
    if key is None:
        return None
    path = folder / "thumbnail"
    try:
        await _fetch(store, key, path)
    except ObjectMissing:
        return None
    return path


async def _fetch(store: Store, key: str, path: Path, etag: str = "") -> None:
    if isinstance(store, HoldsFiles) and await asyncio.to_thread(_linked, store.path(key), path):
        return
    async with store.open(key, etag=etag) as chunks:
        with path.open("wb") as file:  # opening takes no time; the bytes are written in a thread
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)


def _linked(held: Path, path: Path) -> bool:
    """Give a file of the store a second name, under which it stays although the store deletes it; False where
    the two folders lie on different disks, or the file is not there."""
    try:
        path.hardlink_to(held)
    except OSError:
        return False
    return True


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
