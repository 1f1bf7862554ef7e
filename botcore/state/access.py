"""The single access of a video: links that lead to it, and the one viewer who takes it.

Every step is one conditional UPDATE of the video's row, so that of two viewers at the same moment one wins.
A viewer is the hash of something that only one browser or program knows.
"""

from __future__ import annotations

import hashlib
import re
import secrets
from datetime import datetime

from botcore.state.database import Database
from botcore.state.models import AccessLinkRow, VideoRow

_TOKEN_BYTES = 32
_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


class AccessRepository:
    """Links, and who has taken what they lead to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def mint(self, video_id: str) -> str:
        """A new token that leads to a video: 256 random bits, of which only the hash is kept.

        All tokens of a video lead to the same single access.
        """
        token = secrets.token_urlsafe(_TOKEN_BYTES)
        await AccessLinkRow.create(
            hash=hash_secret(token), video_id=video_id, created_at=self._database.clock()
        )
        return token

    async def leads_to(self, token: str, video_id: str) -> bool:
        """Whether a token was minted for this video."""
        if not _TOKEN.fullmatch(token):
            return False
        return await AccessLinkRow.exists(hash=hash_secret(token), video_id=video_id)

    async def take(self, video_id: str, viewer: str, *, until: datetime) -> bool:
        """Give the access to ``viewer`` up to ``until``; False when it cannot be had any more."""
        now = self._database.clock()
        untaken = VideoRow.filter(
            id=video_id,
            viewer__isnull=True,
            ended_at__isnull=True,
            deleted_at__isnull=True,
            expires_at__gt=now,
        )
        return bool(await untaken.update(viewer=viewer, taken_at=now, taken_until=until))

    async def shorten(self, video_id: str, viewer: str, *, until: datetime) -> bool:
        """Let a viewer's access end at ``until``; False when it ends before that, or is another's."""
        longer = VideoRow.filter(id=video_id, viewer=viewer, taken_until__gt=until)
        return bool(await longer.update(taken_until=until))


def hash_secret(secret: str) -> str:
    """What is stored of a token or a viewer's cookie: enough to know it again, and no more."""
    return hashlib.sha256(secret.encode("utf-8", "replace")).hexdigest()
