"""Delivery to a file of the person who runs the command."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from botcore.errors import DeliveryRejected
from botcore.model import Delivered, Job, NotMine, StoredObject
from botcore.ports import Store

PLATFORM = "cli"


class FileNotWritten(DeliveryRejected):
    """The file cannot be put where the person wants it."""

    code = "file_not_written"
    text = "The video could not be written to {path}: {reason}."


class FileDeliverer:
    """Copies the video of a job of this command to ``out``: whole or not at all, replacing what was there
    only then."""

    def __init__(self, store: Store, out: Path) -> None:
        self._store = store
        self._out = out.absolute()

    async def deliver(self, job: Job, artifact: StoredObject) -> Delivered | NotMine:
        """Put the file in its place.

        :raises FileNotWritten: the folder or the disk does not let it.
        """
        if job.platform != PLATFORM:
            return NotMine()
        try:
            await self._copy(artifact)
        except OSError as error:
            raise FileNotWritten(
                path=str(self._out), reason=error.strerror or type(error).__name__
            ) from error
        return Delivered((str(self._out),))

    async def _copy(self, stored: StoredObject) -> None:
        with _replacing(self._out) as file:
            async with self._store.open(stored.key, etag=stored.etag) as chunks:
                async for chunk in chunks:
                    file.write(chunk)


@contextmanager
def _replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that takes the place of ``path`` when the block ends well, and vanishes when it does not."""
    descriptor, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    draft = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            yield file
            os.fchmod(descriptor, 0o666 & ~_umask())
            file.flush()
            os.fsync(descriptor)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
