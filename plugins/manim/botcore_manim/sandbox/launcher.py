"""From the bot's process to bubblewrap: the last code that may be root.

A user cannot be given up safely after a fork from a program with threads, so this runs in a fresh
interpreter. An ordinary user only passes through; root first shows the wanted folders below a place that
every user can reach (an interpreter below ``/root``, a checkout below ``mktemp -d``), then gives up root
for good: limits on the number of processes do not hold for root, whatever it is called inside a
namespace."""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

from botcore_manim.sandbox import kernel
from botcore_manim.sandbox.bubblewrap import View, command

_STAGE = Path("/mnt")
"""Any folder that is always there: it is covered in a namespace of our own, where nobody else sees it."""


def main(argument: str) -> None:
    """``argument`` is JSON: bwrap, uid, view (the fields of :class:`View`), zygote (its own argument)."""
    setup = json.loads(argument)
    shown = View(**setup["view"])
    sources = {}
    if os.geteuid() == 0:
        sources = _stage(list(shown.places))
        _give_up_root(setup["uid"])
    line = command(setup["bwrap"], shown, sources, setup["zygote"])
    os.execv(line[0], line)  # noqa: S606  # no shell is wanted


def _stage(folders: list[str]) -> dict[str, str]:
    """Bind the folders below :data:`_STAGE`, in a mount namespace of our own; returns where each one is."""
    kernel.unshare(kernel.CLONE_NEWNS)
    kernel.mount("none", "/", "", kernel.MS_REC | kernel.MS_PRIVATE)
    # opened before the stage is covered: one of them may lie below it
    opened = {folder: os.open(folder, os.O_PATH | os.O_CLOEXEC) for folder in folders}
    kernel.mount("stage", str(_STAGE), "tmpfs", kernel.MS_NOSUID | kernel.MS_NODEV, "mode=0755,size=64k")
    staged = {}
    for index, (folder, fd) in enumerate(opened.items()):
        place = _STAGE / str(index)
        if Path(folder).is_dir():
            place.mkdir(mode=0o755)
        else:
            place.touch()
        kernel.mount(f"/proc/self/fd/{fd}", str(place), "", kernel.MS_BIND | kernel.MS_REC)
        staged[folder] = str(place)
    return staged


def _give_up_root(uid: int) -> None:
    os.setgroups([])
    os.setresgid(uid, uid, uid)
    os.setresuid(uid, uid, uid)
    if 0 in os.getresuid():
        sys.exit("root could not be given up")
