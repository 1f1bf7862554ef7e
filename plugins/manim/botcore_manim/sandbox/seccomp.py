"""The list of system calls that a job may make; everything else fails with EPERM.

The filter is a program for the kernel's small packet-filter machine, put together here instruction by
instruction: sixty lines that can be read are easier to trust than a binding to a library.
"""

from __future__ import annotations

import ctypes
import struct

from botcore_manim.sandbox import kernel
from botcore_manim.sandbox.syscall_numbers import AUDIT_ARCHITECTURE, TABLES, machine

_LOAD = 0x20  # A = 32 bits of the call's description at offset k
_EQUAL = 0x15  # A == k ? skip jt : skip jf
_ANY_BIT = 0x45  # A & k ? skip jt : skip jf
_RETURN = 0x06

_ALLOW = 0x7FFF0000
_KILL_PROCESS = 0x80000000
_ERRNO = 0x00050000
_EPERM = _ERRNO | 1
_ENOSYS = _ERRNO | 38

_NUMBER_AT, _ARCHITECTURE_AT, _ARGUMENTS_AT = 0, 4, 16
_X32_BIT = 0x40000000
_SET_MODE_FILTER = 1

_CLONE_THREAD = 0x00010000
_CLONE_NAMESPACES = 0x7E020000  # every CLONE_NEW… flag that clone takes

_NAMES = """
    read write close fstat lseek mmap mprotect munmap brk mremap msync mincore madvise pread64
    pwrite64 readv writev preadv pwritev sendfile copy_file_range close_range dup dup2 dup3 pipe
    pipe2 select pselect6 poll ppoll open openat creat stat lstat newfstatat statx statfs fstatfs
    access faccessat faccessat2 getdents64 getcwd chdir fchdir rename renameat renameat2 mkdir
    mkdirat rmdir unlink unlinkat symlink symlinkat readlink readlinkat chmod fchmodat umask utime
    utimes futimesat utimensat truncate ftruncate fallocate fadvise64 fsync fdatasync getxattr
    lgetxattr fgetxattr listxattr llistxattr flistxattr rt_sigaction rt_sigprocmask rt_sigreturn
    rt_sigpending rt_sigtimedwait rt_sigsuspend sigaltstack kill tgkill tkill pause alarm getitimer
    setitimer nanosleep clock_nanosleep clock_gettime clock_getres gettimeofday time times
    restart_syscall getpid getppid gettid getuid geteuid getgid getegid getpgrp getpgid getsid
    getgroups getresuid getresgid uname sysinfo getrusage getrlimit getcpu getrandom getpriority
    arch_prctl sched_yield sched_getaffinity sched_getparam sched_getscheduler
    sched_get_priority_max sched_get_priority_min futex futex_waitv set_robust_list get_robust_list
    set_tid_address membarrier rseq wait4 waitid exit exit_group
"""
ALLOWED = frozenset(_NAMES.split())
"""What drawing, encoding and CPython itself were seen to need, and their harmless relatives."""

_PROCESSES = frozenset({"execve", "fork", "vfork", "setpgid", "setsid"})
"""What a job needs besides when it starts programs of the system (a LaTeX installation)."""

_ARGUMENT_VALUES = {
    # name and read the name of a thread
    "prctl": (0, (15, 16)),
    # isatty, window size, bytes waiting, non-blocking, close on exec
    "ioctl": (1, (0x5401, 0x5413, 0x541B, 0x5421, 0x5451)),
    # duplicate, descriptor flags, status flags; no locks: a file of the system can be locked by whoever reads
    # it, and then the machine waits for a job, or two jobs talk by it
    "fcntl": (1, (0, 1, 2, 3, 4, 1030)),
}
"""Calls allowed only with one of these values in the argument of this position."""


def _instruction(code: int, k: int, jt: int = 0, jf: int = 0) -> bytes:
    return struct.pack("HBBI", code, jt, jf, k)


def _low_word_of(argument: int) -> bytes:
    return _instruction(_LOAD, _ARGUMENTS_AT + 8 * argument)


def _high_word_of(argument: int) -> bytes:
    return _instruction(_LOAD, _ARGUMENTS_AT + 8 * argument + 4)


def _when(number: int, block: bytes) -> bytes:
    """Run ``block`` (which must return) for one system call, else go on behind it."""
    return _instruction(_EQUAL, number, jt=0, jf=len(block) // 8) + block


def _return(action: int) -> bytes:
    return _instruction(_RETURN, action)


def _clone_rule(*, processes: bool) -> bytes:
    rule = _low_word_of(0) + _instruction(_ANY_BIT, _CLONE_NAMESPACES, jt=0, jf=1) + _return(_EPERM)
    if not processes:
        rule += _instruction(_ANY_BIT, _CLONE_THREAD, jt=1, jf=0) + _return(_EPERM)
    return rule + _return(_ALLOW)


def _values_rule(argument: int, values: tuple[int, ...]) -> bytes:
    rule = _low_word_of(argument)
    for value in values:
        rule += _instruction(_EQUAL, value, jt=0, jf=1) + _return(_ALLOW)
    return rule + _return(_EPERM)


def _null_rule(argument: int) -> bytes:
    """Allow a call whose pointer argument is NULL."""
    rule = _low_word_of(argument) + _instruction(_EQUAL, 0, jt=1, jf=0) + _return(_EPERM)
    rule += _high_word_of(argument) + _instruction(_EQUAL, 0, jt=1, jf=0) + _return(_EPERM)
    return rule + _return(_ALLOW)


def program(machine_type: str, *, processes: bool) -> bytes:
    """The filter for a machine type of :data:`TABLES`, as an array of 8-byte instructions."""
    table = TABLES[machine_type]
    code = _instruction(_LOAD, _ARCHITECTURE_AT)
    code += _instruction(_EQUAL, AUDIT_ARCHITECTURE[machine_type], jt=1, jf=0) + _return(_KILL_PROCESS)
    code += _instruction(_LOAD, _NUMBER_AT)
    code += _instruction(_ANY_BIT, _X32_BIT, jt=0, jf=1) + _return(_EPERM)
    # ENOSYS, not EPERM: the C library then falls back to clone, whose flags can be looked at
    code += _when(table["clone3"], _return(_ENOSYS))
    code += _when(table["clone"], _clone_rule(processes=processes))
    code += _when(table["prlimit64"], _null_rule(2))
    for name, (argument, values) in _ARGUMENT_VALUES.items():
        code += _when(table[name], _values_rule(argument, values))
    for name in sorted(ALLOWED | (_PROCESSES if processes else frozenset())):
        if name in table:
            code += _when(table[name], _return(_ALLOW))
    return code + _return(_EPERM)


class _Program(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("instructions", ctypes.c_char_p)]


def restrict(filter_program: bytes) -> None:
    """Install ``filter_program`` for good. Needs no_new_privs. Raises OSError."""
    holder = _Program(len(filter_program) // 8, filter_program)
    kernel.syscall("seccomp", TABLES[machine()]["seccomp"], _SET_MODE_FILTER, 0, ctypes.byref(holder))
