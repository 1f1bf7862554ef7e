"""Who somebody is on a platform."""

from __future__ import annotations

from dataclasses import dataclass

from botcore.state.inbox import inbox_key


@dataclass(frozen=True, slots=True)
class Identity:
    """A person's name on a platform. ``str()`` is how operators write it: ``telegram:123456``."""

    platform: str
    user_id: str

    def __str__(self) -> str:
        return f"{self.platform}:{self.user_id}"

    @property
    def key(self) -> str:
        """The same for columns: of bounded length and plain characters."""
        return inbox_key(self.platform, self.user_id)
