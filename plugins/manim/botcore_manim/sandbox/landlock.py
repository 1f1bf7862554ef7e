"""Landlock: a second fence around files, network and signals, drawn by the process around itself."""

from __future__ import annotations

import ctypes
import os
from collections.abc import Iterable

from botcore_manim.sandbox import kernel

# The same numbers on every architecture.
_CREATE_RULESET = 444
_ADD_RULE = 445
_RESTRICT_SELF = 446

_CREATE_RULESET_VERSION = 1
_RULE_PATH_BENEATH = 1

_EXECUTE = 1 << 0
_WRITE_FILE = 1 << 1
_READ_FILE = 1 << 2
_READ_DIR = 1 << 3
_REMOVE_DIR = 1 << 4
_REMOVE_FILE = 1 << 5
_MAKE_DIR = 1 << 7
_MAKE_REG = 1 << 8
_MAKE_SYM = 1 << 12
_TRUNCATE = 1 << 14
_IOCTL_DEV = 1 << 15

_READ = _READ_FILE | _READ_DIR | _EXECUTE
_SCRATCH = (
    _READ_FILE | _READ_DIR | _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE_DIR | _MAKE_REG | _MAKE_SYM
)
_DEVICE = _READ_FILE | _WRITE_FILE

_FILE_RIGHTS_OF_ABI_1 = (1 << 13) - 1
_REFER = 1 << 13
_NETWORK_RIGHTS = 0b11  # bind and connect, TCP
_SCOPES = 0b11  # abstract unix sockets, signals


class _Ruleset(ctypes.Structure):
    _fields_ = [
        ("handled_access_fs", ctypes.c_uint64),
        ("handled_access_net", ctypes.c_uint64),
        ("scoped", ctypes.c_uint64),
    ]


class _PathBeneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = [("allowed_access", ctypes.c_uint64), ("parent_fd", ctypes.c_int32)]


def abi() -> int:
    """The version that the kernel speaks; 0 when it has no Landlock or it is switched off."""
    try:
        return kernel.syscall("landlock_create_ruleset", _CREATE_RULESET, 0, 0, _CREATE_RULESET_VERSION)
    except OSError:
        return 0


def restrict(*, readable: Iterable[str], scratch: Iterable[str], devices: Iterable[str]) -> None:
    """Fence in the calling thread and all it will start.

    ``readable`` paths can be read and mapped for execution, ``scratch`` folders can be written but hold
    nothing that runs, ``devices`` are read and written. Everything else is out of reach, and so are TCP,
    abstract sockets and signals to processes outside, as far as the kernel's version knows them. Needs
    no_new_privs. Raises OSError."""
    version = abi()
    if version == 0:
        raise OSError(38, "Landlock is not available")
    files = _FILE_RIGHTS_OF_ABI_1
    files |= _REFER if version >= 2 else 0
    files |= _TRUNCATE if version >= 3 else 0
    files |= _IOCTL_DEV if version >= 5 else 0
    ruleset = _Ruleset(files, _NETWORK_RIGHTS if version >= 4 else 0, _SCOPES if version >= 6 else 0)
    size = 8 if version < 4 else 16 if version < 6 else 24
    fd = kernel.syscall("landlock_create_ruleset", _CREATE_RULESET, ctypes.byref(ruleset), size, 0)
    try:
        for path in readable:
            _allow(fd, path, _READ & files)
        for path in scratch:
            _allow(fd, path, (_SCRATCH | _REFER | _TRUNCATE) & files)
        for path in devices:
            _allow(fd, path, _DEVICE & files)
        kernel.syscall("landlock_restrict_self", _RESTRICT_SELF, fd, 0)
    finally:
        os.close(fd)


def _allow(ruleset: int, path: str, access: int) -> None:
    try:
        fd = os.open(path, os.O_PATH | os.O_CLOEXEC)
    except FileNotFoundError:
        return
    try:
        if not os.path.isdir(path):  # noqa: PTH112  # runs once per job and path: pathlib costs more than the call
            access &= _EXECUTE | _READ_FILE | _WRITE_FILE | _TRUNCATE
        rule = _PathBeneath(access, fd)
        kernel.syscall("landlock_add_rule", _ADD_RULE, ruleset, _RULE_PATH_BENEATH, ctypes.byref(rule), 0)
    finally:
        os.close(fd)
