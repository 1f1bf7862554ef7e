"""How many are inside at the same time, so that nobody keeps the others out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager


class Crowd:
    """Who is inside in this process, counted by a key."""

    def __init__(self) -> None:
        self._of: Counter[str] = Counter()

    def __len__(self) -> int:
        return self._of.total()

    def of(self, key: str) -> int:
        """How many of this key are inside."""
        return self._of[key]

    @contextmanager
    def one_more(self, key: str) -> Iterator[None]:
        """Count one of this key while the body runs."""
        self._of[key] += 1
        try:
            yield
        finally:
            self._of[key] -= 1
            if not self._of[key]:
                del self._of[key]
