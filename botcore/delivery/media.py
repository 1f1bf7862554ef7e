"""Brings a stored file back to the disk for the time of a send."""

from __future__ import annotations

import asyncio
import mimetypes
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

from botcore.errors import ObjectMissing
from botcore.model import Artifact
from botcore.ports import Store
from botcore.state import Video


@asynccontextmanager
async def on_disk(video: Video, store: Store, folder: Path) -> AsyncIterator[Artifact]:
    """The file of ``video`` and its thumbnail in ``folder``, which is made here and removed at the end.

    Raises :class:`~botcore.errors.ObjectMissing`.
    """
    await asyncio.to_thread(_fresh, folder)
    try:
        path = folder / f"video{mimetypes.guess_extension(video.media_type) or ''}"
        await _fetch(store, video.key, path)
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


async def _fetch(store: Store, key: str, path: Path) -> None:
    async with store.open(key) as chunks:
        with path.open("wb") as file:  # opening takes no time; the bytes are written in a thread
            async for chunk in chunks:
                await asyncio.to_thread(file.write, chunk)


def _fresh(folder: Path) -> None:
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
