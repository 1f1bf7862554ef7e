"""Files without a name, in memory: how a source goes into a job and a video comes out of it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager

_NO_EXEC_SEAL = 0x0008  # MFD_NOEXEC_SEAL, Linux 6.3: can never be made a program


@contextmanager
def memory_file(data: bytes = b"") -> Iterator[int]:
    """A descriptor of a fresh file that holds ``data``, at its start; gone afterwards."""
    try:
        fd = os.memfd_create("botcore", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING | _NO_EXEC_SEAL)
    except OSError:
        fd = os.memfd_create("botcore", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)  # an older kernel
    try:
        view = memoryview(data)
        while view:
            view = view[os.write(fd, view) :]
        os.lseek(fd, 0, os.SEEK_SET)
        yield fd
    finally:
        os.close(fd)


@contextmanager
def read_only(fd: int) -> Iterator[int]:
    """Another descriptor of the same file that cannot write it, at its start."""
    again = os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)
    try:
        yield again
    finally:
        os.close(again)


def seal(fd: int) -> None:
    """Nobody can change the file any more, by no descriptor. Raises OSError while somebody could through
    memory: a mapping that is still there means a process that is still there."""
    seals = fcntl.F_SEAL_WRITE | fcntl.F_SEAL_GROW | fcntl.F_SEAL_SHRINK | fcntl.F_SEAL_SEAL
    fcntl.fcntl(fd, fcntl.F_ADD_SEALS, seals)
