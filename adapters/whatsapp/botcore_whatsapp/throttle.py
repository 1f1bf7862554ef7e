"""Pauses after Meta said that it was too much: for one person, or for the number."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from botcore_whatsapp.failures import Throttled

_GROWTH = 4.0
"""Each refusal in a row makes the pause so many times longer, as Meta advises."""
_LONGEST = 600.0
"""Seconds."""
_EVERYBODY = ""


@dataclass(frozen=True, slots=True)
class _Pause:
    strikes: int
    until: float


class Throttle:
    """:param clock: seconds that only grow."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._pauses: dict[str, _Pause] = {}

    def check(self, chat: str) -> None:
        """Raises :class:`Throttled` with what is left of a pause."""
        now = self._clock()
        for whom in (_EVERYBODY, chat):
            pause = self._pauses.get(whom)
            if pause is not None and pause.until > now:
                raise Throttled(
                    "waits after a throttled call", pair=whom == chat, retry_after=pause.until - now
                )

    def struck(self, chat: str, error: Throttled) -> Throttled:
        """Begin a pause, longer than the last one; the error with its length."""
        whom = chat if error.pair else _EVERYBODY
        before = self._pauses.get(whom)
        strikes = 1 if before is None else before.strikes + 1
        own = min(_LONGEST, _GROWTH ** (strikes - 1))
        length = own if error.retry_after is None else error.retry_after
        self._pauses[whom] = _Pause(min(strikes, 10), self._clock() + length)
        self._forget()
        return Throttled(error.detail, pair=error.pair, retry_after=length)

    def passed(self, chat: str) -> None:
        """A message went through: the next pause is a short one again."""
        self._pauses.pop(chat, None)
        self._pauses.pop(_EVERYBODY, None)

    def _forget(self) -> None:
        now = self._clock()
        for whom in [whom for whom, pause in self._pauses.items() if now - pause.until > _LONGEST]:
            del self._pauses[whom]
