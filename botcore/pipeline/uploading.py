"""``uploading``: from the rendered file to the store.

What is drawn is not lost because the store is down: the job rests, keeps its file, and comes back.
"""

from __future__ import annotations

import asyncio
import mimetypes
from datetime import datetime
from functools import partial
from pathlib import Path

from botcore.errors import BotcoreError, Handling, PluginError, StoreUnavailable
from botcore.model import Artifact, Status, StoredObject
from botcore.pipeline.retrying import persistently
from botcore.pipeline.run import JobRun
from botcore.ports import Store
from botcore.state import Video
from botcore.telemetry import get_logger

_log = get_logger(__name__)

LIMIT = 120.0
"""Seconds that one stay in this stage may take; the job's own time does not run here."""


async def upload(run: JobRun) -> None:
    """Put the file into the store; back to rendering when it was lost with its machine."""
    tools, job = run.tools, run.job
    artifact = await tools.state.jobs.artifact(job.id)
    if artifact is None or not await asyncio.to_thread(_there, artifact):
        await run.move(Status.RENDERING)
        return
    video = await run.video()
    try:
        stored = await _put(run, artifact, video)
    except BotcoreError as error:
        if error.handling is not Handling.RETRY or not await run.rest(error.retry_after):
            raise
        _log.warning("job_waits_for_the_store", code=error.code, detail=error.detail)
        return
    await run.move(Status.READY, also=lambda: tools.state.videos.stored(video.id, stored.etag))


async def _put(run: JobRun, artifact: Artifact, video: Video) -> StoredObject:
    name = run.tools.settings.store

    async def put() -> StoredObject:
        store = await run.tools.plugins.store(name)
        keep = partial(_keep, name, store, expires=video.expires_at, job=run.job.id)
        if artifact.thumbnail is not None and video.thumb_key is not None:
            picture, _ = mimetypes.guess_type(artifact.thumbnail.name)
            await keep(video.thumb_key, artifact.thumbnail, picture or "application/octet-stream")
        return await keep(video.key, artifact.path, video.media_type)

    limit = asyncio.timeout(LIMIT)
    try:
        async with limit:
            return await persistently(put, lambda: LIMIT)
    except TimeoutError:
        if not limit.expired():
            raise
        raise StoreUnavailable(f"the file was not stored within {LIMIT:.0f} s") from None


async def _keep(
    name: str, store: Store, key: str, path: Path, media_type: str, *, expires: datetime, job: str
) -> StoredObject:
    """One put. Whatever is raised is an error of ours."""
    try:
        return _as_promised(await store.put(key, path, media_type, expires=expires, job=job))
    except BotcoreError:
        raise
    except Exception as error:
        _log.exception("store_broke", store=name)
        raise PluginError(f"store {name} raised {type(error).__name__}") from error


def _as_promised(stored: object) -> StoredObject:
    """A plugin is not held to its types by anything else."""
    if not isinstance(stored, StoredObject):
        raise TypeError(f"put() returned a {type(stored).__name__}, and no StoredObject")
    return stored


def _there(artifact: Artifact) -> bool:
    """Whether the rendered file is still whole."""
    try:
        return artifact.path.stat().st_size == artifact.size
    except OSError:
        return False
