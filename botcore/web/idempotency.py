"""``Idempotency-Key``: the same request, sent again, is the same job.

As draft-ietf-httpapi-idempotency-key-header has it, except that a request which is still under way is no
conflict: its job is there already.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from http import HTTPStatus

from aiohttp import web

from botcore.app import App
from botcore.model import Job
from botcore.web.bodies import Body
from botcore.web.callers import Caller
from botcore.web.endpoints import Header
from botcore.web.problems import RequestRefused

_KEY = re.compile(r"[\x21-\x7e]{1,128}")

IDEMPOTENCY_KEY = Header(
    "Idempotency-Key",
    "The same request of the same caller with the same key is the same job, however often it is sent, and "
    "gets the same answer; another request with that key is refused. 1 to 128 visible characters.",
    "order-1",
    pattern=r"^[!-~]{1,128}$",
)


@dataclass(frozen=True, slots=True)
class Once:
    """What a submission's key stands for: ``key`` is of this caller alone; ``fingerprint`` is the hash of the
    path and of every member of the body, those that were left out included. Both None without a key."""

    key: str | None
    fingerprint: str | None

    async def earlier(self, app: App) -> Job | None:
        """The job that the key made before.

        :raises RequestRefused: 422, it was another request.
        """
        job = None if self.key is None else await app.state.jobs.of_key(self.key)
        if job is not None:
            await self.check(job, app)
        return job

    async def check(self, job: Job, app: App) -> None:
        """Make sure that ``job`` was made by the same request.

        :raises RequestRefused: 422, it was another one.
        """
        if await app.state.jobs.fingerprint(job.id) != self.fingerprint:
            raise key_reused()


def read_key(request: web.Request) -> str | None:
    """The request's key.

    :raises RequestRefused: 400, it is too long or no visible text.
    """
    key = request.headers.get("Idempotency-Key")
    if key is not None and not _KEY.fullmatch(key):
        raise key_invalid()
    return key


def once(request: web.Request, key: str | None, caller: Caller, body: Body) -> Once:
    """What this request's ``key`` stands for."""
    if key is None:
        return Once(None, None)
    whole = json.dumps([request.path, body.model_dump(mode="json")], sort_keys=True)
    # Of the identity, not of the session, which may become another one by linking.
    return Once(f"{caller.identity.key}:{key}", hashlib.sha256(whole.encode()).hexdigest())


def key_invalid() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.BAD_REQUEST,
        "idempotency_key_invalid",
        "An Idempotency-Key is 1 to 128 visible ASCII characters.",
    )


def key_reused() -> RequestRefused:
    return RequestRefused(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "idempotency_key_reused",
        "This Idempotency-Key belongs to another request: something in the path or the body was different. "
        "Use a fresh key for each submission.",
    )
