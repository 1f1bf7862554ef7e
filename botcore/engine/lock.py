"""One embedded server per data folder."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path
from types import TracebackType

from botcore.errors import DataDirInUse


class DataDirLock:
    """Holds ``data_dir`` for this process; the kernel gives it back however the process ends.

    Entering raises :class:`DataDirInUse` when another process holds it.
    """

    def __init__(self, data_dir: Path) -> None:
        self._data_dir = data_dir
        self._descriptor: int | None = None

    def __enter__(self) -> None:
        self._data_dir.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self._data_dir / "serve.lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(descriptor)
            raise DataDirInUse(path=str(self._data_dir)) from None
        self._descriptor = descriptor

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
