"""What one job may use. Imported on both sides of the sandbox: standard library alone."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class JobLimits:
    """``wall`` in seconds; ``memory``, ``file_bytes`` (any one file) and ``scratch_bytes`` (all of /tmp) in
    bytes; ``threads`` and ``inodes`` are counts. ``processes`` lets the job start programs of the system."""

    wall: float
    memory: int
    file_bytes: int
    scratch_bytes: int
    threads: int = 96
    inodes: int = 4096
    processes: bool = False
