"""Who was invited to write again: at most once a day, also when the process starts anew."""

from __future__ import annotations

import hashlib
import time
from contextlib import suppress
from pathlib import Path

DAY = 24 * 3600.0
"""Seconds."""


class Invitations:
    """One empty file for each chat that was invited; its name is a hash and its time the invitation's."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self) -> None:
        """Make the folder and forget what is older than a day."""
        self._folder.mkdir(parents=True, exist_ok=True)
        for mark in self._folder.iterdir():
            if self._old(mark):
                mark.unlink(missing_ok=True)

    def take(self, chat: str) -> bool:
        """Mark ``chat`` as invited now; False when it was within the last day, by any process."""
        mark = self._mark(chat)
        if self._old(mark):
            mark.unlink(missing_ok=True)
        try:
            mark.touch(exist_ok=False)
        except FileExistsError:
            return False
        return True

    def give_back(self, chat: str) -> None:
        """The invitation was not sent."""
        self._mark(chat).unlink(missing_ok=True)

    def _old(self, mark: Path) -> bool:
        with suppress(FileNotFoundError):
            return time.time() - mark.stat().st_mtime >= DAY
        return False

    def _mark(self, chat: str) -> Path:
        return self._folder / hashlib.sha256(chat.encode()).hexdigest()
