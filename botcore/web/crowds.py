"""How many are inside at the same time, so that nobody keeps the others out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from botcore.web.problems import RequestRefused


@dataclass(frozen=True, slots=True)
class Bound:
    """So many, and what the next one is told."""

    most: int
    refusal: Callable[[], RequestRefused]


class Crowd:
    """Who is inside in this process, counted by a key.

    :param each: the bound of one key.
    :param together: the bound of all of them.
    """

    def __init__(self, *, each: Bound, together: Bound | None = None) -> None:
        self._each = each
        self._together = together
        self._of: Counter[str] = Counter()

    @contextmanager
    def one_more(self, key: str) -> Iterator[None]:
        """Count one of this key while the body runs.

        :raises RequestRefused: there are as many already.
        """
        if self._of[key] >= self._each.most:
            raise self._each.refusal()
        if self._together is not None and self._of.total() >= self._together.most:
            raise self._together.refusal()
        self._of[key] += 1
        try:
            yield
        finally:
            self._of[key] -= 1
            if not self._of[key]:
                del self._of[key]
