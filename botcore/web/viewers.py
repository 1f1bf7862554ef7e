"""Who looks at a video: its owner, whoever holds the token of a link, or whoever has taken the access.

A viewer without a session is known by a cookie of the video's own. It is given out with the page, and it
is worth nothing until the access is taken with it.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from urllib.parse import urlsplit

from aiohttp import web

from botcore.app import App
from botcore.errors import NotFound
from botcore.model import Job
from botcore.state import Video, hash_secret
from botcore.web.callers import find_caller, wanted_language
from botcore.web.keys import LANGUAGE

COOKIE = "botcore_viewer"
_COOKIE_BYTES = 32
_COOKIE = re.compile(r"[A-Za-z0-9_-]{43}", re.ASCII)


@dataclass(frozen=True, slots=True)
class Viewer:
    """Somebody who may know of a video.

    :param key: the name under which they take the access.
    :param keys: all names under which they may have taken it.
    :param cookie: what the answer gives them to remember; empty for an owner.
    """

    video: Video
    job: Job
    key: str
    keys: frozenset[str]
    cookie: str

    def remember(self, response: web.StreamResponse, app: App) -> None:
        """Give the cookie, for as long as the video can be there."""
        if not self.cookie:
            return
        left = self.video.expires_at - app.state.db.clock()
        public = urlsplit(app.settings.web.public_url)
        response.set_cookie(
            COOKIE,
            self.cookie,
            max_age=max(0, round(left.total_seconds())) + round(app.single_access.window(self.video)),
            path=f"{public.path}/api/v1/video/{self.video.id}",
            httponly=True,
            secure=public.scheme == "https",
            # Not Strict: whoever comes back by the link in a chat on the web must bring it.
            samesite="Lax",
        )


async def find_viewer(request: web.Request, app: App) -> Viewer:
    """Who asks about the video of this address.

    :raises NotFound: there is none, or they have no way to know of it; nothing tells the two apart.
    """
    request[LANGUAGE] = wanted_language(request)
    caller = await find_caller(request, app)  # first: what is said of a wrong token tells nothing of videos
    video = await app.state.videos.get(request.match_info["id"])
    if video is None:
        raise NotFound("video")
    job = await app.state.jobs.get(video.job_id)
    given = request.cookies.get(COOKIE, "")
    cookie = given if _COOKIE.fullmatch(given) else ""
    keys = {hash_secret(f"cookie {cookie}")} if cookie else set()
    owner = caller is not None and caller.session.id == job.session_id
    if caller is not None and owner:
        key = hash_secret(f"identity {caller.identity}")
        viewer = Viewer(video, job, key, frozenset({key, *keys}), "")
    else:
        cookie = cookie or secrets.token_urlsafe(_COOKIE_BYTES)
        key = hash_secret(f"cookie {cookie}")
        viewer = Viewer(video, job, key, frozenset({key}), cookie)
        if video.viewer not in keys and not await app.state.access.leads_to(
            request.query.get("t", ""), video.id
        ):
            raise NotFound("video")
    request[LANGUAGE] = job.user_language or request[LANGUAGE]
    return viewer
