"""Deletes what nobody needs any more. Every pass may be repeated or cut short."""

from __future__ import annotations

import asyncio
import shutil
from collections import Counter
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from time import time
from typing import Protocol

from botcore.delivery.announcing import Announcer
from botcore.errors import BotcoreError, IllegalMove, NotFound, Superseded, WorkerLost
from botcore.hooks.runner import HookRunner
from botcore.model import Failure, Status
from botcore.ports import Store
from botcore.state import Bell, Checkpoint, DatabaseFailed, State, Video
from botcore.telemetry import ToldAlready, get_logger, metrics

_log = get_logger(__name__)

_EVERY = 60.0
_BACKLOG = timedelta(days=30)
"""How long settled messages are kept: longer than any platform repeats them or speaks of them. So long jobs
that ended stay, too, where their session lives on."""
_FORSAKEN = timedelta(days=7)
"""A job that nobody worked on for so long is given up: nobody waits for its answer any more."""
_LATE_PUT = timedelta(minutes=10)
"""So long after a job ended elsewhere its worker may still put a file: it hears of the end when it renews its
claim, and each put has a limit."""
_BATCHES = 20
_LEFT_OVER = timedelta(minutes=10)
RENDER_SCOPE = "render:"
"""Prefix of the scopes of single `botcore render` runs, which nobody resumes."""


class Stores(Protocol):
    """What the reaper needs of the plugin host."""

    @property
    def hooks(self) -> HookRunner: ...

    async def store(self, name: str) -> Store: ...


class Reaper:
    """Videos of ended jobs and those older than their lifetime, lapsed sessions and pictures, settled
    messages, scratch folders of jobs that ended.

    :param store: name of the store that holds the videos.
    :param scratch: where renderings are made, one folder a job.
    :param outgoing: where files lie while they are sent, one folder an outbox row.
    """

    def __init__(self, state: State, host: Stores, *, store: str, scratch: Path, outgoing: Path) -> None:
        self._state = state
        self._announcer = Announcer(state, host.hooks)
        self._host = host
        self._store = store
        self._scratch = scratch
        self._outgoing = outgoing
        self.bell = Bell()

    async def run(self) -> None:
        """Sweep every minute, and when ``bell`` rings, until cancelled."""
        while True:
            heard = self.bell.rings
            await self.tidy()
            await self.bell.wait(heard, timeout=await self._until_next())

    async def _until_next(self) -> float:
        """Seconds to the next sweep: no viewer's time ends long before it."""
        try:
            end = await self._state.videos.next_end()
        except DatabaseFailed:
            end = None
        if end is None:
            return _EVERY
        return min(_EVERY, max(0.1, (end - self._state.db.clock()).total_seconds()))

    async def tidy(self) -> None:
        """One pass; what goes wrong is only logged."""
        try:
            await self.sweep()
        except ToldAlready:
            pass
        except Exception:  # noqa: BLE001  # logged; the next pass may find the database up again
            _log.exception("sweep_failed")

    async def sweep(self) -> None:
        """One pass."""
        await self._abandoned(RENDER_SCOPE, older_than=_LEFT_OVER)
        await self._abandoned("", older_than=_FORSAKEN)
        await self._state.sends.hand_over_late()
        for video in await self._state.videos.unwanted():
            await self.delete(video)
        await self._delete_rows()
        await self._clear_scratch()
        await self._clear_outgoing()

    async def delete(self, video: Video) -> None:
        """Delete a stored file. First nobody is given it any more: a job that still offers it expires, and
        the tombstone is set.

        What the store does not delete now is logged, and the next sweep tries again.
        """
        try:
            await self._delete(video)
        except BotcoreError as error:
            _log.warning("video_not_deleted", video=video.id, code=error.code, detail=error.detail)
        except Exception:  # noqa: BLE001  # a store may raise anything; the other files must not suffer
            _log.exception("video_not_deleted", video=video.id)

    async def _delete(self, video: Video) -> None:
        job = await self._state.jobs.get(video.job_id)
        if job.status is Status.READY:
            try:
                job = await self._announcer.move(
                    job, Status.EXPIRED, also=lambda: self._state.videos.end(video.id)
                )
            except (Superseded, IllegalMove):
                return  # something else just happened to it: the next pass sees what
        else:
            # Its access may have been taken since it was looked for; from here on it cannot be.
            now = await self._state.videos.get(video.id)
            if now is not None and now.viewer != video.viewer:
                return
            await self._state.videos.end(video.id)
        store = await self._host.store(self._store)
        await store.delete(video.key)
        if video.thumb_key is not None:
            await store.delete(video.thumb_key)
        if not video.etag and self._state.db.clock() < job.updated_at + _LATE_PUT:
            return  # not gone for good: each sweep deletes once more, until nobody can put it
        if await self._state.videos.deleted(video.id):
            reason = "seen" if video.viewer is not None else job.status.value
            metrics.videos_deleted.labels(reason).inc()

    async def _delete_rows(self) -> None:
        """A few hundred at a time, and not all of a long backlog in one pass."""
        state = self._state
        kinds: dict[str, Callable[[], Awaitable[int]]] = {
            "session": state.sessions.delete_expired,
            "job": partial(state.jobs.delete_ended, older_than=_BACKLOG),
            "message": partial(state.inbox.delete_settled, older_than=_BACKLOG),
            "letter": partial(state.outbox.delete_settled, older_than=_BACKLOG),
            "picture": state.pictures.delete_lapsed,
            "link": state.links.delete_lapsed,
            "token": state.tokens.delete_old,
            "account": state.accounts.delete_old,
            "spending": state.budgets.delete_old,
        }
        counts: Counter[str] = Counter()
        for kind, delete in kinds.items():
            for _ in range(_BATCHES):
                count = await delete()
                counts[kind] += count
                if not count:
                    break
            metrics.reaped.labels(kind).inc(counts[kind])
        if counts.total():
            _log.info("rows_reaped", **+counts)

    async def _abandoned(self, scope: str, *, older_than: timedelta) -> None:
        for job in await self._state.jobs.left_over(scope, older_than=older_than):
            if job.offered_at is not None or job.waits_until is not None:
                continue  # these have a time of their own
            try:
                lost = Checkpoint(failure=Failure(WorkerLost.code))
                await self._announcer.move(job, Status.FAILED, lost)
            except (Superseded, IllegalMove):
                continue

    async def _clear_scratch(self) -> None:
        for folder in await asyncio.to_thread(_folders, self._scratch):
            try:
                job = await self._state.jobs.get(folder.name)
                unused = job.status.final or job.status is Status.READY
            except NotFound:
                unused = True
            if unused:
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)

    async def _clear_outgoing(self) -> None:
        """Folders of processes that died while they sent."""
        for folder in await asyncio.to_thread(_folders, self._outgoing):
            old = await asyncio.to_thread(_older, folder, _LEFT_OVER)
            if old and not await self._state.sends.claimed(folder.name):
                await asyncio.to_thread(shutil.rmtree, folder, ignore_errors=True)


def _older(folder: Path, age: timedelta) -> bool:
    """Whether a folder was made so long ago; one that is gone was not."""
    try:
        return time() - folder.stat().st_mtime > age.total_seconds()
    except OSError:
        return False


def _folders(root: Path) -> list[Path]:
    return [path for path in root.iterdir() if path.is_dir()] if root.is_dir() else []
